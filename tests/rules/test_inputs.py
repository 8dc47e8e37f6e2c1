"""Stages, currencies and odd but allowed inputs."""

from tests.rules.contracts import (
    by_period,
    contract,
    line,
    payables,
    report,
    results,
    stream,
    terms,
)


def test_use_without_conversion_may_be_claimed_instead_of_charged():
    made = terms(
        stages={
            "trial": {"from": "2026-01-01", "to": "2026-03-31", "unconverted_use": "claim"},
            "paying": {"from": "conversion", "to": "2035-12-31"},
        }
    )
    found = by_period(contract([made], [report("2026-Q2", ["1000.00"])]))["2026-Q2"]
    assert (found["earned"], found["payable"]) == ("0.00", "0.00")
    assert [row["amount"] for row in found["lines"] if row["code"] == "claim"] == ["50.00"]


def test_free_sales_may_fill_the_lower_tiers():
    trial = {
        "from": "2026-01-01",
        "to": "2026-03-31",
        "unconverted_use": "paying_rates",
        "free_counts_toward_tiers": True,
    }
    rows = [{"up_to": "1000.00", "rate": "0.05"}, {"up_to": None, "rate": "0.03", "flat": "9.00"}]
    made = terms(
        stages={"trial": trial, "paying": {"from": "conversion", "to": "2035-12-31"}},
        streams=[stream(rows)],
    )
    reports = [report("2026-Q1", ["1500.00"]), report("2026-Q2", ["1000.00"])]
    found = by_period(contract([made], reports))
    assert [one["earned"] for one in found.values()] == ["0.00", "30.00"]


def test_the_yen_has_no_decimals_and_the_dinar_three():
    lines = [line("1000", currency="JPY"), line("1.005", currency="KWD")]
    rates = {"JPY/CNY": [["2026-03-31", "0.05"]], "KWD/CNY": [["2026-03-31", "23.0"]]}
    found = by_period(contract([terms()], [report("2026-Q1", lines)], rates=rates))["2026-Q1"]
    assert found["gross"] == "73.12"


def test_a_rate_revised_later_is_ignored_and_logged():
    lines = [line("1000.00", currency="USD")]
    rates = {"USD/CNY": [["2026-03-31", "7.0"], ["2026-03-31", "8.0"]]}
    found = results(contract([terms()], [report("2026-Q1", lines)], rates=rates))
    assert found["statements"][0]["gross"] == "7000.00"
    assert found["warnings"] == [{"code": "rate.revised", "where": "rates.USD/CNY"}]


def test_an_invoice_reported_twice_is_flagged():
    lines = [line("1.00", invoice="F-1"), line("2.00", invoice="F-1")]
    found = results(contract([terms()], [report("2026-Q1", lines)]))
    assert [one["code"] for one in found["warnings"]] == ["invoice.duplicate"]


def test_a_nil_report_has_a_statement_and_no_instalment():
    found = results(contract([terms()], [report("2026-Q1", [])]))
    assert payables(contract([terms()], [report("2026-Q1", [])])) == ["0.00"]
    assert found["instalments"] == []


def test_a_very_large_amount_is_computed_exactly():
    found = by_period(contract([terms()], [report("2026-Q1", ["10000000000000.00"])]))
    assert found["2026-Q1"]["earned"] == "500000000000.00"


def test_a_trial_may_end_with_the_line_that_meets_its_limit():
    trial = {
        "from": "2026-01-01",
        "to": "2026-12-31",
        "unconverted_use": "paying_rates",
        "trigger_granularity": "line",
        "ends_on": [{"cumulative_net": "1000.00"}],
    }
    made = terms(stages={"trial": trial, "paying": {"from": "conversion", "to": "2035-12-31"}})
    lines = [
        line("100.00", sale_date="2026-03-01"),
        line("900.00", sale_date="2026-02-03"),
        line("600.00", sale_date="2026-02-02"),
    ]
    found = by_period(contract([made], [report("2026-Q1", lines)]))["2026-Q1"]
    assert (found["net"], found["base"], found["earned"]) == ("1600.00", "100.00", "5.00")


def test_a_gross_stream_pays_on_sales_before_deductions():
    made = terms(streams=[stream(basis="gross")])
    sold = line("1130.00", vat_rate="0.13", deductions={"returns": "100.00"})
    found = by_period(contract([made], [report("2026-Q1", [sold])]))["2026-Q1"]
    assert (found["net"], found["base"], found["earned"]) == ("900.00", "1000.00", "50.00")


def test_a_final_day_that_has_not_come_yet_is_not_known():
    reports = [
        report("2026-Q1", ["1000.00"]),
        report("2026-Q1", ["1200.00"], "2026-04-18", 2),
    ]
    finals = [{"period": "2026-Q1", "date": "2026-04-20"}]
    early = by_period(contract([terms()], reports, finals=finals, as_of="2026-04-19"))
    late = by_period(contract([terms()], reports, finals=finals, as_of="2026-04-20"))
    assert (early["2026-Q1"]["earned"], early["2026-Q2"]["corrections"]) == ("50.00", "10.00")
    assert (late["2026-Q1"]["earned"], list(late)) == ("60.00", ["2026-Q1"])


def test_a_report_accepted_early_is_not_converted_with_a_later_rate():
    sold = line("1000.00", currency="USD", sale_date="2026-03-01")
    rates = {"USD/CNY": [["2026-03-01", "7.0"], ["2026-03-20", "8.0"]]}
    early = report("2026-Q1", [sold], "2026-03-10")
    found = by_period(contract([terms()], [early], rates=rates, as_of="2026-03-10"))
    assert found["2026-Q1"]["gross"] == "7000.00"
