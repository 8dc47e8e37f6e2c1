"""The office's decision: approve or send back, never by the author."""

import pytest

from listings.services.listings import (
    approve_listing,
    approve_many,
    send_back_listing,
    submit_listing,
    why_not,
)
from marketplace.accounts.actors import Actor
from marketplace.accounts.models import Membership
from marketplace.base.errors import ConflictError, RuleError
from tests.listings.factories import make_draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def submitted(cast, at):
    return submit_listing(make_draft(cast.officer_a, at), by=cast.officer_a, at=at)


@pytest.fixture
def officer_and_head(cast):
    """The officer who submits, made head of the office as well."""
    Membership.objects.filter(pk=cast.officer_a.membership.pk).update(
        roles=["transfer_officer", "office_head"]
    )
    return Actor(cast.officer_a.user, Membership.objects.get(pk=cast.officer_a.membership.pk))


def test_the_head_passes_a_submission_on_to_the_platform(submitted, cast, at):
    listing = approve_listing(submitted, by=cast.head_a, at=at)
    assert (listing.state, listing.approved_by) == ("platform_review", cast.head_a.user)


def test_the_submitter_cannot_approve_even_as_head(submitted, officer_and_head, at):
    with pytest.raises(RuleError) as refused:
        approve_listing(submitted, by=officer_and_head, at=at)
    assert refused.value.code == "approver.is_author"
    assert why_not(submitted, "approve", by=officer_and_head).code == "approver.is_author"


def test_the_author_cannot_approve_what_a_colleague_submitted(cast, at):
    draft = make_draft(cast.head_a, at)
    submitted = submit_listing(draft, by=cast.officer_a, at=at)
    with pytest.raises(RuleError) as refused:
        approve_listing(submitted, by=cast.head_a, at=at)
    assert refused.value.code == "approver.is_author"


def test_an_inventor_cannot_approve(submitted, cast, at):
    submitted.inventors.create(name="何敏", user=cast.head_a.user)
    with pytest.raises(RuleError) as refused:
        approve_listing(submitted, by=cast.head_a, at=at)
    assert refused.value.code == "approver.is_author"


@pytest.mark.parametrize(
    "person", ["officer_a", "researcher_a", "head_b", "signatory_c", "reviewer"]
)
def test_nobody_but_the_head_of_the_same_university_approves(submitted, cast, at, person):
    with pytest.raises(RuleError):
        approve_listing(submitted, by=getattr(cast, person), at=at)
    submitted.refresh_from_db()
    assert submitted.state == "office_review"


def test_a_draft_is_not_approved(cast, at):
    with pytest.raises(ConflictError):
        approve_listing(make_draft(cast.officer_a, at), by=cast.head_a, at=at)


def test_sending_back_keeps_the_note_for_the_author(submitted, cast, at):
    listing = send_back_listing(submitted, note=" 补充报告 ", by=cast.head_a, at=at)
    assert (listing.state, listing.state_note) == ("to_correct", "补充报告")


def test_sending_back_without_a_note_is_refused(submitted, cast, at):
    with pytest.raises(RuleError) as refused:
        send_back_listing(submitted, note="  ", by=cast.head_a, at=at)
    assert (refused.value.code, refused.value.where) == ("note.missing", "note")


def test_what_was_sent_back_is_submitted_again_without_its_note(submitted, cast, at):
    returned = send_back_listing(submitted, note="补充报告", by=cast.head_a, at=at)
    again = submit_listing(returned, by=cast.officer_a, at=at)
    assert (again.state, again.state_note) == ("office_review", "")


def test_a_selection_is_approved_and_each_refusal_is_told(submitted, cast, at):
    draft = make_draft(cast.officer_a, at)
    outcome = approve_many([submitted, draft], by=cast.head_a, at=at)
    assert [listing.pk for listing in outcome.done] == [submitted.pk]
    assert [(listing.pk, error.code) for listing, error in outcome.refused] == [
        (draft.pk, "state.moved")
    ]
