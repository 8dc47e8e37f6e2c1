"""The desk: the portfolio, the wizard, the two queues, and standing terms."""

import pytest
from django.urls import reverse

from listings.models import Listing
from tests.listings.factories import make_draft, make_template

pytestmark = pytest.mark.django_db

PITCH = {
    "title_zh": "钙钛矿组件封装胶膜",
    "pitch_zh": "湿热 1,000 小时后效率保持 96%",
    "keywords": "钙钛矿；封装",
    "trial_places": "3",
}


@pytest.fixture
def office(sign_in, cast):
    return sign_in(cast.officer_a)


def url_of(listing, step):
    return reverse("listing_step", args=[listing.public_id, step])


def submitted(cast, at):
    from listings.services.listings import submit_listing

    return submit_listing(make_draft(cast.officer_a, at), by=cast.officer_a, at=at)


def test_the_portfolio_counts_results_by_state(office, cast, at):
    make_draft(cast.officer_a, at)
    make_draft(cast.officer_a, at, state="to_correct")
    make_draft(cast.officer_b, at)
    page = office.get(reverse("portfolio")).content.decode()
    assert "全部 2" in page
    assert "草稿 1" in page
    assert "退回 1" in page


def test_the_portfolio_finds_by_patent_number_and_by_inventor(office, cast, at):
    found = make_draft(cast.officer_a, at)
    found.inventors.create(name="何敏")
    other = make_draft(cast.officer_a, at, title_zh="别的成果")
    other.patents.all().delete()
    for words in ("CN202310123456", "何敏"):
        page = office.get(reverse("portfolio"), {"q": words}).content.decode()
        assert found.title_zh in page
        assert "别的成果" not in page


def test_another_university_cannot_open_a_draft(sign_in, cast, at):
    listing = make_draft(cast.officer_a, at)
    client = sign_in(cast.officer_b)
    for name in ("listing_at_desk", "listing_withdraw"):
        assert client.post(reverse(name, args=[listing.public_id])).status_code == 404
    assert client.get(url_of(listing, "pitch")).status_code == 404


def test_the_preview_of_a_new_result_links_to_nothing_and_promises_no_terms(office):
    text = office.get(reverse("listing_new")).content.decode()
    assert "product-card" in text
    assert "card-link" not in text
    assert "shelf-label" not in text


def test_a_new_result_begins_with_its_pitch_and_goes_on_to_patents(office, cast):
    answer = office.post(reverse("listing_new"), PITCH)
    listing = Listing.objects.get()
    assert answer.url == url_of(listing, "patents")
    assert (listing.state, listing.created_by) == ("draft", cast.officer_a.user)
    assert listing.keywords == ["钙钛矿", "封装"]


def test_a_result_without_any_title_is_asked_for_one_and_keeps_what_was_typed(office):
    answer = office.post(reverse("listing_new"), PITCH | {"title_zh": ""})
    page = answer.content.decode()
    assert "用中文或英文写一个标题" in page
    assert "湿热 1,000 小时后效率保持 96%" in page
    assert page.index("错误：") < page.index("</title>")
    assert not Listing.objects.exists()


def test_each_step_opens_and_leads_to_the_next(office, cast, at):
    listing = make_draft(cast.officer_a, at)
    for step in ("pitch", "patents", "maturity", "terms", "people", "preview"):
        answer = office.get(url_of(listing, step))
        assert answer.status_code == 200
        assert listing.title_zh in answer.content.decode()


def test_patents_are_saved_in_one_spelling(office, cast, at):
    listing = make_draft(cast.officer_a, at)
    rows = {
        "number_0": "cn 2023 1 0123456.7",
        "kind_0": "invention",
        "status_0": "granted",
        "filed_date_0": "2023-01-09",
        "number_1": "",
    }
    answer = office.post(url_of(listing, "patents"), rows)
    assert answer.url == url_of(listing, "maturity")
    patent = listing.patents.get()
    assert (patent.number, patent.filed_date.isoformat()) == ("CN202310123456.7", "2023-01-09")


def test_one_number_in_two_rows_is_refused_beside_the_second(office, cast, at):
    listing = make_draft(cast.officer_a, at)
    rows = {"number_0": "CN1234567A", "number_1": "CN 1234567 A"}
    answer = office.post(url_of(listing, "patents"), rows)
    assert list(answer.context["form"].errors) == ["number_1"]


def test_a_benefit_needs_to_say_what_it_measures(office, cast, at):
    listing = make_draft(cast.officer_a, at)
    answer = office.post(url_of(listing, "maturity"), {"trl": "6", "value_0": "15", "label_0": ""})
    assert list(answer.context["form"].errors) == ["label_0"]


def test_maturity_and_benefits_are_saved_together(office, cast, at):
    listing = make_draft(cast.officer_a, at)
    rows = {
        "trl": "7",
        "trl_evidence": "示范线",
        "label_0": "能耗",
        "value_0": "12.5",
        "unit_0": "kWh",
        "method_0": "电表",
    }
    office.post(url_of(listing, "maturity"), rows)
    listing.refresh_from_db()
    benefit = listing.benefits.get()
    assert (listing.trl, benefit.label_zh, str(benefit.value)) == (7, "能耗", "12.5000")


def test_terms_put_their_label_on_the_result(office, cast, at):
    template = make_template(cast.university_a, at)
    listing = make_draft(cast.officer_a, at, terms_template=None)
    office.post(url_of(listing, "terms"), {"terms_template": str(template.pk), "trial_places": "2"})
    listing.refresh_from_db()
    assert listing.terms_template == template
    assert (str(listing.rate_first), listing.cap_minor) == ("0.0400000000", 120_000_000)
    assert (listing.trial_months, listing.trial_places) == (6, 2)


def test_the_terms_step_says_what_the_university_would_receive(office, cast, at):
    listing = make_draft(cast.officer_a, at)
    page = office.get(url_of(listing, "terms")).content.decode()
    assert "学校五年可收 ¥\u00a01,200,000" in page


def test_terms_of_another_university_cannot_be_chosen(office, cast, at):
    foreign = make_template(cast.university_b, at)
    listing = make_draft(cast.officer_a, at, terms_template=None)
    data = {"terms_template": str(foreign.pk), "trial_places": "2"}
    answer = office.post(url_of(listing, "terms"), data)
    assert list(answer.context["form"].errors) == ["terms_template"]


def test_people_are_saved_with_whole_number_shares(office, cast, at):
    listing = make_draft(cast.officer_a, at)
    office.post(url_of(listing, "people"), {"name_0": "何敏", "weight_0": "60", "name_1": "陈立"})
    assert list(listing.inventors.order_by("pk").values_list("name", "weight")) == [
        ("何敏", 60),
        ("陈立", 1),
    ]


def test_saving_with_another_row_stays_on_the_step(office, cast, at):
    listing = make_draft(cast.officer_a, at)
    answer = office.post(url_of(listing, "people"), {"name_0": "何敏", "stay": "1"})
    assert answer.url == url_of(listing, "people")


def test_the_live_card_shows_what_is_typed_and_saves_nothing(office, cast, at):
    listing = make_draft(cast.officer_a, at)
    url = reverse("listing_card", args=[listing.public_id, "pitch"])
    page = office.post(url, {"title_zh": "还没有保存的标题"}).content.decode()
    assert "还没有保存的标题" in page
    listing.refresh_from_db()
    assert listing.title_zh == "低温快充磷酸铁锂电解液"


def test_the_preview_names_what_is_missing_and_offers_no_submission(office, cast, at):
    listing = make_draft(cast.officer_a, at, trl_evidence="")
    page = office.get(url_of(listing, "preview")).content.decode()
    assert "还缺：成熟度的佐证" in page
    assert "提交给转移中心</button>" not in page


def test_a_complete_result_is_submitted_from_its_preview(office, cast, at):
    listing = make_draft(cast.officer_a, at)
    answer = office.post(url_of(listing, "preview"))
    assert answer.url == reverse("listing_at_desk", args=[listing.public_id])
    listing.refresh_from_db()
    assert (listing.state, listing.submitted_by) == ("office_review", cast.officer_a.user)


def test_a_submitted_result_is_no_longer_edited(office, cast, at):
    listing = submitted(cast, at)
    assert office.get(url_of(listing, "pitch")).status_code == 302
    office.post(url_of(listing, "pitch"), {"title_zh": "换掉"})
    listing.refresh_from_db()
    assert listing.title_zh == "低温快充磷酸铁锂电解液"


def test_a_researcher_edits_own_drafts_only(sign_in, cast, at):
    client = sign_in(cast.researcher_a)
    own, other = make_draft(cast.researcher_a, at), make_draft(cast.officer_a, at)
    assert client.post(url_of(own, "people"), {"name_0": "何敏"}).status_code == 302
    assert client.post(url_of(other, "people"), {"name_0": "何敏"}).status_code == 403
    assert not other.inventors.exists()


def test_the_office_approves_from_the_page_of_a_submission(sign_in, cast, at):
    listing = submitted(cast, at)
    client = sign_in(cast.head_a)
    url = reverse("listing_approval", args=[listing.public_id])
    assert listing.title_zh in client.get(url).content.decode()
    client.post(url, {"decision": "approve"})
    listing.refresh_from_db()
    assert (listing.state, listing.approved_by) == ("platform_review", cast.head_a.user)


def test_sending_back_asks_for_a_note(sign_in, cast, at):
    listing = submitted(cast, at)
    client = sign_in(cast.head_a)
    url = reverse("listing_approval", args=[listing.public_id])
    answer = client.post(url, {"decision": "send_back", "note": " "})
    assert list(answer.context["form"].errors) == ["note"]
    client.post(url, {"decision": "send_back", "note": "补充检测报告"})
    listing.refresh_from_db()
    assert (listing.state, listing.state_note) == ("to_correct", "补充检测报告")


def test_the_platform_publishes_from_the_page_of_a_listing(sign_in, cast, at):
    listing = submitted(cast, at)
    sign_in(cast.head_a).post(
        reverse("listing_approval", args=[listing.public_id]), {"decision": "approve"}
    )
    client = sign_in(cast.reviewer)
    url = reverse("listing_review", args=[listing.public_id])
    assert client.get(reverse("listing_reviews")).status_code == 200
    assert listing.title_zh in client.get(url).content.decode()
    client.post(url, {"decision": "publish"})
    listing.refresh_from_db()
    assert (listing.state, listing.shelf_code) == ("published", "A-0000-01")


def test_a_selection_is_submitted_approved_and_published_at_once(sign_in, cast, at):
    rows = [make_draft(cast.officer_a, at), make_draft(cast.officer_a, at)]
    chosen = [row.public_id for row in rows]
    data = {"verb": "submit", "chosen": chosen}
    page = sign_in(cast.officer_a).post(reverse("portfolio_selection"), data).content.decode()
    assert "已完成：2" in page
    everything = {"verb": "approve", "all": "on"}
    sign_in(cast.head_a).post(reverse("listing_approvals_selection"), everything)
    everything = {"verb": "publish", "all": "on"}
    sign_in(cast.reviewer).post(reverse("listing_reviews_selection"), everything)
    assert sorted(Listing.objects.values_list("shelf_code", flat=True)) == [
        "A-0000-01",
        "A-0000-02",
    ]


def test_a_selection_reports_each_refusal_and_does_the_others(office, cast, at):
    good, bad = make_draft(cast.officer_a, at), make_draft(cast.officer_a, at, trl=None)
    data = {"verb": "submit", "chosen": [good.public_id, bad.public_id]}
    page = office.post(reverse("portfolio_selection"), data).content.decode()
    assert "未完成：1" in page
    assert "技术成熟度" in page
    assert Listing.objects.get(pk=good.pk).state == "office_review"
    assert Listing.objects.get(pk=bad.pk).state == "draft"


def test_an_officer_cannot_approve_through_the_selection(office, cast, at):
    listing = submitted(cast, at)
    office.post(reverse("portfolio_selection"), {"verb": "approve", "chosen": [listing.public_id]})
    listing.refresh_from_db()
    assert listing.state == "office_review"


def test_a_published_result_is_withdrawn_with_a_reason(sign_in, office, cast, at):
    listing = submitted(cast, at)
    sign_in(cast.head_a).post(
        reverse("listing_approval", args=[listing.public_id]), {"decision": "approve"}
    )
    sign_in(cast.reviewer).post(
        reverse("listing_review", args=[listing.public_id]), {"decision": "publish"}
    )
    office.post(reverse("listing_withdraw", args=[listing.public_id]), {"note": "专利转让"})
    listing.refresh_from_db()
    assert (listing.state, listing.state_note) == ("withdrawn", "专利转让")
    assert listing.shelf_code == "A-0000-01"
