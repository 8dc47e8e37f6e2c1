"""What the book holds: postings, credits and their uses, instalments and payments."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from deals.rules.periods import Period

GRANTED, OVERPAID, SURPLUS = "granted", "overpaid", "surplus"
OWN, FIXED, CORRECTION = "own", "fixed", "correction"


class Posting(NamedTuple):
    """An amount that a day adds to a statement: its own, a fixed item's, or a correction's."""

    kind: str
    period: Period
    about: Period
    day: date
    due: date
    amount: int
    max_share: int
    threshold: int = 0
    interest_from: date | None = None


@dataclass(slots=True)
class CreditEntry:
    """A credit, what is left of it, and what was paid back or taken back of it."""

    kind: str
    day: date
    key: str
    balance: int
    arose_on: Period | None = None
    refunded: int = 0

    def order(self, sequence: int) -> tuple[date, int, str, int]:
        """Return the place in the queue: by date, granted first by key, then as they arose."""
        granted = self.kind == GRANTED
        return self.day, 0 if granted else 1, self.key if granted else "", sequence


@dataclass(frozen=True, slots=True)
class Use:
    """A part of a credit used on a posting."""

    credit: CreditEntry
    posting: Posting
    amount: int


@dataclass(frozen=True, slots=True)
class Payment:
    """Principal of an instalment paid by a receipt; negative when the receipt is reversed."""

    reference: str
    day: date
    amount: int


@dataclass(slots=True)
class Asked:
    """One instalment: what was posted to it and what was paid, each with its day."""

    period: Period
    due: date
    posted: list[tuple[Posting, int]] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    amount: int = 0
    paid: int = 0


@dataclass(slots=True)
class Charged:
    """Interest that staff charged, and what is still open of it."""

    day: date
    open: int


@dataclass(slots=True)
class Tally:
    """What a statement gathered besides its own figures."""

    corrections: int = 0
    credits: int = 0
    payable: int = 0
    overpaid: int = 0
    deferred: int = 0
    brought: int = 0
    own: int = 0
    uses: list[Use] = field(default_factory=list)
