"""What a printed result adds up to, and how receipts are shared, on random contracts."""

import ast
from decimal import Decimal
from pathlib import Path

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.rules import strategies
from tests.rules.contracts import contract, report, results, terms
from tests.rules.test_properties import owed, total

CONTRACTS = strategies.contracts()
SETTINGS = settings(
    max_examples=40, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
PROPERTIES = 27


@SETTINGS
@given(CONTRACTS)
def test_statements_add_up_to_the_target(document):
    found = results(document)
    posted = total(found["statements"], "accrued") + total(found["statements"], "corrections")
    assert posted == Decimal(found["totals"]["accrued"])


@SETTINGS
@given(CONTRACTS)
def test_what_is_owed_is_what_accrued_less_what_was_given(document):
    found = results(document)
    given_already = total(document["credits"], "amount") + total(document["receipts"], "amount")
    assert owed(document) == Decimal(found["totals"]["accrued"]) - given_already


@SETTINGS
@given(CONTRACTS)
def test_payable_is_the_sum_of_the_instalments(document):
    found = results(document)
    asked = total(found["instalments"], "amount")
    assert asked == total(found["statements"], "payable") == Decimal(found["totals"]["payable"])


@SETTINGS
@given(CONTRACTS)
def test_lines_of_a_statement_add_up_to_its_fields(document):
    for one in results(document)["statements"]:
        sums = {}
        for row in one["lines"]:
            sums[row["code"]] = sums.get(row["code"], 0) + Decimal(row["amount"])
        tiers = sums.get("earned.tier", 0) + sums.get("earned.rounding", 0)
        assert tiers == sums.get("earned", 0) == Decimal(one["earned"])
        corrected = sum(amount for code, amount in sums.items() if code.startswith("correction."))
        assert corrected == Decimal(one["corrections"])
        clipped = sum(amount for code, amount in sums.items() if code.startswith("cap."))
        assert clipped == Decimal(one["clipped"])
        assert sums["payable"] == Decimal(one["payable"])


@SETTINGS
@given(st.lists(st.integers(1, 20_000), min_size=2, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_wholly_matched_receipts_changes_no_owners_total(amounts, random):
    """Property 15, for several receipts."""
    owners = [{"party": name, "weight": weight} for name, weight in (("U1", 3), ("U2", 2))]
    sold = report("2026-Q1", ["2000000.00"])
    assume(sum(amounts) <= 10_000_000)

    def shared(order):
        paid = [
            {"reference": f"B{amount}-{place}", "date": f"2026-05-{day + 1:02d}",
             "amount": f"{amount / 100:.2f}"}
            for day, (place, amount) in enumerate(order)
        ]  # fmt: skip
        found = results(contract([terms(owners=owners)], [sold], receipts=paid))["allocations"]
        return {
            party: sum(Decimal(row["owners"].get(party, "0")) for row in found)
            for party in ("U1", "U2")
        }

    places = list(enumerate(amounts))
    shuffled = random.sample(places, len(places))
    assert shared(places) == shared(shuffled)


def test_every_property_of_the_money_rules_has_its_test():
    told = set()
    for path in Path(__file__).parent.glob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                words = (ast.get_docstring(node) or "").split()
                if words[:1] == ["Property"]:
                    told.add(int(words[1].strip(".,:")))
    assert told == set(range(1, PROPERTIES + 1))
