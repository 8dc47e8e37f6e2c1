"""The one way to search the catalogue; what answers it may change behind this interface."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from listings.models.search import ORDERS, SearchEntry, SearchEntryQuerySet
from listings.rules.facets import TERMS, Filters, groups
from listings.rules.paging import LAST_NUMBERED, PAGE_SIZE, Place, read_key, write_key
from listings.rules.tokens import query as as_query

TERMS_OFFERED = Filters(guaranteed=True, trial_months=6, rate=400, cap=100_000_000, no_minimum=True)


@dataclass(frozen=True, slots=True)
class Facets:
    """Hits per value, each facet counted within the other active ones.

    Keys are ids of industries, cities and universities, levels 1 to 9, the field names of
    TERMS_OFFERED, and for patents whether there is one for an invention.
    """

    industries: Mapping[int, int]
    levels: Mapping[int, int]
    terms: Mapping[str, int]
    cities: Mapping[int | None, int]
    universities: Mapping[int, int]
    inventions: Mapping[bool, int]


@dataclass(frozen=True, slots=True)
class Found:
    """A page of listing ids in order, how many there are in all, and what would narrow them.

    `is_similar` says that nothing matched the words and these only look alike. `previous` and
    `following` are places, None at an end.
    """

    ids: tuple[int, ...]
    count: int
    facets: Facets
    is_similar: bool
    place: Place
    previous: Place | None
    following: Place | None


def search(text: str, filters: Filters, sort: str, place: Place) -> Found:
    """Find published listings: `text` as typed, `sort` a key of ORDERS, `place` a page.

    A place that cannot be read as one of this order is the first page.
    """
    hits, is_similar = _hits(text)
    narrowed = hits.narrowed(filters)
    count = narrowed.count()
    order = ORDERS[sort if text or sort != "relevance" else "newest"]
    rows, place = _page(narrowed.in_order(order), order, place, count)
    previous, following = _neighbours(rows, order, place, count)
    return Found(
        ids=tuple(row.listing_id for row in rows[:PAGE_SIZE]),
        count=count,
        facets=_facets(hits, filters),
        is_similar=is_similar and count > 0,
        place=place,
        previous=previous,
        following=following,
    )


def gains(text: str, filters: Filters) -> list[tuple[tuple[str, ...], int]]:
    """For each active filter, as its fields: how many listings dropping it would give.

    Where no single one helps, one more entry says what dropping all of them gives.
    """
    hits, _ = _hits(text)
    told = [(names, hits.narrowed(filters.without(*names)).count()) for names in groups(filters)]
    if len(told) > 1 and not any(count for _names, count in told):
        told.append((filters.active(), hits.count()))
    return told


def offered(filters: Filters) -> Filters:
    """The options about terms that are counted: the usual ones, or the value that is active."""
    own = {name: getattr(filters, name) for name in TERMS if name in filters.active()}
    return replace(TERMS_OFFERED, **own)


def _hits(text: str) -> tuple[SearchEntryQuerySet, bool]:
    """What the words find in the whole catalogue, else what looks alike."""
    asked = as_query(text)
    hits = SearchEntry.objects.all().matching(asked)
    if not asked.words or hits.exists():
        return hits, False
    return SearchEntry.objects.all().similar_to(asked), True


def _page(
    hits: SearchEntryQuerySet, order: tuple[str, ...], place: Place, count: int
) -> tuple[list[SearchEntry], Place]:
    """The rows of a place, one more than a page where another follows, and the place meant."""
    if place.after or place.before:
        try:
            return _keyed(hits, order, place), place
        except (ValueError, OverflowError):
            place = Place()
    last = max(1, min(LAST_NUMBERED, -(-count // PAGE_SIZE)))
    place = Place(number=min(place.number, last))
    start = (place.number - 1) * PAGE_SIZE
    return list(hits[start : start + PAGE_SIZE + 1]), place


def _keyed(hits: SearchEntryQuerySet, order: tuple[str, ...], place: Place) -> list[SearchEntry]:
    if place.after:
        return list(hits.beyond(order, read_key(place.after))[: PAGE_SIZE + 1])
    turned = tuple(name[1:] if name.startswith("-") else f"-{name}" for name in order)
    rows = list(hits.in_order(turned).beyond(turned, read_key(place.before))[:PAGE_SIZE])
    return rows[::-1]


def _neighbours(
    rows: list[SearchEntry], order: tuple[str, ...], place: Place, count: int
) -> tuple[Place | None, Place | None]:
    page = rows[:PAGE_SIZE]
    if not page:
        return None, None
    after = Place(after=write_key(page[-1].key(order)))
    if place.is_numbered:
        is_last = place.number * PAGE_SIZE >= count
        following = after if place.number == LAST_NUMBERED else Place(number=place.number + 1)
        previous = Place(number=place.number - 1) if place.number > 1 else None
        return previous, None if is_last else following
    has_more = bool(place.before) or len(rows) > PAGE_SIZE
    return Place(before=write_key(page[0].key(order))), after if has_more else None


def _facets(hits: SearchEntryQuerySet, filters: Filters) -> Facets:
    def counts(field: str, *own: str) -> Any:
        return hits.narrowed(filters.without(*own)).counted_by(field)

    return Facets(
        industries=counts("industry_id", "industries"),
        levels=counts("trl", "trl_min", "trl_max"),
        terms=hits.counted_terms(filters, offered(filters)),
        cities=counts("city_id", "cities"),
        universities=counts("organisation_id", "university"),
        inventions=counts("has_invention_patent", "ip"),
    )
