"""Rows into drafts, some hundreds at a time: each chunk is a transaction, so a restart is safe."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import connection, transaction

from listings.models import Benefit, Industry, Inventor, Listing, Patent, TermsTemplate
from listings.rules.rows import CleanRow, Fault
from listings.rules.states import ListingState
from listings.services.listings import show_terms
from marketplace.accounts.models import Organisation, User
from marketplace.base import audit

CHUNK = 500
PUBLIC_STATES = (
    ListingState.PUBLISHED,
    ListingState.HIDDEN,
    ListingState.FROZEN,
    ListingState.WITHDRAWN,
)
PATENT_FIELDS = ("office", "kind", "title", "status", "filed_date", "expires_date")
WRITTEN_FIELDS = (
    *("original_language", "title_zh", "title_en", "pitch_zh", "pitch_en"),
    *("description_zh", "description_en", "keywords", "industry", "trl", "trl_evidence"),
    *("trl_missing", "row_hash", "version", "terms_template", "trial_months", "rate_first"),
    *("rate_last", "allowance_minor", "cap_minor", "has_minimum"),
)


@dataclass(frozen=True)
class Owned:
    """A clean row and the university whose draft it becomes."""

    row: CleanRow
    owner: Organisation


@dataclass(frozen=True)
class Book:
    """What every chunk of an import is written with."""

    source: str
    by: User | None
    at: datetime
    industries: Mapping[str, Industry]


@dataclass
class Plan:
    """What a chunk comes to before anything is written."""

    create: list[tuple[Listing, CleanRow]] = field(default_factory=list)
    update: list[tuple[Listing, CleanRow]] = field(default_factory=list)
    unchanged: int = 0
    faults: list[Fault] = field(default_factory=list)


@transaction.atomic
def write_chunk(chunk: Sequence[Owned], book: Book) -> Plan:
    """Create and update the drafts of these rows; the source's lock keeps a second import out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"import {book.source}"])
    plan = plan_chunk(chunk, book)
    _create(plan.create, book)
    _update(plan.update, book)
    return plan


def plan_chunk(chunk: Sequence[Owned], book: Book) -> Plan:
    """What writing these rows would do; reads only, but locks the drafts it finds."""
    known = _known(chunk, book)
    templates = _templates(chunk)
    plan = Plan()
    for owned in chunk:
        listing = known.get((owned.owner.pk, owned.row.number))
        template = templates.get((owned.owner.pk, owned.row.terms))
        if owned.row.terms and template is None:
            plan.faults.append(_fault(owned.row, "terms", "terms.unknown", text=owned.row.terms))
        elif listing is None:
            plan.create.append((_new(owned, book, template), owned.row))
        elif listing.row_hash == owned.row.digest:
            plan.unchanged += 1
        elif listing.state != ListingState.DRAFT:
            is_public = listing.state in PUBLIC_STATES
            code = "listing.published" if is_public else "listing.in_review"
            plan.faults.append(_fault(owned.row, "", code))
        else:
            _fill(listing, owned.row, book, template)
            listing.version += 1
            plan.update.append((listing, owned.row))
    return plan


def _fault(row: CleanRow, column: str, code: str, **context: object) -> Fault:
    return Fault(row.line, column, code, context, row.raw)


def _known(chunk: Sequence[Owned], book: Book) -> dict[tuple[int, str], Listing]:
    found = Listing.objects.filter(
        source=book.source,
        source_number__in=[owned.row.number for owned in chunk],
        organisation__in={owned.owner.pk for owned in chunk if owned.owner.pk},
    )
    if connection.in_atomic_block:
        found = found.select_for_update(of=("self",))
    return {(one.organisation_id, one.source_number): one for one in found.order_by("pk")}


def _templates(chunk: Sequence[Owned]) -> dict[tuple[int, str], TermsTemplate]:
    found = TermsTemplate.objects.filter(
        organisation__in={owned.owner.pk for owned in chunk if owned.owner.pk},
        name__in={owned.row.terms for owned in chunk if owned.row.terms},
    )
    return {(template.organisation_id, template.name): template for template in found}


def _new(owned: Owned, book: Book, template: TermsTemplate | None) -> Listing:
    listing = Listing(
        organisation=owned.owner,
        state_since=book.at,
        source=book.source,
        source_number=owned.row.number,
        created_by=book.by,
        created_at=book.at,
    )
    _fill(listing, owned.row, book, template)
    return listing


def _fill(listing: Listing, row: CleanRow, book: Book, template: TermsTemplate | None) -> None:
    """Put the row's values on the draft; what the file does not fill in stays as it is."""
    for name, value in row.fields.items():
        setattr(listing, name, book.industries[str(value)] if name == "industry" else value)
    listing.row_hash = row.digest
    if template:
        show_terms(listing, template)


def _create(planned: Sequence[tuple[Listing, CleanRow]], book: Book) -> None:
    listings = Listing.objects.bulk_create([listing for listing, _ in planned])
    _write_parts(planned)
    audit.record_many(listings, verb="imported", by=book.by, at=book.at)


def _update(planned: Sequence[tuple[Listing, CleanRow]], book: Book) -> None:
    if not planned:
        return
    listings = [listing for listing, _row in planned]
    # An upsert on the key writes a chunk in one statement; bulk_update takes ten times as long.
    Listing.objects.bulk_create(
        listings, update_conflicts=True, unique_fields=["id"], update_fields=WRITTEN_FIELDS
    )
    Benefit.objects.filter(listing__in=[one for one, row in planned if row.benefit]).delete()
    Inventor.objects.filter(listing__in=[one for one, row in planned if row.inventors]).delete()
    _write_parts(planned)
    audit.record_many(listings, verb="imported_again", by=book.by, at=book.at)


def _write_parts(planned: Iterable[tuple[Listing, CleanRow]]) -> None:
    rows = list(planned)
    Patent.objects.bulk_create(
        [Patent(listing=listing, **row.patent) for listing, row in rows if row.patent],
        update_conflicts=True,
        unique_fields=["listing", "number"],
        update_fields=PATENT_FIELDS,
    )
    Benefit.objects.bulk_create(
        Benefit(listing=listing, **_measured(row.benefit)) for listing, row in rows if row.benefit
    )
    Inventor.objects.bulk_create(
        Inventor(listing=listing, name=name, weight=weight)
        for listing, row in rows
        for name, weight in row.inventors
    )


def _measured(benefit: Mapping[str, object]) -> dict[str, object]:
    numbers = ("value", "compared_value")
    return {
        name: Decimal(str(value)) if name in numbers and value is not None else value
        for name, value in benefit.items()
    }
