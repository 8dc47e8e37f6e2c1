"""Contract files for the tests of the money rules, as small as the rule allows."""

import copy

from deals.rules import facts, statement

BASE_TERMS = {
    "schema": 1,
    "contract": "C-1",
    "version": 1,
    "effective_from": "2026-01-01",
    "currency": "CNY",
    "rounding": {"mode": "half_up", "unit_minor": 1},
    "stages": {"paying": {"from": "2026-01-01", "to": "2035-12-31"}},
    "periods": {
        "kind": "quarter",
        "anchor": "calendar",
        "report_days": 25,
        "pay_days": 40,
        "roll": "none",
    },
    "streams": [],
    "owners": [{"party": "U1", "weight": 1}],
}


def stream(rows=None, **changes):
    made = {
        "key": "product",
        "basis": "net_sales",
        "deductions": [{"type": "returns"}, {"type": "freight"}],
        "negative_net": "carry_forward",
        "tiers": {
            "mode": changes.pop("mode", "marginal"),
            "window": changes.pop("window", "contract_year"),
            "rows": rows or [{"up_to": None, "rate": "0.05"}],
        },
    }
    made["tiers"].update(changes.pop("tiers", {}))
    return {**made, **changes}


def terms(**changes):
    made = copy.deepcopy(BASE_TERMS)
    made["periods"].update(changes.pop("periods", {}))
    made["stages"].update(changes.pop("stages", {}))
    made["streams"] = changes.pop("streams", [stream()])
    return {**made, **changes}


def line(gross="0.00", **changes):
    return {"stream": "product", "currency": "CNY", "gross": gross, **changes}


LASTS = {"Q1": "03-31", "Q2": "06-30", "Q3": "09-30", "Q4": "12-31"}


def report(period, lines, accepted_on=None, revision=1):
    """A report whose lines are dated on the period's last day, accepted a fortnight after it."""
    last = f"{period[:4]}-{LASTS[period[5:]]}" if "-Q" in period else f"{period[:4]}-12-31"
    if accepted_on is None:
        after = {"03-31": "04-14", "06-30": "07-14", "09-30": "10-14", "12-31": "12-31"}[last[5:]]
        accepted_on = f"{last[:4]}-{after}" if after != "12-31" else f"{int(last[:4]) + 1}-01-14"
    made = [line(one) if isinstance(one, str) else {**line(), **one} for one in lines]
    return {
        "period": period,
        "revision": revision,
        "accepted_on": accepted_on,
        "lines": [{"sale_date": last, **one} for one in made],
    }


def contract(versions=None, reports=(), **changes):
    return {
        "terms": versions or [terms()],
        "reports": list(reports),
        "as_of": "2035-12-31",
        **changes,
    }


def compute(document):
    return statement.compute(facts.load(document))


def results(document):
    """The printed result of a contract file."""
    return statement.to_document(compute(document))


def by_period(document):
    return {found["period"]: found for found in results(document)["statements"]}


def payables(document):
    return [found["payable"] for found in results(document)["statements"]]
