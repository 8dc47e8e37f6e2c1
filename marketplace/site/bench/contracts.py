"""`bench compute`: the calculation alone, from a parsed contract file to the printed result.

No database. The contracts are invented and always the same; each shape is read, computed and
printed so often that its time means something, and every result is checked against the first.
"""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any

from deals.rules import facts, statement
from deals.rules.money import format_amount
from deals.rules.periods import Period, PeriodPlan
from listings.rules.template import Dates, Offer, Tier, as_terms, standard_template
from marketplace.site.bench.figures import BenchError

STARTED = date(2024, 1, 1)
CONVERTED = date(2024, 7, 1)
LAST = date(2060, 6, 30)
TIERS = (Tier(200_000_000, "0.04"), Tier(None, "0.03"))
ALLOWANCE, MINIMUM, PRICE = 50_000_000, 3_000_000, 900_000_000_000
PASSES = 5
# Sales are dated over the first days of their period only, which a month has as well.
SALE_DAYS = 20


@dataclass(frozen=True)
class Shape:
    """So many periods of a kind, each with so many lines; `paid` ones have receipts, a minimum."""

    name: str
    kind: str
    periods: int
    lines: int
    paid: bool = False


SHAPES = (
    Shape("1 quarter, 1 line", "quarter", 1, 1),
    Shape("40 quarters, 5 lines", "quarter", 40, 5),
    Shape("36 months, paid", "month", 36, 1, paid=True),
    Shape("72 months, paid", "month", 72, 1, paid=True),
    Shape("144 months, paid", "month", 144, 1, paid=True),
    Shape("1 quarter, 2,000 lines", "quarter", 1, 2_000),
)


@dataclass(frozen=True)
class Cost:
    """What one contract of a shape took, in CPU microseconds."""

    shape: str
    contracts: int
    load: float
    compute: float
    document: float

    @property
    def whole(self) -> float:
        """From the parsed file to the printed result."""
        return self.load + self.compute + self.document


def run(size: int, say: Callable[[str], object]) -> list[Cost]:
    """Measure every shape, the smallest `size` times; BenchError if a result is not the first's."""
    found: list[Cost] = []
    for shape in SHAPES:
        say(f"computing {shape.name}")
        times = max(1, size // (shape.periods * shape.lines))
        found.append(_measure(shape, times))
    return found


def contract_file(shape: Shape, number: int) -> dict[str, Any]:
    """The contract file of a shape; contracts of other numbers have other sales."""
    offer = Offer(TIERS, allowance=ALLOWANCE, cap=PRICE, minimum=MINIMUM if shape.paid else None)
    dates = Dates(STARTED, STARTED, CONVERTED - timedelta(days=1), LAST)
    terms = as_terms(
        standard_template(offer), contract=f"B-{number}", version=1, dates=dates, owners=[("U", 1)]
    )
    terms["periods"]["kind"] = shape.kind
    periods = list(islice(_periods(shape.kind), shape.periods))
    receipts = [_receipt(period, index) for index, period in enumerate(periods)]
    return {
        "terms": [terms],
        "events": [{"type": "conversion", "date": CONVERTED.isoformat()}],
        "reports": [
            _report(period, number + index, shape.lines) for index, period in enumerate(periods)
        ],
        "receipts": receipts if shape.paid else [],
        "as_of": (periods[-1].end + timedelta(days=60)).isoformat(),
    }


def _measure(shape: Shape, times: int) -> Cost:
    documents = [contract_file(shape, number) for number in range(times)]
    first = json.dumps([_printed(document) for document in documents])
    load = _fastest(facts.load, documents)
    compute = _fastest(_computed, documents)
    whole = _fastest(_printed, documents)
    if json.dumps([_printed(document) for document in documents]) != first:
        raise BenchError(f"{shape.name}: computing it again gave another result.")
    return Cost(shape.name, times, load, max(0.0, compute - load), max(0.0, whole - compute))


def _fastest(
    work: Callable[[dict[str, Any]], object], documents: Sequence[dict[str, Any]]
) -> float:
    """CPU microseconds a document of the fastest of some passes; the others were disturbed."""
    passes: list[float] = []
    for _ in range(PASSES):
        begun = time.process_time()
        for document in documents:
            work(document)
        passes.append(time.process_time() - begun)
    return min(passes) / len(documents) * 1e6


def _computed(document: dict[str, Any]) -> statement.Result:
    return statement.compute(facts.load(document))


def _printed(document: dict[str, Any]) -> dict[str, object]:
    return statement.to_document(_computed(document))


def _periods(kind: str) -> Iterator[Period]:
    plan = PeriodPlan(kind, "calendar", STARTED)
    period = plan.holding(CONVERTED)
    while True:
        yield period
        period = plan.after(period)


def _report(period: Period, number: int, lines: int) -> dict[str, Any]:
    return {
        "period": period.name,
        "revision": 1,
        "accepted_on": (period.end + timedelta(days=11)).isoformat(),
        "lines": [_line(period, number * 31 + index) for index in range(lines)],
    }


def _line(period: Period, number: int) -> dict[str, Any]:
    gross = (number + 3) * 39_791_900 % 400_000_000
    return {
        "sale_date": (period.start + timedelta(days=number % SALE_DAYS)).isoformat(),
        "stream": "product",
        "currency": "CNY",
        "gross": format_amount(gross, "CNY"),
        "vat_rate": "0.13",
        "deductions": {"returns": format_amount(gross // 50, "CNY")},
    }


def _receipt(period: Period, index: int) -> dict[str, Any]:
    day = (period.end + timedelta(days=45)).isoformat()
    return {"reference": f"B{index}", "date": day, "amount": "25000.00"}
