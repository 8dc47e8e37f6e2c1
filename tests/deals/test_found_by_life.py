"""Faults that random lives (test_life.py) found, as the few steps that show them."""

from datetime import date

import pytest

from deals.rules.postings import Account
from deals.services import ledger
from tests.deals import reporting
from tests.deals.reporting import noon, sale

pytestmark = pytest.mark.django_db

AT = noon("2027-01-05")


def test_a_nil_report_makes_the_statement_final_that_already_held_a_correction(cast):
    deal = reporting.make_paying_deal(cast)
    sold = [sale(180_800_000, on="2026-08-03")]
    reporting.accept(deal, cast, "2026-Q3", sold, at=noon("2026-10-05"))
    reporting.work_off(noon("2026-10-05"))
    reporting.accept(deal, cast, "2026-Q3", [], at=AT)
    reporting.work_off(AT)
    assert deal.statements.get(period="2026-Q4").final_date is None
    reporting.accept(deal, cast, "2026-Q4", [], at=AT)
    reporting.work_off(AT)
    assert deal.statements.get(period="2026-Q4").final_date == date(2027, 1, 15)


def test_a_correction_taken_back_on_its_day_leaves_an_empty_statement(cast):
    deal = reporting.make_paying_deal(cast)
    sold = [sale(180_800_000, on="2026-08-03")]
    reporting.accept(deal, cast, "2026-Q3", sold, at=noon("2026-10-05"))
    reporting.work_off(noon("2026-10-05"))
    for lines in ([], [sale(180_800_000, on="2026-08-03")]):
        reporting.accept(deal, cast, "2026-Q3", lines, at=AT)
        reporting.work_off(AT)
    emptied = deal.statements.get(period="2026-Q4")
    assert (emptied.corrections_minor, emptied.figures["corrections"]) == (0, "0.00")
    assert ledger.balances(deal)[Account.COMPANY_CREDIT, ""] == 0
