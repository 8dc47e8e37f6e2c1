"""Writing a draft: its steps, its parts, and the terms that its label shows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext as _

from deals.rules.faults import Refused
from deals.rules.terms import validate
from listings.models import Benefit, Inventor, Listing, Patent, TermsTemplate
from listings.rules.quality import Draft, Measured
from listings.rules.states import ListingState
from listings.rules.template import Standing, specimen, summary
from marketplace.accounts.actors import Actor
from marketplace.accounts.rules import Permission
from marketplace.base import audit
from marketplace.base.errors import ConflictError, RuleError

OPEN_STATES = (ListingState.DRAFT, ListingState.TO_CORRECT)
WRITABLE = frozenset(
    {
        *("title_zh", "title_en", "pitch_zh", "pitch_en", "description_zh", "description_en"),
        *("keywords", "industry", "trl", "trl_evidence", "trl_missing", "original_language"),
        *("terms_template", "trial_places"),
    }
)


@dataclass(frozen=True)
class DraftChanges:
    """What one step changes: columns of the listing, and parts that it replaces as a whole.

    None leaves a part alone; an empty list removes its rows.
    """

    fields: Mapping[str, object] = field(default_factory=dict)
    patents: Sequence[Patent] | None = None
    benefits: Sequence[Benefit] | None = None
    inventors: Sequence[Inventor] | None = None


@transaction.atomic
def create_draft(changes: DraftChanges, *, by: Actor, at: datetime) -> Listing:
    """Start a draft of the actor's university. Raises RuleError("role.missing")."""
    by.require(Permission.LISTING_DRAFT)
    if by.organisation is None:
        raise RuleError("role.missing")
    listing = Listing(
        organisation=by.organisation, state_since=at, created_by=by.user, created_at=at
    )
    _apply(listing, changes)
    audit.record(listing, verb="created", by=by.user, at=at)
    return listing


@transaction.atomic
def update_draft(listing: Listing, changes: DraftChanges, *, by: Actor, at: datetime) -> Listing:
    """Save one step of a draft, or of a listing that was sent back.

    A researcher may change drafts that he or she began, an officer all of the university's.
    Raises ConflictError("state.moved") once it was submitted, RuleError("role.missing") for others.
    """
    listing = Listing.objects.select_for_update(of=("self",)).get(pk=listing.pk)
    is_own = listing.created_by_id is not None and listing.created_by == by.user
    allowed = Permission.LISTING_DRAFT if is_own else Permission.LISTING_EDIT
    if not by.belongs_to(listing.organisation):
        raise RuleError("role.missing")
    by.require(allowed)
    if listing.state not in OPEN_STATES:
        raise ConflictError("state.moved", state=listing.state)
    listing.version += 1
    _apply(listing, changes)
    audit.record(listing, verb="edited", by=by.user, at=at, data={"fields": sorted(changes.fields)})
    return listing


def _apply(listing: Listing, changes: DraftChanges) -> None:
    unknown = set(changes.fields) - WRITABLE
    if unknown:
        raise RuleError("field.unknown", where=min(unknown))
    for name, value in changes.fields.items():
        setattr(listing, name, value)
    template = listing.terms_template
    if template and template.organisation_id != listing.organisation_id:
        raise RuleError("role.missing", where="terms_template")
    if template:
        show_terms(listing, template)
    listing.save()
    _replace(listing, changes.patents, "patents")
    _replace(listing, changes.benefits, "benefits")
    _replace(listing, _with_users(listing, changes.inventors), "inventors")


def _replace(listing: Listing, parts: Sequence[models.Model] | None, name: str) -> None:
    if parts is None:
        return
    manager = getattr(listing, name)
    manager.all().delete()
    for part in parts:
        part.listing = listing  # type: ignore[attr-defined]
    manager.bulk_create(parts)


def _with_users(
    listing: Listing, inventors: Sequence[Inventor] | None
) -> Sequence[Inventor] | None:
    """Inventors keep the account that they are linked to: who may not approve hangs on it."""
    known = dict(listing.inventors.exclude(user=None).values_list("name", "user_id"))
    for inventor in inventors or ():
        inventor.user_id = inventor.user_id or known.get(inventor.name)
    return inventors


def show_terms(listing: Listing, template: TermsTemplate) -> None:
    """Put a template and what its label says on a listing, without saving it."""
    terms = summary(template.document)
    listing.terms_template = template
    listing.trial_months = template.trial_months
    listing.rate_first = terms.rate_first
    listing.rate_last = terms.rate_last
    listing.allowance_minor = terms.allowance
    listing.cap_minor = terms.cap
    listing.has_minimum = terms.has_minimum


@transaction.atomic
def create_terms_template(
    name: str, *, standing: Standing, by: Actor, at: datetime
) -> TermsTemplate:
    """Keep standing terms of the actor's university under a name that it has not used yet.

    Raises RuleError("template.name_taken") and RuleError("role.missing"), and Refused with every
    fault that a deal made from them would have.
    """
    by.require(Permission.TEMPLATE_EDIT)
    if by.organisation is None:
        raise RuleError("role.missing")
    if TermsTemplate.objects.filter(organisation=by.organisation, name=name).exists():
        raise RuleError("template.name_taken", where="name")
    faults = validate(specimen(standing.document, trial_months=standing.trial_months))[1]
    if faults:
        raise Refused(faults)
    template = TermsTemplate.objects.create(
        organisation=by.organisation,
        name=name,
        family=standing.family,
        trial_months=standing.trial_months,
        licence_kind=standing.licence_kind,
        territory=standing.territory,
        document=standing.document,
        created_at=at,
    )
    audit.record(template, verb="created", by=by.user, at=at)
    return template


def draft_facts(listing: Listing) -> Draft:
    """What the quality meter looks at."""
    benefits = list(listing.benefits.all())
    return Draft(
        title=listing.title_zh or listing.title_en,
        pitch=listing.pitch_zh or listing.pitch_en,
        description=listing.description_zh or listing.description_en,
        industry=listing.industry.code if listing.industry else "",
        trl=listing.trl,
        trl_evidence=listing.trl_evidence,
        has_terms=listing.terms_template_id is not None,
        benefits=tuple(Measured(one.unit, one.method, one.compared_with) for one in benefits),
        patents=len(listing.patents.all()),
        inventors=len(listing.inventors.all()),
        has_both_languages=bool(listing.title_zh and listing.title_en),
    )


def quality_words() -> Mapping[str, str]:
    """What each code of the meter asks for, in the active language."""
    return {
        "title": _("a title that says what it does"),
        "pitch": _("a sentence with a measured number"),
        "industry": _("an industry"),
        "trl": _("a readiness level"),
        "trl_evidence": _("the evidence for the readiness level"),
        "benefit": _("a benefit with its number, unit and method"),
        "terms": _("a terms template"),
        "description": _("a description of what is included and what the user must bring"),
        "comparison": _("what the benefit is compared with"),
        "patents": _("the patents behind it"),
        "inventors": _("the people behind it, with their shares"),
        "languages": _("a title in the other language"),
    }


def missing_words(codes: Iterable[str]) -> str:
    """The missing things as one phrase in the active language."""
    words = quality_words()
    return _(", ").join(words[code] for code in codes)
