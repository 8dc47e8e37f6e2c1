"""The deal's page: what waits of money, for whom, and the record of periods."""

from datetime import date

import pytest
import time_machine

from deals.services import reports
from deals.views.books import books_of
from tests.deals import makers, reporting
from tests.deals.reporting import noon, sale

pytestmark = pytest.mark.django_db

TODAY = date(2026, 10, 16)
AT = noon("2026-10-16")


@pytest.fixture
def deal(cast):
    """Paying since July; its terms ask for no reports of the trial."""
    return reporting.make_paying_deal(cast, trial_reports=False)


def test_before_the_signatures_there_are_no_books(cast):
    deal = makers.make_deal(cast, "in_talks", noon("2026-01-05"))
    assert books_of(deal, actor=cast.finance_c, today=TODAY) is None


def test_the_first_period_that_pays_waits_for_the_finance_role(deal, cast):
    books = books_of(deal, actor=cast.finance_c, today=TODAY)
    assert books.to_file.period.name == "2026-Q3"
    assert books.is_task
    assert not books_of(deal, actor=cast.contact_c, today=TODAY).is_task


def test_a_submitted_report_waits_for_the_officer(deal, cast):
    report = reporting.submit(deal, cast, "2026-Q3", [sale(5_000, on="2026-08-03")], at=AT)
    books = books_of(deal, actor=cast.officer_a, today=TODAY)
    assert books.to_answer == report
    assert books.is_task
    assert not books_of(deal, actor=cast.finance_c, today=TODAY).is_task


def test_the_oldest_unpaid_instalment_is_to_be_paid(deal, cast):
    reporting.accept(deal, cast, "2026-Q3", [sale(180_800_000, on="2026-08-03")], at=AT)
    reporting.work_off(AT)
    books = books_of(deal, actor=cast.finance_a, today=TODAY)
    assert books.to_pay["row"].amount_minor == 4_400_000
    assert (books.to_pay["state"], books.may_record) == ("payment_due", True)
    later = books_of(deal, actor=cast.finance_a, today=date(2026, 12, 1))
    assert later.to_pay["state"] == "overdue"


def test_a_trial_is_free_of_charge_but_not_of_reports(cast):
    deal = reporting.make_paying_deal(cast)
    books = books_of(deal, actor=cast.finance_c, today=TODAY)
    assert books.to_file.period.name == "2026-Q1"


def test_a_trial_without_required_reports_leaves_no_gap(deal, cast):
    books = books_of(deal, actor=cast.finance_c, today=TODAY)
    assert [row.filing.period.name for row in books.rows] == ["2026-Q3"]


def test_a_settled_deal_asks_for_nothing_more(deal, cast):
    deal.settled_date = date(2026, 10, 1)
    books = books_of(deal, actor=cast.finance_c, today=TODAY)
    assert books.to_file is None
    assert books.rows == []


def test_a_period_without_a_report_after_its_day_is_overdue(cast):
    deal = reporting.make_paying_deal(cast)
    states = {
        row.filing.period.name: row.state
        for row in books_of(deal, actor=cast.finance_c, today=TODAY).rows
    }
    assert states == {"2026-Q3": "due", "2026-Q2": "overdue_report", "2026-Q1": "overdue_report"}


def test_the_page_shows_the_task_and_the_record(deal, cast, sign_in):
    reporting.accept(deal, cast, "2026-Q3", [sale(180_800_000, on="2026-08-03")], at=AT)
    reporting.work_off(AT)
    with time_machine.travel(AT, tick=False):
        text = sign_in(cast.finance_a).get(f"/en/deals/{deal.public_id}/").content.decode()
    assert "¥\u00a044,000.00 to pay" in text
    assert "Record a transfer" in text
    assert "1,808,000.00" in text


def test_a_question_stands_on_the_companys_task(deal, cast, sign_in):
    report = reporting.submit(deal, cast, "2026-Q3", [sale(5_000, on="2026-08-03")], at=AT)
    reports.question_report(report, question="退货在哪里？", by=cast.officer_a, at=AT)
    with time_machine.travel(AT, tick=False):
        text = sign_in(cast.finance_c).get(f"/en/deals/{deal.public_id}/").content.decode()
    assert "退货在哪里？" in text


def test_the_record_is_exported_for_a_spreadsheet(deal, cast, sign_in):
    reporting.accept(deal, cast, "2026-Q3", [sale(180_800_000, on="2026-08-03")], at=AT)
    reporting.work_off(AT)
    client = sign_in(cast.finance_c)
    with time_machine.travel(AT, tick=False):
        text = client.get(f"/en/deals/{deal.public_id}/instalments.csv").content.decode()
    number = deal.statements.get().number
    assert text.startswith("\ufeffStatement,Period,Due,")
    assert f"{number},2026-Q3,2026-11-09,44000.00,0.00,Payment due,\r\n" in text
