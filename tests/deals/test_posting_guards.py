"""What a foreign key refuses row by row, the posting tables refuse for all new rows at once."""

import pytest
from django.db import IntegrityError, transaction

from deals.models import LedgerAccount, LedgerMovement, Statement, StatementLine
from deals.rules.postings import Account, Kind
from marketplace.base import clock
from marketplace.site.bench import deals as bench_deals
from marketplace.site.bench import loop

pytestmark = pytest.mark.django_db


@pytest.fixture
def deals():
    """Two deals with their statements."""
    list(bench_deals.make(2))
    found = list(bench_deals.Deal.objects.order_by("pk"))
    for deal in found:
        loop.save_one_by_one(deal, at=clock.now())
    return found


def line(statement_id):
    return StatementLine(
        statement_id=statement_id, ordinal=99, stage="S1", code="gross", amount_minor=1, inputs={},
        formula="none",
    )  # fmt: skip


def movement(deal, debit, credit, currency="CNY"):
    return LedgerMovement(
        deal=deal, debit=debit, credit=credit, amount_minor=1, currency=currency,
        kind=Kind.ACCRUAL, source="test:1", ordinal=1, booked_date="2026-01-01",
        recorded_at=bench_deals.AT,
    )  # fmt: skip


def refused(row):
    refusal = r"without its statement|outside its deal"
    with pytest.raises(IntegrityError, match=refusal), transaction.atomic():
        row.save(force_insert=True)
    return True


def test_a_line_needs_its_statement(deals):
    assert refused(line(0))
    line(Statement.objects.earliest("pk").pk).save(force_insert=True)


def test_one_line_without_a_statement_refuses_all_that_came_with_it(deals):
    good = line(Statement.objects.earliest("pk").pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        StatementLine.objects.bulk_create([good, line(0)])
    assert not StatementLine.objects.filter(ordinal=99).exists()


def test_a_movement_stays_within_the_accounts_of_its_deal(deals):
    own, other = ({row.kind: row for row in deal.ledger_accounts.all()} for deal in deals)
    receivable, accrued = Account.COMPANY_RECEIVABLE, Account.ACCRUED
    assert refused(movement(deals[0], own[receivable], other[accrued]))
    assert refused(movement(deals[1], own[receivable], own[accrued]))
    assert refused(movement(deals[0], own[receivable], LedgerAccount(pk=0)))
    movement(deals[0], own[receivable], own[accrued]).save(force_insert=True)


def test_a_movement_is_in_the_currency_of_its_accounts(deals):
    own = {row.kind: row for row in deals[0].ledger_accounts.all()}
    pair = own[Account.COMPANY_RECEIVABLE], own[Account.ACCRUED]
    assert refused(movement(deals[0], *pair, currency="USD"))
