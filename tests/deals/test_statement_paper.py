"""The statement on paper: a PDF with its own fonts, and checksums that anybody can verify."""

import hashlib
import sys
from dataclasses import replace
from io import BytesIO

import pytest
from django.core.management import call_command
from pypdf import PdfReader

from deals.models import Statement
from deals.services import statements
from tests.deals import disputing, reporting
from tests.deals.reporting import noon, sale

pytestmark = pytest.mark.django_db


@pytest.fixture
def bill(cast):
    return disputing.make_bill(cast)


def pdf(client, bill, prefix=""):
    answer = client.get(f"{prefix}/statements/{bill.public_id}/statement.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert f'filename="{bill.number}.pdf"' in answer["Content-Disposition"]
    return PdfReader(BytesIO(answer.content))


def text_of(paper):
    return "".join(page.extract_text() for page in paper.pages)


def fonts_of(paper):
    """Every font of the file, with whether it is inside it."""
    found = {}
    for page in paper.pages:
        for font in page["/Resources"]["/Font"].values():
            inner = font["/DescendantFonts"][0]["/FontDescriptor"]
            found[str(inner["/FontName"]).partition("+")[2]] = "/FontFile2" in inner
    return found


@pytest.mark.paper
def test_the_file_holds_the_amount_and_the_chinese_font(sign_in, cast, bill):
    paper = pdf(sign_in(cast.finance_c), bill)
    text = text_of(paper)
    for words in ("44,000.00", "肆万肆仟元整", "计费基数", "粤储能源有限公司", bill.number):
        assert words in text.replace("\n", "")
    fonts = fonts_of(paper)
    assert {"Paper-Han", "Paper"} <= set(fonts)
    assert all(name.startswith("Paper") and is_inside for name, is_inside in fonts.items())


@pytest.mark.paper
def test_the_file_speaks_the_readers_language(sign_in, cast, bill):
    text = text_of(pdf(sign_in(cast.finance_c), bill, "/en"))
    assert "Instalment statement, Q3 2026" in text


def test_the_file_is_no_strangers_business(sign_in, cast, bill):
    address = f"/statements/{bill.public_id}/statement.pdf"
    assert sign_in(cast.member_d).get(address).status_code == 404


def test_without_the_libraries_the_button_leads_to_the_page_that_prints(
    sign_in, cast, bill, monkeypatch
):
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    address = f"/en/statements/{bill.public_id}/"
    answer = sign_in(cast.finance_c).get(f"{address}statement.pdf", follow=True)
    assert answer.redirect_chain == [(address, 302)]
    text = answer.content.decode()
    assert "This server cannot make PDF files. Print this page instead." in text
    assert "data-print" in text


def contract(client, bill):
    return client.get(f"/statements/{bill.public_id}/contract.json").content


def printed(content, tmp_path, capsys):
    """What the command writes for a file."""
    path = tmp_path / "contract.json"
    path.write_bytes(content)
    call_command("royalty", str(path))
    return capsys.readouterr().out


def test_both_checksums_on_the_page_are_those_of_the_file_and_of_its_result(
    sign_in, cast, bill, tmp_path, capsys
):
    client = sign_in(cast.finance_c)
    content = contract(client, bill)
    text = client.get(f"/en/statements/{bill.public_id}/").content.decode()
    assert hashlib.sha256(content).hexdigest() in text
    result = printed(content, tmp_path, capsys)
    assert hashlib.sha256(result.encode()).hexdigest() in text
    assert '"accrued": "44000.00"' in result


def test_the_file_stays_the_same_when_later_facts_arrive(sign_in, cast, bill):
    client = sign_in(cast.finance_c)
    before = contract(client, bill)
    reporting.pay(bill.deal, cast, "B-1", 4_400_000, on="2026-11-02")
    reporting.accept(bill.deal, cast, "2026-Q4", [], at=noon("2027-01-05"))
    reporting.work_off(noon("2027-01-05"))
    statements.compute_deal(bill.deal_id, at=noon("2027-02-01"))
    assert contract(client, bill) == before


def test_the_file_of_a_changed_statement_is_the_one_of_its_last_change(sign_in, cast, bill):
    client = sign_in(cast.finance_c)
    before = contract(client, bill)
    disputing.restate(bill.deal, cast, 237_300_000, day="2026-10-20")
    after = contract(client, bill)
    assert before != after
    assert b'"as_of": "2026-10-20"' in after


@pytest.mark.paper
def test_a_nil_statement_is_a_file_too(sign_in, cast):
    deal = reporting.make_paying_deal(cast)
    reporting.accept(deal, cast, "2026-Q3", [], at=noon("2026-10-16"))
    reporting.work_off(noon("2026-10-16"))
    text = text_of(pdf(sign_in(cast.finance_c), Statement.objects.get()))
    assert "无需付款" in text.replace("\n", "")


@pytest.mark.paper
def test_what_people_typed_is_never_read_as_markup(sign_in, cast, bill):
    words = "<img src='file:///etc/hosts'> <b>4 %</b>"
    objection = replace(disputing.OBJECTION, text=words)
    disputing.open_dispute(bill, cast.finance_c, objection=objection)
    assert "<b>4" in text_of(pdf(sign_in(cast.finance_c), bill)).replace("\n", "")


@pytest.mark.paper
def test_a_report_of_free_sales_still_makes_a_file(sign_in, cast):
    deal = reporting.make_paying_deal(cast)
    reporting.accept(
        deal, cast, "2026-Q2", [sale(339_000_000, on="2026-05-04")], at=noon("2026-07-20")
    )
    reporting.work_off(noon("2026-07-20"))
    assert "3,390,000.00" in text_of(pdf(sign_in(cast.finance_c), Statement.objects.get()))
