"""The platform's decision: onto the shelf under a code for ever, or back."""

import pytest
from django.db import IntegrityError, transaction

from listings.models import Industry, Listing, SearchEntry, ShelfCounter
from listings.services.listings import (
    approve_listing,
    publish_listing,
    publish_many,
    return_listing,
    submit_listing,
    withdraw_listing,
)
from marketplace.accounts.actors import ANONYMOUS
from marketplace.accounts.models import Membership
from marketplace.base.errors import ConflictError, RuleError
from tests.listings.factories import make_draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def approve(cast, at):
    def made(**changes):
        draft = make_draft(cast.officer_a, at, **changes)
        submitted = submit_listing(draft, by=cast.officer_a, at=at)
        return approve_listing(submitted, by=cast.head_a, at=at)

    return made


def test_a_published_listing_gets_its_code_its_label_and_a_search_row(approve, cast, at):
    listing = publish_listing(approve(), by=cast.reviewer, at=at)
    assert (listing.state, listing.shelf_code, listing.published_at) == (
        "published",
        "A-0000-01",
        at,
    )
    assert (listing.trial_months, listing.cap_minor) == (6, 120_000_000)
    assert SearchEntry.objects.filter(listing=listing).exists()
    assert Listing.objects.visible_to(ANONYMOUS).get() == listing


def test_codes_count_up_within_an_aisle(approve, cast, at):
    ShelfCounter.objects.filter(aisle="A").update(last=31_206)
    other_aisle = Industry.objects.get(code="biomedicine")
    codes = [
        publish_listing(listing, by=cast.reviewer, at=at).shelf_code
        for listing in (approve(), approve(), approve(industry=other_aisle))
    ]
    assert codes == ["A-0312-07", "A-0312-08", "B-0000-01"]


def test_a_full_aisle_gives_out_no_code(approve, cast, at):
    ShelfCounter.objects.filter(aisle="A").update(last=999_999)
    with pytest.raises(RuleError) as refused:
        publish_listing(approve(), by=cast.reviewer, at=at)
    assert refused.value.code == "shelf.full"


def test_whoever_approved_for_the_office_cannot_publish(approve, cast, at):
    listing = approve()
    Listing.objects.filter(pk=listing.pk).update(approved_by=cast.reviewer.user)
    with pytest.raises(RuleError) as refused:
        publish_listing(listing, by=cast.reviewer, at=at)
    assert refused.value.code == "reviewer.is_approver"


def test_a_member_of_the_university_cannot_publish_for_the_platform(approve, cast, at):
    Membership.objects.create(
        user=cast.reviewer.user,
        organisation=cast.university_a,
        roles=["internal_audit"],
        created_at=at,
    )
    with pytest.raises(RuleError) as refused:
        publish_listing(approve(), by=cast.reviewer, at=at)
    assert refused.value.code == "reviewer.is_colleague"


@pytest.mark.parametrize("person", ["head_a", "approver", "administrator", "auditor", "member_d"])
def test_only_a_listing_reviewer_publishes(approve, cast, at, person):
    with pytest.raises(RuleError) as refused:
        publish_listing(approve(), by=getattr(cast, person), at=at)
    assert refused.value.code == "role.missing"


def test_a_university_that_is_not_verified_stays_off_the_shelf(approve, cast, at):
    listing = approve()
    cast.university_a.verification = "pending"
    cast.university_a.save()
    with pytest.raises(RuleError) as refused:
        publish_listing(listing, by=cast.reviewer, at=at)
    assert refused.value.code == "organisation.not_verified"
    listing.refresh_from_db()
    assert (listing.state, listing.shelf_code) == ("platform_review", None)


def test_a_listing_is_published_once(approve, cast, at):
    listing = publish_listing(approve(), by=cast.reviewer, at=at)
    with pytest.raises(ConflictError):
        publish_listing(listing, by=cast.reviewer, at=at)


def test_a_returned_listing_goes_through_both_again(approve, cast, at):
    listing = return_listing(approve(), note="缺对照", by=cast.reviewer, at=at)
    assert (listing.state, listing.state_note) == ("to_correct", "缺对照")
    again = submit_listing(listing, by=cast.officer_a, at=at)
    assert (again.state, again.approved_by) == ("office_review", None)


def test_a_withdrawn_listing_keeps_its_code_and_leaves_search(approve, cast, at):
    listing = publish_listing(approve(), by=cast.reviewer, at=at)
    withdrawn = withdraw_listing(listing, note="专利转让", by=cast.officer_a, at=at)
    assert (withdrawn.state, withdrawn.shelf_code) == ("withdrawn", "A-0000-01")
    assert not SearchEntry.objects.exists()


def test_a_selection_is_published_and_each_refusal_is_told(approve, cast, at):
    waiting, draft = approve(), make_draft(cast.officer_a, at)
    outcome = publish_many([draft, waiting], by=cast.reviewer, at=at)
    assert [listing.shelf_code for listing in outcome.done] == ["A-0000-01"]
    assert [error.code for _listing, error in outcome.refused] == ["state.moved"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "lost"},
        {"trl": 10},
        {"state": "published", "shelf_code": None},
    ],
)
def test_the_database_holds_what_the_services_promise(approve, wrong):
    listing = approve()
    with pytest.raises(IntegrityError), transaction.atomic():
        Listing.objects.filter(pk=listing.pk).update(**wrong)


@pytest.mark.parametrize("pair", [("approved_by", "submitted_by"), ("reviewed_by", "approved_by")])
def test_the_database_refuses_one_person_twice(approve, cast, pair):
    listing = approve()
    people = dict.fromkeys(pair, cast.auditor.user)
    with pytest.raises(IntegrityError), transaction.atomic():
        Listing.objects.filter(pk=listing.pk).update(**people)
