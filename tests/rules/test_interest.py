"""Late interest by hand, and what must hold of it on random debts."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from deals.rules.interest import Debt, Tariff, accrued, yearly_rate
from deals.rules.money import Rounding
from deals.rules.terms.model import Late
from tests.rules.contracts import contract, report, results, terms

RATE = {"method": "simple", "basis": 365, "rate": {"fixed": "0.0365"}}
SOLD = [report("2026-Q1", ["200000.00"])]


def interest(receipts=(), as_of="2035-12-31", late=RATE, **changes):
    made = terms(late=late, **changes.pop("terms", {}))
    paid = [
        {"reference": f"B{index}", "date": day, "amount": amount}
        for index, (day, amount) in enumerate(receipts)
    ]
    document = contract([made], changes.pop("reports", SOLD), receipts=paid, **changes)
    found = results({**document, "as_of": as_of})["interest"]
    return [(row["days"], row["amount"], row["state"]) for row in found]


def test_paying_on_the_due_day_costs_nothing():
    assert interest([("2026-05-10", "10000.00")]) == []


def test_paying_the_day_after_costs_one_day():
    assert interest([("2026-05-11", "10000.00")]) == [(1, "1.00", "proposed")]


def test_what_is_still_unpaid_accrues():
    assert interest(as_of="2026-05-10") == []
    assert interest(as_of="2026-05-20") == [(10, "10.00", "accruing")]
    assert interest([("2026-05-15", "4000.00")], "2026-05-20") == [
        (5, "5.00", "proposed"),
        (5, "3.00", "accruing"),
    ]


def test_a_new_rate_counts_from_its_own_day():
    late = {**RATE, "rate": {"series": "LPR", "multiple": "2"}}
    rates = {"LPR": [["2026-01-01", "0.01825"], ["2026-05-15", "0.0365"]]}
    paid = [("2026-05-20", "10000.00")]
    assert interest(paid, late=late, rates=rates) == [(10, "16.00", "proposed")]


def test_grace_forgives_who_pays_within_it():
    late = {**RATE, "grace_days": 5}
    assert interest([("2026-05-15", "10000.00")], late=late) == []
    assert interest([("2026-05-16", "10000.00")], late=late) == [(1, "1.00", "proposed")]
    late = {**late, "retroactive": True}
    assert interest([("2026-05-16", "10000.00")], late=late) == [(6, "6.00", "proposed")]


def test_days_that_the_licensor_caused_bear_none():
    events = [{"type": "delay", "date": "2026-05-12", "to": "2026-05-14"}]
    assert interest([("2026-05-20", "10000.00")], events=events) == [(10, "7.00", "proposed")]


def test_a_dispute_stops_interest_on_its_own_part_alone():
    events = [
        {
            "type": "dispute",
            "date": "2026-05-11",
            "to": "2026-05-20",
            "period": "2026-Q1",
            "amount": "4000.00",
        }
    ]
    late = {**RATE, "stops_in_dispute": True}
    paid = [("2026-05-20", "10000.00")]
    assert interest(paid, late=late, events=events) == [(10, "6.00", "proposed")]
    assert interest(paid, events=events) == [(10, "10.00", "proposed")]


def test_a_correction_bears_interest_from_its_own_or_the_original_due_date():
    reports = [*SOLD, report("2026-Q1", ["400000.00"], "2026-06-01", 2)]
    receipts = [("2026-05-10", "10000.00"), ("2026-07-12", "10000.00")]
    assert interest(receipts, reports=reports) == [(1, "1.00", "proposed")]
    original = {"correction": {"interest_from": "original_due"}}
    assert interest(receipts, reports=reports, terms=original) == [(63, "63.00", "proposed")]


def test_staff_charge_and_waive_and_a_receipt_pays_what_was_charged():
    events = [
        {"type": kind, "date": "2026-06-01", "period": "2026-Q1", "amount": amount}
        for kind, amount in (("interest_charged", "6.00"), ("interest_waived", "3.00"))
    ]
    receipts = [("2026-05-20", "10000.00"), ("2026-06-02", "7.00")]
    assert interest(receipts, events=events) == [
        (10, "6.00", "charged"),
        (10, "3.00", "waived"),
        (10, "1.00", "proposed"),
    ]
    paid = [{"reference": str(day), "date": day, "amount": amount} for day, amount in receipts]
    document = contract([terms(late=RATE)], SOLD, receipts=paid, events=events)
    assert results(document)["totals"]["credit_balance"] == "1.00"


DUE = date(2026, 5, 10)
FIXED = Late(365, 1_300_000_000, None, 10**10, 0, retroactive=False, stops_in_dispute=False)


def tariff(mode="half_up"):
    return Tariff(FIXED, Rounding(mode, 1), lambda day: yearly_rate(FIXED, (), (), day), (), ())


@settings(max_examples=200, deadline=None, database=None)
@given(st.integers(0, 10**9), st.integers(0, 900), st.integers(0, 900))
def test_interest_starts_at_nothing_and_never_falls(amount, first, more):
    """Property 18."""
    debt = Debt(DUE, [(DUE, amount)], [])
    days = [accrued(debt, tariff(), DUE + timedelta(days=count)) for count in (0, first, more)]
    assert days[0] == 0
    assert (days[1] <= days[2]) == (first <= more or days[1] == days[2])


@settings(max_examples=200, deadline=None, database=None)
@given(st.integers(0, 10**6), st.integers(0, 200), st.integers(0, 200))
def test_adjoining_days_add_up_before_rounding(amount, first, more):
    """Property 18."""
    debt = Debt(DUE, [(DUE, amount * 36_500)], [])

    def until(days):
        return accrued(debt, tariff(), DUE + timedelta(days=days))

    later = Debt(DUE + timedelta(days=first), [(DUE + timedelta(days=first), amount * 36_500)], [])
    end = DUE + timedelta(days=first + more)
    assert until(first) + accrued(later, tariff(), end) == until(first + more)
