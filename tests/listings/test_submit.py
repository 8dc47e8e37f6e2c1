"""Submitting a draft to the university's office."""

import pytest

from listings.services.listings import DraftChanges, create_draft, submit_listing, update_draft
from marketplace.base.audit import entries_of, first_broken
from marketplace.base.errors import ConflictError, RuleError
from tests.listings.factories import make_draft, make_template

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(cast, at):
    return make_draft(cast.officer_a, at)


def test_a_complete_draft_goes_to_the_office(draft, cast, at):
    listing = submit_listing(draft, by=cast.officer_a, at=at)
    assert (listing.state, listing.submitted_by) == ("office_review", cast.officer_a.user)
    assert listing.state_since == at


def test_submission_is_written_to_a_history_that_holds(draft, cast, at):
    submit_listing(draft, by=cast.officer_a, at=at)
    entry = entries_of(draft)[0]
    assert (entry.verb, entry.actor) == ("submit", cast.officer_a.user)
    assert (entry.data["from"], entry.data["to"]) == ("draft", "office_review")
    assert first_broken(draft) is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title_zh": "", "title_en": ""}, "title"),
        ({"pitch_zh": "充得很快"}, "pitch"),
        ({"industry": None}, "industry"),
        ({"trl": None}, "trl"),
        ({"trl_evidence": ""}, "trl_evidence"),
        ({"terms_template": None}, "terms"),
    ],
)
def test_a_draft_that_lacks_something_is_refused_by_its_name(cast, at, changes, code):
    with pytest.raises(RuleError) as refused:
        submit_listing(make_draft(cast.officer_a, at, **changes), by=cast.officer_a, at=at)
    assert refused.value.code == "listing.incomplete"
    assert refused.value.context["codes"] == (code,)


@pytest.mark.parametrize("part", ["unit", "method"])
def test_a_benefit_without_unit_or_method_does_not_count(draft, cast, at, part):
    draft.benefits.update(**{part: ""})
    with pytest.raises(RuleError) as refused:
        submit_listing(draft, by=cast.officer_a, at=at)
    assert refused.value.context["codes"] == ("benefit",)


@pytest.mark.parametrize("person", ["researcher_a", "head_a", "officer_b", "contact_c", "reviewer"])
def test_only_an_officer_of_the_university_submits(draft, cast, at, person):
    with pytest.raises(RuleError) as refused:
        submit_listing(draft, by=getattr(cast, person), at=at)
    assert refused.value.code == "role.missing"


def test_a_submitted_listing_is_not_submitted_again(draft, cast, at):
    submit_listing(draft, by=cast.officer_a, at=at)
    with pytest.raises(ConflictError):
        submit_listing(draft, by=cast.officer_a, at=at)


def test_a_researcher_begins_a_draft_and_cannot_change_a_colleagues(draft, cast, at):
    changes = DraftChanges({"title_zh": "新成果"})
    own = create_draft(changes, by=cast.researcher_a, at=at)
    assert own.organisation == cast.university_a
    assert update_draft(own, changes, by=cast.researcher_a, at=at).version == 2
    with pytest.raises(RuleError):
        update_draft(draft, changes, by=cast.researcher_a, at=at)


@pytest.mark.parametrize("person", ["head_a", "contact_c", "reviewer"])
def test_others_begin_no_draft(cast, at, person):
    with pytest.raises(RuleError):
        create_draft(DraftChanges({"title_zh": "新成果"}), by=getattr(cast, person), at=at)


def test_an_officer_of_another_university_changes_nothing(draft, cast, at):
    with pytest.raises(RuleError):
        update_draft(draft, DraftChanges({"trl": 9}), by=cast.officer_b, at=at)


@pytest.mark.parametrize("name", ["state", "shelf_code", "organisation_id", "is_guaranteed"])
def test_a_draft_takes_no_column_that_services_keep(draft, cast, at, name):
    with pytest.raises(RuleError) as refused:
        update_draft(draft, DraftChanges({name: "x"}), by=cast.officer_a, at=at)
    assert refused.value.code == "field.unknown"


def test_a_draft_takes_no_terms_of_another_university(draft, cast, at):
    foreign = make_template(cast.university_b, at)
    with pytest.raises(RuleError):
        update_draft(draft, DraftChanges({"terms_template": foreign}), by=cast.officer_a, at=at)


def test_an_inventor_keeps_the_account_when_people_are_saved_again(draft, cast, at):
    from listings.models import Inventor

    draft.inventors.create(name="何敏", user=cast.head_a.user)
    people = [Inventor(name="何敏", weight=60), Inventor(name="陈立")]
    update_draft(draft, DraftChanges(inventors=people), by=cast.officer_a, at=at)
    users = dict(draft.inventors.values_list("name", "user"))
    assert users == {"何敏": cast.head_a.user.pk, "陈立": None}
