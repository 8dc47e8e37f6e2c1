"""The command line: what it prints, and how it refuses."""

import io
import json
import sys

import pytest
from django.core.management import call_command

from tests.rules.contracts import contract, results
from tests.rules.test_examples import DESIGN, DESIGN_REPORTS, RESTATED

DOCUMENT = contract([DESIGN], [*DESIGN_REPORTS, RESTATED], as_of="2027-06-30")


@pytest.fixture
def saved(tmp_path):
    def save(document, name="contract.json"):
        path = tmp_path / name
        path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        return str(path)

    return save


def run(*arguments):
    out, err = io.StringIO(), io.StringIO()
    status = 0
    try:
        call_command("royalty", *arguments, stdout=out, stderr=err)
    except SystemExit as end:
        status = end.code
    return status, out.getvalue(), err.getvalue()


def test_a_file_is_computed_as_the_function_computes_it(saved):
    status, printed, complaints = run(saved(DOCUMENT))
    assert (status, complaints) == (0, "")
    assert json.loads(printed) == results(DOCUMENT)


def test_another_day_may_be_asked_for(saved):
    _, printed, _ = run(saved(DOCUMENT), "--as-of", "2026-12-31")
    assert [one["period"] for one in json.loads(printed)["statements"]] == ["2026-Q3"]


def test_a_file_may_come_from_standard_input(monkeypatch):
    content = io.BytesIO(json.dumps(DOCUMENT).encode())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(content, encoding="utf-8"))
    _, printed, _ = run("-")
    assert json.loads(printed) == results(DOCUMENT)


def test_a_refused_file_prints_one_line_per_fault_and_ends_with_two(saved):
    status, printed, complaints = run(saved({"terms": [], "as_of": "tomorrow", "x": 1}))
    assert (status, printed) == (2, "")
    assert [text.split(": ")[:2] for text in complaints.splitlines()] == [
        ["x", "key.unknown"],
        ["as_of", "date.malformed"],
    ]


def test_a_missing_file_is_refused(tmp_path):
    assert run(str(tmp_path / "nowhere.json"))[0] == 2


def test_a_list_is_answered_in_order_even_if_one_is_refused(saved):
    status, printed, _ = run(saved([DOCUMENT, {}]))
    assert status == 0
    assert [max(one) for one in json.loads(printed)] == ["warnings", "errors"]


def test_only_what_is_new_is_printed_beside_an_earlier_result(saved):
    earlier = results({**DOCUMENT, "as_of": "2027-02-28"})
    posted = saved(earlier, "posted.json")
    _, printed, _ = run(saved(DOCUMENT), "--posted", posted)
    assert [one["period"] for one in json.loads(printed)["statements"]] == ["2027-Q1"]
    _, printed, _ = run(saved(DOCUMENT), "--posted", saved(results(DOCUMENT), "all.json"))
    assert json.loads(printed)["statements"] == []


def test_people_get_a_table(saved):
    _, printed, _ = run(saved(DOCUMENT), "--format", "table")
    assert "89000.00" in printed
    assert "2027-05-10" in printed
