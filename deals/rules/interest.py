"""Late interest as a proposal: what each unpaid day costs, settled when a payment arrives (S14)."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

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
        owed = sum([amount for start, amount in self.owed if start < day])
        total = sum([amount for _, amount in self.owed])
        paid = sum([amount for paid_on, amount in self.paid if paid_on < day])
        open_now = total - paid
        return max(0, min(owed, open_now))

    @property
    def start(self) -> date:
        """The day after which the first sum bears interest."""
        return min([start for start, _ in self.owed], default=self.due)


@dataclass(frozen=True, slots=True)
class Exempt:
    """Days that bear no interest, on all of a debt (amount None) or on a disputed part."""

    span: Span
    amount: int | None


class Bearing(NamedTuple):
    """Days in a row that bear interest alike, both inclusive: minor units, yearly rate x 10**20."""

    first: date
    last: date
    amount: int
    rate: int

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Charge:
    """Interest for the days since the last settlement, in minor units.

    `total` is the interest of all `spans`, which begin with the first late day.
    """

    until: date
    days: int
    amount: int
    is_settled: bool
    total: int
    spans: tuple[Bearing, ...]


class Tariff(NamedTuple):
    """How interest is reckoned: the terms, the rate of a day, its changes, and exempt days.

    A disputed part stops the oldest debts of its period first: `earlier` are those before this one.
    """

    late: Late
    rounding: Rounding
    rate_on: Callable[[date], int]
    changes: Sequence[date]
    exempt: Sequence[Exempt]
    earlier: Sequence[Debt] = ()


def charges(debt: Debt, tariff: Tariff, as_of: date) -> Iterator[Charge]:
    """Yield one charge per settlement day, then what accrues on the unpaid rest up to `as_of`."""
    settled = sorted({day for day, _ in debt.paid if debt.start < day <= as_of})
    before, previous = 0, _after_grace(debt, tariff.late).start
    for day in settled:
        found = _charge(debt, tariff, (previous, day), before)
        if found.amount:
            yield found
        before, previous = found.total, max(previous, day)
    if debt.unpaid(as_of + DAY) and as_of > previous:
        found = _charge(debt, tariff, (previous, as_of), before)
        if found.amount:
            yield replace(found, is_settled=False)


def _charge(debt: Debt, tariff: Tariff, days: tuple[date, date], before: int) -> Charge:
    previous, until = days
    spans = bearing(debt, tariff, until)
    total = _rounded(spans, tariff)
    return Charge(until, (until - previous).days, total - before, True, total, spans)


def _after_grace(debt: Debt, late: Late) -> Debt:
    """Return the debt with each of its sums starting on the day after which it bears interest.

    That is the end of its own grace, or its start if the grace was missed and the terms go back.
    """
    if not late.grace_days:
        return debt
    owed: list[tuple[date, int]] = []
    for start, amount in debt.owed:
        grace_end = start + timedelta(days=late.grace_days)
        is_missed = late.retroactive and debt.unpaid(grace_end + DAY) > 0
        owed.append((start if is_missed else grace_end, amount))
    return replace(debt, owed=owed)


def accrued(debt: Debt, tariff: Tariff, until: date) -> int:
    """Return the interest of all days up to and including a day, rounded once (R4)."""
    return _rounded(bearing(debt, tariff, until), tariff)


def _rounded(spans: tuple[Bearing, ...], tariff: Tariff) -> int:
    total = sum([span.amount * span.rate * span.days for span in spans])
    return tariff.rounding.of(total, RATIO_SCALE * RATIO_SCALE * tariff.late.basis)


def bearing(debt: Debt, tariff: Tariff, until: date) -> tuple[Bearing, ...]:
    """Return the days up to and including a day that bear interest, none inside the grace."""
    if until <= debt.start + timedelta(days=tariff.late.grace_days):
        return ()
    late_debt = _after_grace(debt, tariff.late)
    earlier = [_after_grace(one, tariff.late) for one in tariff.earlier]
    points = _breakpoints((late_debt, *earlier), tariff, until)
    found: list[Bearing] = []
    for start, after in pairwise(points):
        unpaid = late_debt.unpaid(start)
        amount = unpaid - _exempted(tariff, earlier, start, unpaid) if tariff.exempt else unpaid
        if amount > 0:
            found.append(Bearing(start, after - DAY, amount, tariff.rate_on(start)))
    return tuple(found)


def _breakpoints(debts: Sequence[Debt], tariff: Tariff, until: date) -> list[date]:
    """Return the days on which anything changes, from the first late one to that after the last."""
    first, end = debts[0].start + DAY, until + DAY
    days = {first, end}
    for one in debts:
        days.update(start + DAY for start, _ in one.owed)
        days.update(paid_on + DAY for paid_on, _ in one.paid)
    days.update(tariff.changes)
    for exempt in tariff.exempt:
        days.add(exempt.span.start)
        if exempt.span.last is not None:
            days.add(exempt.span.last + DAY)
    return sorted([day for day in days if first <= day <= end])


def _exempted(tariff: Tariff, earlier: Sequence[Debt], day: date, unpaid: int) -> int:
    now = [entry.amount for entry in tariff.exempt if entry.span.holds(day)]
    if None in now:
        return unpaid
    disputed = sum(amount for amount in now if amount is not None)
    return max(0, disputed - sum(one.unpaid(day) for one in earlier)) if disputed else 0


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
