"""Periods, windows, contract years and workdays."""

from datetime import date

import pytest

from deals.rules.periods import (
    PeriodPlan,
    Workdays,
    add_months,
    anniversary,
    contract_year,
    pin,
    window_number,
)
from tests.rules.contracts import by_period, contract, line, results, stream, terms

START = date(2026, 5, 15)


@pytest.mark.parametrize(
    ("kind", "name", "last"),
    [
        ("month", "2026-05", date(2026, 5, 31)),
        ("quarter", "2026-Q2", date(2026, 6, 30)),
        ("half_year", "2026-H1", date(2026, 6, 30)),
        ("year", "2026", date(2026, 12, 31)),
    ],
)
def test_a_calendar_period_has_a_name_and_a_last_day(kind, name, last):
    plan = PeriodPlan(kind, "calendar", START)
    assert (plan.first().name, plan.first().last) == (name, last)
    assert plan.named(name) == plan.first()
    assert plan.after(plan.first()).start > last


@pytest.mark.parametrize(
    "name", ["2026-Q1", "2026-Q5", "2026-05", "2026", "P1", "q2", "2026-Q2 ", "9999-Q1", ""]
)
def test_a_name_of_no_period_is_not_found(name):
    assert PeriodPlan("quarter", "calendar", START).named(name) is None


def test_contract_periods_count_from_the_start():
    plan = PeriodPlan("quarter", "contract", START)
    first, second = plan.named("P1"), plan.named("P2")
    assert (first.start, first.end) == (START, date(2026, 8, 15))
    assert second == plan.holding(date(2026, 8, 15)) == plan.after(first)
    assert plan.named("2026-Q2") is None


def test_contract_periods_of_a_month_end_do_not_drift():
    plan = PeriodPlan("month", "contract", date(2026, 1, 31))
    starts = [plan.named(f"P{number}").start for number in (1, 2, 3, 4)]
    assert starts == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]
    assert plan.holding(date(2026, 2, 28)).name == "P2"


def test_a_leap_day_start_has_its_anniversary_on_the_28th():
    start = date(2024, 2, 29)
    assert anniversary(start, 2) == date(2025, 2, 28)
    assert anniversary(start, 5) == date(2028, 2, 29)
    assert contract_year(start, date(2025, 2, 27)) == 1
    assert contract_year(start, date(2025, 2, 28)) == 2
    assert contract_year(start, date(2028, 2, 28)) == 4


def test_a_period_belongs_to_the_window_of_its_last_day_or_of_the_terms_end():
    plan = PeriodPlan("quarter", "calendar", START)
    period = plan.named("2027-Q2")
    assert pin(period, None) == date(2027, 6, 30)
    assert pin(period, date(2027, 5, 14)) == date(2027, 5, 14)
    assert window_number("contract_year", START, date(2027, 6, 30)) == 2
    assert window_number("contract_year", START, date(2027, 5, 14)) == 1
    assert window_number("calendar_year", START, date(2027, 5, 14)) == 2027
    assert window_number("lifetime", START, date(2027, 5, 14)) == 0


def test_months_are_added_to_the_end_of_the_shorter_month():
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2026, 12, 1), -12) == date(2025, 12, 1)


def test_a_due_date_rolls_over_weekends_holidays_and_not_over_makeup_workdays():
    table = Workdays([date(2026, 10, 1), date(2026, 10, 2)], [date(2026, 10, 4)])
    thursday = date(2026, 10, 1)
    assert table.roll(thursday, "following") == date(2026, 10, 4)
    assert table.roll(thursday, "preceding") == date(2026, 9, 30)
    assert table.roll(thursday, "none") == thursday


def test_a_contract_may_report_by_its_own_quarters():
    made = terms(
        effective_from="2026-05-15",
        stages={"paying": {"from": "2026-05-15", "to": "2035-05-14"}},
        periods={"anchor": "contract"},
        streams=[stream(window="contract_year")],
    )
    sold = {
        "period": "P2",
        "revision": 1,
        "accepted_on": "2026-12-01",
        "lines": [line("1000.00", sale_date="2026-11-14")],
    }
    document = contract([made], [sold])
    assert by_period(document)["P2"]["earned"] == "50.00"
    assert results(document)["instalments"][0]["due"] == "2026-12-24"
