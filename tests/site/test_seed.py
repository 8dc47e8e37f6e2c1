"""The demonstration's data: invented, whole, and the same for the same seed."""

import random
from collections import Counter

import pytest
from django.core.management import CommandError, call_command

from deals.models import Deal, LedgerMovement, Rehearsal, Statement
from deals.services import rehearsals
from listings.models import Listing, SearchEntry
from marketplace.accounts.models import Organisation
from marketplace.site.demo import catalogue, lives, names, organisations, seeding, texts


@pytest.fixture
def small(db, at, monkeypatch):
    """A seeded database a fiftieth of the demo's size."""
    monkeypatch.setattr(catalogue, "PUBLISHED", 120)
    monkeypatch.setattr(catalogue, "HOME_SHARE", 20)
    monkeypatch.setattr(organisations, "COMPANIES", 60)
    counts = tuple(
        (state, max(count // 100, lives.HOME.count(state))) for state, count in lives.COUNTS
    )
    monkeypatch.setattr(lives, "COUNTS", counts)
    said: list[str] = []
    seeding.seed(at, random.Random(1), say=said.append)
    return said


def test_every_listing_stands_on_the_shelf_with_a_number_in_its_pitch(small):
    published = Listing.objects.published()
    assert published.count() == SearchEntry.objects.count() == 120
    assert all(any(sign.isdigit() for sign in row.pitch_zh) for row in published)


def test_everything_is_marked_as_a_sample(small):
    assert not Organisation.objects.filter(is_sample=False).exists()
    assert not Listing.objects.filter(is_sample=False).exists()
    assert not Deal.objects.filter(is_sample=False).exists()


def test_no_deal_is_parked(small):
    assert list(Deal.objects.exclude(parked_reason="").values_list("parked_reason")) == []


def test_the_homes_deals_wait_for_somebody_in_every_state(small):
    home = Organisation.objects.get(name_zh=organisations.HOMES["company"][0])
    states = Counter(Deal.objects.filter(licensee=home).values_list("state", flat=True))
    assert {"requested", "in_talks", "awaiting_platform", "ready_to_sign", "in_trial"} <= set(
        states
    )
    assert Statement.objects.filter(deal__licensee=home, payable_minor__gt=0).exists()


def test_what_was_computed_stands_in_the_ledger(small):
    assert LedgerMovement.objects.filter(kind="receipt").exists()
    assert LedgerMovement.objects.filter(kind="owner_split").exists()


def test_the_companys_finance_person_finds_a_rehearsal(small):
    row = Rehearsal.objects.get()
    assert row.owner.email == "finance@company.example"
    assert row.state == "paying"
    [owed] = rehearsals.result_of(rehearsals.play_of(row)).instalments
    assert owed.due < row.today_date
    assert owed.outstanding > 0


def test_the_progress_ends_at_a_hundred_percent(small):
    assert "100%" in small[-1]


def test_a_database_with_organisations_is_left_alone(cast):
    with pytest.raises(CommandError, match="already holds"):
        call_command("seed")


def test_no_law_or_literature_stands_on_a_shelf():
    assert {text.industry for text in texts.chinese()} <= set(texts.BY_DISCIPLINE.values())


def test_six_hundred_universities_have_different_names():
    made = list(names.universities())
    assert len(made) == len({zh for zh, _ in made}) == len({en for _, en in made}) == 600
