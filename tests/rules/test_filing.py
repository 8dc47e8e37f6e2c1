"""Which periods are to be reported, by when, and where a simple report is cut."""

from datetime import date

import pytest

from deals.rules import terms as terms_rules
from deals.rules.filing import closed_periods, is_owed, parts_in, period_plan, report_due
from tests.rules.contracts import stream, terms

TRIAL = {
    "trial": {
        "from": "2026-01-05",
        "to": "2026-07-04",
        "unconverted_use": "paying_rates",
        "reports_required": False,
    },
    "paying": {"from": "conversion", "to": "2027-02-15"},
}


def agreed(**changes):
    """Quarters of the calendar, reported within 25 days."""
    found, faults, _ = terms_rules.validate(terms(**changes))
    assert faults == ()
    return found


def on_trial(**changes):
    """Half a year of trial without reports, then payment until February 2027."""
    return agreed(stages=TRIAL, **changes)


def quarter(found, name):
    """A period of the contract."""
    return period_plan(found).named(name)


def spans(found, name, converted=None):
    """The days of each part of a period's report."""
    day = date.fromisoformat(converted) if converted else None
    parts = parts_in(found, quarter(found, name), converted=day)
    return [(f"{one.first}", f"{one.last}") for one in parts]


def names(found, today):
    """The periods that are over on a day."""
    return [one.name for one in closed_periods(found, today=date.fromisoformat(today))]


def test_a_report_is_in_time_until_its_last_day():
    found = agreed()
    assert report_due(found, quarter(found, "2026-Q1")) == date(2026, 4, 25)


def test_a_period_is_over_on_the_day_after_its_last():
    assert names(agreed(), "2026-03-31") == []
    assert names(agreed(), "2026-04-01") == ["2026-Q1"]


def test_the_last_period_is_the_one_in_which_the_payment_ends():
    assert names(on_trial(), "2030-01-01") == [
        "2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4", "2027-Q1",
    ]  # fmt: skip


def test_a_period_that_begins_on_the_last_day_is_still_one():
    stages = {"paying": {"from": "2026-01-01", "to": "2026-04-01"}}
    assert names(agreed(stages=stages), "2030-01-01") == ["2026-Q1", "2026-Q2"]


def test_terms_without_an_end_go_on():
    stages = {"paying": {"from": "2026-01-01"}}
    assert len(names(agreed(stages=stages), "2036-01-01")) == 40


def test_every_period_is_owed_without_a_trial():
    found = agreed()
    assert is_owed(found, quarter(found, "2026-Q1"), converted=None)


def test_a_trial_is_reported_only_where_the_terms_say_so():
    found = on_trial()
    assert not is_owed(found, quarter(found, "2026-Q1"), converted=None)
    reported = {**TRIAL, "trial": {**TRIAL["trial"], "reports_required": True}}
    found = agreed(stages=reported)
    assert is_owed(found, quarter(found, "2026-Q1"), converted=None)


@pytest.mark.parametrize(("name", "owed"), [("2026-Q1", False), ("2026-Q2", True)])
def test_the_period_of_the_conversion_is_the_first_one_owed(name, owed):
    found = on_trial()
    assert is_owed(found, quarter(found, name), converted=date(2026, 4, 1)) is owed


def test_a_day_of_payment_in_the_terms_needs_no_conversion():
    stages = {**TRIAL, "paying": {"from": "2026-07-05", "to": "2027-02-15"}}
    found = agreed(stages=stages)
    assert not is_owed(found, quarter(found, "2026-Q2"), converted=None)
    assert is_owed(found, quarter(found, "2026-Q3"), converted=None)


def test_a_period_in_one_stage_is_one_sum():
    assert spans(agreed(), "2026-Q2") == [("2026-04-01", "2026-06-30")]
    assert spans(on_trial(), "2026-Q2") == [("2026-04-01", "2026-06-30")]


def test_a_report_is_cut_where_the_trial_ends_and_nobody_converted():
    assert spans(on_trial(), "2026-Q3") == [
        ("2026-07-01", "2026-07-04"), ("2026-07-05", "2026-09-30"),
    ]  # fmt: skip


def test_a_report_is_cut_where_the_payment_begins_early():
    assert spans(on_trial(), "2026-Q2", "2026-05-10") == [
        ("2026-04-01", "2026-05-09"), ("2026-05-10", "2026-06-30"),
    ]  # fmt: skip
    assert spans(on_trial(), "2026-Q3", "2026-05-10") == [("2026-07-01", "2026-09-30")]


def test_a_report_is_cut_once_where_the_payment_follows_the_trial():
    assert spans(on_trial(), "2026-Q3", "2026-07-05") == [
        ("2026-07-01", "2026-07-04"), ("2026-07-05", "2026-09-30"),
    ]  # fmt: skip


def test_a_report_is_cut_twice_where_days_lie_between_trial_and_payment():
    assert spans(on_trial(), "2026-Q3", "2026-08-01") == [
        ("2026-07-01", "2026-07-04"), ("2026-07-05", "2026-07-31"), ("2026-08-01", "2026-09-30"),
    ]  # fmt: skip


def test_each_stream_has_its_sum_with_its_own_deductions():
    streams = [stream(), stream(key="parts", deductions=[{"type": "freight"}])]
    found = agreed(streams=streams)
    parts = parts_in(found, quarter(found, "2026-Q1"), converted=None)
    assert [(one.stream, one.deductions) for one in parts] == [
        ("product", ("returns", "freight")), ("parts", ("freight",)),
    ]  # fmt: skip
    assert not any(one.counts_units for one in parts)
