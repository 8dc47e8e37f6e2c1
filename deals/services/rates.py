"""Published exchange and lending rates: recorded by the platform, first value of a day counts."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import connection, transaction
from django.utils import timezone

from deals.models import Deal, PublishedRate
from deals.rules.money import EXPONENTS
from marketplace.accounts.actors import Actor
from marketplace.accounts.rules import Permission
from marketplace.base import audit, outbox
from marketplace.base.errors import RuleError

LENDING = ("LPR1Y", "LPR5Y")
_EXCHANGE = re.compile(r"([A-Z]{3})/([A-Z]{3})", re.ASCII)
HIGHEST_LENDING = Decimal(1)
HIGHEST_EXCHANGE = Decimal(10) ** 9


@dataclass(frozen=True)
class Quote:
    """The value of a series on a day: "LPR1Y" as a yearly share, "USD/CNY" as yuan a dollar."""

    series: str
    rate_date: date
    value: Decimal


@transaction.atomic
def record_rates(
    quotes: Sequence[Quote], *, source: str, by: Actor, at: datetime
) -> list[PublishedRate]:
    """Record quotes of one source, all of them or none; the rows.

    The same value of a day again is the same row; another value is a further revision, which is
    kept and counts for nobody. Deals that wait for a rate are computed again. Raises
    RuleError("rate.series"), "rate.value", "rate.future", "source.missing" and "role.missing".
    Source: docs/rules.md#converting-currencies.
    """
    by.require(Permission.RATES_RECORD)
    if not source.strip():
        raise RuleError("source.missing", where="source")
    for quote in quotes:
        check_quote(quote, today=timezone.localdate(at))
    _lock({quote.series for quote in quotes})
    rows = [_record(quote, source.strip(), by=by, at=at) for quote in quotes]
    _wake({row.series for row in rows}, at=at)
    return rows


def check_quote(quote: Quote, *, today: date) -> None:
    """Refuse a quote that no series can hold; raises the RuleErrors of `record_rates`."""
    if not is_series(quote.series):
        raise RuleError("rate.series", where="series")
    highest = HIGHEST_LENDING if quote.series in LENDING else HIGHEST_EXCHANGE
    if not 0 < quote.value <= highest:
        raise RuleError("rate.value", where="value")
    if quote.rate_date > today:
        raise RuleError("rate.future", where="rate_date")


def is_series(name: str) -> bool:
    """Whether a name is a lending rate's or a pair of two known currencies."""
    pair = _EXCHANGE.fullmatch(name)
    if pair is None:
        return name in LENDING
    first, second = pair.groups()
    return first != second and {first, second} <= EXPONENTS.keys()


def last_quote(series: str, *, on: date) -> PublishedRate | None:
    """The last first value dated on or before a day."""
    found = PublishedRate.objects.first_values().of(series).filter(rate_date__lte=on)
    return found.order_by("-rate_date").first()


def plain(value: Decimal) -> str:
    """The value as a contract file writes it: no exponent, no zeros at the end."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _lock(series: Collection[str]) -> None:
    """One writer a series until the transaction ends, so that revisions count without a gap."""
    with connection.cursor() as cursor:
        for name in sorted(series):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"rates:{name}"])


def _record(quote: Quote, source: str, *, by: Actor, at: datetime) -> PublishedRate:
    known = PublishedRate.objects.of(quote.series).filter(rate_date=quote.rate_date)
    last = known.order_by("-revision").first()
    same = known.filter(value=quote.value).first()
    if same is not None:
        return same
    row = PublishedRate.objects.create(
        series=quote.series,
        rate_date=quote.rate_date,
        revision=last.revision + 1 if last else 1,
        value=quote.value,
        source=source,
        retrieved_at=at,
        recorded_by=by.person,
        recorded_at=at,
    )
    data = {"revision": row.revision, "date": row.rate_date.isoformat()}
    audit.record(row, verb="rate.recorded", by=by.user, at=at, data=data)
    return row


def _wake(series: Collection[str], *, at: datetime) -> None:
    """Owe the computation of deals that were parked for want of one of these series."""
    for name in sorted(series):
        waiting = Deal.objects.filter(parked_reason__contains=f"rates.{name}")
        for deal_id in waiting.values_list("pk", flat=True):
            outbox.record("deals.compute_deal", deal_id, at=at)
