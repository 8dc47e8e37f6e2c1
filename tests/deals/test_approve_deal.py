"""The platform's two approvals: who may, on what, and that the database would refuse the rest."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from deals.models import Approval, Deal
from deals.services.approvals import (
    approve_deal,
    needs_second,
    refuse_deal,
    send_back_deal,
    why_not,
)
from marketplace.accounts.actors import Actor
from marketplace.accounts.rules import Role
from marketplace.base import audit
from marketplace.base.errors import ConflictError, RuleError
from tests.deals.makers import (
    DEARER,
    EXCLUSIVE,
    OFFER,
    accept,
    approve,
    for_company_d,
    make_deal,
    make_listing,
    make_policy,
    propose,
)
from tests.factories import MembershipFactory


@pytest.fixture
def deal(cast, at):
    return make_deal(cast, "awaiting_platform", at)


def test_the_first_approval_leaves_the_deal_before_the_platform(cast, deal, at):
    deal = approve_deal(deal, sha256=deal.terms.sha256, by=cast.approver, at=at)
    assert deal.state == "awaiting_platform"
    assert deal.first_approver == cast.approver.user
    assert deal.second_approver is None


def test_the_second_approval_makes_the_deal_ready_to_sign(cast, deal, at, later):
    approve_deal(deal, sha256=deal.terms.sha256, by=cast.approver, at=at)
    deal = approve_deal(deal, sha256=deal.terms.sha256, by=cast.second_approver, at=later)
    assert deal.state == "ready_to_sign"
    assert deal.state_since == later
    assert deal.second_approver == cast.second_approver.user


def test_each_approval_is_a_row_on_the_hash_that_was_read(cast, deal, at):
    approve(deal, cast, at)
    rows = Approval.objects.order_by("ordinal")
    assert [(row.ordinal, row.decided_by) for row in rows] == [
        (1, cast.approver.user),
        (2, cast.second_approver.user),
    ]
    assert {row.terms for row in rows} == {deal.terms}


def test_each_approval_enters_the_history(cast, deal, at):
    approve(deal, cast, at)
    entries = list(audit.entries_of(deal)[:2])
    assert [entry.verb for entry in entries] == ["approve", "approve_first"]
    assert [entry.actor for entry in entries] == [cast.second_approver.user, cast.approver.user]
    assert entries[0].data["to"] == "ready_to_sign"
    assert audit.first_broken(deal) is None


def test_the_same_person_cannot_approve_twice(cast, deal, at):
    approve_deal(deal, sha256=deal.terms.sha256, by=cast.approver, at=at)
    with pytest.raises(RuleError, match=r"approver\.is_first"):
        approve_deal(deal, sha256=deal.terms.sha256, by=cast.approver, at=at)


def test_the_requester_cannot_approve(cast, deal, at):
    Deal.objects.filter(pk=deal.pk).update(requested_by=cast.approver.user)
    with pytest.raises(RuleError, match=r"approver\.is_requester"):
        approve_deal(deal, sha256=deal.terms.sha256, by=cast.approver, at=at)


@pytest.mark.parametrize("party", ["university_a", "company_c"])
def test_a_member_of_a_party_cannot_approve_even_when_acting_for_the_platform(
    cast, deal, at, party
):
    MembershipFactory(user=cast.approver.user, organisation=getattr(cast, party))
    with pytest.raises(RuleError, match=r"approver\.is_party"):
        approve_deal(deal, sha256=deal.terms.sha256, by=cast.approver, at=at)


def test_a_membership_that_ended_does_not_count(cast, deal, at):
    MembershipFactory(user=cast.approver.user, organisation=cast.company_c, is_active=False)
    deal = approve_deal(deal, sha256=deal.terms.sha256, by=cast.approver, at=at)
    assert deal.first_approver == cast.approver.user


@pytest.mark.parametrize("part", ["proposed_by", "licensee_accepted_by", "licensor_accepted_by"])
def test_who_wrote_or_accepted_the_terms_cannot_approve_after_leaving(cast, deal, at, part):
    person = getattr(deal.terms, part)
    person.memberships.update(is_active=False)
    desk = MembershipFactory(user=person, organisation=cast.platform, roles=[Role.DEAL_APPROVER])
    with pytest.raises(RuleError, match=r"approver\.is_author"):
        approve_deal(deal, sha256=deal.terms.sha256, by=Actor(person, desk), at=at)


@pytest.mark.parametrize(
    "name", ["officer_a", "head_a", "signatory_c", "reviewer", "auditor", "administrator"]
)
def test_nobody_without_the_role_approves(cast, deal, at, name):
    with pytest.raises(RuleError, match=r"role\.missing"):
        approve_deal(deal, sha256=deal.terms.sha256, by=getattr(cast, name), at=at)


def test_the_machine_cannot_approve(cast, deal, at):
    with pytest.raises(RuleError, match=r"role\.missing"):
        approve_deal(deal, sha256=deal.terms.sha256, by=Actor(), at=at)


@pytest.mark.parametrize("state", ["requested", "in_talks", "ready_to_sign", "in_trial"])
def test_a_deal_elsewhere_cannot_be_approved(cast, at, state):
    deal = make_deal(cast, state, at)
    with pytest.raises(ConflictError, match=r"state\.moved") as refusal:
        approve_deal(deal, sha256="", by=cast.approver, at=at)
    assert refusal.value.context == {"state": state}


def test_an_approval_of_other_terms_is_refused(cast, deal, at):
    """A page left open, while the deal was sent back and came again with newer terms."""
    old = deal.terms.sha256
    reason = {"reason": "beyond_listing", "note": "封顶请回到 120 万"}
    send_back_deal(deal, sha256=old, by=cast.second_approver, at=at, **reason)
    accept(propose(deal, cast, at, offer=DEARER), cast, at)
    with pytest.raises(RuleError, match=r"terms\.hash_differs"):
        approve_deal(deal, sha256=old, by=cast.approver, at=at)


def test_a_refused_approval_leaves_nothing_behind(cast, deal, at):
    before = audit.entries_of(deal).count()
    with pytest.raises(RuleError):
        approve_deal(deal, sha256="another", by=cast.approver, at=at)
    assert not Approval.objects.exists()
    assert audit.entries_of(deal).count() == before


def test_a_licence_that_now_overlaps_a_live_one_is_refused(cast, at):
    listing = make_listing(cast)
    deal = make_deal(cast, "awaiting_platform", at, listing=listing, grant=EXCLUSIVE)
    other = make_deal(for_company_d(cast), "in_trial", at, listing=listing)
    with pytest.raises(RuleError, match=r"grant\.overlaps") as refusal:
        approve_deal(deal, sha256=deal.terms.sha256, by=cast.approver, at=at)
    assert refusal.value.where == "licence_kind"
    assert other.licensee.name_zh not in str(refusal.value.context)


# --- one approval or two ------------------------------------------------------------------------


def test_below_the_amount_one_approval_of_standard_terms_is_enough(cast, at):
    make_policy(second_from=OFFER.cap + 1)
    deal = make_deal(cast, "awaiting_platform", at)
    deal = approve_deal(deal, sha256=deal.terms.sha256, by=cast.approver, at=at)
    assert deal.state == "ready_to_sign"


def test_from_the_amount_on_two_are_needed(cast, at):
    make_policy(second_from=OFFER.cap)
    assert needs_second(make_deal(cast, "awaiting_platform", at), at=at)


def test_a_deviation_from_the_standing_terms_needs_two(cast, at):
    make_policy(second_from=OFFER.cap * 100)
    assert needs_second(make_deal(cast, "awaiting_platform", at, offer=DEARER), at=at)


def test_another_kind_of_licence_needs_two(cast, at):
    make_policy(second_from=OFFER.cap * 100)
    assert needs_second(make_deal(cast, "awaiting_platform", at, grant=EXCLUSIVE), at=at)


def test_without_a_cap_two_are_needed_whatever_the_amount(cast, at):
    make_policy(second_from=10**15)
    offer = replace(OFFER, cap=None)
    assert needs_second(make_deal(cast, "awaiting_platform", at, offer=offer), at=at)


# --- sending back and refusing ------------------------------------------------------------------


def test_sending_back_voids_acceptances_and_approvals(cast, deal, at):
    sha256 = deal.terms.sha256
    approve_deal(deal, sha256=sha256, by=cast.approver, at=at)
    note = "请补充用途说明"
    deal = send_back_deal(
        deal, sha256=sha256, reason="use_unclear", note=note, by=cast.second_approver, at=at
    )
    assert (deal.state, deal.state_note) == ("in_talks", note)
    assert (deal.terms, deal.first_approver, deal.second_approver) == (None, None, None)


def test_after_new_terms_both_approvals_are_needed_again(cast, deal, at):
    sha256 = deal.terms.sha256
    approve_deal(deal, sha256=sha256, by=cast.approver, at=at)
    send_back_deal(deal, sha256=sha256, reason="other", note="改", by=cast.second_approver, at=at)
    deal = accept(propose(deal, cast, at, offer=DEARER), cast, at)
    deal = approve_deal(deal, sha256=deal.terms.sha256, by=cast.second_approver, at=at)
    assert deal.state == "awaiting_platform"
    deal = approve_deal(deal, sha256=deal.terms.sha256, by=cast.approver, at=at)
    assert deal.state == "ready_to_sign"


def test_refusing_ends_the_deal(cast, deal, at):
    deal = refuse_deal(
        deal, sha256=deal.terms.sha256, reason="unfit", note="资质不足", by=cast.approver, at=at
    )
    assert (deal.state, deal.state_note) == ("refused", "资质不足")


@pytest.mark.parametrize("decide", [send_back_deal, refuse_deal])
@pytest.mark.parametrize(
    ("reason", "note", "code"),
    [("other", " ", r"note\.missing"), ("whim", "不合适", r"reason\.unknown")],
)
def test_saying_no_needs_a_known_reason_and_a_note(cast, deal, at, decide, reason, note, code):
    with pytest.raises(RuleError, match=code):
        decide(deal, sha256=deal.terms.sha256, reason=reason, note=note, by=cast.approver, at=at)


@pytest.mark.parametrize("decide", [send_back_deal, refuse_deal])
def test_whoever_approved_first_cannot_also_say_no(cast, deal, at, decide):
    sha256 = deal.terms.sha256
    approve_deal(deal, sha256=sha256, by=cast.approver, at=at)
    with pytest.raises(RuleError, match=r"approver\.is_first"):
        decide(deal, sha256=sha256, reason="other", note="改", by=cast.approver, at=at)


# --- what the page is told ----------------------------------------------------------------------


def test_the_page_learns_why_there_is_no_button(cast, deal, at):
    approve_deal(deal, sha256=deal.terms.sha256, by=cast.approver, at=at)
    deal = Deal.objects.get(pk=deal.pk)
    assert why_not(deal, by=cast.approver).code == "approver.is_first"
    assert why_not(deal, by=cast.auditor).code == "role.missing"
    assert why_not(deal, by=cast.second_approver) is None


# --- what the database holds by itself ------------------------------------------------------------


def test_the_database_refuses_one_person_as_both_approvers(cast, deal):
    deals = Deal.objects.filter(pk=deal.pk)
    with pytest.raises(IntegrityError, match="deal_two_different_approvers"), transaction.atomic():
        deals.update(first_approver=cast.approver.user, second_approver=cast.approver.user)


@pytest.mark.parametrize("column", ["first_approver", "second_approver"])
def test_the_database_refuses_the_requester_as_an_approver(cast, deal, column):
    deals = Deal.objects.filter(pk=deal.pk)
    with (
        pytest.raises(IntegrityError, match="deal_approver_is_not_requester"),
        transaction.atomic(),
    ):
        deals.update(**{column: cast.contact_c.user})


def test_the_database_refuses_a_second_first_approval_of_one_version(cast, deal, at):
    approve_deal(deal, sha256=deal.terms.sha256, by=cast.approver, at=at)
    row = Approval(deal=deal, terms=deal.terms, ordinal=1, decision="approve", decided_at=at)
    row.decided_by = cast.second_approver.user
    with pytest.raises(IntegrityError, match="approval_ordinal_once"), transaction.atomic():
        row.save()


def test_the_database_refuses_a_second_decision_of_one_person(cast, deal, at):
    approve_deal(deal, sha256=deal.terms.sha256, by=cast.approver, at=at)
    row = Approval(deal=deal, terms=deal.terms, ordinal=2, decision="approve", decided_at=at)
    row.decided_by = cast.approver.user
    with pytest.raises(IntegrityError, match="approval_once_a_person"), transaction.atomic():
        row.save()
