"""A company asks for a trial; the university may decline, the company may withdraw."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from deals.models import Deal
from deals.services.trials import decline_deal, request_trial, withdraw_deal
from marketplace.base import audit
from marketplace.base.errors import ConflictError, RuleError
from tests.deals.makers import (
    EXCLUSIVE,
    for_company_d,
    make_deal,
    make_listing,
    make_policy,
    make_request,
)


@pytest.fixture
def listing(cast):
    return make_listing(cast)


def test_a_request_is_a_deal_between_the_owner_and_the_company(cast, listing, at):
    deal = request_trial(listing, request=make_request(at), by=cast.contact_c, at=at)
    assert (deal.licensor, deal.licensee) == (cast.university_a, cast.company_c)
    assert (deal.state, deal.requested_by) == ("requested", cast.contact_c.user)


def test_a_request_begins_the_history(cast, listing, at):
    deal = request_trial(listing, request=make_request(at), by=cast.contact_c, at=at)
    assert [entry.verb for entry in audit.entries_of(deal)] == ["request"]


@pytest.mark.parametrize("name", ["finance_c", "signatory_c", "officer_a", "reviewer", "guest"])
def test_only_a_companys_contact_asks(cast, listing, at, name):
    with pytest.raises(RuleError, match=r"role\.missing"):
        request_trial(listing, request=make_request(at), by=getattr(cast, name), at=at)


def test_a_company_that_is_not_verified_waits(cast, listing, at):
    cast.contact_c.organisation.verification = "pending"
    with pytest.raises(RuleError, match=r"organisation\.not_verified"):
        request_trial(listing, request=make_request(at), by=cast.contact_c, at=at)


def test_a_draft_cannot_be_tried(cast, at):
    listing = make_listing(cast, state="draft")
    with pytest.raises(RuleError, match=r"listing\.not_open"):
        request_trial(listing, request=make_request(at), by=cast.contact_c, at=at)


def test_a_result_that_is_licensed_exclusively_cannot_be_tried(cast, listing, at):
    make_deal(for_company_d(cast), "in_trial", at, listing=listing, grant=EXCLUSIVE)
    with pytest.raises(RuleError, match=r"listing\.not_open"):
        request_trial(listing, request=make_request(at), by=cast.contact_c, at=at)


def test_when_all_places_are_taken_the_company_waits(cast, at):
    listing = make_listing(cast, trial_places=1)
    make_deal(for_company_d(cast), "in_trial", at, listing=listing)
    with pytest.raises(RuleError, match=r"listing\.no_places"):
        request_trial(listing, request=make_request(at), by=cast.contact_c, at=at)


def test_a_trial_cannot_start_in_the_past(cast, listing, at):
    request = replace(make_request(at), wished_start_date=at.date() - timedelta(days=1))
    with pytest.raises(RuleError, match=r"trial\.start_past") as refusal:
        request_trial(listing, request=request, by=cast.contact_c, at=at)
    assert refusal.value.where == "wished_start_date"


def test_a_second_request_for_the_same_result_is_a_conflict(cast, listing, at):
    make_deal(cast, "requested", at, listing=listing)
    with pytest.raises(ConflictError, match=r"trial\.exists"):
        request_trial(listing, request=make_request(at), by=cast.contact_c, at=at)


def test_after_a_withdrawal_the_company_may_ask_again(cast, listing, at):
    make_deal(cast, "withdrawn", at, listing=listing)
    assert make_deal(cast, "requested", at, listing=listing).state == "requested"


def test_the_database_refuses_a_second_open_deal(cast, listing, at):
    make_deal(cast, "requested", at, listing=listing)
    ended = make_deal(cast, "withdrawn", at)
    twin = Deal.objects.filter(pk=ended.pk)
    with pytest.raises(IntegrityError, match="deal_one_open"), transaction.atomic():
        twin.update(listing=listing, state="requested")


def test_the_university_declines_and_says_why(cast, at):
    deal = make_deal(cast, "requested", at)
    deal = decline_deal(deal, note="已许可给他人试用", by=cast.officer_a, at=at)
    assert (deal.state, deal.state_note) == ("refused", "已许可给他人试用")


def test_declining_without_a_word_is_refused(cast, at):
    deal = make_deal(cast, "requested", at)
    with pytest.raises(RuleError, match=r"note\.missing"):
        decline_deal(deal, note="", by=cast.officer_a, at=at)


@pytest.mark.parametrize("name", ["contact_c", "officer_b", "approver", "head_a"])
def test_only_the_universitys_officer_declines(cast, at, name):
    deal = make_deal(cast, "requested", at)
    with pytest.raises(RuleError, match=r"role\.missing"):
        decline_deal(deal, note="不", by=getattr(cast, name), at=at)


@pytest.mark.parametrize(
    "state",
    ["requested", "in_talks", "awaiting_platform", "half_approved", "ready_to_sign", "half_signed"],
)
def test_the_company_withdraws_before_both_have_signed(cast, at, state):
    deal = withdraw_deal(make_deal(cast, state, at), by=cast.contact_c, at=at)
    assert deal.state == "withdrawn"


@pytest.mark.parametrize("state", ["in_trial", "paying", "refused", "exited"])
def test_a_running_or_ended_deal_is_not_withdrawn(cast, at, state):
    deal = make_deal(cast, state, at)
    with pytest.raises(ConflictError, match=r"state\.moved"):
        withdraw_deal(deal, by=cast.contact_c, at=at)


def test_withdrawing_takes_a_running_notice_back(cast, at):
    make_policy(notice_days=15)
    deal = withdraw_deal(make_deal(cast, "notice_running", at), by=cast.contact_c, at=at)
    assert deal.notices.get().outcome == "cancelled"


@pytest.mark.parametrize("name", ["officer_b", "member_d", "double", "guest", "anonymous"])
def test_strangers_do_not_see_the_deal(cast, at, name):
    make_deal(cast, "requested", at)
    assert not Deal.objects.visible_to(getattr(cast, name)).exists()


@pytest.mark.parametrize(
    "name", ["contact_c", "finance_c", "signatory_c", "officer_a", "head_a", "approver", "auditor"]
)
def test_both_sides_and_the_platform_see_the_deal(cast, at, name):
    deal = make_deal(cast, "requested", at)
    assert Deal.objects.visible_to(getattr(cast, name)).get() == deal
