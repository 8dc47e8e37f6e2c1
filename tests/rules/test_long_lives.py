"""Two hundred and fifty years of quarters are settled in seconds, whatever a file may claim."""

import time

from tests.rules.contracts import contract, report, results, terms


def test_a_very_long_life_with_a_quarterly_minimum_is_settled_in_seconds():
    least = {"scope": "quarter", "amount": "1.00"}
    made = terms(
        effective_from="1950-01-01",
        stages={"paying": {"from": "1950-01-01", "to": "2200-12-31"}},
        minimum={**least, "recoup": {"kind": "following_years", "years": 100}},
    )
    began = time.process_time()
    found = results(contract([made], [report("1950-Q1", [])], as_of="2200-12-31"))
    assert time.process_time() - began < 30
    assert len(found["statements"]) == 1003
    assert found["totals"]["accrued"] == "1003.00"


def test_suspended_days_that_overlap_count_once():
    """Sixty days of 2026 are suspended, whoever repeats them: 305 of 365 days are left."""
    spans = [
        {"from": "2026-01-01", "to": "2026-01-31"},
        {"from": "2026-01-15", "to": "2026-03-01"},
        {"from": "2026-02-01", "to": "2026-02-10"},
    ]
    made = terms(minimum={"scope": "calendar_year", "amount": "365.00", "suspended": spans})
    found = results(contract([made], [report("2026-Q4", [])], as_of="2027-01-20"))
    assert found["totals"]["accrued"] == "305.00"
