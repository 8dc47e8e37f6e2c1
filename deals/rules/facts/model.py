"""Everything known about one contract, as frozen values: the only input of the calculation."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from deals.rules.faults import Caution
from deals.rules.periods import Period, PeriodPlan, Workdays
from deals.rules.terms.model import Terms
from deals.rules.waterfall import Policy


class Line(NamedTuple):
    """One reported sale: minor units of its own currency, tax rate over 10**10, units over 10**6.

    `combination` is the share A/(A+B) of a combined product that counts, None for all of it.
    """

    sale_date: date
    stream: str
    product: str
    country: str
    currency: str
    gross: int
    vat_rate: int
    units: int
    deductions: tuple[tuple[str, int], ...]
    third_party_royalty: int
    combination: Fraction | None
    invoice: str


class Report(NamedTuple):
    """A revision of a period's report; it restates the whole period once it is accepted."""

    period: Period
    revision: int
    accepted_on: date | None
    lines: tuple[Line, ...]


class Event(NamedTuple):
    """Something that happened to the contract on a day, some with an end, period or amount."""

    type: str
    day: date
    last: date | None
    period: Period | None
    amount: int | None


@dataclass(frozen=True, slots=True)
class Credit:
    """A credit granted to the company, in minor units."""

    key: str
    day: date
    amount: int


class Receipt(NamedTuple):
    """Money received, or the reversal of an earlier receipt (`reverses`, amount 0)."""

    reference: str
    day: date
    amount: int
    period: Period | None
    reverses: str | None


@dataclass(frozen=True, slots=True)
class Final:
    """The last day on which a statement itself can change, and since when that is settled.

    With `known_from` a day that has not come yet counts too: the statement is not final before it.
    Without, the day is known once it has come.
    """

    day: date
    known_from: date | None


@dataclass(frozen=True, slots=True)
class Series:
    """A dated series of positive ratios over 10**10, sorted by date."""

    days: tuple[date, ...]
    values: tuple[int, ...]

    def on(self, day: date) -> int | None:
        """Return the last value dated on or before a day, None before the first."""
        index = bisect_right(self.days, day)
        return self.values[index - 1] if index else None


@dataclass(frozen=True, slots=True)
class Contract:
    """The facts of one contract as of a day; `terms` are sorted by version number."""

    terms: tuple[Terms, ...]
    plan: PeriodPlan
    events: tuple[Event, ...]
    reports: tuple[Report, ...]
    credits: tuple[Credit, ...]
    receipts: tuple[Receipt, ...]
    rates: Mapping[str, Series]
    workdays: Workdays
    finals: Mapping[str, Final]
    policies: Mapping[str, Policy]
    as_of: date
    cautions: tuple[Caution, ...] = ()

    @property
    def currency(self) -> str:
        """The currency that every figure of the result is in."""
        return self.terms[0].currency

    @property
    def start(self) -> date:
        """The first day of contract year 1."""
        return self.plan.start
