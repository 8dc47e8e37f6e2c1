"""Every worked example on the rules page is computed, and must come out as printed there."""

import json
import re
from pathlib import Path

import pytest

from deals.rules.faults import Refused
from tests.rules.contracts import contract, report, results, stream, terms

PAGE = Path(__file__).parents[2] / "docs" / "rules.md"
BLOCK = re.compile(
    r"^### (?P<title>[^\n]+)\n(?:(?!^#).)*?```json\n(?P<json>.*?)\n```", re.MULTILINE | re.DOTALL
)
EXAMPLES = [
    pytest.param(json.loads(found["json"]), id=found["title"])
    for found in BLOCK.finditer(PAGE.read_text(encoding="utf-8"))
]


def document(example):
    made = stream(**example.get("stream", {}))
    versions = [terms(**{"streams": [made], **changes}) for changes in example.get("terms", [{}])]
    reports = [report(period, lines, *more) for period, lines, *more in example.get("reports", [])]
    own = ("terms", "stream", "reports", "expect")
    facts = {name: value for name, value in example.items() if name not in own}
    return contract(versions, reports, **facts)


def test_the_page_has_its_examples():
    text = PAGE.read_text(encoding="utf-8")
    assert len(EXAMPLES) == text.count("```json") >= 25


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_worked_example_comes_out_as_printed(example):
    if "refused" in example["expect"]:
        with pytest.raises(Refused) as refusal:
            results(document(example))
        assert [fault.code for fault in refusal.value.faults] == example["expect"]["refused"]
        return
    found = results(document(example))
    statements = {one["period"]: one for one in found["statements"]}
    expected = example["expect"]
    for period, fields in expected.get("statements", {}).items():
        assert {name: statements[period][name] for name in fields} == fields, period
    for name in ("totals",):
        fields = expected.get(name, {})
        assert {field: found[name][field] for field in fields} == fields
    lines = {row["code"]: row["amount"] for one in found["statements"] for row in one["lines"]}
    wanted = expected.get("lines", {})
    assert {code: lines[code] for code in wanted} == wanted
    for name in ("instalments", "interest", "allocations", "warnings"):
        if name in expected:
            rows = [
                {key: row[key] for key in example_row}
                for row, example_row in zip(found[name], expected[name], strict=True)
            ]
            assert rows == expected[name]


MADE = re.compile(r"(?:refuse|Fault|Caution|MoneyError)\(\s*\"([a-z_]+\.[a-z_.]+)\"")


def test_every_code_the_rules_give_is_on_the_page():
    source = PAGE.parents[1] / "deals" / "rules"
    owners = (
        "states", "postings", "guarantee", "agreement", "changes", "bookkeeping",
        "ceilings",
    )  # fmt: skip
    made = {
        code
        for path in source.rglob("*.py")
        if path.stem not in owners
        for code in MADE.findall(path.read_text(encoding="utf-8"))
    }
    text = PAGE.read_text(encoding="utf-8")
    assert {code for code in made if f"`{code}`" not in text} == set()
    assert len(made) > 50
