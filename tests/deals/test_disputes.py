"""Disputing a line and resolving it: who may, until when, and what of the money stops."""

from dataclasses import replace
from datetime import date

import pytest

from deals.models import Deal, Dispute
from deals.rules import facts, statement
from deals.services import disputes, dossiers
from deals.views.bills import status_of
from marketplace.base import audit
from marketplace.base.errors import ConflictError, RuleError
from tests.deals import disputing, reporting
from tests.deals.disputing import AFTER, LAST, OBJECTION, open_dispute
from tests.deals.reporting import noon

pytestmark = pytest.mark.django_db


@pytest.fixture
def bill(cast):
    return disputing.make_bill(cast)


def parts(bill, day):
    found = status_of(bill.instalments.get(), date.fromisoformat(day))
    return [(part.state, part.amount) for part in found["parts"]]


@pytest.mark.parametrize("who", ["finance_c", "officer_a", "finance_a"])
def test_finance_of_both_sides_and_the_officer_may_dispute(bill, cast, who):
    assert open_dispute(bill, getattr(cast, who)).state == "open"


@pytest.mark.parametrize("who", ["contact_c", "signatory_c", "head_a", "officer_b", "approver"])
def test_nobody_else_may(bill, cast, who):
    with pytest.raises(RuleError, match=r"role\.missing"):
        open_dispute(bill, getattr(cast, who))


def test_a_dispute_is_possible_on_the_last_day(bill, cast):
    assert open_dispute(bill, cast.finance_c, day=LAST).state == "open"


def test_a_final_statement_is_not_disputed(bill, cast):
    with pytest.raises(ConflictError, match=r"statement\.final"):
        open_dispute(bill, cast.finance_c, day=AFTER)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"code": "earned.nothing"}, "dispute.line_unknown"),
        ({"reason": "mood"}, "reason.unknown"),
        ({"text": " "}, "note.missing"),
        ({"amount_minor": 0}, "dispute.too_much"),
        ({"amount_minor": 4_400_001}, "dispute.too_much"),
    ],
)
def test_a_wrong_objection_is_refused_and_nothing_is_written(bill, cast, change, code):
    with pytest.raises(RuleError, match=code.replace(".", r"\.")):
        open_dispute(bill, cast.finance_c, objection=replace(OBJECTION, **change))
    assert not Dispute.objects.exists()


def test_a_line_is_disputed_once_at_a_time(bill, cast):
    open_dispute(bill, cast.finance_c)
    with pytest.raises(ConflictError, match=r"dispute\.open"):
        open_dispute(bill, cast.finance_a)


def test_two_disputes_together_stop_no_more_than_is_payable(bill, cast):
    open_dispute(bill, cast.finance_c)
    more = replace(OBJECTION, code="gross", key="product/1/CNY", amount_minor=3_400_001)
    key = next(line for line in bill.lines.all() if line.code == "gross").inputs["line"]
    with pytest.raises(RuleError) as refusal:
        open_dispute(bill, cast.finance_c, objection=replace(more, key=key))
    assert refusal.value.context["most"] == "34000.00"


def test_only_the_disputed_part_stops(bill, cast):
    open_dispute(bill, cast.finance_c)
    bill.refresh_from_db()
    assert parts(bill, "2026-11-09") == [("payment_due", 3_400_000), ("disputed", 1_000_000)]
    assert parts(bill, "2026-11-10") == [("overdue", 3_400_000), ("disputed", 1_000_000)]


def test_the_calculation_is_told_of_the_disputed_days(bill, cast):
    dispute = open_dispute(bill, cast.finance_c)
    document = dossiers.contract_file(bill.deal, as_of=date(2026, 10, 18))
    event = {"type": "dispute", "date": "2026-10-18", "period": "2026-Q3", "amount": "10000.00"}
    assert document["events"][-1] == event
    disputes.withdraw_dispute(dispute, by=cast.finance_c, at=noon("2026-10-22"))
    document = dossiers.contract_file(bill.deal, as_of=date(2026, 10, 22))
    assert document["events"][-1] == {**event, "to": "2026-10-22"}


def test_late_interest_leaves_the_disputed_part_out(cast):
    late = {"method": "simple", "basis": 365, "rate": {"fixed": "0.365"}, "stops_in_dispute": True}
    deal = reporting.make_paying_deal(cast, late=late)
    disputing.restate(deal, cast, 180_800_000, day=disputing.ACCEPTED)
    open_dispute(deal.statements.get(), cast.finance_c)
    document = dossiers.contract_file(deal, as_of=date(2026, 11, 19))
    [interest] = statement.compute(facts.load(document)).interest
    assert interest.amount == 10 * 3_400_000 // 1_000


def test_the_side_that_opened_it_gives_it_up(bill, cast):
    dispute = open_dispute(bill, cast.finance_c)
    with pytest.raises(RuleError, match=r"dispute\.not_yours"):
        disputes.withdraw_dispute(dispute, by=cast.finance_a, at=noon("2026-10-20"))
    found = disputes.withdraw_dispute(dispute, by=cast.finance_c, at=noon("2026-10-20"))
    bill.refresh_from_db()
    assert (found.state, bill.disputed_minor) == ("withdrawn", 0)


def test_both_sides_say_that_a_corrected_report_put_it_right(bill, cast):
    dispute = open_dispute(bill, cast.finance_c)
    disputing.restate(bill.deal, cast, 237_300_000, day="2026-10-20")
    dispute = disputes.agree_correction(dispute, by=cast.officer_a, at=noon("2026-10-21"))
    assert dispute.state == "open"
    dispute = disputes.agree_correction(dispute, by=cast.finance_c, at=noon("2026-10-22"))
    bill.refresh_from_db()
    assert (dispute.state, bill.disputed_minor, bill.payable_minor) == ("corrected", 0, 6_400_000)


def test_nothing_is_put_right_before_a_report_is_accepted_anew(bill, cast):
    dispute = open_dispute(bill, cast.finance_c)
    with pytest.raises(RuleError, match=r"dispute\.not_corrected"):
        disputes.agree_correction(dispute, by=cast.officer_a, at=noon("2026-10-21"))


def test_one_side_cannot_agree_twice(bill, cast):
    dispute = open_dispute(bill, cast.finance_c)
    disputing.restate(bill.deal, cast, 237_300_000, day="2026-10-20")
    dispute = disputes.agree_correction(dispute, by=cast.officer_a, at=noon("2026-10-21"))
    with pytest.raises(ConflictError, match=r"dispute\.agreed"):
        disputes.agree_correction(dispute, by=cast.finance_a, at=noon("2026-10-21"))


def test_a_dispute_may_be_resolved_after_the_statement_is_final(bill, cast):
    dispute = open_dispute(bill, cast.finance_c)
    reporting.work_off(noon("2026-12-01"))
    found = disputes.withdraw_dispute(dispute, by=cast.finance_c, at=noon("2026-12-02"))
    bill.refresh_from_db()
    assert (bill.state, found.state) == ("final", "withdrawn")


def test_what_is_resolved_stays_resolved(bill, cast):
    dispute = open_dispute(bill, cast.finance_c)
    disputes.withdraw_dispute(dispute, by=cast.finance_c, at=noon("2026-10-20"))
    with pytest.raises(ConflictError, match=r"dispute\.closed"):
        disputes.withdraw_dispute(dispute, by=cast.finance_c, at=noon("2026-10-21"))


def test_the_history_tells_of_every_step_and_both_chains_follow(bill, cast):
    dispute = open_dispute(bill, cast.finance_c)
    disputes.withdraw_dispute(dispute, by=cast.finance_c, at=noon("2026-10-20"))
    verbs = [entry.verb for entry in audit.entries_of(bill.deal)[:2]]
    assert verbs == ["dispute.withdrawn", "statement.disputed"]
    assert audit.first_broken(bill.deal) is None
    assert dossiers.first_broken_fact(bill.deal) is None
    assert reporting.owed(Deal.objects.get()) == 2
