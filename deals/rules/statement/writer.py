"""Write statement lines: every input becomes a text in the contract's currency."""

from dataclasses import dataclass
from datetime import date

from deals.rules.money import (
    HALF_UP,
    RATIO_DECIMALS,
    UNIT_DECIMALS,
    Exact,
    exponent_of,
    format_amount,
    format_ratio,
    format_scaled,
)
from deals.rules.statement.result import Line
from deals.rules.terms.clauses import CLAUSES
from deals.rules.terms.model import Stream


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes lines of one currency; every input becomes a text."""

    currency: str

    def money(self, value: Exact) -> str:
        """Show an exact amount; a part of a minor unit is rounded half up for the eye only."""
        return format_amount(HALF_UP.of(value), self.currency)

    def quantity(self, value: Exact, stream: Stream) -> str:
        """Show a base: money, or a number of units."""
        if not stream.counts_units:
            return self.money(value)
        return format_scaled(HALF_UP.of(value), UNIT_DECIMALS).rstrip("0").removesuffix(".")

    def price(self, rate: int, stream: Stream) -> str:
        """Show the rate of a row, or its money per unit."""
        if not stream.counts_units:
            return format_ratio(rate)
        decimals = RATIO_DECIMALS + exponent_of(self.currency)
        whole, _, fraction = format_scaled(rate, decimals).partition(".")
        return f"{whole}.{fraction.rstrip('0').ljust(2, '0')}"

    def line(
        self, place: tuple[str, str, str], amount: int, version: int, formula: str, **inputs: object
    ) -> Line:
        """Write one line; `place` is its stage, its code and the term key whose clause it cites."""
        stage, code, term = place
        texts = {name: _text(value) for name, value in inputs.items() if value is not None}
        if term:
            texts["clause"] = CLAUSES[term]
        return Line(stage, code, amount, texts, formula, version)


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
