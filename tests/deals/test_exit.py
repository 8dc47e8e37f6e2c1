"""Leaving after the trial, with a declaration."""

from datetime import timedelta

import pytest

from deals.models import Fact
from deals.services.trials import ExitDeclaration, exit_deal
from listings.models import Listing
from marketplace.base import audit
from marketplace.base.errors import ConflictError, RuleError
from tests.deals.makers import EXCLUSIVE, make_deal


@pytest.fixture
def declaration(at):
    return ExitDeclaration(has_stopped=True, last_use_date=at.date(), note="低温性能不够")


@pytest.mark.parametrize("state", ["in_trial", "awaiting_decision"])
def test_the_signatory_leaves_with_a_declaration(cast, at, state, declaration):
    deal = make_deal(cast, state, at)
    deal = exit_deal(deal, declaration=declaration, by=cast.signatory_c, at=at)
    assert (deal.state, deal.state_note) == ("exited", "低温性能不够")


def test_the_declared_day_enters_the_history(cast, at, declaration):
    deal = make_deal(cast, "in_trial", at)
    deal = exit_deal(deal, declaration=declaration, by=cast.signatory_c, at=at)
    entry = audit.entries_of(deal)[0]
    assert (entry.verb, entry.data["last_use_date"]) == ("exit", at.date().isoformat())


def test_the_exit_ends_the_contract_from_that_day(cast, at, declaration):
    deal = make_deal(cast, "in_trial", at)
    exit_deal(deal, declaration=declaration, by=cast.signatory_c, at=at)
    assert Fact.objects.get(kind="event").payload["type"] == "termination"


def test_the_result_is_free_again(cast, at, declaration):
    deal = make_deal(cast, "in_trial", at, grant=EXCLUSIVE)
    exit_deal(deal, declaration=declaration, by=cast.signatory_c, at=at)
    listing = Listing.objects.get(pk=deal.listing_id)
    assert (listing.trials_running, listing.is_open) == (0, True)


def test_without_a_declaration_nobody_leaves(cast, at):
    deal = make_deal(cast, "in_trial", at)
    silent = ExitDeclaration(has_stopped=False, last_use_date=at.date())
    with pytest.raises(RuleError, match=r"exit\.not_declared"):
        exit_deal(deal, declaration=silent, by=cast.signatory_c, at=at)


def test_the_last_day_of_use_cannot_lie_ahead(cast, at):
    deal = make_deal(cast, "in_trial", at)
    later = ExitDeclaration(has_stopped=True, last_use_date=at.date() + timedelta(days=1))
    with pytest.raises(RuleError, match=r"exit\.use_in_future"):
        exit_deal(deal, declaration=later, by=cast.signatory_c, at=at)


@pytest.mark.parametrize("name", ["contact_c", "finance_c", "head_a", "member_d"])
def test_only_the_companys_signatory_leaves(cast, at, declaration, name):
    deal = make_deal(cast, "in_trial", at)
    with pytest.raises(RuleError, match=r"role\.missing"):
        exit_deal(deal, declaration=declaration, by=getattr(cast, name), at=at)


@pytest.mark.parametrize("state", ["ready_to_sign", "paying", "exited"])
def test_a_deal_elsewhere_is_not_left(cast, at, declaration, state):
    deal = make_deal(cast, state, at)
    with pytest.raises(ConflictError, match=r"state\.moved"):
        exit_deal(deal, declaration=declaration, by=cast.signatory_c, at=at)
