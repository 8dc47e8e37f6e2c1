"""Late interest as a proposal: what each unpaid day costs, settled when a payment arrives (S14)."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from deals.rules.faults import Fault, Refused
from deals.rules.money import RATIO_SCALE, Rounding
from deals.rules.periods import DAY
from deals.rules.terms.model import Late, Span


@dataclass(frozen=True, slots=True)
class Debt:
    """One instalment as interest sees it.

    `owed` are sums with the day after which they bear interest, `paid` are payments with their day
    (negative when a receipt was reversed), both in minor units.
    """

    due: date
    owed: Sequence[tuple[date, int]]
    paid: Sequence[tuple[date, int]]

    def unpaid(self, day: date) -> int:
        """Return what is overdue and unpaid at the start of a day."""
        owed = sum(amount for start, amount in self.owed if start < day)
        total = sum(amount for _, amount in self.owed)
        paid = sum(amount for paid_on, amount in self.paid if paid_on < day)
        open_now = total - paid
        return max(0, min(owed, open_now))

    @property
    def start(self) -> date:
        """The day after which the first sum bears interest."""
        return min((start for start, _ in self.owed), default=self.due)


@dataclass(frozen=True, slots=True)
class Exempt:
    """Days that bear no interest, on all of a debt (amount None) or on a disputed part."""

    span: Span
    amount: int | None


@dataclass(frozen=True, slots=True)
class Charge:
    """Interest for the days since the last settlement, in minor units."""

    until: date
    days: int
    amount: int
    is_settled: bool


@dataclass(frozen=True, slots=True)
class Tariff:
    """How interest is reckoned: the terms, the rate of a day, its changes, and exempt days."""

    late: Late
    rounding: Rounding
    rate_on: Callable[[date], int]
    changes: Sequence[date]
    exempt: Sequence[Exempt]


def charges(debt: Debt, tariff: Tariff, as_of: date) -> Iterator[Charge]:
    """Yield one charge per settlement day, then what accrues on the unpaid rest up to `as_of`."""
    settled = sorted({day for day, _ in debt.paid if debt.start < day <= as_of})
    before, previous = 0, _first_day(debt, tariff.late)
    for day in settled:
        amount = accrued(debt, tariff, day)
        if amount != before:
            yield Charge(day, (day - previous).days, amount - before, is_settled=True)
        before, previous = amount, max(previous, day)
    if debt.unpaid(as_of + DAY) and as_of > previous:
        amount = accrued(debt, tariff, as_of)
        if amount != before:
            yield Charge(as_of, (as_of - previous).days, amount - before, is_settled=False)


def _first_day(debt: Debt, late: Late) -> date:
    """Return the day after which days count: the due date, or the end of the grace."""
    return debt.start if late.retroactive else debt.start + timedelta(days=late.grace_days)


def accrued(debt: Debt, tariff: Tariff, until: date) -> int:
    """Return the interest of all days up to and including a day, rounded once (R4)."""
    late = tariff.late
    grace_end = debt.start + timedelta(days=late.grace_days)
    if until <= grace_end or not debt.unpaid(grace_end + DAY):
        return 0
    first = _first_day(debt, late) + DAY
    points = _breakpoints(debt, tariff, first, until)
    total = 0
    for start, after in pairwise(points):
        bearing = debt.unpaid(start) - _exempted(tariff.exempt, start, debt.unpaid(start))
        if bearing > 0:
            total += bearing * tariff.rate_on(start) * (after - start).days
    return tariff.rounding.of(total, RATIO_SCALE * RATIO_SCALE * late.basis)


def _breakpoints(debt: Debt, tariff: Tariff, first: date, until: date) -> list[date]:
    """Return the days on which anything changes, from the first day to the day after the last."""
    end = until + DAY
    days = {first, end}
    days.update(start + DAY for start, _ in debt.owed)
    days.update(paid_on + DAY for paid_on, _ in debt.paid)
    days.update(tariff.changes)
    for exempt in tariff.exempt:
        days.add(exempt.span.start)
        if exempt.span.last is not None:
            days.add(exempt.span.last + DAY)
    return sorted(day for day in days if first <= day <= end)


def _exempted(exempt: Sequence[Exempt], day: date, unpaid: int) -> int:
    now = [entry.amount for entry in exempt if entry.span.holds(day)]
    if None in now:
        return unpaid
    return sum(amount for amount in now if amount is not None)


def yearly_rate(late: Late, days: Sequence[date], values: Sequence[int], day: date) -> int:
    """Return the yearly rate in force on a day as an integer over 10**20.

    Raises `Refused` with `rate.missing` when the series has no rate yet on that day.
    """
    if late.fixed is not None:
        return late.fixed * RATIO_SCALE
    index = bisect_right(days, day)
    if index == 0:
        message = f"no rate is in force on {day.isoformat()}"
        raise Refused((Fault("rate.missing", f"rates.{late.series}", message),))
    return values[index - 1] * late.multiple
