"""What "net sales" means under given terms: a filled-in quarter, computed by the engine itself."""

from collections.abc import Mapping
from typing import Any

from deals.rules.facts import load
from deals.rules.periods import PeriodPlan
from deals.rules.samples import first_paying_day
from deals.rules.statement import Statement, compute
from deals.rules.terms import validate

GROSS = "3390000.00"
VAT_RATE = "0.13"
RETURNS = "120000.00"


def net_sales_example(document: Mapping[str, Any]) -> Statement | None:
    """The statement of an invented first paying period under a terms document.

    Sales of 3,390,000.00 with 13 % tax in them and 120,000.00 of returns, all on one day. None for
    terms that this one line cannot show: no stream, a stream of units, or another currency.
    """
    terms, _faults, _cautions = validate(document)
    if terms is None or terms.currency != "CNY" or not terms.streams:
        return None
    stream = next(iter(terms.streams.values()))
    if stream.counts_units:
        return None
    sold_on = first_paying_day(terms)
    period = PeriodPlan(terms.calendar.kind, terms.calendar.anchor, terms.contract_start).holding(
        sold_on
    )
    line = {
        "sale_date": sold_on.isoformat(),
        "stream": stream.key,
        "currency": terms.currency,
        "gross": GROSS,
        "vat_rate": VAT_RATE,
        "deductions": {"returns": RETURNS} if "returns" in stream.deductions else {},
    }
    accepted = period.end.isoformat()
    report = {"period": period.name, "revision": 1, "accepted_on": accepted, "lines": [line]}
    conversion = {"type": "conversion", "date": sold_on.isoformat()}
    result = compute(
        load({"terms": [document], "events": [conversion], "reports": [report], "as_of": accepted})
    )
    return next((row for row in result.statements if row.period == period), None)
