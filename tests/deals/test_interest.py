"""Proposed interest: followed from the calculation, charged or waived by the licensor, once."""

import pytest
from django.db import DatabaseError, transaction

from deals.models import Deal, InterestDecision, InterestProposal
from deals.rules.postings import Account
from deals.services import dossiers, interest, invariants, ledger
from deals.services.positions import position
from marketplace.base.errors import ConflictError, RuleError
from tests.deals import reporting, settling
from tests.deals.reporting import noon

pytestmark = pytest.mark.django_db

AT = noon("2026-11-20")
GROUND = {"reason": "reminded", "note": ""}


@pytest.fixture
def deal(cast):
    return settling.make_late_deal(cast)


@pytest.fixture
def proposal(deal):
    return InterestProposal.objects.get()


def decide(service, proposal, cast, *, by=None, at=AT, **ground):
    return service(proposal, **GROUND | ground, by=by or cast.finance_a, at=at)


def balance(deal, account):
    return ledger.balances(deal)[account, ""]


def test_a_late_payment_proposes_interest_for_its_days(proposal):
    assert (proposal.days, proposal.amount_minor) == (10, 4_400)
    assert proposal.open_minor == 4_400


def test_an_accruing_day_is_no_proposal_yet(cast):
    settling.make_billed_deal(cast, late=settling.LATE)
    reporting.work_off(noon("2026-12-01"))
    assert not InterestProposal.objects.exists()


def test_a_proposal_changes_no_balance(deal):
    assert balance(deal, Account.COMPANY_RECEIVABLE) == 0
    assert balance(deal, Account.INTEREST_DUE) == 0


def test_charged_interest_is_asked_for(deal, proposal, cast):
    decide(interest.charge_interest, proposal, cast)
    reporting.work_off(AT)
    assert balance(deal, Account.COMPANY_RECEIVABLE) == 4_400
    assert balance(deal, Account.INTEREST_DUE) == -4_400
    assert not dict(invariants.broken(Deal.objects.all()))


def test_charged_interest_is_paid_by_a_later_transfer(deal, proposal, cast):
    decide(interest.charge_interest, proposal, cast)
    reporting.pay(deal, cast, "B-2", 5_000, on="2026-11-23")
    reporting.work_off(noon("2026-11-23"))
    assert balance(deal, Account.COMPANY_RECEIVABLE) == 0
    assert balance(deal, Account.COMPANY_CREDIT) == -600
    assert position(deal, on=noon("2026-11-23").date()).decided.open == 0
    assert not dict(invariants.broken(Deal.objects.all()))


def test_waived_interest_is_never_asked_for(deal, proposal, cast):
    decide(interest.waive_interest, proposal, cast, reason="small")
    reporting.work_off(AT)
    assert balance(deal, Account.COMPANY_RECEIVABLE) == 0
    assert balance(deal, Account.WAIVER) == 4_400
    assert not dict(invariants.broken(Deal.objects.all()))


def test_the_decision_is_a_fact_of_the_contract_file(deal, proposal, cast):
    decide(interest.charge_interest, proposal, cast)
    assert dossiers.contract_file(deal, as_of=AT.date())["events"][-1] == {
        "type": "interest_charged",
        "date": "2026-11-20",
        "period": "2026-Q3",
        "amount": "44.00",
    }


def test_the_row_shows_the_decision_at_once(proposal, cast):
    decide(interest.waive_interest, proposal, cast, reason="small")
    proposal.refresh_from_db()
    assert (proposal.waived_minor, proposal.open_minor) == (4_400, 0)


@pytest.mark.parametrize("second", [interest.charge_interest, interest.waive_interest])
def test_a_proposal_is_decided_once(proposal, cast, second):
    decide(interest.charge_interest, proposal, cast)
    reason = "agreed" if second is interest.charge_interest else "small"
    with pytest.raises(ConflictError, match=r"interest\.decided"):
        decide(second, proposal, cast, reason=reason)
    assert InterestDecision.objects.count() == 1


@pytest.mark.parametrize(
    "name", ["finance_c", "signatory_c", "platform_finance", "officer_a", "head_a", "officer_b"]
)
def test_nobody_but_the_licensors_finance_decides(proposal, cast, name):
    with pytest.raises(RuleError, match=r"role\.missing"):
        decide(interest.waive_interest, proposal, cast, by=getattr(cast, name), reason="small")


def test_a_decision_names_a_reason_of_its_kind(proposal, cast):
    with pytest.raises(RuleError, match=r"reason\.unknown"):
        decide(interest.charge_interest, proposal, cast, reason="our_delay")


def test_another_reason_is_put_in_words(proposal, cast):
    with pytest.raises(RuleError, match=r"note\.missing"):
        decide(interest.waive_interest, proposal, cast, reason="other", note=" ")


def test_figures_that_moved_meanwhile_are_not_decided(deal, proposal, cast):
    reporting.pay(deal, cast, "B-0", 400_000, on="2026-11-12")
    with pytest.raises(ConflictError, match=r"interest\.moved"):
        decide(interest.charge_interest, proposal, cast)


def test_a_transfer_recorded_late_moves_the_proposal(deal, proposal, cast):
    reporting.pay(deal, cast, "B-0", 4_400_000, on="2026-11-09")
    reporting.work_off(noon("2026-11-20"))
    assert not InterestProposal.objects.exists()


def test_two_part_payments_propose_twice_and_the_older_is_decided_first(cast):
    deal = settling.make_billed_deal(cast, late=settling.LATE)
    reporting.pay(deal, cast, "B-1", 2_200_000, on="2026-11-19")
    reporting.pay(deal, cast, "B-2", 2_200_000, on="2026-11-29")
    reporting.work_off(noon("2026-11-29"))
    first, second = InterestProposal.objects.order_by("until_date")
    assert (first.amount_minor, second.amount_minor) == (4_400, 2_200)
    with pytest.raises(RuleError, match=r"interest\.older_first"):
        decide(interest.charge_interest, second, cast, at=noon("2026-11-30"))
    decide(interest.waive_interest, first, cast, reason="small", at=noon("2026-11-30"))
    decide(interest.charge_interest, second, cast, at=noon("2026-11-30"))
    reporting.work_off(noon("2026-11-30"))
    shown = InterestProposal.objects.order_by("until_date")
    assert [(row.charged_minor, row.waived_minor) for row in shown] == [(0, 4_400), (2_200, 0)]
    assert not dict(invariants.broken(Deal.objects.all()))


def test_the_days_of_a_proposal_add_up_to_its_amount(deal):
    (found,) = position(deal, on=AT.date()).interest
    (span,) = found.spans
    assert (span.days, span.amount) == (10, 4_400_000)
    assert (span.first.isoformat(), span.last.isoformat()) == ("2026-11-10", "2026-11-19")
    assert found.amount == found.total == 4_400


def test_a_decision_can_be_neither_changed_nor_deleted(proposal, cast):
    decide(interest.charge_interest, proposal, cast)
    for change in (lambda rows: rows.update(amount_minor=1), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(InterestDecision.objects.all())


def test_posting_the_same_result_twice_writes_nothing(deal, django_assert_num_queries):
    result = position(deal, on=AT.date())
    with django_assert_num_queries(2):
        interest.post_interest({deal.pk: result})
    assert InterestProposal.objects.count() == 1
