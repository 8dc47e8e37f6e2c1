"""Disputes on the statement's page: the form, what comes back, and the buttons of each side."""

from dataclasses import replace

import pytest
import time_machine

from deals.models import Dispute
from deals.views.books import books_of
from tests.deals import disputing
from tests.deals.disputing import AFTER, open_dispute
from tests.deals.reporting import noon

pytestmark = pytest.mark.django_db

TYPED = {"line": "earned\nproduct", "amount": "10,000", "reason": "rate", "text": "4 % 才对"}


@pytest.fixture
def bill(cast):
    return disputing.make_bill(cast)


@pytest.fixture(autouse=True)
def october():
    with time_machine.travel(noon("2026-10-18"), tick=False) as traveller:
        yield traveller


def page(client, bill):
    return client.get(f"/en/statements/{bill.public_id}/").content.decode()


def test_an_issued_statement_says_until_when_a_step_can_be_questioned(sign_in, cast, bill):
    text = page(sign_in(cast.finance_c), bill)
    assert "each step can be questioned until 2026-10-26" in text
    assert "Question a step" in text


def test_after_the_last_day_there_is_no_form(sign_in, cast, bill, october):
    client = sign_in(cast.finance_c)
    october.move_to(noon(AFTER))
    text = page(client, bill)
    assert "since the end of 2026-10-26" in text
    assert "Question a step" not in text


def test_readers_without_the_task_see_no_form(sign_in, cast, bill):
    for actor in (cast.contact_c, cast.head_a, cast.auditor):
        assert "Question a step" not in page(sign_in(actor), bill)


def test_a_dispute_is_recorded_and_shown_to_both_sides(sign_in, cast, bill):
    answer = sign_in(cast.finance_c).post(f"/en/statements/{bill.public_id}/dispute/", TYPED)
    assert answer.status_code == 302
    for actor in (cast.finance_c, cast.officer_a, cast.auditor):
        text = page(sign_in(actor), bill)
        for words in ("Disputed", "10,000.00", "¥\u00a034,000.00", "4 % 才对"):
            assert words in text


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("amount", "99999999", "At most 44000.00 of this statement can still be disputed."),
        ("amount", "1e3", "Write an amount like 12000 or 12000.50."),
        ("amount", "", "This field is required."),
        ("reason", "mood", "Select a valid choice."),
        ("line", "nothing", "Select a valid choice."),
        ("text", "", "This field is required."),
    ],
)
def test_bad_input_names_the_field_and_keeps_what_was_typed(
    sign_in, cast, bill, field, typed, words
):
    data = TYPED | {field: typed}
    answer = sign_in(cast.finance_c).post(f"/en/statements/{bill.public_id}/dispute/", data)
    text = answer.content.decode()
    assert answer.status_code == 400
    assert words in text
    assert field == "text" or "4 % 才对" in text
    assert not Dispute.objects.exists()


def test_each_side_sees_its_own_buttons(sign_in, cast, bill):
    open_dispute(bill, cast.finance_c)
    assert "Withdraw the dispute" in page(sign_in(cast.finance_c), bill)
    assert "Withdraw the dispute" not in page(sign_in(cast.officer_a), bill)
    assert "put it right" not in page(sign_in(cast.officer_a), bill)
    disputing.restate(bill.deal, cast, 237_300_000, day="2026-10-18")
    assert "The corrected report put it right" in page(sign_in(cast.officer_a), bill)


def test_the_buttons_resolve_it(sign_in, cast, bill):
    dispute = open_dispute(bill, cast.finance_c)
    disputing.restate(bill.deal, cast, 237_300_000, day="2026-10-18")
    for actor in (cast.officer_a, cast.finance_c):
        sign_in(actor).post(f"/en/disputes/{dispute.public_id}/agree/")
    assert "Put right" in page(sign_in(cast.finance_c), bill)


def test_a_wholly_disputed_instalment_is_no_payment_task(cast, bill):
    def to_pay():
        return books_of(bill.deal, actor=cast.finance_c, today=noon("2026-10-18").date()).to_pay

    assert to_pay()["asked"] == 4_400_000
    open_dispute(bill, cast.finance_c)
    assert to_pay()["asked"] == 3_400_000
    rest = replace(disputing.OBJECTION, code="accrued", key="", amount_minor=3_400_000)
    open_dispute(bill, cast.finance_c, objection=rest)
    assert to_pay() is None
