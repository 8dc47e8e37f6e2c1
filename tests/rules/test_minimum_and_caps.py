"""Minimums, caps, and how they meet."""

import pytest

from tests.rules.contracts import by_period, contract, line, report, results, terms


def test_room_under_a_cap_comes_back_after_a_restatement():
    made = terms(caps={"lifetime": "100.00", "includes": ["earned"]})
    reports = [
        report("2026-Q1", ["2000.00"]),
        report("2026-Q2", ["1000.00"]),
        report("2026-Q1", ["1500.00"], "2026-08-01", 2),
    ]
    found = results(contract([made], reports))
    assert [one["clipped"] for one in found["statements"]] == ["0.00", "50.00", "0.00"]
    corrected = {
        row["corrects"]["period"]: row["amount"]
        for row in found["statements"][2]["lines"]
        if row["code"].startswith("correction")
    }
    assert corrected == {"2026-Q1": "-25.00", "2026-Q2": "25.00"}
    assert found["totals"]["accrued"] == "100.00"


@pytest.mark.parametrize(
    ("second", "left"), [("1000.00", "0.00"), ("999.80", "0.01"), ("1000.20", "0.00")]
)
def test_a_cap_reached_exactly_and_one_fen_short(second, left):
    made = terms(caps={"lifetime": "100.00", "includes": ["earned"]})
    reports = [report("2026-Q1", ["1000.00"]), report("2026-Q2", [second])]
    assert by_period(contract([made], reports))["2026-Q2"]["cap_left"] == left


def test_a_milestone_may_reach_the_cap():
    made = terms(
        caps={"lifetime": "100.00", "includes": ["earned", "milestone"]},
        milestones=[{"key": "m", "cumulative_net": "1000.00", "amount": "70.00"}],
    )
    found = by_period(contract([made], [report("2026-Q1", ["1000.00"])]))["2026-Q1"]
    assert (found["accrued"], found["clipped"]) == ("100.00", "20.00")


def test_what_a_cap_does_not_include_passes_whole():
    made = terms(
        caps={"lifetime": "40.00", "includes": ["earned"]},
        fixed=[{"key": "entry", "amount": "30.00", "on": "2026-02-01"}],
    )
    found = by_period(contract([made], [report("2026-Q1", ["1000.00"])]))["2026-Q1"]
    assert (found["accrued"], found["clipped"], found["cap_left"]) == ("70.00", "10.00", "0.00")


def test_caps_of_year_and_life_act_one_after_the_other():
    made = terms(caps={"contract_year": "60.00", "lifetime": "100.00", "includes": ["earned"]})
    reports = [report("2026-Q1", ["2000.00"]), report("2027-Q1", ["2000.00"])]
    found = by_period(contract([made], reports))
    assert [one["accrued"] for one in found.values()] == ["60.00", "40.00"]


def test_the_cap_beats_the_minimum():
    made = terms(
        caps={"lifetime": "30.00", "includes": ["earned", "minimum"]},
        minimum={"scope": "contract_year", "amount": "50.00", "recoup": {"kind": "none"}},
    )
    document = contract([made], [report("2026-Q4", ["100.00"])], as_of="2027-01-31")
    found = by_period(document)["2026-Q4"]
    assert (found["minimum_top_up"], found["clipped"], found["accrued"]) == (
        "45.00",
        "20.00",
        "30.00",
    )


def test_earning_exactly_the_minimum_needs_no_top_up():
    made = terms(minimum={"scope": "contract_year", "amount": "50.00"})
    document = contract([made], [report("2026-Q4", ["1000.00"])], as_of="2027-01-31")
    assert by_period(document)["2026-Q4"]["minimum_top_up"] == "0.00"


def test_a_minimum_closes_without_a_report_when_that_is_overdue():
    made = terms(minimum={"scope": "contract_year", "amount": "50.00"})
    assert results(contract([made], as_of="2027-01-24"))["statements"] == []
    found = by_period(contract([made], as_of="2027-01-25"))["2026-Q4"]
    assert (found["minimum_top_up"], found["payable"]) == ("50.00", "50.00")


def test_a_report_after_the_closing_lowers_the_top_up():
    made = terms(minimum={"scope": "contract_year", "amount": "50.00"})
    late = report("2026-Q4", ["400.00"], "2027-03-01")
    found = results(contract([made], [late], as_of="2027-03-01"))
    assert found["statements"][0]["minimum_top_up"] == "30.00"
    assert found["totals"]["payable"] == "50.00"
    assert found["totals"]["credit_balance"] == "0.00"


@pytest.mark.parametrize(
    ("mode", "amount"), [("prorate", "90.00"), ("waive", "0.00"), ("full", "365.00")]
)
def test_a_termination_in_the_year(mode, amount):
    made = terms(minimum={"scope": "contract_year", "amount": "365.00", "on_termination": mode})
    events = [{"type": "termination", "date": "2026-03-31"}]
    document = contract([made], [report("2026-Q4", [])], events=events, as_of="2030-01-01")
    found = by_period(document)
    assert list(found) == ["2026-Q4"]
    assert found["2026-Q4"]["minimum_top_up"] == amount


def test_suspended_days_lower_the_minimum():
    made = terms(
        minimum={
            "scope": "contract_year",
            "amount": "365.00",
            "suspended": [{"from": "2026-01-01", "to": "2026-01-31"}],
        }
    )
    events = [{"type": "suspension", "date": "2026-01-31", "to": "2026-02-01"}]
    document = contract([made], [report("2026-Q4", [])], events=events, as_of="2027-01-31")
    assert by_period(document)["2026-Q4"]["minimum_top_up"] == "333.00"


def test_a_year_without_a_paying_day_has_no_minimum():
    made = terms(
        stages={
            "trial": {"from": "2026-01-01", "to": "2026-12-31", "unconverted_use": "paying_rates"},
            "paying": {"from": "conversion", "to": "2035-12-31"},
        },
        minimum={"scope": "contract_year", "amount": "50.00"},
    )
    found = by_period(contract([made], as_of="2028-01-31"))
    assert {name: one["minimum_top_up"] for name, one in found.items()} == {"2027-Q4": "50.00"}


@pytest.mark.parametrize(("counts", "second"), [(True, "0.00"), (False, "20.00")])
def test_an_earlier_quarter_may_count_toward_a_quarterly_minimum(counts, second):
    made = terms(minimum={"scope": "quarter", "amount": "20.00", "quarter_excess_counts": counts})
    reports = [report("2026-Q1", ["1000.00"]), report("2026-Q2", [])]
    found = by_period(contract([made], reports, as_of="2026-07-20"))
    assert found["2026-Q2"]["minimum_top_up"] == second


def test_a_minimum_schedule_goes_year_by_year_and_its_last_amount_stays():
    made = terms(minimum={"scope": "contract_year", "schedule": ["10.00", "20.00"]})
    found = results(contract([made], as_of="2029-01-31"))["statements"]
    assert [one["minimum_top_up"] for one in found] == ["10.00", "20.00", "20.00"]


def test_returns_do_not_shrink_a_fixed_sum_under_a_cap_with_room():
    made = terms(
        caps={"lifetime": "1000.00", "includes": ["earned", "fixed"]},
        fixed=[{"key": "entry", "amount": "120.00", "on": "2026-05-01", "due_days": 10}],
    )
    returned = line("0.00", deductions={"returns": "1000.00"})
    reports = [report("2026-Q1", ["2000.00"]), report("2026-Q2", [returned])]
    found = results(contract([made], reports))
    assert [one["amount"] for one in found["instalments"]] == ["100.00", "120.00"]
    assert found["totals"]["credit_balance"] == "50.00"


def test_a_schedule_counts_from_the_first_year_that_pays():
    made = terms(
        stages={
            "trial": {"from": "2026-01-01", "to": "2026-12-31", "unconverted_use": "paying_rates"},
            "paying": {"from": "conversion", "to": "2035-12-31"},
        },
        minimum={"scope": "contract_year", "schedule": ["10.00", "20.00"]},
    )
    found = results(contract([made], as_of="2029-01-31"))["statements"]
    assert [one["minimum_top_up"] for one in found] == ["10.00", "20.00"]


def test_the_period_that_holds_the_end_of_the_term_settles_the_minimum():
    made = terms(
        stages={"paying": {"from": "2026-01-01", "to": "2026-08-31"}},
        minimum={"scope": "contract_year", "amount": "50.00"},
    )
    found = by_period(contract([made], [report("2026-Q3", [])], as_of="2030-01-01"))
    assert {name: one["minimum_top_up"] for name, one in found.items()} == {"2026-Q3": "50.00"}
