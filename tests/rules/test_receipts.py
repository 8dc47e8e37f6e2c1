"""Due dates, receipts, surplus and reversals."""

from tests.rules.contracts import by_period, contract, report, results, terms


def test_a_due_date_waits_for_the_final_day():
    made = terms(periods={"min_days_after_final": 10})
    late = report("2026-Q1", ["1000.00"], "2026-06-01")
    assert results(contract([made], [late]))["instalments"][0]["due"] == "2026-06-11"


def test_holidays_push_a_due_date_and_makeup_workdays_hold_it():
    made = terms(periods={"roll": "following"})
    sold = [report("2026-Q1", ["1000.00"])]
    moved = results(contract([made], sold, holidays=["2026-05-11"]))
    kept = results(contract([made], sold, workdays=["2026-05-10"]))
    assert moved["instalments"][0]["due"] == "2026-05-12"
    assert kept["instalments"][0]["due"] == "2026-05-10"
    assert kept["warnings"] == []


def test_surplus_pays_the_next_quarter_and_is_allocated_then():
    owners = [{"party": "U1", "weight": 70}, {"party": "U2", "weight": 30}]
    reports = [report("2026-Q1", ["1000.00"]), report("2026-Q2", ["1000.00"])]
    receipts = [{"reference": "B1", "date": "2026-05-01", "amount": "80.00"}]
    early = contract([terms(owners=owners)], reports[:1], receipts=receipts)
    late = contract([terms(owners=owners)], reports, receipts=receipts)
    assert results(early)["totals"]["credit_balance"] == "30.00"
    assert results(early)["allocations"][0]["owners"] == {"U1": "35.00", "U2": "15.00"}
    assert results(late)["allocations"][0]["owners"] == {"U1": "56.00", "U2": "24.00"}
    assert by_period(late)["2026-Q2"]["credits"] == "30.00"


def test_a_receipt_may_name_the_period_it_is_for():
    reports = [report("2026-Q1", ["1000.00"]), report("2026-Q2", ["1000.00"])]
    receipts = [{"reference": "B1", "date": "2026-09-01", "amount": "50.00", "for": "2026-Q2"}]
    found = results(contract([terms()], reports, receipts=receipts))["instalments"]
    assert [one["outstanding"] for one in found] == ["50.00", "0.00"]


def test_reversing_a_receipt_restores_every_balance():
    reports = [report("2026-Q1", ["1000.00"]), report("2026-Q2", ["1000.00"])]
    receipts = [
        {"reference": "B1", "date": "2026-05-01", "amount": "80.00"},
        {"reference": "B9", "reverses": "B1", "date": "2026-09-01"},
    ]
    plain = results(contract([terms()], reports))
    found = results(contract([terms()], reports, receipts=receipts))
    assert found["totals"] == plain["totals"]
    assert [one["outstanding"] for one in found["instalments"]] == ["50.00", "50.00"]
    assert [one["owners"]["U1"] for one in found["allocations"]] == ["80.00", "-80.00"]


def test_a_guarantor_pays_what_is_open():
    events = [{"type": "guarantee_call", "date": "2026-09-01", "amount": "30.00"}]
    found = results(contract([terms()], [report("2026-Q1", ["1000.00"])], events=events))
    assert found["totals"]["outstanding"] == "20.00"
    assert [one["owners"]["U1"] for one in found["allocations"]] == ["30.00"]


def test_a_refund_takes_back_a_credit():
    receipts = [{"reference": "B1", "date": "2026-05-01", "amount": "80.00"}]
    events = [{"type": "refund", "date": "2026-09-01", "amount": "30.00"}]
    document = contract(
        [terms()], [report("2026-Q1", ["1000.00"])], events=events, receipts=receipts
    )
    assert results(document)["totals"]["credit_balance"] == "0.00"
