"""Terms tried out on invented sales: a contract file is made up and the calculation answers.

Nothing here works out an amount. Every invented sale carries no tax and no deduction, every report
is accepted a while after its period, and everybody pays in time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from deals.rules.facts import load
from deals.rules.faults import Refused
from deals.rules.money import round_division
from deals.rules.periods import Period, PeriodPlan
from deals.rules.statement import Result, Statement, compute
from deals.rules.terms import Terms, validate

ACCEPTED_AFTER = timedelta(days=10)
BASIS_POINTS = 10_000
# Types of events that do more than make a fixed item due; a sample leaves them out.
_EVENTS_OF_THEIR_OWN = {"termination", "suspension", "delay", "dispute", "refund", "cost"}

Sales = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SampleRow:
    """What one period of invented sales costs, in minor units.

    `sales` are texts by stream as they were given, `dues` the days and amounts asked for.
    """

    period: Period
    sales: Sales
    earned: int
    payable: int
    total: int
    dues: tuple[tuple[date, int], ...]
    cap_left: int | None


@dataclass(frozen=True, slots=True)
class Sample:
    """All rows, and the whole: `sold` is None where pieces are counted among the sales."""

    currency: str
    rows: tuple[SampleRow, ...]
    sold: int | None

    @property
    def payable(self) -> int:
        """What all rows cost."""
        return sum(row.payable for row in self.rows)

    @property
    def rate(self) -> int | None:
        """What is paid of what is sold, in basis points; None without such a figure."""
        if not self.sold:
            return None
        return round_division(self.payable * BASIS_POINTS, self.sold, "half_up")

    @property
    def capped_in(self) -> Period | None:
        """The period whose statement leaves nothing under the lifetime cap."""
        return next((row.period for row in self.rows if row.cap_left == 0), None)


def try_out(document: Mapping[str, Any], sales: Sequence[Sales]) -> Sample:
    """What a terms document makes of these sales, one mapping a period from the first paid on.

    Raises `Refused` for terms that no contract could have, and for figures that are no numbers.
    """
    terms = _valid(document)
    result = compute(load(sample_file(document, sales)))
    rows = tuple(_rows(terms, result, sales))
    sold = None
    if not any(stream.counts_units for stream in terms.streams.values()):
        sold = sum(statement.gross for statement in result.statements)
    return Sample(result.currency, rows, sold)


def sample_file(document: Mapping[str, Any], sales: Sequence[Sales]) -> dict[str, Any]:
    """The contract file of these sales: conversion on the first paying day, a report a period.

    Late interest is left out of the terms: nobody is late, and its series need no rates then.
    """
    terms = _valid(document)
    begins = first_paying_day(terms)
    periods = sample_periods(terms, len(sales))
    reports = [
        _report(terms, period, found, begins) for period, found in zip(periods, sales, strict=False)
    ]
    return {
        "terms": [{key: value for key, value in document.items() if key != "late"}],
        "events": [*_events(terms, begins)],
        "reports": reports,
        "as_of": max((report["accepted_on"] for report in reports), default=begins.isoformat()),
    }


def sample_periods(terms: Terms, count: int) -> list[Period]:
    """The first so many periods of the paying stage, none after its end."""
    calendar = terms.calendar
    plan = PeriodPlan(calendar.kind, calendar.anchor, terms.contract_start)
    last = terms.paying.last
    found = [plan.holding(first_paying_day(terms))]
    while len(found) < count and (last is None or found[-1].end <= last):
        found.append(plan.after(found[-1]))
    return found[:count]


def first_paying_day(terms: Terms) -> date:
    """The first day that bears royalty when the conversion follows the trial at once."""
    if terms.trial is not None and terms.trial.last is not None:
        return terms.trial.last + timedelta(days=1)
    return terms.paying.start or terms.effective_from


def _valid(document: Mapping[str, Any]) -> Terms:
    terms, faults, _cautions = validate(document)
    if terms is None:
        raise Refused(faults)
    return terms


def _events(terms: Terms, begins: date) -> Sequence[dict[str, str]]:
    types = {item.event for item in terms.fixed if item.event} - _EVENTS_OF_THEIR_OWN
    return [
        {"type": "conversion", "date": begins.isoformat()},
        *(
            {"type": name, "date": terms.contract_start.isoformat()}
            for name in sorted(types - {"conversion"})
        ),
    ]


def _report(terms: Terms, period: Period, found: Sales, begins: date) -> dict[str, Any]:
    day = max(period.start, begins).isoformat()
    lines = [
        _line(terms, key, quantity) | {"sale_date": day, "stream": key}
        for key, quantity in found.items()
    ]
    return {
        "period": period.name,
        "revision": 1,
        "accepted_on": (period.end + ACCEPTED_AFTER).isoformat(),
        "lines": lines,
    }


def _line(terms: Terms, key: str, quantity: str) -> dict[str, str]:
    measure = "units" if terms.streams[key].counts_units else "gross"
    return {"gross": "0", "currency": terms.currency, "vat_rate": "0", measure: quantity}


def _rows(terms: Terms, result: Result, sales: Sequence[Sales]) -> Sequence[SampleRow]:
    statements = {statement.period: statement for statement in result.statements}
    periods = sample_periods(terms, len(sales))
    rows: list[SampleRow] = []
    total = sum(
        statement.payable for period, statement in statements.items() if period < periods[0]
    )
    for period, found in zip(periods, sales, strict=False):
        statement: Statement = statements[period]
        total += statement.payable
        dues = tuple(
            (asked.due, asked.amount) for asked in result.instalments if asked.period == period
        )
        rows.append(
            SampleRow(
                period, found, statement.earned, statement.payable, total, dues, statement.cap_left
            )
        )
    return rows
