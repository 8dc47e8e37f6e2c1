"""Minimum royalties: the top-up when a window closes, and taking earlier shortfalls back (S8)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import takewhile

from deals.rules.periods import (
    DAY,
    Period,
    PeriodPlan,
    add_months,
    anniversary,
    contract_year,
    months_between,
    pin,
)
from deals.rules.terms.model import Minimum, Span, Terms

# Shortfalls by the window they arose in, and what the quarters of a year earned over their minimum.
Open = tuple[list[tuple[int, int]], dict[int, int]]


@dataclass(frozen=True, slots=True)
class Window:
    """One window of a minimum: its days `[start, end)`, its number, year and periods."""

    terms: Terms
    start: date
    end: date
    number: int
    year: int
    periods: tuple[Period, ...]

    @property
    def last_period(self) -> Period:
        """The period on whose statement the window is settled."""
        return self.periods[-1]

    @property
    def paid_until(self) -> date:
        """The day after the last one that can pay: the window's end or that of the term."""
        until = self.terms.paying.last
        return min(self.end, until + DAY) if until is not None else self.end


@dataclass(frozen=True, slots=True)
class Course:
    """What decides a minimum besides the terms: the stage, a termination, suspensions."""

    plan: PeriodPlan
    first_paying: Callable[[Terms], date | None]
    terminated_on: date | None
    suspended: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Closing:
    """What closing one window does, in minor units, with the figures it was computed from."""

    window: Window
    number: int
    agreed: int
    due: int
    counted_days: int
    all_days: int
    earned: int
    top_up: int
    recouped: int = 0
    lapsed: int = 0
    carried: int = 0


def windows(plan: PeriodPlan, in_force: Callable[[Period], Terms], until: date) -> Iterator[Window]:
    """Yield every window whose last period ends by a day, in order."""
    seen: list[Period] = []
    period = plan.first()
    while period.last <= until:
        terms = in_force(period)
        seen.append(period)
        ends = terms.paying.last
        over = ends is not None and period.holds(ends)
        if terms.minimum is not None:
            number = _number(plan, terms, period)
            if over or _number(plan, terms, plan.after(period)) != number:
                yield _window(plan, terms, _held(plan, terms, seen))
        if over:
            return
        period = plan.after(period)


def _held(plan: PeriodPlan, terms: Terms, seen: list[Period]) -> tuple[Period, ...]:
    """Return the last periods seen that share one window, in order."""
    number = _number(plan, terms, seen[-1])
    held = takewhile(lambda period: _number(plan, terms, period) == number, reversed(seen))
    return tuple(held)[::-1]


def _number(plan: PeriodPlan, terms: Terms, period: Period) -> int:
    return number_on(plan, terms, pin(period, terms.paying.last))


def number_on(plan: PeriodPlan, terms: Terms, day: date) -> int:
    """Return the number of the minimum's window that holds a day; numbers rise by one."""
    scope = terms.minimum.scope if terms.minimum else ""
    if scope != "quarter":
        return year_on(plan, terms, day)
    if plan.anchor == "contract":
        return months_between(plan.start, day) // 3
    return (day.year * 12 + day.month - 1) // 3


def year_on(plan: PeriodPlan, terms: Terms, day: date) -> int:
    """Return the year a day counts in: the calendar's if the minimum says so, or the contract's."""
    if terms.minimum is not None and terms.minimum.scope == "calendar_year":
        return day.year
    return contract_year(plan.start, day)


def _window(plan: PeriodPlan, terms: Terms, periods: tuple[Period, ...]) -> Window:
    day = pin(periods[-1], terms.paying.last)
    number, year = number_on(plan, terms, day), year_on(plan, terms, day)
    scope = terms.minimum.scope if terms.minimum else ""
    if scope == "contract_year":
        start, end = anniversary(plan.start, number), anniversary(plan.start, number + 1)
    elif scope == "calendar_year":
        start, end = date(number, 1, 1), date(number + 1, 1, 1)
    elif plan.anchor == "contract":
        start, end = add_months(plan.start, 3 * number), add_months(plan.start, 3 * number + 3)
    else:
        start = date(number // 4, number % 4 * 3 + 1, 1)
        end = add_months(start, 3)
    return Window(terms, start, end, number, year, periods)


def closing_day(window: Window, accepted: date | None) -> date:
    """Return the day a window closes: its last report's acceptance, or when that is overdue."""
    overdue = window.last_period.last + timedelta(days=window.terms.calendar.report_days)
    return overdue if accepted is None else min(accepted, overdue)


@dataclass(frozen=True, slots=True)
class Settled:
    """A window that was settled: what it rested on, what came out, what is open after it."""

    window: Window
    basis: tuple[object, ...]
    closing: Closing | None
    pool: tuple[tuple[int, int], ...]
    surplus: Mapping[int, int]


def close(
    closed: Sequence[Window],
    course: Course,
    earned_in: Callable[[Window], int],
    before: list[Settled],
) -> list[Closing]:
    """Settle closed windows in order. `earned_in` gives earned less stacking, in minor units.

    `before` holds what an earlier day settled, to go on from the first window that differs; it is
    brought up to date.
    """
    bases = [_basis(window, course, earned_in(window)) for window in closed]
    same = 0
    for one, window, basis in zip(before, closed, bases, strict=False):
        if one.window is not window or one.basis != basis:
            break
        same += 1
    del before[same:]
    pool = list(before[-1].pool) if before else []
    surplus = dict(before[-1].surplus) if before else {}
    for window, basis in zip(closed[same:], bases[same:], strict=True):
        closing = _close(window, course, earned_in(window), (pool, surplus))
        before.append(Settled(window, basis, closing, tuple(pool), dict(surplus)))
    return [one.closing for one in before if one.closing is not None]


def _basis(window: Window, course: Course, earned: int) -> tuple[object, ...]:
    return earned, course.first_paying(window.terms), course.terminated_on, course.suspended


def _close(window: Window, course: Course, earned: int, still_open: Open) -> Closing | None:
    minimum, first = window.terms.minimum, course.first_paying(window.terms)
    if minimum is None or first is None or not pays(window, course):
        return None
    pool, surplus = still_open
    ordinal = window.number - number_on(course.plan, window.terms, first) + 1
    closing = _settle(window, minimum, course, (ordinal, earned))
    return _recoup(_use_excess(closing, minimum, surplus), minimum, pool)


def pays(window: Window, course: Course) -> bool:
    """Tell whether the window has a day that pays."""
    first = course.first_paying(window.terms)
    if first is None or first >= window.paid_until:
        return False
    return course.terminated_on is None or course.terminated_on >= max(first, window.start)


def _settle(window: Window, minimum: Minimum, course: Course, counted: tuple[int, int]) -> Closing:
    number, earned = counted
    agreed = minimum.amount_of(number)
    start, end = _counted_span(window, minimum, course)
    days = max(0, (end - start).days - suspended_days(start, end, minimum, course))
    whole = (window.end - window.start).days
    due = agreed
    if (start, end) != (window.start, window.end) or days != whole:
        due = window.terms.rounding.of(agreed * days, whole)
    if course.terminated_on and course.terminated_on < window.end:
        due = 0 if minimum.on_termination == "waive" else due
    return Closing(window, number, agreed, due, days, whole, earned, max(0, due - earned))


def _counted_span(window: Window, minimum: Minimum, course: Course) -> tuple[date, date]:
    """Return the days a minimum is counted over; whole unless something prorates it."""
    start, end = window.start, window.end
    first = course.first_paying(window.terms)
    if minimum.first_year == "prorate_days" and first is not None and first > start:
        start, end = first, window.paid_until
    terminated = course.terminated_on
    if terminated is not None and minimum.on_termination == "prorate" and terminated < end:
        end = max(start, terminated + DAY)
    return start, end


def suspended_days(start: date, end: date, minimum: Minimum, course: Course) -> int:
    """Return how many days of `[start, end)` are suspended, each counted once."""
    count, counted_to = 0, start
    for span in sorted((*minimum.suspended, *course.suspended), key=lambda span: span.start):
        first = max(counted_to, span.start)
        after = end if span.last is None else min(end, span.last + DAY)
        count += max(0, (after - first).days)
        counted_to = max(counted_to, after)
    return count


def _use_excess(closing: Closing, minimum: Minimum, surplus: dict[int, int]) -> Closing:
    """Let what earlier quarters of the year earned above their minimum lower a top-up."""
    if minimum.scope != "quarter" or not minimum.quarter_excess_counts:
        return closing
    year = closing.window.year
    used = min(closing.top_up, surplus.get(year, 0))
    surplus[year] = surplus.get(year, 0) - used + max(0, closing.earned - closing.due)
    return replace(closing, top_up=closing.top_up - used)


def _recoup(closing: Closing, minimum: Minimum, pool: list[tuple[int, int]]) -> Closing:
    """Take earlier shortfalls back from an excess, let the old ones lapse, add the new one.

    The windows of a quarterly minimum are its years: it recoups from quarter to quarter.
    """
    if minimum.recoup is None:
        return closing
    kind, years, year = minimum.recoup.kind, minimum.recoup.years, closing.number
    excess = max(0, closing.earned - closing.due)
    recouped = 0
    kept: list[tuple[int, int]] = []
    for born, amount in [*pool, (year, closing.top_up)]:
        open_still = year <= years if kind == "first_years" else year <= born + years
        used = min(amount, excess - recouped) if open_still and born < year else 0
        recouped += used
        kept.append((born, amount - used))
    last = years if kind == "first_years" else None
    lapsed = sum(
        amount for born, amount in kept if year >= (last if last is not None else born + years)
    )
    pool[:] = [
        (born, amount)
        for born, amount in kept
        if amount and year < (last if last is not None else born + years)
    ]
    carried = sum(amount for _, amount in pool)
    return replace(closing, recouped=recouped, lapsed=lapsed, carried=carried)
