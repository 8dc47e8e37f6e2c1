"""Contracts taken from published agreements, each worked by hand in its case file.

A case file holds where the figures were published, which of them are invented, the arithmetic line
by line, the contract as the offline command reads it, and what must come out.
"""

import ast
import json
import operator
from fractions import Fraction
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

CASES = sorted(Path(__file__).parent.glob("*.json"))
PAGE = Path(__file__).parents[3] / "docs" / "published.md"
TOLD = ("title", "parties", "date", "clause", "address", "published", "invented")
SIGNS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
         ast.Div: operator.truediv}  # fmt: skip


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def worth(node, text):
    """Work out a sum of decimal numbers exactly."""
    if isinstance(node, ast.BinOp):
        return SIGNS[type(node.op)](worth(node.left, text), worth(node.right, text))
    return Fraction(ast.get_source_segment(text, node))


def named(path):
    return pytest.param(read(path), path, id=path.stem)


@pytest.mark.parametrize(("case", "path"), [named(path) for path in CASES])
def test_the_published_contract_comes_out_as_worked_by_hand(case, path, tmp_path):
    written = tmp_path / "contract.json"
    written.write_text(json.dumps(case["contract"]), encoding="utf-8")
    out = StringIO()
    call_command("royalty", str(written), "--format", "json", stdout=out)
    found = json.loads(out.getvalue())
    statements = {one["period"]: one for one in found["statements"]}
    expected = case["expect"]
    for period, fields in expected.get("statements", {}).items():
        assert {name: statements[period][name] for name in fields} == fields, period
    totals = expected.get("totals", {})
    assert {name: found["totals"][name] for name in totals} == totals
    for part in ("instalments", "allocations"):
        if part in expected:
            rows = zip(found[part], expected[part], strict=True)
            assert [{name: row[name] for name in wanted} for row, wanted in rows] == expected[part]


@pytest.mark.parametrize(("case", "path"), [named(path) for path in CASES])
def test_the_arithmetic_of_the_case_is_right_and_gives_what_is_expected(case, path):
    for line in case["arithmetic"]:
        left, _, right = line.partition(" = ")
        tree = ast.parse(left, mode="eval").body
        assert worth(tree, left) == Fraction(right), line
    assert case["arithmetic"]


@pytest.mark.parametrize(("case", "path"), [named(path) for path in CASES])
def test_the_case_says_where_it_was_published_and_is_on_the_page(case, path):
    assert all(case[name] for name in TOLD)
    assert case["address"].startswith(("https://", "http://"))
    page = PAGE.read_text(encoding="utf-8")
    assert f"tests/rules/published/{path.name}" in page
    assert case["address"] in page


def test_there_are_at_least_twelve_published_agreements():
    assert len(CASES) >= 12
