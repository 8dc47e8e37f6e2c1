"""The list of deals, the whole history, and what waits for whom."""

import pytest
from django.urls import reverse
from django.utils import translation

from marketplace.base import clock
from tests.deals.makers import make_deal


@pytest.fixture(autouse=True)
def chinese():
    """Addresses and words in Chinese, whatever the test before looked at."""
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def now(db):
    """The pages read the clock, so their deals happen now."""
    return clock.now()


def test_a_company_lists_its_deals_and_no_others(cast, sign_in, now):
    make_deal(cast, "in_trial", now)
    assert len(sign_in(cast.contact_c).get(reverse("deals")).context["rows"]) == 1
    assert sign_in(cast.member_d).get(reverse("deals")).context["rows"] == []


@pytest.mark.parametrize(("show", "count"), [("all", 3), ("talks", 1), ("running", 1)])
def test_the_list_is_narrowed(cast, sign_in, now, show, count):
    for state in ("requested", "in_trial", "withdrawn"):
        make_deal(cast, state, now)
    response = sign_in(cast.contact_c).get(reverse("deals"), {"show": show})
    assert len(response.context["rows"]) == count


def test_a_list_of_many_deals_asks_no_more_of_the_database(
    cast, sign_in, now, django_assert_max_num_queries
):
    for state in ("requested", "in_talks", "ready_to_sign", "in_trial", "paying"):
        make_deal(cast, state, now)
    client = sign_in(cast.contact_c)
    with django_assert_max_num_queries(16):
        client.get(reverse("deals"))


def test_the_whole_history_is_one_page(cast, sign_in, now):
    deal = make_deal(cast, "in_trial", now)
    response = sign_in(cast.contact_c).get(reverse("deal_history", args=[deal.public_id]))
    assert "Contact c 申请试用" in response.content.decode()
    assert len(response.context["history"]) == 12


@pytest.mark.parametrize(
    ("state", "name", "titles"),
    [
        ("requested", "officer_a", ["答复这份申请"]),
        ("requested", "contact_c", []),
        ("in_talks", "signatory_c", ["阅读并接受条款"]),
        ("in_talks", "officer_a", []),
        ("awaiting_platform", "approver", ["审批这笔交易"]),
        ("half_approved", "approver", []),
        ("half_approved", "second_approver", ["审批这笔交易"]),
        ("half_signed", "signatory_c", ["签署合同"]),
        ("half_signed", "head_a", []),
        ("awaiting_decision", "signatory_c", ["请决定：转为付费，或退出"]),
    ],
)
def test_my_work_is_what_waits_for_me(cast, sign_in, now, state, name, titles):
    make_deal(cast, state, now)
    response = sign_in(getattr(cast, name)).get(reverse("my_work"))
    assert [item.title for item in response.context["mine"]] == titles


def test_what_waits_for_a_colleague_is_named_as_such(cast, sign_in, now):
    make_deal(cast, "in_talks", now)
    response = sign_in(cast.contact_c).get(reverse("my_work"))
    assert [item.title for item in response.context["colleagues"]] == ["阅读并接受条款"]


def test_somebody_without_an_organisation_has_an_empty_list(cast, sign_in):
    assert sign_in(cast.guest).get(reverse("my_work")).context["mine"] == []


@pytest.mark.parametrize("name", ["member_d", "officer_b", "double"])
def test_a_stranger_gets_the_page_of_nothing(cast, sign_in, now, name):
    deal = make_deal(cast, "requested", now)
    client = sign_in(getattr(cast, name))
    assert client.get(reverse("deal", args=[deal.public_id])).status_code == 404
