"""The command line: what it prints, and how it refuses."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from deals.rules.tables import width
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
    lines = printed.splitlines()
    head = lines.index("Statements") + 1
    assert lines[head].split()[:4] == ["period", "gross", "net", "base"]
    assert lines[head + 3].split()[:5] == [
        "2027-Q1",
        "3,390,000.00",
        "2,880,000.00",
        "2,380,000.00",
        "91,400.00",
    ]
    assert "2027-Q1  2027-05-10  89,000.00  0.00    89,000.00" in lines
    assert any("(to - from) * rate * factor + flat" in text for text in lines)


def test_columns_are_straight_though_names_are_chinese(saved):
    owners = [{"party": "清华大学", "weight": 60}, {"party": "U2", "weight": 40}]
    paid = [{"reference": "B1", "date": "2027-06-02", "amount": "5000.00"}]
    made = contract([{**DESIGN, "owners": owners}], DESIGN_REPORTS, receipts=paid)
    _, printed, _ = run(saved(made), "--format", "table")
    rows = [text for text in printed.splitlines() if text.startswith("B1")]
    assert [width(text) for text in rows] == [width(rows[0])] * 2
    assert rows[0].endswith("3,000.00")


def test_a_name_cannot_command_the_terminal(saved):
    made = contract([{**DESIGN, "owners": [{"party": "a\x1b[2J\nb", "weight": 1}]}])
    made["receipts"] = [{"reference": "B1", "date": "2027-06-02", "amount": "1.00"}]
    made["reports"] = DESIGN_REPORTS
    _, printed, _ = run(saved(made), "--format", "table")
    assert "a\\x1b[2J\\nb" in printed


def test_a_refused_contract_of_a_list_stands_in_the_table(saved):
    status, printed, _ = run(saved([DOCUMENT, {"x": 1}]), "--format", "table")
    assert status == 0
    assert "key.unknown: x: " in printed


def test_only_one_file_can_come_from_standard_input():
    status, printed, complaints = run("-", "--posted", "-")
    assert (status, printed) == (2, "")
    assert complaints.startswith("posted: file.unreadable: ")


def test_a_day_that_is_none_is_refused(saved):
    status, printed, complaints = run(saved(DOCUMENT), "--as-of", "2027-02-30")
    assert (status, printed) == (2, "")
    assert complaints.startswith("as_of: date.malformed: ")


@pytest.mark.parametrize(
    "content", [b"[" * 10_000_000, b"\xff", b'{"as_of": 1e400}', "１２".encode(), b"{}", b"NaN"]
)
def test_a_broken_file_leaves_nothing_on_standard_output(tmp_path, content):
    path = tmp_path / "broken.json"
    path.write_bytes(content)
    status, printed, complaints = run(str(path))
    assert (status, printed) == (2, "")
    assert all(text.count(": ") >= 2 for text in complaints.splitlines())
    assert complaints


def test_a_posted_result_that_is_broken_is_refused(saved, tmp_path):
    path = tmp_path / "posted.json"
    path.write_bytes(b"{")
    status, printed, complaints = run(saved(DOCUMENT), "--posted", str(path))
    assert (status, printed) == (2, "")
    assert "file.json" in complaints


def test_another_process_prints_the_same_in_any_locale(saved):
    """No database and no server: what a finance office runs offline."""
    content = saved(contract([{**DESIGN, "owners": [{"party": "清华大学", "weight": 1}]}]))
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    done = subprocess.run(
        [sys.executable, "manage.py", "royalty", content, "--format", "table"],
        cwd=Path(__file__).parents[2],
        env=environment,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode("utf-8").startswith("Amounts in CNY")
