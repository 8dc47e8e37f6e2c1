"""Tax on what one instalment asks for: what its invoice shows and what is withheld (R5).

The amount of an instalment is what the terms make of it. Tax inside that amount, or on top of it,
and tax that the company keeps back for the treasury never change it, nor what settles it.
See docs/rules.md#tax-on-an-instalment.
"""

from dataclasses import dataclass

from deals.rules.money import RATIO_SCALE, Rounding
from deals.rules.terms.taxes import Tax, Vat


@dataclass(frozen=True, slots=True)
class Invoice:
    """What an invoice for an instalment shows, in minor units; `vat` is 0 where none is charged."""

    amount: int
    price: int
    vat: int
    withheld: int

    @property
    def total(self) -> int:
        """What the invoice adds up to."""
        return self.price + self.vat

    @property
    def transfer(self) -> int:
        """What reaches the licensor once the company has kept back what it withholds."""
        return self.total - self.withheld


def invoice_of(amount: int, tax: Tax, rounding: Rounding) -> Invoice:
    """Split an instalment of `amount` minor units into price and tax.

    Each tax line is rounded once, by the mode and unit of the terms, yet a tax never comes to more
    than what it is a part of. Withholding counts on the price without value-added tax.
    """
    vat = 0 if tax.vat is None else _vat(amount, tax.vat, rounding)
    price = amount - vat if tax.vat is not None and tax.vat.is_included else amount
    kept = 0 if tax.withholding is None else rounding.of(price * tax.withholding, RATIO_SCALE)
    return Invoice(amount, price, vat, min(kept, price))


def _vat(amount: int, vat: Vat, rounding: Rounding) -> int:
    if vat.rate is None:
        return 0
    if vat.is_included:
        return min(amount, rounding.of(amount * vat.rate, RATIO_SCALE + vat.rate))
    return rounding.of(amount * vat.rate, RATIO_SCALE)
