"""What the calculation gives back: frozen values in minor units of the contract's currency."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from deals.rules.faults import Caution
from deals.rules.interest import Bearing
from deals.rules.periods import Period
from deals.rules.waterfall import Taken


@dataclass(frozen=True, slots=True)
class Corrects:
    """The line of an earlier, final statement that a correction line speaks of."""

    period: str
    code: str
    key: str


class Line(NamedTuple):
    """One step of a statement, with what a stranger needs to recompute it by hand.

    `amount` is in minor units and has the sign of the statement field it belongs to. `inputs` are
    texts; `line` among them tells lines of one code apart, `clause` is the contract's clause.
    """

    stage: str
    code: str
    amount: int
    inputs: Mapping[str, str]
    formula: str
    terms_version: int
    corrects: Corrects | None = None

    @property
    def clause(self) -> str:
        """The clause of the contract that the step rests on."""
        return self.inputs.get("clause", "")


class Statement(NamedTuple):
    """One period's statement. `net` and `base` are exact; every other sum is whole."""

    period: Period
    final_on: date | None
    gross: int
    vat: int
    deductions: int
    net: int
    base: int
    exact_base: int | Fraction
    earned: int
    stacking: int
    fixed: int
    milestones: int
    minimum_top_up: int
    recouped: int
    clipped: int
    accrued: int
    credits: int
    payable: int
    corrections: int
    shortfall_carried: int
    shortfall_lapsed: int
    cap_left: int | None
    lines: tuple[Line, ...]


class Instalment(NamedTuple):
    """What one period asks for on one due date."""

    period: Period
    due: date
    amount: int
    paid: int
    posted_on: date

    @property
    def outstanding(self) -> int:
        """What is not paid yet."""
        return self.amount - self.paid


@dataclass(frozen=True, slots=True)
class Interest:
    """Late interest up to a settlement day (proposed), up to today (accruing), or decided.

    `total` is the interest of all days up to `until`, earlier rows included; `spans` are those
    days, so that a reader can add them up. `amount` is this row's part.
    """

    period: Period
    due: date
    days: int
    amount: int
    state: str
    until: date
    total: int
    spans: tuple[Bearing, ...]


class Allocation(NamedTuple):
    """How the principal of one receipt went to the owners and through their waterfalls."""

    reference: str
    day: date
    owners: Mapping[str, int]
    waterfalls: Mapping[str, Mapping[str, int]]
    steps: Mapping[str, tuple[Taken, ...]]


@dataclass(frozen=True, slots=True)
class CreditUse:
    """A part of a credit used on a period's statement; negative when a reversal took it back."""

    period: Period
    day: date
    amount: int


class Credit(NamedTuple):
    """A credit of the company, the first to be used first: granted, overpaid or surplus.

    `key` is a granted credit's key or the reference of the receipt that paid too much.
    """

    kind: str
    day: date
    key: str
    arose_on: Period | None
    amount: int
    refunded: int
    left: int
    uses: tuple[CreditUse, ...]


class Totals(NamedTuple):
    """The contract as a whole; `earned` and `accrued` come from the target."""

    earned: int
    accrued: int
    payable: int
    paid: int
    credit_balance: int

    @property
    def outstanding(self) -> int:
        """What all instalments still ask for."""
        return self.payable - self.paid


class Decided(NamedTuple):
    """What staff decided in all: interest charged (and how much of it is open), waived; refunds."""

    charged: int = 0
    open: int = 0
    waived: int = 0
    refunded: int = 0


class Result(NamedTuple):
    """Everything that `compute` finds out about a contract as of a day."""

    currency: str
    statements: tuple[Statement, ...]
    instalments: tuple[Instalment, ...]
    interest: tuple[Interest, ...]
    allocations: tuple[Allocation, ...]
    totals: Totals
    warnings: tuple[Caution, ...]
    is_settled: bool
    credits: tuple[Credit, ...] = ()
    decided: Decided = Decided()
