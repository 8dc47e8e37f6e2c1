"""Civil dates: reporting periods, windows, contract years, and due dates that fall on workdays.

Spans are half-open: `start` belongs to a span, `end` does not. `last` is the last day inside.
"""

import re
from calendar import monthrange
from collections.abc import Collection
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

DAY = timedelta(days=1)
MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
WINDOWS = ("period", "contract_year", "calendar_year", "lifetime")
_LONGEST_NAME = len("2027-Q1")
_NAME = re.compile(
    r"(?P<year>[0-9]{4})(?:-(?:Q(?P<quarter>[1-4])|H(?P<half>[12])|(?P<month>0[1-9]|1[0-2])))?"
    r"|P(?P<number>[1-9][0-9]{0,4})",
    re.ASCII,
)


def add_months(day: date, months: int) -> date:
    """Return the same day of a later month, or that month's last day if it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_between(start: date, day: date) -> int:
    """Return how many whole months have passed from start to day (day included)."""
    months = (day.year - start.year) * 12 + day.month - start.month
    return months if add_months(start, months) <= day else months - 1


def anniversary(start: date, year: int) -> date:
    """Return the first day of contract year `year` (1 is the start itself)."""
    return add_months(start, 12 * (year - 1))


@lru_cache(maxsize=8192)
def contract_year(start: date, day: date) -> int:
    """Return the number of the contract year that holds a day; year 1 begins on the start."""
    return months_between(start, day) // 12 + 1


class Period(NamedTuple):
    """A reporting period: `[start, end)` and its name (2027-Q1, 2027-03, 2027-H1, 2027, P1).

    `last` is the last day inside. Periods sort by time.
    """

    start: date
    end: date
    name: str
    last: date

    def holds(self, day: date) -> bool:
        """Tell whether the day lies inside the period."""
        return self.start <= day < self.end


class PeriodPlan:
    """The periods of one contract, by its kind (month to year) and anchor."""

    def __init__(self, kind: str, anchor: str, start: date) -> None:
        self.kind = kind
        self.anchor = anchor
        self.start = start
        self.months = MONTHS[kind]

    def holding(self, day: date) -> Period:
        """Return the period that holds a day."""
        if self.anchor == "contract":
            return _from_start(
                self.start, self.months, months_between(self.start, day) // self.months
            )
        return _of_calendar(self.kind, (day.year * 12 + day.month - 1) // self.months)

    def first(self) -> Period:
        """Return the period that holds the contract's first day."""
        return self.holding(self.start)

    def after(self, period: Period) -> Period:
        """Return the period that follows."""
        return self.holding(period.end)

    def named(self, name: str) -> Period | None:
        """Return the period of a name, None if this contract has no such period."""
        if len(name) > _LONGEST_NAME:
            return None
        if self.anchor == "contract":
            return _named_from_start(self.start, self.months, name)
        period = _named_in_calendar(self.kind, name)
        return None if period is None or period.start < self.first().start else period


# Thousands of contracts share their periods, so these are made once. No cache grows without end.
@lru_cache(maxsize=4096)
def _named_from_start(start: date, months: int, name: str) -> Period | None:
    found = _NAME.fullmatch(name)
    if found is None or found["number"] is None:
        return None
    index = int(found["number"]) - 1
    return _from_start(start, months, index) if index * months < 12 * 200 else None


@lru_cache(maxsize=4096)
def _named_in_calendar(kind: str, name: str) -> Period | None:
    found = _NAME.fullmatch(name)
    if found is None or found["year"] is None or not 1900 <= int(found["year"]) <= 2200:
        return None
    month = int(found["month"] or 1) + 3 * (int(found["quarter"] or 1) - 1)
    month += 6 * (int(found["half"] or 1) - 1)
    period = _of_calendar(kind, (int(found["year"]) * 12 + month - 1) // MONTHS[kind])
    return period if period.name == name else None


@lru_cache(maxsize=8192)
def _from_start(start: date, months: int, index: int) -> Period:
    first = add_months(start, index * months)
    end = add_months(start, (index + 1) * months)
    return Period(first, end, f"P{index + 1}", end - DAY)


@lru_cache(maxsize=4096)
def _of_calendar(kind: str, index: int) -> Period:
    months = MONTHS[kind]
    year, number = divmod(index, 12 // months)
    first = date(year, number * months + 1, 1)
    end = add_months(first, months)
    return Period(first, end, _calendar_name(kind, year, number + 1), end - DAY)


def _calendar_name(kind: str, year: int, number: int) -> str:
    if kind == "year":
        return f"{year:04d}"
    letter = {"quarter": "Q", "half_year": "H"}.get(kind)
    return f"{year:04d}-{letter}{number}" if letter else f"{year:04d}-{number:02d}"


def pin(period: Period, until: date | None) -> date:
    """Return the day that decides a period's window: its last, or the term's end inside it."""
    if until is not None and period.holds(until):
        return until
    return period.last


def window_number(kind: str, start: date, day: date) -> int:
    """Return which window of a kind holds a day, numbered so that windows sort by time."""
    if kind == "contract_year":
        return contract_year(start, day)
    if kind == "calendar_year":
        return day.year
    if kind == "lifetime":
        return 0
    return day.toordinal()


class Workdays:
    """Which days are worked: weekends are not, holidays are not, make-up workdays are."""

    def __init__(self, holidays: Collection[date] = (), workdays: Collection[date] = ()) -> None:
        self.holidays = frozenset(holidays)
        self.workdays = frozenset(workdays)
        self.years = frozenset(day.year for day in (*self.holidays, *self.workdays))

    def works(self, day: date) -> bool:
        """Tell whether a day is worked."""
        if day in self.workdays:
            return True
        return day not in self.holidays and day.weekday() < 5

    def roll(self, day: date, direction: str) -> date:
        """Move a date that is not worked to the next (following) or last (preceding) workday."""
        step = {"following": DAY, "preceding": -DAY}.get(direction)
        while step is not None and not self.works(day):
            day += step
        return day
