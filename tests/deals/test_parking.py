"""Deals set aside: the queue, its words, and computing one again."""

from datetime import date

import pytest
from django.utils import translation

from deals.forms import parking as words
from deals.forms.faults import FAULTS
from deals.models import Deal
from deals.services import dossiers, parking, statements
from marketplace.base import audit
from marketplace.base.errors import ConflictError, RuleError
from tests.deals import reporting
from tests.deals.reporting import noon

pytestmark = pytest.mark.django_db

AT = noon("2026-08-02")


@pytest.fixture
def deal(cast):
    return reporting.make_paying_deal(cast)


@pytest.fixture
def parked(deal):
    payload = {"reference": "B-2", "reverses": "B-1", "date": "2026-08-01"}
    day = date(2026, 8, 1)
    dossiers.append_fact(deal, kind="receipt", payload=payload, effective_date=day, at=AT)
    statements.compute_deal(deal.pk, at=AT)
    return Deal.objects.get(pk=deal.pk)


def test_the_code_and_the_place_stand_beside_the_text(parked):
    assert (parked.parked_code, parked.parked_where) == ("receipt.unknown", "receipts.B-2.reverses")
    assert parked.parked_at == AT


def test_parking_again_for_the_same_reason_is_nothing_new(parked):
    statements.compute_deal(parked.pk, at=noon("2026-08-05"))
    parked.refresh_from_db()
    assert parked.parked_at == AT
    assert [entry.verb for entry in audit.entries_of(parked)].count("deal.parked") == 1


def test_another_reason_keeps_the_first_day(parked):
    reason = parking.because_ledger_differs(["cash"])
    assert parking.park_deal(parked, reason, at=noon("2026-08-05"))
    assert (parked.parked_code, parked.parked_at) == ("ledger.broken", AT)


def test_a_deal_that_comes_out_is_released_whole(parked):
    parking.release_deals([parked.pk])
    parked.refresh_from_db()
    assert (parked.parked_code, parked.parked_where, parked.parked_at) == ("", "", None)


def test_the_platforms_finance_lets_it_be_computed_again(parked, cast):
    before = reporting.owed(parked)
    parking.compute_again(parked, by=cast.platform_finance, at=AT)
    assert reporting.owed(parked) == before + 1
    newest = audit.entries_of(parked).first()
    assert (newest.verb, newest.actor) == ("deal.recomputed", cast.platform_finance.user)


@pytest.mark.parametrize("who", ["approver", "auditor", "administrator", "finance_a", "finance_c"])
def test_nobody_else_may(parked, cast, who):
    with pytest.raises(RuleError, match=r"role\.missing"):
        parking.compute_again(parked, by=getattr(cast, who), at=AT)


def test_a_deal_that_waits_for_nobody_is_not_computed_again(deal, cast):
    with pytest.raises(ConflictError, match=r"deal\.not_parked"):
        parking.compute_again(deal, by=cast.platform_finance, at=AT)


@pytest.mark.parametrize(("language", "prefix"), [("en", "/en"), ("zh-hans", "")])
def test_the_queue_says_why_in_the_readers_language(parked, cast, sign_in, language, prefix):
    with translation.override(language):
        expected = str(FAULTS["receipt.unknown"])
    text = sign_in(cast.auditor).get(f"{prefix}/parked/").content.decode()
    assert expected in text
    assert parked.number in text


def test_only_who_may_act_sees_the_button(parked, cast, sign_in):
    assert "Compute again" not in sign_in(cast.auditor).get("/en/parked/").content.decode()
    assert "Compute again" in sign_in(cast.platform_finance).get("/en/parked/").content.decode()


def test_the_button_owes_the_computation(parked, cast, sign_in):
    before = reporting.owed(parked)
    answer = sign_in(cast.platform_finance).post(f"/en/parked/{parked.public_id}/compute/")
    assert (answer.status_code, reporting.owed(parked)) == (302, before + 1)


def test_an_empty_queue_says_so(deal, cast, sign_in):
    text = sign_in(cast.platform_finance).get("/en/parked/").content.decode()
    assert "No deal is set aside" in text


def test_it_waits_in_the_work_list_and_is_counted_in_the_rail(parked, cast, sign_in):
    text = sign_in(cast.platform_finance).get("/en/work/").content.decode()
    assert "Look at a deal set aside" in text
    assert '<span class="count">1</span>' in text


@pytest.mark.parametrize("code", ["final.changed", "ledger.broken", "rate.missing", "other"])
def test_every_reason_has_words_and_advice_in_both_languages(code):
    said = set()
    for language in ("en", "zh-hans"):
        with translation.override(language):
            said.add((words.reason_words(code, "cash, pair", "text"), words.advice_words(code)))
    assert len(said) == 2
