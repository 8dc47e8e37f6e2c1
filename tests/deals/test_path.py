"""The whole way, from the request to the last instalment, with the product's own services."""

from datetime import date

import pytest

from deals.models import Deal, Instalment, Statement
from deals.rules.postings import Account
from deals.services import ledger
from marketplace.base.models import Outbox
from tests.deals import reporting
from tests.deals.reporting import noon, sale

pytestmark = pytest.mark.django_db


def test_the_design_example_comes_out_to_the_fen(cast):
    deal = reporting.make_paying_deal(cast)
    _report(deal, cast, "2026-Q3", [sale(180_800_000, on="2026-08-03")], "2026-10-16")
    _pay(deal, cast, "B-1", 4_400_000, "2026-11-09")
    _report(deal, cast, "2026-Q4", [sale(237_300_000, on="2026-11-02")], "2027-01-18")
    _pay(deal, cast, "B-2", 6_400_000, "2027-02-08")
    restated = [sale(237_300_000, on="2026-11-02", returns=6_000_000)]
    _report(deal, cast, "2026-Q4", restated, "2027-03-01")
    lines = [sale(339_000_000, on="2027-02-01", returns=12_000_000)]
    _report(deal, cast, "2027-Q1", lines, "2027-04-16")

    statement = Statement.objects.get(deal=deal, period="2027-Q1")
    assert statement.figures["earned"] == "91400.00"
    assert statement.figures["corrections"] == "-2400.00"
    assert statement.payable_minor == 8_900_000
    instalments = Instalment.objects.filter(statement__deal=deal).order_by("due_date")
    assert [row.amount_minor for row in instalments] == [4_400_000, 6_400_000, 8_900_000]
    assert instalments[2].due_date == date(2027, 5, 10)
    assert ledger.balances(deal)[Account.COMPANY_RECEIVABLE, ""] == 8_900_000


def test_a_deal_is_settled_when_the_cap_is_reached_and_paid(cast):
    deal = reporting.make_paying_deal(cast)
    lines = [sale(5_650_000_000, on="2026-08-03")]
    _report(deal, cast, "2026-Q3", lines, "2026-10-16")
    assert Deal.objects.get().state == "paying"

    _pay(deal, cast, "B-1", 120_000_000, "2026-11-09")

    deal = Deal.objects.get()
    assert (deal.state, deal.settled_date) == ("settled", date(2026, 11, 9))
    assert not any(amount for (kind, _), amount in ledger.balances(deal).items() if kind in ZERO)
    assert not Outbox.objects.waiting().exists()


ZERO = {Account.COMPANY_RECEIVABLE, Account.COMPANY_CREDIT, Account.ACCRUED}


def _report(deal, cast, period, lines, day):
    reporting.accept(deal, cast, period, lines, at=noon(day))
    reporting.work_off(noon(day))


def _pay(deal, cast, reference, amount, day):
    reporting.pay(deal, cast, reference, amount, on=day)
    reporting.work_off(noon(day))
