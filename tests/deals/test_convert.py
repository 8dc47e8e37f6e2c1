"""Going on for money."""

from datetime import timedelta

import pytest

from deals.models import Fact
from deals.services.trials import convert_deal
from listings.models import Listing
from marketplace.base import audit
from marketplace.base.errors import ConflictError, RuleError
from marketplace.base.models import Outbox
from tests.deals.makers import make_deal


@pytest.mark.parametrize("state", ["in_trial", "awaiting_decision"])
def test_the_signatory_converts_during_and_after_the_trial(cast, at, state):
    deal = convert_deal(make_deal(cast, state, at), by=cast.signatory_c, at=at)
    assert (deal.state, deal.converted_date) == ("paying", at.date())


def test_the_conversion_is_an_event_of_the_contract(cast, at):
    convert_deal(make_deal(cast, "in_trial", at), by=cast.signatory_c, at=at)
    fact = Fact.objects.get(kind="event")
    assert fact.payload == {"type": "conversion", "date": at.date().isoformat()}
    assert fact.effective_date == at.date()


def test_the_conversion_owes_one_computation(cast, at):
    deal = convert_deal(make_deal(cast, "in_trial", at), by=cast.signatory_c, at=at)
    owed = Outbox.objects.get()
    assert (owed.task, owed.subject_id) == ("deals.compute_deal", deal.pk)


def test_a_paying_deal_takes_no_trial_place(cast, at):
    deal = make_deal(cast, "paying", at)
    assert Listing.objects.get(pk=deal.listing_id).trials_running == 0


def test_the_conversion_enters_the_history(cast, at):
    deal = make_deal(cast, "paying", at)
    entry = audit.entries_of(deal)[0]
    assert (entry.verb, entry.actor) == ("convert", cast.signatory_c.user)


@pytest.mark.parametrize("name", ["contact_c", "finance_c", "head_a", "member_d", "approver"])
def test_only_the_companys_signatory_converts(cast, at, name):
    deal = make_deal(cast, "in_trial", at)
    with pytest.raises(RuleError, match=r"role\.missing"):
        convert_deal(deal, by=getattr(cast, name), at=at)


@pytest.mark.parametrize("state", ["ready_to_sign", "paying", "exited", "expired"])
def test_a_deal_elsewhere_is_not_converted(cast, at, state):
    deal = make_deal(cast, state, at)
    with pytest.raises(ConflictError, match=r"state\.moved"):
        convert_deal(deal, by=cast.signatory_c, at=at)


def test_nobody_converts_before_the_trial_begins(cast, at):
    deal = make_deal(cast, "in_trial", at)
    with pytest.raises(RuleError, match=r"trial\.not_begun"):
        convert_deal(deal, by=cast.signatory_c, at=at - timedelta(days=1))


def test_nobody_converts_when_the_terms_are_over(cast, at):
    deal = make_deal(cast, "in_trial", at)
    with pytest.raises(RuleError, match=r"terms\.over"):
        convert_deal(deal, by=cast.signatory_c, at=at + timedelta(days=6 * 366))
