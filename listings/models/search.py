"""The narrow side table that search and facets read."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import add
from typing import Any, ClassVar, Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Case, Count, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from listings.models.industry import Industry
from listings.models.listing import Listing
from listings.rules.facets import TERMS, Filters
from listings.rules.tokens import TITLE, WHOLE, Query

NO_CAP = 2**63 - 1
SHORTEST_START = 4
# What one match counts beside a word in the title, of which a query has at most twelve.
WORTH = 16
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

# Every order ends in the listing, so that no two rows are equal and a key names one place.
ORDERS: Mapping[str, tuple[str, ...]] = {
    "relevance": ("-score", "-published_at", "-listing_id"),
    "newest": ("-published_at", "-listing_id"),
    "trl": ("-trl", "-published_at", "-listing_id"),
    "rate": ("rate", "-published_at", "-listing_id"),
    "cap": ("cap_order", "-published_at", "-listing_id"),
}


@SearchVectorField.register_lookup
class Holds(models.Lookup):
    """`tokens__holds="'a' & 'b'"`: tokens as they are, without a parser or a language."""

    lookup_name = "holds"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """The match operator with the right side cast from text."""
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} @@ ({right})::tsquery", [*left_params, *right_params]


class SearchEntryQuerySet(models.QuerySet["SearchEntry"]):
    """Questions that the catalogue asks."""

    def matching(self, query: Query) -> Self:
        """Every word occurs, or a number or name is (from four letters on: starts like) it all."""
        if not query.words:
            return self.annotate(score=Value(0))
        start = ":*" if len(query.whole) >= SHORTEST_START else ""
        whole = _quoted(WHOLE, query.whole)
        found = self.filter(tokens__holds=f"({_all(query.words)}) | {whole}{start}")
        return found.annotate(score=_title_hits(query) + WORTH * _one_if(whole))

    def similar_to(self, query: Query) -> Self:
        """A quarter of the neighbouring characters (or Latin words) occur: a last resort."""
        if not query.alike:
            return self.none().annotate(score=Value(0))
        alike = [_quoted("", token) for token in query.alike]
        found = self.filter(tokens__holds=" | ".join(alike))
        likeness = reduce(add, map(_one_if, alike))
        near = found.annotate(likeness=likeness).filter(likeness__gte=-(-len(alike) // 4))
        return near.annotate(score=WORTH * F("likeness") + _title_hits(query))

    def narrowed(self, filters: Filters) -> Self:
        """Only what passes every active filter."""
        conditions = _conditions(filters)
        return self.filter(*(conditions[name] for name in filters.active()))

    def in_order(self, order: Sequence[str]) -> Self:
        """Sorted by one of ORDERS."""
        ordered = self.annotate(cap_order=Coalesce("cap_minor", NO_CAP)).order_by(*order)
        return ordered.defer("tokens")

    def beyond(self, order: Sequence[str], key: Sequence[int]) -> Self:
        """The rows after the one with this key; the names are those of the order, in order."""
        values = dict(zip(order, key, strict=True))
        condition, same = Q(), Q()
        for name, value in values.items():
            field = name.lstrip("-")
            wanted = EPOCH + value * MICROSECOND if field == "published_at" else value
            side = "lt" if name.startswith("-") else "gt"
            condition |= same & Q(**{f"{field}__{side}": wanted})
            same &= Q(**{field: wanted})
        return self.filter(condition)

    def counted_by(self, field: str) -> dict[Any, int]:
        """How many rows hold each value of a field."""
        rows = self.order_by().values_list(field).annotate(rows=Count("listing_id"))
        return dict(rows.values_list(field, "rows"))

    def newest_by_industry(self) -> dict[int, int]:
        """The newest listing of each industry that has one, by the industry's id."""
        newest = self.filter(industry=OuterRef("pk")).order_by(*ORDERS["newest"])
        found = Industry.objects.annotate(newest=Subquery(newest.values("listing_id")[:1]))
        return dict(found.exclude(newest=None).values_list("pk", "newest"))

    def figures(self) -> dict[str, int]:
        """What stands on the shelf: results, universities, cities and trials that run."""
        return self.aggregate(
            results=Count("listing_id"),
            universities=Count("organisation_id", distinct=True),
            cities=Count("city_id", distinct=True),
            trials=Coalesce(Sum("listing__trials_running"), 0),
        )

    def counted_terms(self, filters: Filters, options: Filters) -> dict[str, int]:
        """How many rows each option of the terms would leave, within the other filters."""
        active, offered = _conditions(filters), _conditions(options)
        within = {name: active[name] for name in TERMS if name in filters.active()}
        counts = {
            f"{name}_count": Count(
                "listing_id",
                filter=reduce(
                    Q.__and__, (within[other] for other in within if other != name), offered[name]
                ),
            )
            for name in options.active()
        }
        found = self.narrowed(filters.without(*TERMS)).order_by().aggregate(**counts)
        return {name: found[f"{name}_count"] for name in options.active()}


class SearchEntry(models.Model):
    """A published listing as search sees it: word tokens and the values that facets count.

    Written in the transaction that writes the listing; a listing that is not published has none.
    Rates are in parts per ten thousand of the highest tier, the cap in minor units (null: none).
    """

    listing = models.OneToOneField(
        Listing, primary_key=True, on_delete=models.CASCADE, related_name="search_entry"
    )
    tokens = SearchVectorField()
    industry = models.ForeignKey("listings.Industry", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    city = models.ForeignKey("accounts.City", null=True, on_delete=models.PROTECT, related_name="+")
    trl = models.PositiveSmallIntegerField()
    trial_months = models.PositiveSmallIntegerField()
    rate = models.PositiveIntegerField()
    cap_minor = models.BigIntegerField(null=True)
    has_minimum = models.BooleanField()
    is_guaranteed = models.BooleanField()
    has_invention_patent = models.BooleanField()
    published_at = models.DateTimeField()

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            GinIndex(fields=["tokens"], name="search_tokens"),
            models.Index(fields=["-published_at", "-listing"], name="search_newest"),
        ]

    def __str__(self) -> str:
        return str(self.listing_id)

    def key(self, order: Sequence[str]) -> tuple[int, ...]:
        """The whole numbers that this row is sorted by; read from a queryset in that order."""
        values = {name: getattr(self, name.lstrip("-")) for name in order}
        return tuple(
            (value - EPOCH) // MICROSECOND if isinstance(value, datetime) else value
            for value in values.values()
        )


def _conditions(filters: Filters) -> dict[str, Q]:
    return {
        "industries": Q(industry__code__in=filters.industries),
        "trl_min": Q(trl__gte=filters.trl_min),
        "trl_max": Q(trl__lte=filters.trl_max),
        "guaranteed": Q(is_guaranteed=True),
        "trial_months": Q(trial_months__gte=filters.trial_months),
        "rate": Q(rate__lte=filters.rate),
        "cap": Q(cap_minor__lte=filters.cap),
        "no_minimum": Q(has_minimum=False),
        "cities": Q(city__code__in=filters.cities),
        "university": Q(organisation__public_id=filters.university),
        "ip": Q(has_invention_patent=filters.ip == "invention"),
    }


def _all(words: Sequence[str]) -> str:
    return " & ".join(_quoted("", word) for word in words)


def _quoted(mark: str, word: str) -> str:
    """A token as a constant of tsquery; words hold neither quotes nor backslashes by then."""
    return f"'{mark}{word}'"


def _title_hits(query: Query) -> Any:
    return reduce(add, (_one_if(_quoted(TITLE, word)) for word in query.words))


def _one_if(constant: str) -> Case:
    return Case(When(tokens__holds=constant, then=Value(1)), default=Value(0))
