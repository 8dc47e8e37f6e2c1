"""What a company would pay: invented reports put through the calculation that makes the bills.

Nothing here works out an amount. A guess about sales becomes a contract file with one report a
quarter, and `deals.rules.statement.compute` answers, as it does for a real deal.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from deals.rules.facts import load
from deals.rules.money import format_amount, round_division
from deals.rules.periods import add_months
from deals.rules.statement import compute
from listings.rules.template import Dates, as_terms, summary

QUARTERS = 20
ACCEPTED_AFTER = timedelta(days=10)
PARTY = "university"

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

    `cap_quarter` counts from 1, None when the cap is not reached (or there is none).
    """

    sales: tuple[int, ...]
    payments: tuple[int, ...]
    cap: int | None

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


def can_simulate(document: Mapping[str, Any]) -> bool:
    """Whether one number a quarter is enough to say what the terms cost."""
    streams = document.get("streams", [])
    periods = document.get("periods", {})
    return (
        len(streams) == 1
        and streams[0].get("basis") in ("net_sales", "gross")
        and periods.get("kind") == "quarter"
        and periods.get("anchor") == "calendar"
    )


def project(document: Mapping[str, Any], guess: Guess, *, start: date) -> Projection:
    """What each of the next QUARTERS would cost under a template's terms.

    `start` is the first day of a calendar quarter. Raises `deals.rules.faults.Refused` for a
    document that is no valid contract.
    """
    sales = guessed_sales(guess)
    result = compute(load(contract_file(document, sales, start=start)))
    due = {statement.period.start: statement.payable for statement in result.statements}
    starts = [add_months(start, 3 * quarter) for quarter in range(len(sales))]
    payments = tuple(due.get(first, 0) for first in starts)
    return Projection(sales, payments, summary(document).cap)


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
    starts = [add_months(start, 3 * quarter) for quarter in range(len(sales) + 1)]
    last_day = starts[-1] - timedelta(days=1)
    terms = as_terms(
        document,
        contract="estimate",
        version=1,
        dates=Dates(start, None, None, last_day),
        owners=[(PARTY, 1)],
    )
    terms["stages"]["paying"]["from"] = start.isoformat()
    sold = {"stream": terms["streams"][0]["key"], "currency": terms["currency"], "vat_rate": "0"}
    reports = [
        _report(first, following, sold | {"gross": format_amount(amount, terms["currency"])})
        for first, following, amount in zip(starts, starts[1:], sales, strict=False)
    ]
    as_of = (starts[-1] + ACCEPTED_AFTER).isoformat()
    return {"terms": [terms], "reports": reports, "as_of": as_of}


def next_quarter(day: date) -> date:
    """The first day of the calendar quarter after a day."""
    return add_months(date(day.year, 3 * ((day.month - 1) // 3) + 1, 1), 3)


def _report(first: date, following: date, line: dict[str, str]) -> dict[str, Any]:
    """A report with one line, accepted a while after its quarter (the next one's first day)."""
    return {
        "period": f"{first.year}-Q{(first.month + 2) // 3}",
        "revision": 1,
        "accepted_on": (following + ACCEPTED_AFTER).isoformat(),
        "lines": [line | {"sale_date": first.isoformat()}],
    }
