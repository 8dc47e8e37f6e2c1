"""From what changed since the last computation to the movements that book it.

The ledger follows the calculation: what the statements accrue, the cash that arrived, the interest
that staff decided about, and what the instalments still ask for. What these leave over is the
company's credit. Whole minor units.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from deals.rules.postings import Kind


@dataclass(frozen=True, slots=True)
class Change:
    """A signed amount and the row that it belongs to ("statement:12")."""

    source: str
    amount: int


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that moved, as `movements` needs it.

    `accruals` are of either sign; `cash` are receipts, negative for a reversal. `credits_used` is
    what the statements say was paid with credits; `credit` is by how much the company's credit
    rose or fell in all. `source` names the computation itself. `charged` and `waived` are interest
    and positive, `refunds` what the company got back, positive as well.
    """

    source: str
    accruals: Sequence[Change]
    cash: Sequence[Change]
    credits_used: int
    credit: int
    charged: Sequence[Change] = ()
    waived: Sequence[Change] = ()
    refunds: Sequence[Change] = ()


@dataclass(frozen=True, slots=True)
class Movement:
    """A positive amount of one kind."""

    kind: Kind
    amount: int
    source: str


def movements(changes: Changes) -> tuple[Movement, ...]:
    """Return the movements after which the ledger shows these changes; none for no change.

    Credit arises first from money paid too much, then from accruals taken back; what neither
    explains was used before and is open again. A reversal takes credit away first, then opens
    what its receipt had paid. Waived interest is charged and let go in one step, so that the
    receivable never shows less than is asked for. Source: docs/decisions/006-the-ledger-follows.md.
    """
    used = max(0, changes.credits_used)
    arising = changes.credit + used + sum(change.amount for change in changes.refunds)
    found = list(_reversals(changes.cash, max(0, -arising)))
    arising += _booked(found, Kind.SURPLUS_REVERSED)
    if arising < 0:
        used, arising = used - arising, 0
    found += _cash(changes.cash, arising)
    arising -= _booked(found, Kind.SURPLUS)
    found += _accruals(changes.accruals, arising)
    arising -= _booked(found, Kind.OVERPAYMENT)
    found += _decided(changes)
    found.append(Movement(Kind.CREDIT_USED, used, changes.source))
    found.append(Movement(Kind.CREDIT_RESTORED, arising, changes.source))
    return tuple(movement for movement in found if movement.amount)


def _booked(found: Sequence[Movement], kind: Kind) -> int:
    return sum(movement.amount for movement in found if movement.kind is kind)


def _reversals(cash: Sequence[Change], from_credit: int) -> Iterator[Movement]:
    for change in cash:
        if change.amount > 0:
            continue
        surplus = min(-change.amount, from_credit)
        from_credit -= surplus
        yield Movement(Kind.SURPLUS_REVERSED, surplus, change.source)
        yield Movement(Kind.RECEIPT_REVERSED, -change.amount - surplus, change.source)


def _cash(cash: Sequence[Change], surplus: int) -> Iterator[Movement]:
    """Book the receipts; the last ones are what was too much."""
    for change in reversed(cash):
        if change.amount < 0:
            continue
        too_much = min(change.amount, surplus)
        surplus -= too_much
        yield Movement(Kind.RECEIPT, change.amount - too_much, change.source)
        yield Movement(Kind.SURPLUS, too_much, change.source)


def _accruals(accruals: Sequence[Change], overpaid: int) -> Iterator[Movement]:
    for change in accruals:
        if change.amount > 0:
            yield Movement(Kind.ACCRUAL, change.amount, change.source)
            continue
        as_credit = min(-change.amount, overpaid)
        overpaid -= as_credit
        yield Movement(Kind.OVERPAYMENT, as_credit, change.source)
        yield Movement(Kind.CORRECTION_DOWN, -change.amount - as_credit, change.source)


def _decided(changes: Changes) -> Iterator[Movement]:
    """Book interest that staff charged or waived, and credits paid back."""
    for change in changes.charged:
        yield Movement(Kind.INTEREST_CHARGED, change.amount, change.source)
    for change in changes.waived:
        yield Movement(Kind.INTEREST_CHARGED, change.amount, change.source)
        yield Movement(Kind.INTEREST_WAIVED, change.amount, change.source)
    for change in changes.refunds:
        yield Movement(Kind.REFUND, change.amount, change.source)
