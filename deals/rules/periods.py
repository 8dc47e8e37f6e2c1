"""Civil dates: reporting periods, windows, contract years, and due dates that fall on workdays.

Spans are half-open: `start` belongs to a span, `end` does not. `last` is the last day inside.
"""

import re
from calendar import monthrange
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)
MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
WINDOWS = ("period", "contract_year", "calendar_year", "lifetime")
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


def contract_year(start: date, day: date) -> int:
    """Return the number of the contract year that holds a day; year 1 begins on the start."""
    return months_between(start, day) // 12 + 1


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A reporting period: `[start, end)` and its name (2027-Q1, 2027-03, 2027-H1, 2027, P1)."""

    start: date
    end: date
    name: str

    def __hash__(self) -> int:
        """Hash by the first day alone: the periods of one contract differ in it."""
        return hash(self.start)

    @property
    def last(self) -> date:
        """The last day inside the period."""
        return self.end - DAY

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
        self._known: dict[int, Period] = {}

    def holding(self, day: date) -> Period:
        """Return the period that holds a day."""
        if self.anchor == "contract":
            return self._contract(months_between(self.start, day) // self.months)
        return self._calendar((day.year * 12 + day.month - 1) // self.months)

    def first(self) -> Period:
        """Return the period that holds the contract's first day."""
        return self.holding(self.start)

    def after(self, period: Period) -> Period:
        """Return the period that follows."""
        return self.holding(period.end)

    def named(self, name: str) -> Period | None:
        """Return the period of a name, None if this contract has no such period."""
        found = _NAME.fullmatch(name)
        if found is None:
            return None
        period = self._from_name(
            {key: int(text) for key, text in found.groupdict().items() if text}
        )
        if period is None or period.name != name or period.start < self.first().start:
            return None
        return period

    def _from_name(self, parts: dict[str, int]) -> Period | None:
        if "number" in parts:
            index = parts["number"] - 1
            fits = self.anchor == "contract" and index * self.months < 12 * 200
            return self._contract(index) if fits else None
        if self.anchor == "contract" or not 1900 <= parts["year"] <= 2200:
            return None
        month = parts.get("month", 1) + 3 * (parts.get("quarter", 1) - 1)
        month += 6 * (parts.get("half", 1) - 1)
        return self._calendar((parts["year"] * 12 + month - 1) // self.months)

    def _contract(self, index: int) -> Period:
        if index not in self._known:
            start = add_months(self.start, index * self.months)
            end = add_months(self.start, (index + 1) * self.months)
            self._known[index] = Period(start, end, f"P{index + 1}")
        return self._known[index]

    def _calendar(self, index: int) -> Period:
        if index not in self._known:
            year, number = divmod(index, 12 // self.months)
            start = date(year, number * self.months + 1, 1)
            period = Period(start, add_months(start, self.months), self._name(year, number + 1))
            self._known[index] = period
        return self._known[index]

    def _name(self, year: int, number: int) -> str:
        if self.kind == "year":
            return f"{year:04d}"
        letter = {"quarter": "Q", "half_year": "H"}.get(self.kind)
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
