"""The end of a trial asks for a decision; silence is not consent."""

from datetime import timedelta

import pytest

from deals.models import Deal, Fact
from deals.services.trials import end_due_trials, expire_due_decisions
from listings.models import Listing
from marketplace.base import audit
from tests.deals.makers import make_deal


@pytest.fixture
def deal(cast, at):
    return make_deal(cast, "in_trial", at)


@pytest.fixture
def last_day(deal, at):
    return at + (deal.trial_to_date - at.date())


def test_a_trial_runs_through_its_last_day(deal, last_day):
    assert end_due_trials(last_day) == 0


def test_the_day_after_the_company_must_decide(deal, last_day):
    assert end_due_trials(last_day + timedelta(days=1)) == 1
    deal.refresh_from_db()
    assert deal.state == "awaiting_decision"
    assert audit.entries_of(deal)[0].actor is None


def test_ending_twice_is_ending_once(deal, last_day):
    end_due_trials(last_day + timedelta(days=1))
    assert end_due_trials(last_day + timedelta(days=1)) == 0


def test_a_deal_that_converted_is_left_alone(cast, at):
    deal = make_deal(cast, "paying", at)
    assert end_due_trials(at + timedelta(days=400)) == 0
    assert Deal.objects.get(pk=deal.pk).state == "paying"


def test_without_a_decision_the_deal_expires(deal, last_day):
    end_due_trials(last_day + timedelta(days=1))
    assert expire_due_decisions(last_day + timedelta(days=30)) == 0
    assert expire_due_decisions(last_day + timedelta(days=31)) == 1
    deal.refresh_from_db()
    assert deal.state == "expired"
    assert Fact.objects.filter(kind="event", payload__type="termination").count() == 1


def test_an_ended_trial_gives_its_place_back(cast, deal, last_day):
    end_due_trials(last_day + timedelta(days=1))
    assert Listing.objects.get(pk=deal.listing_id).trials_running == 1
    expire_due_decisions(last_day + timedelta(days=31))
    assert Listing.objects.get(pk=deal.listing_id).trials_running == 0
