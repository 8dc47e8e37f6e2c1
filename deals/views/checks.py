"""What the machine can check about a deal before a person decides on it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deals.models import Deal, PolicyProfile
from deals.rules import terms
from deals.rules.states import DealState
from deals.services import grants
from deals.services.approvals import deviates
from deals.views.warnings import warnings_of
from listings.rules.states import ListingState
from marketplace.base import clock
from marketplace.base.errors import RuleError
from marketplace.base.words import words_for


@dataclass(frozen=True)
class Check:
    """One finding: its words, and "ok", "warn", "danger" or "info"."""

    text: str
    state: str


def checks_of(deal: Deal) -> list[Check]:
    """Company, university, result, licence, terms and the company's other deals, in this order."""
    return [
        _verified(deal.licensee.is_verified, _("The company is verified by the platform")),
        _verified(deal.licensor.is_verified, _("The university is verified by the platform")),
        _on_shelf(deal),
        *_patents(deal),
        _overlap(deal),
        _standing(deal),
        *_cautions(deal),
        *_others(deal),
    ]


def _verified(is_so: bool, words: str) -> Check:  # noqa: FBT001 - the finding itself
    if is_so:
        return Check(words, "ok")
    return Check(_("Not so: %(words)s") % {"words": words}, "danger")


def _on_shelf(deal: Deal) -> Check:
    if deal.listing.state == ListingState.PUBLISHED:
        return Check(_("The result is on the shelf"), "ok")
    return Check(_("The result is no longer on the shelf"), "warn")


def _patents(deal: Deal) -> Iterator[Check]:
    patents = list(deal.listing.patents.all())
    if not patents:
        yield Check(_("No patent stands behind this result"), "info")
        return
    granted = sum(patent.status == "granted" for patent in patents)
    said = {"granted": granted, "count": len(patents)}
    words = ngettext(
        "%(granted)s of %(count)s patent is granted",
        "%(granted)s of %(count)s patents are granted",
        len(patents),
    )
    yield Check(words % said, "ok" if granted == len(patents) else "warn")


def _overlap(deal: Deal) -> Check:
    kind = deal.terms.licence_kind if deal.terms else ""
    try:
        grants.refuse_overlap(deal, kind)
    except RuleError as refusal:
        return Check(words_for(refusal), "danger")
    return Check(_("No licence in force overlaps this one"), "ok")


def _standing(deal: Deal) -> Check:
    if deal.terms is not None and deviates(deal.terms):
        return Check(_("The terms depart from those of the listing"), "warn")
    return Check(_("The terms are those of the listing"), "ok")


def _cautions(deal: Deal) -> Iterator[Check]:
    """What whoever signs these terms should look at twice, by the profile in force."""
    agreed, _faults, cautions = terms.validate(deal.terms.document if deal.terms else {})
    if agreed is None:
        return
    profile = PolicyProfile.objects.in_force(clock.today())
    for words in warnings_of(agreed, cautions, profile):
        yield Check(words, "warn")


def _others(deal: Deal) -> Iterator[Check]:
    trying = (DealState.IN_TRIAL, DealState.EXTENDED, DealState.AWAITING_DECISION)
    count = Deal.objects.filter(licensee=deal.licensee_id, state__in=trying).count()
    if count:
        words = ngettext(
            "The company has %(count)s other trial that has not ended",
            "The company has %(count)s other trials that have not ended",
            count,
        )
        yield Check(words % {"count": count}, "warn")
