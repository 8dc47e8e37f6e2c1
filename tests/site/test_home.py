"""Home, the rules in plain words, a typed shelf code, the theme."""

import re

import pytest

from listings.rules.shelf_codes import read
from tests.listings.factories import IndustryFactory, ListingFactory, PublishedFactory


def text_of(response):
    plain = re.sub(r"<[^>]*>", " ", response.content.decode())
    return re.sub(r"\s+", " ", plain)


# --- home ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_each_aisle_shows_the_newest_of_its_industries(client):
    industry = IndustryFactory(aisle="B")
    PublishedFactory(industry=industry, title_zh="旧的成果")
    PublishedFactory(industry=industry, title_zh="新的成果")
    html = text_of(client.get("/"))
    assert "B 区 · 生命与健康" in html
    assert "看全部 2 项" in html
    assert "新的成果" in html
    assert "旧的成果" not in html


@pytest.mark.django_db
def test_an_aisle_without_results_is_left_out(client):
    PublishedFactory(industry=IndustryFactory(aisle="B"))
    assert "A 区" not in text_of(client.get("/"))


@pytest.mark.django_db
def test_a_draft_stands_on_no_shelf(client):
    ListingFactory(title_zh="草稿成果")
    html = text_of(client.get("/"))
    assert "草稿成果" not in html
    assert "货架还空着" in html


@pytest.mark.django_db
def test_home_speaks_english_and_traditional_chinese(client):
    assert "Lab results," in text_of(client.get("/en/"))
    assert "擺上貨架" in text_of(client.get("/zh-hant/"))


@pytest.mark.django_db
def test_the_figures_are_counted(client):
    first = PublishedFactory(trials_running=2)
    PublishedFactory(organisation=first.organisation, trials_running=1)
    figures = client.get("/").context["figures"]
    assert figures == {"results": 2, "universities": 1, "cities": 1, "trials": 3}


@pytest.mark.django_db
def test_home_costs_few_queries(client, django_assert_max_num_queries):
    for _ in range(6):
        PublishedFactory()
    with django_assert_max_num_queries(6):
        client.get("/")


def test_the_rules_in_plain_words_need_no_database(client):
    assert "没有收入，就不用付" in text_of(client.get("/use-first/"))
    assert "No revenue, no fee" in text_of(client.get("/en/use-first/"))


# --- a typed shelf code -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", ["A-0312-07", "a031207", " a 0312 07 ", "Ａ－０３１２－０７", "A—0312—07"]
)
def test_a_code_is_read_however_it_is_typed(typed):
    assert read(typed) == "A-0312-07"


@pytest.mark.parametrize(
    "typed", ["", "A-312-07", "0312-07", "AA-0312-07", "A-0312-071", "一-0312-07"]
)
def test_what_is_no_code_is_not_read_as_one(typed):
    assert read(typed) is None


@pytest.mark.django_db
def test_a_known_code_leads_to_its_result(client):
    listing = PublishedFactory(shelf_code="A-0312-07")
    assert client.get("/shelf/?code=a031207").url == f"/results/{listing.public_id}/"


@pytest.mark.django_db
def test_the_language_is_kept_on_the_way(client):
    listing = PublishedFactory(shelf_code="A-0312-07")
    assert client.get("/en/shelf/?code=A-0312-07").url == f"/en/results/{listing.public_id}/"


@pytest.mark.django_db
def test_a_withdrawn_code_says_since_when_and_shows_neighbours(client, at):
    PublishedFactory(shelf_code="A-0312-06", title_zh="旁边的成果")
    gone = PublishedFactory(shelf_code="A-0312-07")
    gone.state, gone.withdrawn_at = "withdrawn", at
    gone.save()
    response = client.get("/shelf/?code=A-0312-07")
    assert response.status_code == 410
    assert "A-0312-07 在 2026-07-15 下架" in text_of(response)
    assert "旁边的成果" in text_of(response)


@pytest.mark.django_db
def test_a_mistyped_code_is_told_and_kept_in_the_field(client):
    response = client.get("/shelf/?code=A-9999-99")
    assert response.status_code == 404
    assert "没有成果用这个货架码" in text_of(response)
    assert 'value="A-9999-99"' in response.content.decode()


@pytest.mark.django_db
def test_a_draft_with_a_code_of_its_own_is_not_betrayed(client):
    ListingFactory(shelf_code="A-0312-07")
    assert client.get("/shelf/?code=A-0312-07").status_code == 404


@pytest.mark.django_db
def test_words_are_told_what_a_code_looks_like(client):
    assert "一个字母加六位数字" in text_of(client.get("/shelf/?code=电池"))


@pytest.mark.django_db
def test_the_empty_form_is_an_ordinary_page(client):
    assert client.get("/shelf/").status_code == 200


# --- the theme ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_theme_is_kept_in_a_cookie_and_on_the_next_page(client):
    response = client.post("/theme", {"theme": "dark", "next": "/use-first/?a=1"})
    assert response.url == "/use-first/?a=1"
    assert 'data-theme="dark"' in client.get("/use-first/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "back", ["https://elsewhere.example/", "//elsewhere.example", "javascript:x"]
)
def test_the_way_back_never_leads_elsewhere(client, back):
    assert client.post("/theme", {"theme": "dark", "next": back}).url == "/"


@pytest.mark.django_db
def test_a_theme_that_does_not_exist_changes_nothing(client):
    assert "theme" not in client.post("/theme", {"theme": "neon"}).cookies


def test_the_theme_is_only_posted(client):
    assert client.get("/theme").status_code == 405


# --- what waits ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_whoever_is_signed_in_sees_first_what_waits(cast, sign_in):
    ListingFactory(organisation=cast.university_a, state="office_review", title_zh="待批的成果")
    html = text_of(sign_in(cast.head_a).get("/"))
    assert "等你处理" in html
    assert "待批的成果" in html


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["anonymous", "guest", "head_b", "contact_c"])
def test_what_waits_for_others_is_not_shown(cast, sign_in, who):
    ListingFactory(organisation=cast.university_a, state="office_review", title_zh="待批的成果")
    assert "待批的成果" not in text_of(sign_in(getattr(cast, who)).get("/"))


@pytest.mark.django_db
def test_the_first_three_stand_here_and_the_others_are_counted(cast, sign_in):
    for number in range(5):
        ListingFactory(
            organisation=cast.university_a, state="office_review", title_zh=f"待批{number}"
        )
    assert "还有 2 件" in text_of(sign_in(cast.head_a).get("/"))
