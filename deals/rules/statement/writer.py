"""Write statement lines: every input becomes a text in the contract's currency."""

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from deals.rules.money import (
    HALF_UP,
    RATIO_DECIMALS,
    UNIT_DECIMALS,
    Exact,
    exponent_of,
    format_ratio,
    format_scaled,
)
from deals.rules.statement.result import Line
from deals.rules.terms.clauses import CLAUSES
from deals.rules.terms.model import Stream


class Place(NamedTuple):
    """Where a line stands: its stage, its code, and the clause that it cites ("" for none)."""

    stage: str
    code: str
    clause: str


@lru_cache(maxsize=512)
def place(stage: str, code: str, term: str = "") -> Place:
    """Return the place of a line; `term` is the term key whose clause it cites."""
    return Place(stage, code, CLAUSES[term] if term else "")


class Writer:
    """Writes lines of one currency; every input becomes a text."""

    __slots__ = ("_decimals",)

    def __init__(self, currency: str) -> None:
        self._decimals = exponent_of(currency)

    def money(self, value: Exact) -> str:
        """Show an exact amount; a part of a minor unit is rounded half up for the eye only."""
        return format_scaled(whole(value), self._decimals)

    def quantities(self, stream: Stream) -> Callable[[Exact], str]:
        """Return what shows a base of a stream: money, or a number of units."""
        return _units if stream.counts_units else self.money

    def quantity(self, value: Exact, stream: Stream) -> str:
        """Show a base: money, or a number of units."""
        return self.quantities(stream)(value)

    def price(self, rate: int, stream: Stream) -> str:
        """Show the rate of a row, or its money per unit."""
        if not stream.counts_units:
            return format_ratio(rate)
        decimals = RATIO_DECIMALS + self._decimals
        whole, _, fraction = format_scaled(rate, decimals).partition(".")
        return f"{whole}.{fraction.rstrip('0').ljust(2, '0')}"

    def step(
        self, where: Place, amount: int, version: int, formula: str, inputs: dict[str, str]
    ) -> Line:
        """Write one of the lines that every statement has; `inputs` become the line's own."""
        stage, code, clause = where
        if clause:
            inputs["clause"] = clause
        return Line(stage, code, amount, inputs, formula, version)

    def line(
        self, place: tuple[str, str, str], amount: int, version: int, formula: str, **inputs: object
    ) -> Line:
        """Write one line; `place` is its stage, its code and the term key whose clause it cites."""
        stage, code, term = place
        texts = {
            # Nearly all are texts already; asking here saves a call for each.
            name: value if type(value) is str else _text(value)
            for name, value in inputs.items()
            if value is not None
        }
        if term:
            texts["clause"] = CLAUSES[term]
        return Line(stage, code, amount, texts, formula, version)


@lru_cache(maxsize=256)
def writer_of(currency: str) -> Writer:
    """Return the writer of a currency."""
    return Writer(currency)


def whole(value: Exact) -> int:
    """Round an exact amount half up, for the eye only."""
    return value if type(value) is int else HALF_UP.of(value)


def _units(value: Exact) -> str:
    return format_scaled(whole(value), UNIT_DECIMALS).rstrip("0").removesuffix(".")


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
