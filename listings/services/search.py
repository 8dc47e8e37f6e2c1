"""Keeping the search table in step with the catalogue."""

from collections.abc import Iterable
from decimal import ROUND_CEILING, Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Func, Value

from listings.models import Listing, SearchEntry
from listings.rules import tokens
from listings.rules.states import ListingState
from marketplace.base.errors import RuleError

_WRITTEN = [field.name for field in SearchEntry._meta.concrete_fields if not field.primary_key]


def index(listing: Listing) -> None:
    """Write the listing's search row in the caller's transaction; none unless it is published.

    Call it after every change of a listing, of its patents or of its terms.
    """
    if listing.state != ListingState.PUBLISHED:
        unindex(listing)
        return
    index_all([listing])


def index_all(listings: Iterable[Listing]) -> None:
    """Write the search rows of published listings at once.

    Raises RuleError("listing.incomplete") for one without industry, readiness level or date.
    For many, pass them with `select_related("organisation", "industry")` and patents prefetched.
    """
    SearchEntry.objects.bulk_create(
        [_entry(listing) for listing in listings],
        batch_size=500,
        update_conflicts=True,
        unique_fields=["listing"],
        update_fields=_WRITTEN,
    )


def unindex(listing: Listing) -> None:
    """Take the listing out of search, in the caller's transaction; nothing if it is not in."""
    SearchEntry.objects.filter(listing=listing).delete()


def _entry(listing: Listing) -> SearchEntry:
    industry, trl, published_at = listing.industry, listing.trl, listing.published_at
    if industry is None or trl is None or published_at is None:
        raise RuleError("listing.incomplete", missing="industry, TRL")
    patents = list(listing.patents.all())
    highest = Decimal(max(listing.rate_first, listing.rate_last)) * 10_000
    return SearchEntry(
        listing=listing,
        tokens=_vector(_tokens(listing, [patent.number for patent in patents])),
        industry=industry,
        organisation_id=listing.organisation_id,
        city_id=listing.organisation.city_id,
        trl=trl,
        trial_months=listing.trial_months,
        # A rate between two steps counts as the higher one, so that "at most 4 %" holds.
        rate=int(highest.to_integral_value(ROUND_CEILING)),
        cap_minor=listing.cap_minor,
        has_minimum=listing.has_minimum,
        is_guaranteed=listing.is_guaranteed,
        has_invention_patent=any(patent.kind == "invention" for patent in patents),
        published_at=published_at,
    )


def _tokens(listing: Listing, patent_numbers: list[str]) -> list[str]:
    university = listing.organisation
    industry = listing.industry
    body = [
        listing.pitch_zh,
        listing.pitch_en,
        *listing.keywords,
        listing.description_zh,
        listing.description_en,
        university.name_zh,
        university.name_en,
        *([industry.name_zh, industry.name_en] if industry else []),
    ]
    return tokens.document(
        title=f"{listing.title_zh}\n{listing.title_en}",
        body="\n".join(body),
        names=[
            listing.shelf_code or "",
            *patent_numbers,
            *map(_without_country, patent_numbers),
            university.name_zh,
            university.name_en,
        ],
    )


def _without_country(number: str) -> str:
    """A patent number as people type it: `CN202310123456.7` without its letters in front."""
    return tokens.compact(number).lstrip("abcdefghijklmnopqrstuvwxyz")


def _vector(words: list[str]) -> Func:
    listed = Value(words, output_field=ArrayField(models.TextField()))
    return Func(listed, function="array_to_tsvector")
