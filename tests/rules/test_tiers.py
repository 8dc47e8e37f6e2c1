"""How the base runs through tiers, windows and versions."""

import pytest

from tests.rules.contracts import by_period, contract, line, report, stream, terms

TWO_ROWS = [{"up_to": "1000.00", "rate": "0.05"}, {"up_to": None, "rate": "0.03"}]
ZERO_MIDDLE = [
    {"up_to": "1000.00", "rate": "0.05"},
    {"up_to": "2000.00", "rate": "0"},
    {"up_to": None, "rate": "0.02"},
]
ZERO_MIDDLE = [
    {"up_to": "1000.00", "rate": "0.05"},
    {"up_to": "2000.00", "rate": "0"},
    {"up_to": None, "rate": "0.02"},
]


def earned(rows, *amounts, **changes):
    reports = [report(f"2026-Q{index + 1}", [amount]) for index, amount in enumerate(amounts)]
    found = by_period(contract([terms(streams=[stream(rows, **changes)])], reports))
    return [found[one["period"]]["earned"] for one in reports]


@pytest.mark.parametrize(
    ("net", "amount"),
    [
        ("0.00", "0.00"),
        ("999.99", "50.00"),
        ("1000.00", "50.00"),
        ("1000.01", "50.00"),
        ("1000.17", "50.01"),
        ("5000.00", "170.00"),
    ],
)
def test_marginal_tiers_at_their_bound(net, amount):
    assert earned(TWO_ROWS, net) == [amount]


@pytest.mark.parametrize(("net", "amount"), [("1000.00", "50.00"), ("1000.01", "30.00")])
def test_whole_tiers_at_their_bound(net, amount):
    assert earned(TWO_ROWS, net, mode="whole") == [amount]


def test_one_sale_may_jump_over_two_rows():
    assert earned(ZERO_MIDDLE, "2500.00") == ["60.00"]


def test_a_row_without_rate_in_the_middle_earns_nothing():
    assert earned(ZERO_MIDDLE, "1000.00", "1000.00", "100.00") == ["50.00", "0.00", "2.00"]


def test_the_last_row_may_go_on_beyond_its_bound():
    rows = [{"up_to": "1000.00", "rate": "0.05"}, {"up_to": "2000.00", "rate": "0.03"}]
    assert earned(rows, "3000.00", tiers={"above_last": "use_last"}) == ["110.00"]


def test_a_flat_sum_may_be_due_without_any_sale():
    rows = [{"up_to": None, "rate": "0.05", "flat": "9.00"}]
    flat = {"first_tier_flat_on_zero": True}
    assert earned(rows, "0.00", "100.00", tiers=flat) == ["9.00", "5.00"]
    assert earned(rows, "0.00", "100.00") == ["0.00", "14.00"]


@pytest.mark.parametrize(
    ("window", "amounts"),
    [
        ("period", ["50.00", "50.00"]),
        ("contract_year", ["50.00", "30.00"]),
        ("lifetime", ["50.00", "30.00"]),
    ],
)
def test_each_window_starts_its_table_anew(window, amounts):
    assert earned(TWO_ROWS, "1000.00", "1000.00", window=window) == amounts


def test_a_period_across_the_contract_year_belongs_to_the_year_of_its_last_day():
    made = terms(
        effective_from="2026-05-15",
        stages={"paying": {"from": "2026-05-15", "to": "2035-05-14"}},
        streams=[stream(TWO_ROWS)],
    )
    reports = [report("2027-Q1", ["1000.00"]), report("2027-Q2", ["1000.00"])]
    found = by_period(contract([made], reports))
    assert [found[name]["earned"] for name in ("2027-Q1", "2027-Q2")] == ["50.00", "50.00"]


def test_what_is_below_zero_at_the_end_of_a_window_opens_the_next():
    returned = line("0.00", deductions={"returns": "400.00"})
    reports = [report("2026-Q4", [returned]), report("2027-Q1", ["1000.00"])]
    found = by_period(contract([terms()], reports))
    assert [one["earned"] for one in found.values()] == ["0.00", "30.00"]


def test_a_negative_period_counts_as_nothing_under_the_zero_policy():
    returned = line("0.00", deductions={"returns": "400.00"})
    reports = [report("2026-Q1", [returned]), report("2026-Q2", ["1000.00"])]
    made = terms(streams=[stream(negative_net="zero")])
    found = by_period(contract([made], reports))
    assert found["2026-Q1"]["net"] == "-400.00"
    assert [one["earned"] for one in found.values()] == ["0.00", "50.00"]


def test_each_product_stands_alone_under_the_zero_per_product_policy():
    lines = [
        line("1000.00", product="A"),
        line("0.00", product="B", deductions={"returns": "400.00"}),
    ]
    made = terms(streams=[stream(negative_net="zero_per_product")])
    found = by_period(contract([made], [report("2026-Q1", lines)]))["2026-Q1"]
    assert (found["net"], found["base"], found["earned"]) == ("600.00", "1000.00", "50.00")


def test_a_reset_opens_a_new_window():
    second = terms(
        version=2, effective_from="2026-07-01", reset_windows=True, streams=[stream(TWO_ROWS)]
    )
    first = terms(streams=[stream(TWO_ROWS)])
    reports = [report("2026-Q2", ["1000.00"]), report("2026-Q3", ["1000.00"])]
    found = by_period(contract([first, second], reports))
    assert [one["earned"] for one in found.values()] == ["50.00", "50.00"]


def test_whole_mode_keeps_what_was_earned_under_the_old_version():
    first = terms(streams=[stream([{"up_to": None, "rate": "0.1"}], mode="whole")])
    second = terms(version=2, effective_from="2026-07-01", streams=[stream(TWO_ROWS, mode="whole")])
    reports = [report("2026-Q2", ["900.00"]), report("2026-Q3", ["200.00"])]
    found = by_period(contract([first, second], reports))
    assert [one["earned"] for one in found.values()] == ["90.00", "6.00"]


def test_a_period_with_two_versions_is_rated_version_by_version():
    second = terms(
        version=2,
        effective_from="2026-02-15",
        streams=[stream([{"up_to": None, "rate": "0.1"}])],
    )
    lines = [line("100.00", sale_date="2026-02-14"), line("100.00", sale_date="2026-02-15")]
    found = by_period(contract([terms(), second], [report("2026-Q1", lines)]))
    assert found["2026-Q1"]["earned"] == "15.00"


def test_a_retroactive_version_makes_ordinary_corrections():
    second = terms(
        version=2,
        effective_from="2026-05-01",
        retroactive_from="2026-01-01",
        streams=[stream([{"up_to": None, "rate": "0.07"}])],
    )
    reports = [report("2026-Q1", ["1000.00"]), report("2026-Q2", ["1000.00"])]
    found = by_period(contract([terms(), second], reports))
    assert found["2026-Q1"]["earned"] == "50.00"
    assert found["2026-Q2"]["corrections"] == "20.00"
    assert found["2026-Q2"]["payable"] == "90.00"


def test_a_retroactive_version_may_reach_behind_the_one_before():
    versions = [
        terms(),
        terms(version=2, effective_from="2026-05-01"),
        terms(
            version=3,
            effective_from="2026-06-01",
            retroactive_from="2026-02-01",
            streams=[stream([{"up_to": None, "rate": "0.1"}])],
        ),
    ]
    reports = [report("2026-Q1", ["1000.00"]), report("2026-Q2", ["1000.00"])]
    found = by_period(contract(versions, reports))
    assert found["2026-Q1"]["earned"] == "50.00"
    assert (found["2026-Q2"]["earned"], found["2026-Q2"]["corrections"]) == ("100.00", "50.00")


def test_whole_mode_carries_a_negative_base_into_the_new_version():
    made = stream([{"up_to": None, "rate": "0.1"}], mode="whole")
    versions = [
        terms(streams=[made]),
        terms(version=2, effective_from="2026-07-01", streams=[made]),
    ]
    returned = line("0.00", deductions={"returns": "400.00"})
    reports = [report("2026-Q2", [returned]), report("2026-Q3", ["1000.00"])]
    found = by_period(contract(versions, reports))
    assert [one["earned"] for one in found.values()] == ["0.00", "60.00"]


def test_lines_of_both_signs_take_the_mean_factor_of_the_window():
    halved = [{"reason": "patent_expired", "from": "2026-04-01", "factor": "0.5"}]
    made = terms(streams=[stream(factors=halved)])
    reports = [report("2026-Q1", ["1000.00"]), report("2026-Q2", ["600.00", "-200.00"])]
    found = by_period(contract([made], reports))
    assert [one["earned"] for one in found.values()] == ["50.00", "17.14"]
