"""Reversing a transfer, and taking a bank statement: shown first, recorded whole or not at all."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from deals.models import Receipt
from tests.deals import reporting, settling
from tests.deals.reporting import noon

pytestmark = pytest.mark.django_db


@pytest.fixture
def on(time_machine):
    """Move the clock to noon of a day."""
    return lambda day: time_machine.move_to(noon(day), tick=False)


@pytest.fixture
def billed(cast, on):
    on("2026-11-20")
    return settling.make_billed_deal(cast)


def text(response):
    return response.content.decode()


@pytest.fixture
def receipt(billed, cast):
    found = reporting.pay(billed, cast, "B-1", 4_400_000, on="2026-11-02")
    reporting.work_off(noon("2026-11-02"))
    return found


def test_finance_reverses_a_transfer_from_the_page(receipt, cast, sign_in):
    url = reverse("receipt_reverse", args=[receipt.public_id])
    data = {"reference": "R-1", "reversed_date": "2026-11-05", "reason": "bounced"}
    assert sign_in(cast.finance_a).post(url, data).status_code == 302
    assert Receipt.objects.get(reverses=receipt).amount_minor == -4_400_000


def test_a_reversal_before_the_transfer_is_refused_beside_its_field(receipt, cast, sign_in):
    url = reverse("receipt_reverse", args=[receipt.public_id])
    data = {"reference": "R-1", "reversed_date": "2026-11-01", "reason": "bounced"}
    answer = sign_in(cast.finance_a).post(url, data)
    assert answer.status_code == 400
    assert answer.context["form"].errors["reversed_date"]
    assert 'value="R-1"' in text(answer)


def test_a_reversed_transfer_offers_no_second_reversal(receipt, cast, sign_in):
    settling.reverse(receipt, cast, on="2026-11-05")
    page = sign_in(cast.finance_a).get(reverse("receipt_reverse", args=[receipt.public_id]))
    assert not page.context["is_open"]
    states = [
        row["state"] for row in sign_in(cast.finance_a).get(reverse("receipts")).context["rows"]
    ]
    assert states == ["reversal", "reversed"]


def bank_file(deal, *rows):
    lines = ["交易流水号,到账日期,金额,交易编号,所付期间,摘要"]
    lines += [row.format(deal=deal.number) for row in rows]
    return SimpleUploadedFile("bank.csv", "\n".join(lines).encode("utf-8-sig"))


def upload(client, file):
    return client.post(reverse("receipts_upload"), {"file": file})


def test_a_bank_statement_is_shown_before_anything_is_recorded(billed, cast, sign_in):
    client = sign_in(cast.finance_a)
    file = bank_file(
        billed, 'X1,2026-11-02,"40,000.00",{deal},2026-Q3,提成', "X2,2026-11-03,1.00,{deal},,"
    )
    page = upload(client, file)
    assert not Receipt.objects.exists()
    assert (page.context["fresh"], page.context["total"]) == (2, 4_000_100)
    answer = client.post(reverse("receipts_upload"), {"content": page.context["content"]})
    assert answer.status_code == 302
    found = Receipt.objects.order_by("reference").values_list("reference", "for_period")
    assert list(found) == [("X1", "2026-Q3"), ("X2", "")]


def test_every_wrong_cell_is_named_and_nothing_is_recorded(billed, cast, sign_in):
    rows = [
        "X1,2026-11-02,1.00,{deal},,",
        "X2,2026-12-02,1.00,{deal},,",
        "X3,2026-11-02,1e3,{deal},,",
        "X4,2026-11-02,1.00,D-2026-9999,,",
        "X5,2026-11-02,1.00,{deal},2026-13,",
        "X1,2026-11-02,2.00,{deal},,",
        ",2026-11-02,2.00,{deal},,",
        "X8,2026-11-02,-2.00,{deal},,",
        "X9,2020-11-02,2.00,{deal},,",
    ]
    page = upload(sign_in(cast.finance_a), bank_file(billed, *rows))
    assert page.status_code == 400
    named = [(problem.line, problem.column) for problem in page.context["problems"]]
    assert sorted(named) == [
        (3, "到账日期"), (4, "金额"), (5, "交易编号"), (6, "所付期间"), (7, "交易流水号"),
        (8, "交易流水号"), (9, "金额"), (10, "到账日期"),
    ]  # fmt: skip
    assert not Receipt.objects.exists()


def test_a_transfer_that_was_recorded_before_is_marked(billed, cast, sign_in, receipt):
    rows = ["B-1,2026-11-02,44000.00,{deal},,", "X2,2026-11-03,1.00,{deal},,"]
    page = upload(sign_in(cast.finance_a), bank_file(billed, *rows))
    assert [row["is_known"] for row in page.context["rows"]] == [True, False]
    assert page.context["total"] == 100


def test_a_deal_of_another_university_is_unknown_to_the_file(billed, cast, sign_in):
    type(billed).objects.filter(pk=billed.pk).update(licensor=cast.university_b)
    page = upload(sign_in(cast.finance_a), bank_file(billed, "X1,2026-11-02,1.00,{deal},,"))
    assert [problem.column for problem in page.context["problems"]] == ["交易编号"]


def test_a_file_without_the_columns_says_which_are_missing(cast, sign_in):
    file = SimpleUploadedFile("bank.csv", b"reference,date\nX1,2026-11-02\n")
    page = upload(sign_in(cast.finance_a), file)
    assert page.status_code == 400
    assert "amount, deal" in str(page.context["form"].errors["file"])
