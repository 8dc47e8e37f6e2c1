"""The page of a university."""

import re

import pytest
from django.urls import reverse

from tests.factories import OrganisationFactory
from tests.listings.factories import IndustryFactory, PublishedFactory, UniversityFactory


def show(client, organisation, language=""):
    return client.get(language + reverse("storefront", args=[organisation.public_id]))


def text_of(response):
    plain = re.sub(r"<[^>]*>", " ", response.content.decode())
    return re.sub(r"\s+", " ", plain)


@pytest.fixture
def university(db):
    return UniversityFactory(
        name_zh="岭南工业大学", name_en="Lingnan Tech", verification="verified"
    )


def test_it_counts_what_stands_on_the_shelf(client, university):
    PublishedFactory.create_batch(2, organisation=university)
    PublishedFactory()
    assert "看全部 2 项" in text_of(show(client, university))


def test_it_shows_its_own_newest_results_alone(client, university):
    PublishedFactory(organisation=university, title_zh="自己的成果")
    PublishedFactory(title_zh="别校的成果")
    text = text_of(show(client, university))
    assert "自己的成果" in text
    assert "别校的成果" not in text


def test_an_industry_leads_to_its_results_of_this_university(client, university):
    industry = IndustryFactory(code="tides", name_zh="潮汐")
    PublishedFactory(organisation=university, industry=industry)
    html = show(client, university).content.decode()
    address = f'href="/browse/?university={university.public_id}&amp;industry=tides"'
    assert f'<a class="chip" {address}>潮汐 · 1</a>' in html


def test_a_listing_names_it_with_a_link(client, university):
    listing = PublishedFactory(organisation=university)
    html = client.get(reverse("listing", args=[listing.public_id])).content.decode()
    assert f'href="{reverse("storefront", args=[university.public_id])}"' in html


def test_an_empty_shelf_says_what_will_stand_there(client, university):
    assert "货架上还没有成果" in text_of(show(client, university))


def test_english_pages_call_it_by_its_english_name(client, university):
    assert (
        '<h1 itemprop="name">Lingnan Tech</h1>' in show(client, university, "/en").content.decode()
    )


@pytest.mark.django_db
@pytest.mark.parametrize("kind_and_state", [("university", "pending"), ("company", "verified")])
def test_only_verified_universities_have_a_page(client, kind_and_state):
    kind, state = kind_and_state
    organisation = OrganisationFactory(kind=kind, verification=state)
    assert show(client, organisation).status_code == 404


def test_cards_cost_no_query_each(client, university, django_assert_max_num_queries):
    PublishedFactory.create_batch(12, organisation=university)
    with django_assert_max_num_queries(8):
        show(client, university)
