"""Finding listings: words, numbers, names, filters, counts and pages."""

from decimal import Decimal

import pytest

from listings.models import SearchEntry
from listings.models.catalogue import Found, gains, search
from listings.rules.facets import NOTHING, Filters
from listings.rules.paging import PAGE_SIZE, Place
from listings.services.search import index, unindex
from tests.listings.factories import (
    CityFactory,
    IndustryFactory,
    PublishedFactory,
    UniversityFactory,
)

pytestmark = pytest.mark.django_db
FIRST = Place()


def find(text="", filters=NOTHING, sort="relevance", place=FIRST) -> Found:
    return search(text, filters, sort, place)


def ids(*listings):
    return [listing.pk for listing in listings]


# --- words --------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["电池 低温", "電池 低溫", "低温电池", "低溫電池"])
def test_traditional_and_simplified_find_the_same(typed):
    battery = PublishedFactory(title_zh="低温快充电池")
    PublishedFactory(title_zh="手术机器人导航")
    assert list(find(typed).ids) == ids(battery)


def test_a_listing_in_traditional_is_found_in_simplified():
    battery = PublishedFactory(title_zh="低溫快充電池")
    assert list(find("低温").ids) == ids(battery)


@pytest.mark.parametrize("typed", ["fast-charge", "FAST charge", "ｆａｓｔ　ｃｈａｒｇｅ"])
def test_english_is_found_whatever_its_case_width_and_hyphens(typed):
    battery = PublishedFactory(title_en="Cold-weather fast-charge electrolyte")
    assert list(find(typed).ids) == ids(battery)


def test_every_word_must_occur():
    both = PublishedFactory(title_zh="低温机器人")
    PublishedFactory(title_zh="低温电池")
    assert list(find("低温 机器人").ids) == ids(both)


def test_a_single_character_finds_titles_only():
    titled = PublishedFactory(title_zh="锂离子筛")
    PublishedFactory(title_zh="吸附膜", description_zh="含锂卤水")
    assert list(find("锂").ids) == ids(titled)


def test_a_title_that_holds_the_words_stands_first():
    titled = PublishedFactory(title_zh="动力电池预警")
    mentioned = PublishedFactory(title_zh="热管理涂层", description_zh="用于动力电池")
    assert list(find("电池").ids) == ids(titled, mentioned)


@pytest.mark.parametrize("typed", ["A-0312-07", "a031207", "Ａ－０３１２－０７", "A 0312 07"])
def test_a_shelf_code_is_found_however_it_is_typed(typed):
    wanted = PublishedFactory(shelf_code="A-0312-07")
    PublishedFactory(shelf_code="A-0312-08")
    assert list(find(typed).ids) == ids(wanted)


@pytest.mark.parametrize(
    "typed", ["CN202310123456.7", "202310123456.7", "cn2023101234567", "20231012"]
)
def test_a_patent_number_is_found_with_and_without_country_and_by_its_start(typed):
    wanted = PublishedFactory(patents=["CN202310123456.7"])
    PublishedFactory(patents=["CN202299999999.1"])
    assert list(find(typed).ids) == ids(wanted)


def test_a_university_is_found_by_its_name():
    theirs = PublishedFactory(organisation=UniversityFactory(name_zh="岭南理工大学"))
    PublishedFactory(organisation=UniversityFactory(name_zh="珠江大学"))
    assert list(find("岭南理工大学").ids) == ids(theirs)


@pytest.mark.parametrize("typed", ["'", "\\", "a' | 'b", "!!", "&|", "%", "'; drop", "\x00", "的"])
def test_signs_are_never_operators(typed):
    PublishedFactory(title_zh="低温电池")
    assert find(typed).count in (0, 1)


def test_nothing_that_matches_gives_what_looks_alike():
    alike = PublishedFactory(title_zh="低温电解质薄膜")
    PublishedFactory(title_zh="手术机器人")
    found = find("低温电解槽")
    assert found.is_similar
    assert list(found.ids) == ids(alike)


def test_what_is_unlike_is_not_called_similar():
    PublishedFactory(title_zh="手术机器人")
    found = find("光伏硅片")
    assert (found.count, found.is_similar) == (0, False)


# --- filters and counts -------------------------------------------------------------------------


def test_limits_still_belong():
    edge = PublishedFactory(
        rate_first=Decimal("0.04"), rate_last=Decimal("0.03"), cap_minor=100_000_000, trl=5
    )
    PublishedFactory(
        rate_first=Decimal("0.03"), rate_last=Decimal("0.05"), cap_minor=100_000_001, trl=4
    )
    limits = Filters(rate=400, cap=100_000_000, trl_min=5, trl_max=5, trial_months=6)
    assert list(find(filters=limits).ids) == ids(edge)


def test_a_listing_without_a_cap_passes_no_cap_filter():
    PublishedFactory(cap_minor=None)
    assert find(filters=Filters(cap=10**15)).count == 0


def test_a_rate_between_two_steps_counts_as_the_higher():
    PublishedFactory(rate_first=Decimal("0.04001"), rate_last=Decimal("0.03"))
    assert find(filters=Filters(rate=400)).count == 0
    assert find(filters=Filters(rate=401)).count == 1


def test_an_industry_is_counted_within_the_other_filters_and_not_within_itself():
    energy, health = IndustryFactory(), IndustryFactory()
    PublishedFactory(industry=energy, trl=6)
    PublishedFactory(industry=health, trl=6)
    PublishedFactory(industry=health, trl=3)
    found = find(filters=Filters(industries=(energy.code,), trl_min=5))
    assert found.count == 1
    assert found.facets.industries == {energy.pk: 1, health.pk: 1}
    assert found.facets.levels == {6: 1}


def test_each_option_of_the_terms_is_counted_within_the_other_ones():
    PublishedFactory(is_guaranteed=True, trial_months=3)
    PublishedFactory(is_guaranteed=True, trial_months=12)
    PublishedFactory(is_guaranteed=False, trial_months=12, has_minimum=True)
    found = find(filters=Filters(guaranteed=True, trial_months=6))
    assert found.count == 1
    assert found.facets.terms["trial_months"] == 1
    assert found.facets.terms["guaranteed"] == 1
    assert found.facets.terms["no_minimum"] == 1
    assert find().facets.terms["trial_months"] == 2


def test_cities_universities_and_patents_are_counted():
    city = CityFactory()
    university = UniversityFactory(city=city)
    PublishedFactory(organisation=university, patents=["CN1"])
    PublishedFactory(organisation=university)
    facets = find().facets
    assert facets.cities == {city.pk: 2}
    assert facets.universities == {university.pk: 2}
    assert facets.inventions == {True: 1, False: 1}


def test_facets_count_the_hits_of_the_words():
    energy, health = IndustryFactory(), IndustryFactory()
    PublishedFactory(title_zh="低温电池", industry=energy)
    PublishedFactory(title_zh="手术机器人", industry=health)
    assert find("电池").facets.industries == {energy.pk: 1}


def test_each_filter_knows_what_dropping_it_brings_back():
    low = IndustryFactory()
    PublishedFactory(trl=3)
    PublishedFactory(trl=3)
    PublishedFactory(trl=9, industry=low)
    told = gains("", Filters(industries=(low.code,), trl_min=1, trl_max=4))
    assert told == [(("industries",), 2), (("trl_min", "trl_max"), 1)]


# --- keeping in step ----------------------------------------------------------------------------


def test_a_changed_listing_is_found_by_its_new_words_only():
    listing = PublishedFactory(title_zh="低温电池")
    listing.title_zh = "手术机器人"
    index(listing)
    assert find("机器人").count == 1
    assert find("电池").count == 0


def test_a_withdrawn_listing_is_not_found():
    listing = PublishedFactory(title_zh="低温电池")
    listing.state = "withdrawn"
    index(listing)
    assert find("电池").count == 0
    assert not SearchEntry.objects.exists()


def test_taking_out_twice_is_no_fault():
    listing = PublishedFactory()
    unindex(listing)
    unindex(listing)
    assert not SearchEntry.objects.exists()


# --- order and pages ----------------------------------------------------------------------------


def test_the_newest_stands_first_without_words():
    older, newer = PublishedFactory(), PublishedFactory()
    assert list(find().ids) == ids(newer, older)


def test_the_lowest_cap_stands_first_and_no_cap_last():
    none, high, low = (PublishedFactory(cap_minor=cap) for cap in (None, 900, 100))
    assert list(find(sort="cap").ids) == ids(low, high, none)


def test_numbered_pages_follow_each_other():
    for _ in range(PAGE_SIZE + 1):
        PublishedFactory()
    first = find()
    assert (len(first.ids), first.previous, first.following) == (20, None, Place(number=2))
    second = find(place=first.following)
    assert (len(second.ids), second.previous, second.following) == (1, Place(number=1), None)
    assert not set(first.ids) & set(second.ids)


@pytest.mark.parametrize("sort", ["newest", "trl", "rate", "cap", "relevance"])
def test_past_the_numbered_pages_keys_lead_on_and_back(sort, monkeypatch):
    monkeypatch.setattr("listings.models.catalogue.LAST_NUMBERED", 1)
    industry, university = IndustryFactory(), UniversityFactory()
    for number in range(2 * PAGE_SIZE + 3):
        PublishedFactory(
            title_zh="低温电池",
            industry=industry,
            organisation=university,
            trl=1 + number % 3,
            cap_minor=None if number % 4 == 0 else number,
        )
    first = find("电池", sort=sort)
    second = find("电池", sort=sort, place=first.following)
    third = find("电池", sort=sort, place=second.following)
    assert len({*first.ids, *second.ids, *third.ids}) == 2 * PAGE_SIZE + 3
    assert third.following is None
    assert find("电池", sort=sort, place=third.previous).ids == second.ids


@pytest.mark.parametrize("key", ["1", "x", "9-9-9-9", "9999999999999999999-1"])
def test_a_key_that_nobody_wrote_is_the_first_page(key):
    listing = PublishedFactory()
    assert list(find(place=Place(after=key)).ids) == ids(listing)
