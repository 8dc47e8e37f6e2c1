"""The terms of one contract version as frozen values: minor units, ratios over 10**10, dates.

Quantities of a units stream (bounds, allowance) are integers over 10**6.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from deals.rules.money import RATIO_SCALE, UNIT_SCALE, Rounding
from deals.rules.terms.taxes import Tax


@dataclass(frozen=True, slots=True)
class Span:
    """Days from `start` to `last`, both included; without `last` it stays open."""

    start: date
    last: date | None

    def holds(self, day: date) -> bool:
        """Tell whether the day lies inside."""
        return self.start <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Limit:
    """What ends the free stage: cumulative net in minor units, or units over 10**6."""

    net: int | None
    units: int | None


@dataclass(frozen=True, slots=True)
class Trial:
    """The free stage."""

    start: date
    last: date | None
    limits: tuple[Limit, ...]
    granularity: str
    counts_toward_tiers: bool
    unconverted_use: str
    reports_required: bool
    nothing_due_before: str | None


@dataclass(frozen=True, slots=True)
class Paying:
    """The paying stage; without `start` it begins with the conversion."""

    start: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Calendar:
    """How periods run and when their instalments fall due."""

    kind: str
    anchor: str
    report_days: int
    pay_days: int
    min_days_after_final: int | None
    roll: str


@dataclass(frozen=True, slots=True)
class Deduction:
    """A type of deduction that is allowed, at most `cap` of gross less tax."""

    type: str
    cap: int | None


@dataclass(frozen=True, slots=True)
class Allowance:
    """What stays free of royalty in each period or contract year."""

    per: str
    amount: int


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a tier table: up to `upper` (None is open), a rate or unit price, a flat sum."""

    upper: int | None
    rate: int
    flat: int


@dataclass(frozen=True, slots=True)
class Tiers:
    """A tier table. Base x rate, and every flat, count in `scale` parts of a minor unit."""

    mode: str
    window: str
    rows: tuple[Row, ...]
    flat_on_zero: bool
    scale: int


@dataclass(frozen=True, slots=True)
class Factor:
    """A step-down such as an expired patent: the rate counts `ratio` while it runs."""

    reason: str
    span: Span
    ratio: int


@dataclass(frozen=True, slots=True)
class Stacking:
    """How far royalties paid to third parties reduce this one."""

    offset_share: int
    max_reduction: int
    floor_share: int
    carry_forward: bool


@dataclass(frozen=True, slots=True)
class Stream:
    """One source of revenue with its own definition of the base and its own tiers."""

    key: str
    basis: str
    deductions: Mapping[str, Deduction]
    deduction_cap: int | None
    negative: str
    allowance: Allowance | None
    tiers: Tiers
    factors: tuple[Factor, ...]
    stacking: Stacking | None

    @property
    def counts_units(self) -> bool:
        """Tell whether the base is a number of units instead of money."""
        return self.basis == "units"


@dataclass(frozen=True, slots=True)
class FixedItem:
    """A sum due once, on a date or at the first event of a type."""

    key: str
    amount: int
    event: str | None
    day: date | None
    due_days: int | None
    creditable: bool


@dataclass(frozen=True, slots=True)
class Milestone:
    """A sum due once when lifetime net reaches a threshold, or on a date."""

    key: str
    net: int | None
    day: date | None
    amount: int


@dataclass(frozen=True, slots=True)
class Recoup:
    """Until when an excess may take back an earlier shortfall."""

    kind: str
    years: int


@dataclass(frozen=True, slots=True)
class Minimum:
    """The least royalty of a window; `amounts` go by window, the last one continues."""

    scope: str
    amounts: tuple[int, ...]
    first_year: str
    quarter_excess_counts: bool
    suspended: tuple[Span, ...]
    on_termination: str
    recoup: Recoup | None

    def amount_of(self, number: int) -> int:
        """Return the agreed amount of window 1, 2, 3 and so on, before proration."""
        return self.amounts[min(number, len(self.amounts)) - 1]


@dataclass(frozen=True, slots=True)
class Caps:
    """Upper limits by window, and the components that count against them."""

    limits: Mapping[str, int]
    includes: frozenset[str]


@dataclass(frozen=True, slots=True)
class LongStop:
    """The day on which the balance of the price falls due or is waived."""

    day: date
    balance: str


@dataclass(frozen=True, slots=True)
class CreditTerms:
    """How much of a posting granted credits may pay, and whether a rest is refunded."""

    max_share: int = RATIO_SCALE
    refund_on_end: bool = False


@dataclass(frozen=True, slots=True)
class Late:
    """Late interest: a fixed yearly ratio, or a multiple of a dated series."""

    basis: int
    fixed: int | None
    series: str | None
    multiple: int
    grace_days: int
    retroactive: bool
    stops_in_dispute: bool


@dataclass(frozen=True, slots=True)
class Owner:
    """A licensor and its weight."""

    party: str
    weight: Fraction


@dataclass(frozen=True, slots=True)
class Terms:
    """One immutable version of a contract's terms, whichever contract it is a version of."""

    version: int
    effective_from: date
    retroactive_from: date | None
    reset_windows: bool
    currency: str
    zone: str
    rounding: Rounding
    trial: Trial | None
    paying: Paying
    calendar: Calendar
    streams: Mapping[str, Stream]
    fixed: tuple[FixedItem, ...]
    milestones: tuple[Milestone, ...]
    minimum: Minimum | None
    caps: Caps | None
    long_stop: LongStop | None
    credits: CreditTerms
    late: Late | None
    correction_interest: str
    tax: Tax | None
    owners: tuple[Owner, ...]
    collection: str
    waterfalls: Mapping[str, str] = field(default_factory=dict)
    min_payable: int = 0

    @property
    def sales_from(self) -> date:
        """The first sale date that this version governs."""
        return self.retroactive_from or self.effective_from

    @property
    def contract_start(self) -> date:
        """The day contract years are counted from, if this is the first version."""
        if self.trial is not None:
            return self.trial.start
        return self.paying.start or self.effective_from


def tier_scale(*, counts_units: bool) -> int:
    """Return how many parts of a minor unit one step of a tier table counts in."""
    return RATIO_SCALE * (UNIT_SCALE if counts_units else 1)
