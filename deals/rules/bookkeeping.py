"""From what changed since the last computation to the movements that book it.

The ledger follows the calculation: what the statements accrue, the cash that arrived, and what the
instalments still ask for. What these three leave over is the company's credit. Whole minor units.
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
    """Everything that moved: accruals of either sign, positive cash, and the credit balance.

    `credits_used` is what the statements say was paid with credits; `credit` is by how much the
    company's credit rose or fell in all. `source` names the computation itself.
    """

    source: str
    accruals: Sequence[Change]
    cash: Sequence[Change]
    credits_used: int
    credit: int


@dataclass(frozen=True, slots=True)
class Movement:
    """A positive amount of one kind."""

    kind: Kind
    amount: int
    source: str


def movements(changes: Changes) -> tuple[Movement, ...]:
    """Return the movements after which the ledger shows these changes; none for no change.

    Credit arises first from money paid too much, then from accruals taken back; what neither
    explains was used before and is open again. Source: docs/decisions/006-the-ledger-follows.md.
    """
    used = max(0, changes.credits_used)
    arising = changes.credit + used
    if arising < 0:
        used, arising = used - arising, 0
    found = list(_cash(changes.cash, arising))
    arising -= sum(movement.amount for movement in found if movement.kind is Kind.SURPLUS)
    found += _accruals(changes.accruals, arising)
    arising -= sum(movement.amount for movement in found if movement.kind is Kind.OVERPAYMENT)
    found.append(Movement(Kind.CREDIT_USED, used, changes.source))
    found.append(Movement(Kind.CREDIT_RESTORED, arising, changes.source))
    return tuple(movement for movement in found if movement.amount)


def _cash(cash: Sequence[Change], surplus: int) -> Iterator[Movement]:
    """Book the receipts; the last ones are what was too much."""
    for change in reversed(cash):
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
