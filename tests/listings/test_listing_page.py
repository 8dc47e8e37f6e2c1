"""The page of one listing: who sees it, what it says, and why a trial cannot be asked for."""

import re
from datetime import date
from decimal import Decimal

import pytest

from listings.models import Inventor
from listings.rules.benefits import change
from tests.listings.factories import (
    BenefitFactory,
    ListingFactory,
    PatentFactory,
    PublishedFactory,
)

pytestmark = pytest.mark.django_db


def show(client, listing, language=""):
    return client.get(f"{language}/results/{listing.public_id}/")


def text_of(response):
    plain = re.sub(r"<[^>]*>", " ", response.content.decode())
    return re.sub(r"\s+", " ", plain)


# --- who sees it --------------------------------------------------------------------------------


def test_a_stranger_gets_the_same_404_for_a_draft_and_for_nothing(client):
    assert show(client, ListingFactory()).status_code == 404
    assert client.get("/results/nothing-here/").status_code == 404


def test_the_own_university_sees_its_draft_and_that_it_is_not_public(cast, sign_in):
    draft = ListingFactory(organisation=cast.university_a, title_zh="草稿成果")
    html = text_of(show(sign_in(cast.officer_a), draft))
    assert "草稿成果" in html
    assert "未公开" in html


def test_a_draft_that_holds_nothing_yet_can_still_be_shown(cast, sign_in):
    bare = ListingFactory(
        organisation=cast.university_a, industry=None, trl=None, terms_template=None
    )
    assert show(sign_in(cast.officer_a), bare).status_code == 200


def test_another_university_does_not_see_the_draft(cast, sign_in):
    draft = ListingFactory(organisation=cast.university_a)
    assert show(sign_in(cast.officer_b), draft).status_code == 404


def test_a_withdrawn_result_says_since_when_and_shows_its_neighbours(client, at):
    gone = PublishedFactory(title_zh="旧成果", shelf_code="A-0312-07")
    PublishedFactory(title_zh="旁边的成果", industry=gone.industry)
    gone.state, gone.withdrawn_at = "withdrawn", at
    gone.save()
    response = show(client, gone)
    assert response.status_code == 410
    html = text_of(response)
    assert "A-0312-07 在 2026-07-15 下架" in html
    assert "旁边的成果" in html


# --- what it says -------------------------------------------------------------------------------


def test_the_label_shows_the_terms(client):
    html = text_of(show(client, PublishedFactory())).replace("\u00a0", " ")
    for words in ("¥0", "6 个月", "4% → 3%", "50 万元", "120 万元", "普通许可 · 中国内地"):
        assert words in html


def test_a_benefit_shows_its_change_against_the_usual(client):
    listing = PublishedFactory()
    BenefitFactory(listing=listing, value=15, compared_value=72, unit="分钟", method="第三方检测")
    html = text_of(show(client, listing)).replace("\u00a0", " ")
    for words in ("15 分钟", "72 分钟", "−79%", "第三方检测"):
        assert words in html


def test_shares_differ_by_points(client):
    listing = PublishedFactory()
    BenefitFactory(listing=listing, value=88, compared_value=81, unit="%")
    html = text_of(show(client, listing))
    assert "+7 个百分点" in html
    assert "88%" in html


@pytest.mark.parametrize(
    ("value", "compared", "unit", "expected"),
    [
        ("19.8", "21.5", "元", (Decimal("-7.9"), False)),
        ("300", "100", "次", (Decimal("2E+2"), False)),
        ("5", "0", "次", None),
        ("7", "7", "次", (Decimal(0), False)),
        ("92.35", "90", "%", (Decimal("2.4"), True)),
    ],
)
def test_changes_are_rounded_for_reading(value, compared, unit, expected):
    assert change(Decimal(value), Decimal(compared), unit) == expected


def test_a_patent_shows_the_protection_that_is_left(client, time_machine):
    time_machine.move_to("2026-07-15T12:00:00+08:00")
    listing = PublishedFactory()
    PatentFactory(listing=listing, number="CN114020402.7", expires_date=date(2040, 12, 1))
    html = text_of(show(client, listing))
    assert "CN114020402.7" in html
    assert "14.3 年" in html


def test_the_people_are_named(client):
    listing = PublishedFactory()
    Inventor.objects.create(listing=listing, name="林教授")
    assert "林教授" in text_of(show(client, listing))


def test_sample_data_is_marked(client):
    assert "示例数据" in text_of(show(client, PublishedFactory(is_sample=True)))
    assert "示例数据" not in text_of(show(client, PublishedFactory()))


def test_missing_english_falls_back_with_a_notice_and_its_language(client):
    response = show(client, PublishedFactory(title_zh="超声微泡", title_en=""), "/en")
    title = '<h1 itemprop="name"><span lang="zh-Hans">超声微泡</span></h1>'
    assert title in response.content.decode()
    assert "not translated" in text_of(response)


def test_full_english_needs_no_notice(client):
    listing = PublishedFactory(title_en="Microbubbles")
    assert "not translated" not in text_of(show(client, listing, "/en"))


def test_a_very_long_title_is_shown_whole(client):
    title = "低温快充磷酸铁锂电解液配方与制备工艺" * 16
    assert title[:300] in text_of(show(client, PublishedFactory(title_zh=title[:300])))


def test_the_description_is_text_and_never_markup(client):
    listing = PublishedFactory(description_zh="<b onclick=x()>粗</b>\n\n第二段")
    html = show(client, listing).content.decode()
    assert "&lt;b onclick" in html
    assert "<p>第二段</p>" in html


def test_neighbours_of_like_maturity_come_first(client):
    listing = PublishedFactory(trl=6)
    far = PublishedFactory(trl=2, industry=listing.industry)
    near = PublishedFactory(trl=7, industry=listing.industry)
    PublishedFactory(trl=6, title_zh="别的产业")
    html = show(client, listing).content.decode()
    assert html.index(near.title_zh) < html.index(far.title_zh)
    assert "别的产业" not in html


# --- why a trial cannot be asked for ------------------------------------------------------------


def test_the_own_university_cannot_ask_for_its_own_result(cast, sign_in):
    listing = PublishedFactory(organisation=cast.university_a)
    response = show(sign_in(cast.officer_a), listing)
    assert "这是你所在高校的成果" in text_of(response)
    assert f"/desk/results/{listing.public_id}/" in response.content.decode()


def test_an_exclusive_licence_closes_the_result(client):
    assert "已独占许可" in text_of(show(client, PublishedFactory(is_licensed_exclusively=True)))


def test_full_places_are_said(client):
    html = text_of(show(client, PublishedFactory(trial_places=3, trials_running=3)))
    assert "3 个试用名额已满" in html


@pytest.mark.parametrize("who", ["finance_c", "officer_b", "reviewer"])
def test_whoever_may_not_ask_is_told_who_does(cast, sign_in, who):
    html = text_of(show(sign_in(getattr(cast, who)), PublishedFactory()))
    assert "试用由企业联系人申请" in html


@pytest.mark.parametrize("who", ["contact_c", "member_d"])
def test_a_companys_contact_meets_no_obstacle(cast, sign_in, who):
    response = show(sign_in(getattr(cast, who)), PublishedFactory())
    assert response.context["standing"].may_request


def test_a_stranger_meets_no_obstacle_before_signing_in(client):
    assert show(client, PublishedFactory()).context["standing"].may_request


def test_pages_carry_no_style_attribute_and_no_inline_script(client):
    html = show(client, PublishedFactory(is_sample=True)).content.decode()
    assert " style=" not in html
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert not re.search(r"\son[a-z]+=", html)
