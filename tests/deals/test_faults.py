"""What the calculation refuses is said in the reader's language, on pages and over the API."""

import json
import re
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import translation

from deals.forms.faults import CAUTIONS, FAULTS, fault_words, placed_words
from deals.forms.places import NAMES, place_of
from deals.models import TermsVersion
from deals.rules.faults import Caution, Fault, Refused
from deals.services.terms import propose_terms
from deals.views.checks import checks_of
from deals.views.wrong import WORDS
from listings.rules.template import Offer, Tier
from marketplace.base import clock
from tests.deals import makers, reporting
from tests.deals.reporting import noon, sale

PAGE = Path(__file__).parents[2] / "docs" / "rules.md"
CHINESE = re.compile("[\u4e00-\u9fff]")


def documented(title):
    """The codes of one list on the rules page."""
    text = PAGE.read_text(encoding="utf-8").partition(f"\n{title}:\n")[2]
    listed = text.strip().partition("\n\n")[0]
    return set(re.findall(r"`([a-z_.]+)`", listed))


def test_every_documented_reason_for_a_refusal_has_words():
    found = documented("Reasons for a refusal")
    assert len(found) > 50
    assert found - FAULTS.keys() == set()


def test_every_documented_warning_has_words():
    found = documented("Warnings")
    assert len(found) > 5
    assert found - CAUTIONS.keys() == set()


@pytest.mark.parametrize("words", [FAULTS, CAUTIONS, NAMES, WORDS])
def test_every_sentence_and_every_place_has_chinese(words):
    with translation.override("zh-hans"):
        missing = [key for key, text in words.items() if text and not CHINESE.search(str(text))]
    assert missing == []


@pytest.mark.parametrize(
    ("where", "english", "chinese"),
    [
        ("streams[0].tiers.mode", "Source of revenue 1 · Tier table · Mode", "第 1 个收入来源"),
        ("reports[3].lines[1].sale_date", "Sales line 2 · Day of sale", "第 2 个销售明细"),
        ("reports.2026-Q1.2.lines[0].invoice", "Sales line 1 · Invoice number", "发票号"),
        ("stages.trial.to", "Trial · Last day", "试用 · 结束日"),
        ("caps.surprise", "Cap · surprise", "封顶 · surprise"),
        ("rates.USD/CNY", "Rate series · USD/CNY", "USD/CNY"),
        ("", "", ""),
    ],
)
def test_a_path_is_told_as_a_place(where, english, chinese):
    with translation.override("en"):
        assert place_of(where) == english
    with translation.override("zh-hans"):
        assert chinese in place_of(where)


def test_a_code_that_is_not_known_yet_stays_a_code():
    assert fault_words(Fault("later.code", "caps", "?")) == "later.code"


def test_a_caution_names_its_place():
    with translation.override("zh-hans"):
        words = placed_words(Caution("rate.high", "streams[0].tiers"))
    assert words == "第 1 个收入来源 · 阶梯表：提成率超过 20%。"


# --- proposals ------------------------------------------------------------------------------------


@pytest.fixture
def now():
    """The moment at which the pages are looked at."""
    return clock.now()


@pytest.fixture
def deal(cast, now):
    return makers.make_deal(cast, "requested", now)


def broken(deal, now):
    document = makers.make_document(deal, now)
    document["streams"][0]["tiers"]["mode"] = "sometimes"
    document["caps"]["lifetime"] = "１２"
    return document


@pytest.mark.django_db
def test_a_proposal_is_refused_with_every_fault(cast, deal, now):
    with pytest.raises(Refused) as refused:
        propose_terms(
            deal, document=broken(deal, now), grant=makers.GRANT, by=cast.officer_a, at=now
        )
    found = {(fault.code, fault.where) for fault in refused.value.faults}
    assert found == {
        ("choice.unknown", "streams[0].tiers.mode"),
        ("number.malformed", "caps.lifetime"),
    }
    assert not TermsVersion.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "message"),
    [("en", "This is not one of the values allowed here."), ("zh-hans", "这里不允许填这个值。")],
)
def test_the_api_names_code_and_path_and_speaks_the_callers_language(
    cast, sign_in, deal, now, language, message
):
    body = {
        "document": broken(deal, now),
        "licence_kind": "non_exclusive",
        "acts": "制造",
        "field_of_use": "动力电池",
        "territory": "中国内地",
    }
    answer = sign_in(cast.officer_a).post(
        f"/api/v1/deals/{deal.public_id}/propose/",
        json.dumps(body),
        content_type="application/json",
        headers={"Accept-Language": language},
    )
    assert answer.status_code == 400
    expected = {"code": "choice.unknown", "where": "streams[0].tiers.mode", "message": message}
    assert expected in answer.json()["errors"]
    assert len(answer.json()["errors"]) == 2


@pytest.mark.django_db
def test_the_form_says_a_fault_beside_its_field_in_chinese(cast, sign_in, deal):
    client = sign_in(cast.officer_a)
    path = reverse("deal_propose", args=[deal.public_id])
    form = client.get(path).context["form"]
    typed = {name: value for name, value in form.typed().items() if value not in (False, "")}
    answer = client.post(path, typed | {"collection": str(cast.university_b)})
    assert answer.status_code == 200
    wrong = answer.context["form"].errors["collection"]
    assert wrong == ["请写明由各权利人分别收款，或指定一位权利人统一收款。"]


@pytest.mark.django_db
def test_the_desk_sees_what_to_look_at_twice(cast, now):
    dear = Offer((Tier(None, "0.25"),), allowance=0, cap=120_000_000)
    deal = makers.make_deal(cast, "awaiting_platform", now, offer=dear)
    with translation.override("en"):
        found = [check.text for check in checks_of(deal) if check.state == "warn"]
    assert "Source of revenue 1 · Tier table: A royalty rate is above 20%." in found


# --- reports --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_preview_points_at_a_repeated_invoice_in_the_callers_language(cast, sign_in):
    deal = reporting.make_paying_deal(cast)
    first = sale(100_000_00, on="2026-08-03")
    first.invoice = "F-1"
    reporting.accept(deal, cast, "2026-Q3", [first], at=noon("2026-10-16"))
    line = {"sale_date": "2026-11-02", "gross": "1000.00", "vat_rate": "0.13", "invoice": "F-1"}
    answer = sign_in(cast.finance_c).post(
        f"/api/v1/deals/{deal.public_id}/preview/",
        json.dumps({"period": "2026-Q4", "lines": [line]}),
        content_type="application/json",
        headers={"Accept-Language": "en"},
    )
    warnings = [one for one in answer.json()["warnings"] if one["code"] == "invoice.duplicate"]
    assert [one["where"] for one in warnings] == ["reports.2026-Q4.1.lines[0].invoice"]
    assert warnings[0]["message"] == "This invoice number was reported before."
