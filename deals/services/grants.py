"""Refusing a licence that would overlap one that is already live."""

from django.db.models import Q

from deals.models import Deal, TermsVersion
from deals.rules.agreement import overlaps
from deals.rules.states import RUNNING
from listings.models import Listing, Patent
from marketplace.base.errors import RuleError


def refuse_overlap(deal: Deal, kind: str) -> None:
    """Raise RuleError("grant.overlaps") if a licence of this kind cannot stand beside live ones.

    Compared with every running deal of another company on the same listing or on a listing that
    shares a patent number. The refusal names the clause, never the other party.
    """
    live = (
        Deal.objects.filter(listing__in=_related(deal), state__in=RUNNING)
        .exclude(licensee=deal.licensee_id)
        .values_list("terms__licence_kind", flat=True)
    )
    if overlaps(kind, list(live)):
        raise RuleError("grant.overlaps", where="licence_kind")


def refuse_overlap_for_good(version: TermsVersion) -> None:
    """`refuse_overlap` at signature: nobody else can start a licence on these rights meanwhile.

    Locks every listing that shares the right, in id order, after the deal's own row.
    """
    related = Listing.objects.filter(pk__in=_related(version.deal)).order_by("pk")
    list(related.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    refuse_overlap(version.deal, version.licence_kind)


def _related(deal: Deal) -> list[int]:
    """The listings that stand on the same right: the deal's own and those sharing a patent."""
    numbers = Patent.objects.filter(listing=deal.listing_id).values("number")
    shared = Listing.objects.filter(
        Q(pk=deal.listing_id) | Q(patents__number__in=numbers)
    ).values_list("pk", flat=True)
    return sorted(set(shared))
