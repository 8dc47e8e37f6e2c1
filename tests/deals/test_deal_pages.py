"""The pages of a deal for both sides: request, proposal, acceptance, signature, trial, exit."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from deals.models import Deal
from marketplace.base import clock
from marketplace.base.errors import RuleError
from marketplace.base.words import words_for
from tests.deals.makers import (
    DEARER,
    make_deal,
    make_listing,
    make_policy,
    propose,
)

BUTTON = re.compile(r'action="/deals/[^"/]+/(\w+)/"')


@pytest.fixture(autouse=True)
def chinese():
    """Addresses and words in Chinese, whatever the test before looked at."""
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def now(db):
    """The pages read the clock, so their deals happen now."""
    return clock.now()


@pytest.fixture
def asked(now):
    return {
        "use": "软包电芯中试 200 kg",
        "site": "东莞松山湖",
        "indicators": "−30℃ 充至 80% 不超过 15 分钟",
        "wished_start_date": clock.today().isoformat(),
    }


def page(client, deal, language=""):
    response = client.get(f"{language}/deals/{deal.public_id}/")
    assert response.status_code == 200
    return response.content.decode()


def words(code):
    return words_for(RuleError(code))


# --- asking ---------------------------------------------------------------------------------------


def test_a_contact_asks_for_a_trial(cast, sign_in, asked):
    listing = make_listing(cast)
    client = sign_in(cast.contact_c)
    response = client.post(reverse("trial_request", args=[listing.public_id]), asked, follow=True)
    deal = Deal.objects.get()
    assert response.redirect_chain == [(reverse("deal", args=[deal.public_id]), 302)]
    assert deal.use == asked["use"]
    assert deal.state == "requested"


def test_what_was_tried_in_the_simulator_goes_with_the_request(cast, sign_in, asked):
    listing = make_listing(cast)
    client = sign_in(cast.contact_c)
    path = reverse("trial_request", args=[listing.public_id])
    form = client.get(f"{path}?revenue=3000000&growth=4&next=evil").context["form"]
    assert form["estimate"].value() == "revenue=3000000&growth=4"
    client.post(path, asked | {"estimate": "revenue=3000000&growth=4&next=evil"})
    deal = Deal.objects.get()
    assert deal.estimate == "revenue=3000000&growth=4"
    assert "?revenue=3000000&amp;growth=4#simulator" in page(sign_in(cast.officer_a), deal)


def test_what_was_typed_is_kept_when_something_is_missing(cast, sign_in, asked):
    listing = make_listing(cast)
    path = reverse("trial_request", args=[listing.public_id])
    response = sign_in(cast.contact_c).post(path, asked | {"site": ""})
    assert asked["use"] in response.content.decode()
    assert response.context["form"].errors.keys() == {"site"}
    assert not Deal.objects.exists()


def test_a_start_in_the_past_is_refused_beside_its_field(cast, sign_in, asked):
    listing = make_listing(cast)
    path = reverse("trial_request", args=[listing.public_id])
    asked |= {"wished_start_date": "2020-01-01"}
    response = sign_in(cast.contact_c).post(path, asked)
    assert response.context["form"].errors.keys() == {"wished_start_date"}


def test_a_second_request_is_pointed_to_the_first(cast, sign_in, now):
    deal = make_deal(cast, "requested", now)
    path = reverse("trial_request", args=[deal.listing.public_id])
    response = sign_in(cast.contact_c).get(path)
    assert reverse("deal", args=[deal.public_id]) in response.content.decode()


# --- talks ----------------------------------------------------------------------------------------


def test_a_second_version_is_shown_beside_the_first(cast, sign_in, now):
    deal = make_deal(cast, "in_talks", now)
    propose(deal, cast, now, offer=DEARER)
    response = sign_in(cast.signatory_c).get(reverse("deal", args=[deal.public_id]))
    changed = [row for row in response.context["differences"] if row.differs]
    assert [(row.before, row.after) for row in changed] == [
        ("前 200\u00a0万元 4%，其余 3%", "前 200\u00a0万元 5%，其余 3%"),
        ("120\u00a0万元", "100\u00a0万元"),
    ]


def test_accepting_needs_the_tick(cast, sign_in, now):
    deal = make_deal(cast, "in_talks", now)
    version = deal.terms_versions.get()
    path = reverse("deal_accept", args=[deal.public_id])
    response = sign_in(cast.signatory_c).post(path, {"sha256": version.sha256})
    assert response.status_code == 400
    assert response.context["form"].errors.keys() == {"agreed"}


def test_both_sides_accept_on_the_page(cast, sign_in, now):
    deal = make_deal(cast, "in_talks", now)
    said = {"sha256": deal.terms_versions.get().sha256, "agreed": "on"}
    path = reverse("deal_accept", args=[deal.public_id])
    for actor in (cast.signatory_c, cast.head_a):
        assert sign_in(actor).post(path, said).status_code == 302
    deal.refresh_from_db()
    assert deal.state == "awaiting_platform"


def test_a_page_left_open_while_the_terms_changed_is_refused(cast, sign_in, now):
    deal = make_deal(cast, "in_talks", now)
    said = {"sha256": deal.terms_versions.get().sha256, "agreed": "on"}
    propose(deal, cast, now, offer=DEARER)
    response = sign_in(cast.signatory_c).post(reverse("deal_accept", args=[deal.public_id]), said)
    assert response.status_code == 400
    assert words("terms.hash_differs") in response.content.decode()


# --- who sees which button ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "name", "actions"),
    [
        ("requested", "officer_a", {"decline"}),
        ("requested", "contact_c", {"withdraw"}),
        ("requested", "finance_a", set()),
        ("in_talks", "signatory_c", {"accept"}),
        ("in_talks", "head_a", {"accept"}),
        ("in_talks", "officer_a", {"decline"}),
        ("in_talks", "approver", set()),
        ("awaiting_platform", "contact_c", {"withdraw"}),
        ("awaiting_platform", "head_a", set()),
        ("ready_to_sign", "head_a", {"sign"}),
        ("ready_to_sign", "officer_a", set()),
        ("half_signed", "head_a", set()),
        ("half_signed", "signatory_c", {"sign"}),
        ("in_trial", "signatory_c", {"convert", "exit"}),
        ("in_trial", "finance_c", set()),
        ("awaiting_decision", "signatory_c", {"convert", "exit"}),
        ("paying", "signatory_c", set()),
        ("exited", "signatory_c", set()),
    ],
)
def test_the_page_offers_the_steps_of_the_table(cast, sign_in, now, state, name, actions):
    deal = make_deal(cast, state, now)
    html = page(sign_in(getattr(cast, name)), deal)
    assert set(BUTTON.findall(html)) == actions


def test_a_missing_button_says_who_may(cast, sign_in, now):
    deal = make_deal(cast, "ready_to_sign", now)
    html = page(sign_in(cast.officer_a), deal)
    assert "只有「转移中心主任」可以办理这一步。" in html


def test_the_other_side_sees_since_when_it_waits(cast, sign_in, now):
    deal = make_deal(cast, "requested", now)
    assert "学校正在看这份申请" in page(sign_in(cast.contact_c), deal)
    assert "The university is reading the request" in page(
        sign_in(cast.contact_c), deal, language="/en"
    )


# --- signing, deciding ----------------------------------------------------------------------------


def test_both_sides_sign_on_the_page(cast, sign_in, now):
    deal = make_deal(cast, "ready_to_sign", now)
    said = {"sha256": deal.terms.sha256, "signed": "on"}
    path = reverse("deal_sign", args=[deal.public_id])
    for actor in (cast.head_a, cast.signatory_c):
        assert sign_in(actor).post(path, said).status_code == 302
    deal.refresh_from_db()
    assert deal.state == "in_trial"


def test_a_signature_without_the_role_is_forbidden(cast, sign_in, now):
    deal = make_deal(cast, "ready_to_sign", now)
    said = {"sha256": deal.terms.sha256, "signed": "on"}
    path = reverse("deal_sign", args=[deal.public_id])
    assert sign_in(cast.officer_a).post(path, said).status_code == 403


def test_the_signatory_converts_on_the_page(cast, sign_in, now):
    deal = make_deal(cast, "in_trial", now)
    path = reverse("deal_convert", args=[deal.public_id])
    sign_in(cast.signatory_c).post(path, {"agreed": "on"})
    deal.refresh_from_db()
    assert deal.state == "paying"


def test_leaving_needs_the_declaration(cast, sign_in, now):
    deal = make_deal(cast, "in_trial", now)
    path = reverse("deal_exit", args=[deal.public_id])
    said = {"last_use_date": clock.today().isoformat(), "note": "低温性能不够"}
    client = sign_in(cast.signatory_c)
    refused = client.post(path, said)
    assert refused.context["form"].errors.keys() == {"has_stopped"}
    assert "低温性能不够" in refused.content.decode()
    assert client.post(path, said | {"has_stopped": "on"}).status_code == 302
    deal.refresh_from_db()
    assert deal.state == "exited"


def test_a_step_that_came_too_late_is_a_conflict_with_the_new_state(cast, sign_in, now):
    deal = make_deal(cast, "exited", now)
    path = reverse("deal_convert", args=[deal.public_id])
    response = sign_in(cast.signatory_c).post(path, {"agreed": "on"})
    assert response.status_code == 409
    assert "已退出" in response.content.decode()


def test_the_officer_declines_and_the_company_reads_why(cast, sign_in, now):
    deal = make_deal(cast, "requested", now)
    path = reverse("deal_decline", args=[deal.public_id])
    sign_in(cast.officer_a).post(path, {"note": "今年不再接受试用"})
    assert "今年不再接受试用" in page(sign_in(cast.contact_c), deal)


def test_the_notice_page_says_until_when(cast, sign_in, now):
    make_policy(notice_days=15)
    deal = make_deal(cast, "notice_running", now)
    ends = deal.notices.get().ends_at
    assert f"{timezone.localtime(ends):%Y-%m-%d %H:%M}" in page(sign_in(cast.head_a), deal)
