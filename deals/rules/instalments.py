"""What state an instalment is in, part by part, and how a disputed sum lies on instalments."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from deals.rules.states import InstalmentState


@dataclass(frozen=True, slots=True)
class Due:
    """One instalment: what it asks for, what is paid of it, what of the rest is disputed.

    Minor units; the day is the last one on which it is paid in time.
    """

    amount: int
    paid: int
    disputed: int
    date: date


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an instalment that is in one state, in minor units."""

    state: InstalmentState
    amount: int


def parts_of(due: Due, *, on: date) -> tuple[Part, ...]:
    """The parts of an instalment on a day: paid, still to pay (or overdue), and disputed.

    Only the disputed part stops; the rest falls due and becomes overdue as if there were no
    dispute. The part that waits for payment stands first. Source: docs/rules.md#disputes.
    """
    stopped = min(due.disputed, due.amount - due.paid)
    rest = due.amount - due.paid - stopped
    found: list[Part] = []
    if rest:
        found.append(Part(_state_of_rest(due, on), rest))
    if stopped:
        found.append(Part(InstalmentState.DISPUTED, stopped))
    return tuple(found) or (Part(InstalmentState.PAID, due.amount),)


def spread(disputed: int, outstanding: Sequence[int]) -> Iterator[int]:
    """Lay a disputed sum on instalments in their order: what is disputed of each."""
    for amount in outstanding:
        taken = min(disputed, amount)
        disputed -= taken
        yield taken


def _state_of_rest(due: Due, on: date) -> InstalmentState:
    if due.date < on:
        return InstalmentState.OVERDUE
    return InstalmentState.PART_PAID if due.paid else InstalmentState.PAYMENT_DUE
