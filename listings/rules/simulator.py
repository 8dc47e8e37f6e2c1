"""What a company would pay: invented reports put through the calculation that makes the bills.

Nothing here works out an amount of the contract. A guess about sales becomes a contract file with
one report a quarter, and `deals.rules.samples` answers, as the calculation does for a real deal.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from deals.rules.ceilings import most_payable
from deals.rules.money import RATIO_SCALE, Rounding, format_amount, round_division
from deals.rules.periods import add_months
from deals.rules.samples import sample_file, try_out
from deals.rules.tax import invoice_of
from deals.rules.terms import validate
from deals.rules.terms.taxes import Tax, Vat
from listings.rules.template import Dates, Document, as_terms, summary

QUARTERS = 20
PARTY = "university"
INCLUDES, EXCLUDES = "includes", "excludes"
TAXED, EXEMPT = "taxed", "exempt"

# Per cent of the guessed sales that each scenario counts with.
SCENARIOS: Mapping[str, int] = {"low": 60, "base": 100, "high": 140, "none": 0}


@dataclass(frozen=True, slots=True)
class Guess:
    """First-quarter net sales in fen, growth in per cent a quarter, and a key of SCENARIOS."""

    first: int
    growth: int
    scenario: str = "base"


@dataclass(frozen=True, slots=True)
class Projection:
    """Sales and payments per quarter in fen.

    `cap_quarter` counts from 1, None when the cap is not reached (or there is none). `most` is what
    can ever fall due, None if nothing holds it.
    """

    sales: tuple[int, ...]
    payments: tuple[int, ...]
    cap: int | None
    most: int | None = None

    @property
    def first_year(self) -> int:
        """What the first four quarters come to."""
        return sum(self.payments[:4])

    @property
    def totals(self) -> tuple[int, ...]:
        """What has been paid by the end of each quarter."""
        return tuple(sum(self.payments[: end + 1]) for end in range(len(self.payments)))

    @property
    def cap_quarter(self) -> int | None:
        """The quarter whose payment reaches the cap."""
        if self.cap is None:
            return None
        cap = self.cap
        return next((n for n, total in enumerate(self.totals, 1) if total >= cap), None)


@dataclass(frozen=True, slots=True)
class Invoicing:
    """How the fee is taxed: the rate over 10**10, in the price or on top, and what is deducted.

    `is_special`: the tax stands on a special invoice, so that the company deducts it.
    """

    rate: int
    price: str
    is_special: bool


@dataclass(frozen=True, slots=True)
class Cost:
    """What the fee of a projection costs in fen: `fee` by the terms, then the tax."""

    fee: int
    vat: int
    paid: int
    deducted: int

    @property
    def borne(self) -> int:
        """What the company bears once it has deducted what it may."""
        return self.paid - self.deducted


def can_simulate(document: Mapping[str, Any]) -> bool:
    """Whether one number a quarter is enough to say what the terms cost."""
    streams = document.get("streams", [])
    kind = document.get("periods", {}).get("kind")
    bases = [stream.get("basis") in ("net_sales", "gross") for stream in streams]
    return kind == "quarter" and len(streams) <= 1 and all(bases)


def project(document: Mapping[str, Any], guess: Guess, *, start: date) -> Projection:
    """What each of the next QUARTERS would cost under a template's terms.

    `start` is the first day of a calendar quarter. Raises `deals.rules.faults.Refused` for a
    document that is no valid contract.
    """
    sales = guessed_sales(guess)
    terms = _estimated(document, len(sales), start=start)
    sample = try_out(terms, _by_stream(terms, sales))
    read = validate(terms)[0]
    return Projection(
        sales=sales,
        payments=tuple(row.payable for row in sample.rows),
        cap=summary(document).cap,
        most=None if read is None else most_payable(read),
    )


def guessed_sales(guess: Guess) -> tuple[int, ...]:
    """Net sales of each quarter in fen, rounded once each from the exact power."""
    share, grown = SCENARIOS[guess.scenario], 100 + guess.growth
    return tuple(
        round_division(guess.first * share * grown**quarter, 100 * 100**quarter, "half_up")
        for quarter in range(QUARTERS)
    )


def contract_file(
    document: Mapping[str, Any], sales: Sequence[int], *, start: date
) -> dict[str, Any]:
    """A contract file without a trial whose reports hold these sales, one line a quarter."""
    terms = _estimated(document, len(sales), start=start)
    return sample_file(terms, _by_stream(terms, sales))


def agreed_vat(document: Mapping[str, Any]) -> tuple[str, str] | None:
    """Rate (decimal share) and price word that the terms state for value-added tax, else None."""
    vat = (document.get("tax") or {}).get("vat") or {}
    if str(vat.get("treatment", "")).startswith(EXEMPT):
        return "0", INCLUDES
    if vat.get("rate") and vat.get("price"):
        return str(vat["rate"]), str(vat["price"])
    return None


def cost_of(payments: Sequence[int], invoicing: Invoicing, *, rounding: Rounding) -> Cost:
    """What these payments cost, the tax of each invoice rounded once (R5)."""
    vat = Vat(TAXED, "", invoicing.price, invoicing.rate)
    invoices = [invoice_of(amount, Tax(vat, None), rounding) for amount in payments if amount]
    tax = sum(invoice.vat for invoice in invoices)
    return Cost(
        fee=sum(payments),
        vat=tax,
        paid=sum(invoice.total for invoice in invoices),
        deducted=tax if invoicing.is_special else 0,
    )


def rounding_of(document: Mapping[str, Any]) -> Rounding:
    """How the terms round."""
    said = document["rounding"]
    return Rounding(said["mode"], said["unit_minor"])


def rate_of_percent(percent: int) -> int:
    """Whole per cent as a ratio over 10**10."""
    return percent * RATIO_SCALE // 100


def next_quarter(day: date) -> date:
    """The first day of the calendar quarter after a day."""
    return add_months(date(day.year, 3 * ((day.month - 1) // 3) + 1, 1), 3)


def _estimated(document: Mapping[str, Any], quarters: int, *, start: date) -> Document:
    """The terms of a deal that pays from `start` on for so many quarters, without a trial."""
    last_day = add_months(start, 3 * quarters) - timedelta(days=1)
    terms = as_terms(
        document,
        contract="estimate",
        version=1,
        dates=Dates(start, None, None, last_day),
        owners=[(PARTY, 1)],
    )
    terms["stages"]["paying"]["from"] = start.isoformat()
    return terms


def _by_stream(terms: Document, sales: Sequence[int]) -> list[dict[str, str]]:
    keys = [stream["key"] for stream in terms["streams"]]
    return [dict.fromkeys(keys, format_amount(amount, terms["currency"])) for amount in sales]
