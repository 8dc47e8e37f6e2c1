"""Many clients at one proposal, one transfer, one credit or one policy: exactly one effect.

Every client has its own connection and commits for real. The twins at the end take the locks out.
"""

from datetime import date
from decimal import Decimal
from functools import partial

import pytest

from deals.models import Deal, InterestDecision, InterestProposal, PublishedRate, Receipt
from deals.services import credits, interest, invariants, policies, rates, receipts, statements
from deals.services.credits import Grant
from deals.services.receipts import Reversal
from tests.cast import make_cast
from tests.deals import reporting, settling
from tests.deals.reporting import noon
from tests.races.racing import WON, meet_after, race, without_locks

AT = noon("2026-11-20")
DAY = date(2026, 11, 20)
CLIENTS = 8


@pytest.fixture
def cast(committed_db):
    return make_cast()


@pytest.fixture
def proposal(cast):
    return settling.make_proposal(cast)


def decide(service, proposal, cast, reason):
    return partial(service, proposal, reason=reason, note="", by=cast.finance_a, at=AT)


def charge(proposal, cast):
    return decide(interest.charge_interest, proposal, cast, "reminded")


def waive(proposal, cast):
    return decide(interest.waive_interest, proposal, cast, "small")


def reverse(receipt, cast, reference):
    reversal = Reversal(reference, DAY, "bounced")
    return partial(receipts.reverse_receipt, receipt, reversal=reversal, by=cast.finance_a, at=AT)


def assert_whole(deal):
    reporting.work_off(AT)
    assert not dict(invariants.broken(Deal.objects.filter(pk=deal.pk)))
    assert not dict(invariants.with_broken_chains(Deal.objects.filter(pk=deal.pk)))


def test_eight_charges_of_one_proposal_are_one(cast, proposal):
    assert race([charge(proposal, cast)] * CLIENTS) == ["interest.decided"] * 7 + [WON]
    assert InterestDecision.objects.get().amount_minor == 4_400
    assert_whole(proposal.deal)


def test_interest_is_charged_or_waived(cast, proposal):
    outcomes = race([charge(proposal, cast), waive(proposal, cast)])
    assert outcomes == ["interest.decided", WON]
    assert InterestDecision.objects.count() == 1
    assert_whole(proposal.deal)


def test_a_decision_beside_a_computation_is_booked_in_the_end(cast, proposal):
    compute = partial(statements.compute_deal, proposal.deal_id, at=AT)
    assert race([charge(proposal, cast), compute]) == [WON, WON]
    assert_whole(proposal.deal)
    row = InterestProposal.objects.get()
    assert (row.charged_minor, row.open_minor) == (4_400, 0)


def test_two_reversals_of_one_transfer_are_one(cast, proposal):
    receipt = Receipt.objects.get()
    clients = [reverse(receipt, cast, f"R-{number}") for number in range(CLIENTS)]
    assert race(clients) == ["receipt.reversed_already"] * 7 + [WON]
    assert_whole(proposal.deal)


def test_one_reversal_sent_eight_times_is_one_row(cast, proposal):
    receipt = Receipt.objects.get()
    assert race([reverse(receipt, cast, "R-1")] * CLIENTS) == [WON] * CLIENTS
    assert Receipt.objects.filter(reverses=receipt).count() == 1
    assert_whole(proposal.deal)


def propose(deal, cast):
    grant = Grant(1_000, DAY, "prepaid")
    return partial(credits.propose_credit, deal, grant=grant, by=cast.finance_a, at=AT)


def test_eight_proposals_of_a_credit_are_one(cast, proposal):
    outcomes = race([propose(proposal.deal, cast)] * CLIENTS)
    assert outcomes == ["credit.waiting"] * 7 + [WON]


@pytest.mark.parametrize("other", [credits.confirm_credit, credits.refuse_credit])
def test_a_credit_is_decided_once(cast, proposal, other):
    row = propose(proposal.deal, cast)()
    clients = [partial(credits.confirm_credit, row, by=cast.head_a, at=AT)] * 4
    clients += [partial(other, row, by=cast.head_a, at=AT)] * 4
    assert race(clients) == ["credit.decided"] * 7 + [WON]
    row.refresh_from_db()
    is_granted = row.state == "confirmed"
    assert proposal.deal.facts.filter(kind="credit").exists() is is_granted
    assert_whole(proposal.deal)


def test_a_policy_is_decided_once(cast):
    draft = policies.PolicyDraft(settling.STEPS, DAY, "tests")
    row = policies.propose_policy(draft, by=cast.finance_a, at=AT)
    verbs = [policies.confirm_policy, policies.refuse_policy] * 4
    outcomes = race([partial(verb, row, by=cast.head_a, at=AT) for verb in verbs])
    assert outcomes == ["policy.decided"] * 7 + [WON]


def test_eight_values_of_one_day_are_eight_revisions(cast):
    def record(value):
        quote = rates.Quote("USD/CNY", DAY, Decimal(value))
        rates.record_rates([quote], source="tests", by=cast.platform_finance, at=AT)

    clients = [partial(record, f"7.{number + 1}") for number in range(CLIENTS)]
    assert race(clients) == [WON] * CLIENTS
    found = PublishedRate.objects.values_list("revision", flat=True)
    assert sorted(found) == list(range(1, CLIENTS + 1))


def test_without_locks_two_decisions_are_taken_for_one_proposal(cast, proposal, monkeypatch):
    """Both believe that it is theirs to decide; at best the chain of facts stops the second."""
    without_locks(monkeypatch)
    where = "deals.services.interest._refuse_stale"
    meet_after(monkeypatch, where, interest._refuse_stale, count=2)
    outcomes = race([charge(proposal, cast), waive(proposal, cast)])
    assert outcomes in (["IntegrityError", WON], [WON, WON])


def test_without_locks_two_see_that_no_credit_waits(cast, proposal, monkeypatch):
    """Both propose; at best a key that both counted to stops the second, with an error."""
    without_locks(monkeypatch)
    where = "deals.services.credits._check"
    meet_after(monkeypatch, where, credits._check, count=2)
    outcomes = race([propose(proposal.deal, cast)] * 2)
    assert outcomes in (["IntegrityError", WON], [WON, WON])


def test_without_locks_a_second_reversal_ends_in_an_error(cast, proposal, monkeypatch):
    without_locks(monkeypatch)
    where = "deals.services.receipts._refuse_second"
    meet_after(monkeypatch, where, receipts._refuse_second, count=2)
    receipt = Receipt.objects.get()
    outcomes = race([reverse(receipt, cast, "R-1"), reverse(receipt, cast, "R-2")])
    assert outcomes == ["IntegrityError", WON]
