"""The catalogue page: what it shows, narrows, explains, and never breaks on."""

import re
from decimal import Decimal

import pytest

from listings.rules.paging import PAGE_SIZE
from tests.listings.factories import (
    CityFactory,
    IndustryFactory,
    ListingFactory,
    PublishedFactory,
    UniversityFactory,
)

pytestmark = pytest.mark.django_db


def browse(client, query="", language="", **headers):
    return client.get(f"{language}/browse/{query}", headers=headers)


def text_of(response):
    plain = re.sub(r"<[^>]*>", " ", response.content.decode())
    return re.sub(r"\s+", " ", plain)


# --- what it shows ------------------------------------------------------------------------------


def test_the_shelf_is_shown_and_a_draft_is_not(client):
    PublishedFactory(title_zh="低温快充电解液")
    ListingFactory(title_zh="还没写完的成果")
    html = text_of(browse(client))
    assert "低温快充电解液" in html
    assert "还没写完的成果" not in html
    assert "1 项成果" in html


def test_a_row_shows_what_the_label_says(client):
    PublishedFactory(
        shelf_code="A-0312-07",
        trl=7,
        trial_months=9,
        rate_first=Decimal("0.035"),
        rate_last=Decimal("0.035"),
        cap_minor=90_000_000,
        patents=["CN1", "CN2"],
    )
    html = text_of(browse(client))
    for words in ("A-0312-07", "TRL 7", "试用 9 个月", "3.5%", "封顶 90\u00a0万", "2 件专利"):
        assert words.replace("\u00a0", " ") in html.replace("\u00a0", " ")


def test_the_words_that_were_found_are_marked(client):
    PublishedFactory(title_zh="低温快充电池")
    assert (
        "<mark>低温</mark>快充<mark>电池</mark>" in browse(client, "?q=电池 低温").content.decode()
    )


def test_a_traditional_title_is_marked_where_simplified_words_match(client):
    PublishedFactory(title_zh="低溫快充電池")
    assert "<mark>低溫</mark>" in browse(client, "?q=低温").content.decode()


def test_a_title_is_text_and_never_markup(client):
    PublishedFactory(title_zh="<script>alert(1)</script>电池")
    html = browse(client, "?q=电池").content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<mark>电池</mark>" in html


def test_a_title_without_english_stands_in_chinese_and_says_so(client):
    PublishedFactory(title_zh="超声微泡递送", title_en="")
    html = browse(client, language="/en").content.decode()
    assert '<span lang="zh-Hans">超声微泡递送</span>' in html


def test_what_only_looks_alike_is_called_similar(client):
    PublishedFactory(title_zh="低温电解质薄膜")
    assert "以下是相近的" in text_of(browse(client, "?q=低温电解槽"))


# --- what it narrows ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "industry=wanted",
        "trl_min=6&trl_max=8",
        "guaranteed=1",
        "trial_months=12",
        "rate=2.5",
        "cap=500000",
        "no_minimum=1",
        "city=wanted",
        "ip=invention",
    ],
)
def test_each_filter_keeps_the_one_and_drops_the_other(client, query):
    PublishedFactory(
        title_zh="要找的",
        industry=IndustryFactory(code="wanted"),
        organisation=UniversityFactory(city=CityFactory(code="wanted")),
        trl=7,
        is_guaranteed=True,
        trial_months=12,
        rate_first=Decimal("0.025"),
        rate_last=Decimal("0.025"),
        cap_minor=50_000_000,
        patents=["CN1"],
    )
    PublishedFactory(title_zh="不要的", trl=4, has_minimum=True)
    html = text_of(browse(client, f"?{query}"))
    assert "要找的" in html
    assert "不要的" not in html


def test_a_university_is_a_filter(client):
    wanted = PublishedFactory(title_zh="要找的")
    PublishedFactory(title_zh="不要的")
    html = text_of(browse(client, f"?university={wanted.organisation.public_id}"))
    assert "要找的" in html
    assert "不要的" not in html


def test_an_active_filter_has_a_chip_that_takes_it_away(client):
    PublishedFactory()
    html = browse(client, "?q=%E6%88%90&guaranteed=1&trl_min=3&page=2").content.decode()
    assert "有平台担保" in html
    assert 'href="?q=%E6%88%90&amp;trl_min=3"' in html
    assert 'href="?q=%E6%88%90&amp;guaranteed=1"' in html


def test_one_of_two_industries_can_be_taken_away(client):
    IndustryFactory(code="one"), IndustryFactory(code="two")
    html = browse(client, "?industry=one&industry=two").content.decode()
    assert 'href="?industry=two"' in html
    assert 'href="?industry=one"' in html


def test_an_unusual_limit_is_offered_as_it_is(client):
    PublishedFactory(rate_first=Decimal("0.01"), rate_last=Decimal("0.01"))
    html = browse(client, "?rate=2").content.decode()
    assert 'name="rate" value="2" checked' in html
    assert "提成 ≤ 2%" in html


def test_an_option_without_hits_stays_greyed(client):
    IndustryFactory(name_zh="空的产业")
    PublishedFactory()
    html = browse(client).content.decode()
    assert re.search(r"facet-empty[^>]*>(?:(?!</label>).)*空的产业", html, re.DOTALL)


# --- what it explains ---------------------------------------------------------------------------


def test_no_hits_name_the_filter_whose_loss_helps_most(client):
    PublishedFactory(trl=5)
    PublishedFactory(trl=5, is_guaranteed=True)
    html = text_of(browse(client, "?trl_min=8&guaranteed=1"))
    assert "没有同时符合的成果" in html
    assert "去掉「TRL 8–9」，有 1 项成果" in html


def test_where_no_single_filter_helps_all_are_offered_to_go(client):
    PublishedFactory(trl=5)
    html = text_of(browse(client, "?trl_min=8&guaranteed=1"))
    assert "全部去掉，有 1 项成果" in html


def test_unknown_words_are_repeated_with_advice(client):
    PublishedFactory(title_zh="手术机器人")
    assert "没有包含「光伏硅片」的成果" in text_of(browse(client, "?q=光伏硅片"))


def test_an_empty_shelf_says_what_it_is_for(client):
    assert "货架还空着" in text_of(browse(client))


# --- what it never breaks on --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("trl_min=x", "成熟度下限"),
        ("trl_max=12", "成熟度上限"),
        ("rate=four", "提成率"),
        ("rate=1e400", "提成率"),
        ("rate=NaN", "提成率"),
        ("cap=-5", "封顶"),
        ("trial_months=1.5", "试用月数"),
        ("guaranteed=maybe", "平台担保"),
        ("industry=nothing-like-it", "产业"),
        ("city=atlantis", "城市"),
        ("university=nobody", "高校"),
        ("ip=magic", "知识产权"),
        ("sort=random", "排序"),
        ("page=0", "页码"),
        ("page=99999999999999999999", "页码"),
        (f"q={'长' * 300}", "搜索词"),
    ],
)
def test_a_value_that_cannot_be_read_is_left_out_and_named(client, query, field):
    PublishedFactory()
    response = browse(client, f"?{query}")
    assert response.status_code == 200
    html = text_of(response)
    assert f"已略去：{field}" in html
    assert "1 项成果" in html


@pytest.mark.parametrize("query", ["after=abc", "before=1-2", "after=9-9-9-9-9", "page=50", "x=1"])
def test_a_place_that_does_not_exist_is_the_nearest_page(client, query):
    PublishedFactory()
    assert "1 项成果" in text_of(browse(client, f"?{query}"))


# --- pages, order, fragments --------------------------------------------------------------------


def test_pages_keep_the_filters(client):
    for _ in range(PAGE_SIZE + 1):
        PublishedFactory(trl=7)
    html = browse(client, "?trl_min=5").content.decode()
    assert 'href="?trl_min=5&amp;page=2"' in html
    assert "第 1–20 项，共 21 项" in html


def test_the_order_keeps_the_filters_and_starts_anew(client):
    PublishedFactory(trl=7)
    html = browse(client, "?trl_min=5&page=1").content.decode()
    assert re.search(r'href="\?trl_min=5&(amp;)?sort=cap"', html)


def test_the_address_is_the_whole_state(client):
    PublishedFactory()
    query = "?q=%E6%88%90%E6%9E%9C&trl_min=5&sort=rate"
    first, again = browse(client, query), browse(client, query)
    strip = re.compile(r'csrfmiddlewaretoken" value="[^"]*"')
    assert strip.sub("", first.content.decode()) == strip.sub("", again.content.decode())


def test_htmx_is_given_only_what_a_filter_changes(client):
    PublishedFactory()
    response = browse(client, **{"HX-Request": "true"})
    html = response.content.decode()
    assert "<html" not in html
    assert 'id="results"' in html
    assert 'id="facets" hx-swap-oob="true"' in html
    assert "HX-Request" in response["Vary"]


def test_htmx_going_back_is_given_the_whole_page(client):
    response = browse(client, **{"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in response.content.decode()


def test_rows_cost_no_query_each(client, django_assert_num_queries):
    for _ in range(3):
        PublishedFactory(patents=["CN1"])
    with django_assert_num_queries(QUERIES):
        browse(client)
    for _ in range(10):
        PublishedFactory(patents=["CN1"])
    with django_assert_num_queries(QUERIES):
        browse(client)


# The catalogue's version; count, rows, six facets, terms; industries, cities, universities;
# listings and their patents.
QUERIES = 14
