"""The final day that is settled with the acceptance: until then a statement changes itself."""

import pytest

from deals.rules.faults import Refused
from tests.rules.contracts import by_period, compute, contract, report, results, terms

FINALS = [{"period": "2026-Q1", "date": "2026-04-24", "known_from": "2026-04-14"}]
REPORTS = [report("2026-Q1", ["1000.00"]), report("2026-Q1", ["1200.00"], "2026-04-20", 2)]


@pytest.mark.parametrize("as_of", ["2026-04-20", "2026-04-24", "2026-04-25", "2027-01-01"])
def test_a_day_that_was_settled_counts_before_it_has_come(as_of):
    found = by_period(contract([terms()], REPORTS, finals=FINALS, as_of=as_of))
    assert (list(found), found["2026-Q1"]["payable"]) == (["2026-Q1"], "60.00")


@pytest.mark.parametrize(("day", "payable"), [("2026-04-24", "65.00"), ("2026-04-25", "60.00")])
def test_the_final_day_itself_still_changes_the_statement(day, payable):
    reports = [*REPORTS, report("2026-Q1", ["1300.00"], day, 3)]
    found = by_period(contract([terms()], reports, finals=FINALS))
    assert found["2026-Q1"]["payable"] == payable


@pytest.mark.parametrize("as_of", ["2026-04-14", "2026-04-23", "2026-04-24", "2026-12-31"])
def test_a_due_date_promised_with_the_acceptance_never_moves(as_of):
    made = terms(periods={"pay_days": 15, "min_days_after_final": 10})
    found = results(contract([made], REPORTS[:1], finals=FINALS, as_of=as_of))
    assert [one["due"] for one in found["instalments"]] == ["2026-05-04"]


def test_a_licensor_who_is_silent_for_a_year_does_not_make_the_company_overdue():
    made = terms(periods={"min_days_after_final": 10})
    late = report("2026-Q1", ["1000.00"], "2027-03-01")
    finals = [{"period": "2026-Q1", "date": "2027-03-11", "known_from": "2027-03-01"}]
    found = results(contract([made], [late], finals=finals))
    assert [one["due"] for one in found["instalments"]] == ["2027-03-21"]


def test_a_posting_before_the_acceptance_does_not_wait_for_a_day_that_nobody_knows():
    made = terms(
        periods={"pay_days": 15, "min_days_after_final": 10},
        fixed=[{"key": "entry", "amount": "70.00", "on": "2026-04-02"}],
        stages={"paying": {"from": "2026-01-01", "to": "2035-12-31"}},
    )
    finals = [{"period": "2026-Q2", "date": "2026-07-24", "known_from": "2026-07-14"}]
    reports = [report("2026-Q2", ["1000.00"])]
    found = results(contract([made], reports, finals=finals))
    assert [(one["due"], one["amount"]) for one in found["instalments"]] == [
        ("2026-07-15", "70.00"),
        ("2026-08-03", "50.00"),
    ]


def test_a_final_day_before_it_was_settled_is_refused():
    wrong = [{"period": "2026-Q1", "date": "2026-04-13", "known_from": "2026-04-14"}]
    with pytest.raises(Refused) as refusal:
        compute(contract([terms()], REPORTS, finals=wrong))
    assert [(fault.code, fault.where) for fault in refusal.value.faults] == [
        ("dates.reversed", "finals[0].date")
    ]
