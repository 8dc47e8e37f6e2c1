"""What restated and late reports do to statements that are final."""

from tests.rules.contracts import by_period, contract, report, results, stream, terms

TWO_ROWS = [{"up_to": "1000.00", "rate": "0.05"}, {"up_to": None, "rate": "0.03"}]
ZERO_MIDDLE = [
    {"up_to": "1000.00", "rate": "0.05"},
    {"up_to": "2000.00", "rate": "0"},
    {"up_to": None, "rate": "0.02"},
]


def test_restating_up_down_and_to_zero_is_corrected_each_time():
    reports = [
        report("2026-Q1", ["1000.00"]),
        report("2026-Q1", ["2000.00"], "2026-05-01", 2),
        report("2026-Q1", ["0.00"], "2026-06-01", 3),
    ]
    document = contract([terms()], reports)
    found = results(document)
    assert [one["corrections"] for one in found["statements"]] == ["0.00", "-50.00"]
    assert found["totals"]["credit_balance"] == "100.00"
    assert found["totals"]["accrued"] == "0.00"


def test_restating_an_early_quarter_moves_the_tiers_of_a_later_one():
    reports = [
        report("2026-Q1", ["500.00"]),
        report("2026-Q2", ["500.00"]),
        report("2026-Q1", ["1000.00"], "2026-08-01", 2),
    ]
    found = results(contract([terms(streams=[stream(TWO_ROWS)])], reports))
    lines = [row for row in found["statements"][2]["lines"] if row["code"].startswith("correction")]
    assert [(row["corrects"]["period"], row["amount"]) for row in lines] == [
        ("2026-Q2", "-10.00"),
        ("2026-Q1", "25.00"),
    ]
    assert found["statements"][2]["payable"] == "15.00"


def test_a_late_first_report_lands_on_its_own_statement_and_corrects_the_later_one():
    reports = [
        report("2026-Q2", ["1000.00"]),
        report("2026-Q1", ["1000.00"], "2026-08-20"),
    ]
    found = by_period(contract([terms(streams=[stream(TWO_ROWS)])], reports))
    assert found["2026-Q1"]["accrued"] == "50.00"
    assert (found["2026-Q1"]["credits"], found["2026-Q1"]["payable"]) == ("20.00", "30.00")
    assert found["2026-Q2"]["accrued"] == "50.00"
    assert found["2026-Q3"]["corrections"] == "-20.00"


def test_two_periods_restated_in_one_day_are_corrected_negative_first():
    reports = [
        report("2026-Q1", ["1000.00"]),
        report("2026-Q2", ["1000.00"]),
        report("2026-Q1", ["1400.00"], "2026-08-01", 2),
        report("2026-Q2", ["700.00"], "2026-08-01", 2),
    ]
    found = results(contract([terms()], reports))
    third = found["statements"][2]
    lines = [row for row in third["lines"] if row["code"].startswith("correction")]
    assert [row["amount"] for row in lines] == ["-15.00", "20.00"]
    assert (third["corrections"], third["payable"], third["credits"]) == ("5.00", "5.00", "0.00")


def test_a_draft_may_change_until_its_final_day():
    reports = [
        report("2026-Q1", ["1000.00"]),
        report("2026-Q1", ["1200.00"], "2026-04-18", 2),
        report("2026-Q1", ["1300.00"], "2026-04-25", 3),
    ]
    finals = [{"period": "2026-Q1", "date": "2026-04-20"}]
    found = by_period(contract([terms()], reports, finals=finals))
    assert found["2026-Q1"]["earned"] == found["2026-Q1"]["payable"] == "60.00"
    assert found["2026-Q2"]["corrections"] == "5.00"


def test_falling_below_a_paid_milestone_takes_it_back():
    made = terms(milestones=[{"key": "m", "cumulative_net": "1000.00", "amount": "70.00"}])
    reports = [
        report("2026-Q1", ["1000.00"]),
        report("2026-Q1", ["999.99"], "2026-05-01", 2),
    ]
    found = results(contract([made], reports))
    assert found["statements"][0]["milestones"] == "70.00"
    assert found["statements"][1]["corrections"] == "-70.00"


def test_a_correction_lands_on_the_statement_that_becomes_final_the_same_day():
    reports = [
        report("2026-Q1", ["1000.00"]),
        report("2026-Q1", ["1400.00"], "2026-07-14", 2),
        report("2026-Q2", ["1000.00"], "2026-07-14"),
    ]
    found = by_period(contract([terms()], reports))
    assert list(found) == ["2026-Q1", "2026-Q2"]
    assert (found["2026-Q2"]["corrections"], found["2026-Q2"]["payable"]) == ("20.00", "70.00")
