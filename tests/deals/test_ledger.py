"""The ledger: allowed pairs, positive amounts, balances that show the rows, and its check."""

import pytest
from celery import current_app
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from deals.models import Deal, Instalment, LedgerAccount, LedgerMovement
from deals.rules.postings import PAIRS, Account, Kind
from deals.services import invariants, ledger
from deals.services.ledger import Booking, Posting
from tests.deals import reporting
from tests.deals.reporting import noon, sale

pytestmark = pytest.mark.django_db

AT = noon("2026-11-02")
BOOKING = Booking("CNY", AT.date(), AT)


@pytest.fixture
def deal(cast):
    return reporting.make_paying_deal(cast)


@pytest.fixture
def paid(deal, cast):
    lines = [sale(180_800_000, on="2026-08-03")]
    reporting.accept(deal, cast, "2026-Q3", lines, at=noon("2026-10-16"))
    reporting.pay(deal, cast, "B-1", 4_000_000, on="2026-11-02")
    reporting.work_off(AT)
    return deal


def test_a_statement_and_a_receipt_leave_what_is_still_asked_for(paid, cast):
    assert ledger.balances(paid) == {
        (Account.COMPANY_RECEIVABLE, ""): 400_000,
        (Account.CASH, ""): 4_000_000,
        (Account.OWNERS_CLEARING, cast.university_a.public_id): -4_000_000,
        (Account.ACCRUED, ""): -400_000,
    }


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_moves_between_the_accounts_of_its_pair(deal, kind):
    (row,) = ledger.post(deal, [Posting(kind, 5, "test:1", "U1")], booking=BOOKING)
    assert (row.debit.kind, row.credit.kind) == PAIRS[kind]


def test_a_movement_is_positive(deal):
    for amount in (0, -1):
        with pytest.raises(ValueError, match="positive"):
            ledger.post(deal, [Posting(Kind.ACCRUAL, amount, "test:1")], booking=BOOKING)


def test_a_source_counts_its_movements(deal):
    wanted = [Posting(Kind.ACCRUAL, 5, "test:1")] * 2
    rows = ledger.post(deal, wanted, booking=BOOKING)
    rows += ledger.post(deal, wanted[:1], booking=BOOKING)
    assert [row.ordinal for row in rows] == [1, 2, 3]


def test_the_database_takes_a_source_kind_and_ordinal_once(deal):
    (row,) = ledger.post(deal, [Posting(Kind.ACCRUAL, 5, "test:1")], booking=BOOKING)
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_a_movement_can_neither_be_changed_nor_deleted(deal):
    ledger.post(deal, [Posting(Kind.ACCRUAL, 5, "test:1")], booking=BOOKING)
    for change in (lambda rows: rows.update(amount_minor=6), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(LedgerMovement.objects.all())


def test_each_account_of_a_deal_exists_once(deal):
    for number in range(3):
        ledger.post(deal, [Posting(Kind.ACCRUAL, 5, f"test:{number}")], booking=BOOKING)
    assert LedgerAccount.objects.count() == 2


def test_the_check_finds_nothing_in_a_sound_ledger(paid, capsys):
    call_command("check_ledger")
    assert "none broken" in capsys.readouterr().out


def test_the_check_names_a_receivable_that_no_instalment_asks_for(paid, capsys):
    Instalment.objects.update(paid_minor=0)
    with pytest.raises(CommandError, match="1 deals break a rule"):
        call_command("check_ledger")
    assert f"deal {paid.pk}: receivable" in capsys.readouterr().err


def test_the_check_of_chains_names_a_history_that_was_tampered_with(paid, capsys):
    call_command("check_ledger", "--chains")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE deals_fact DISABLE TRIGGER insert_only")
        cursor.execute("UPDATE deals_fact SET payload = '{}' WHERE kind = 'receipt'")
    with pytest.raises(CommandError):
        call_command("check_ledger", "--chains")
    assert f"deal {paid.pk}: facts" in capsys.readouterr().err


def test_the_hourly_task_parks_what_is_broken(paid):
    Instalment.objects.update(paid_minor=0)
    current_app.tasks["deals.check_ledgers"]()
    assert Deal.objects.get().parked_reason == "ledger: receivable"


def test_a_broken_deal_is_parked_and_others_go_on(paid):
    Instalment.objects.update(paid_minor=0)
    assert invariants.park_broken(at=AT) == 1
    assert invariants.park_broken(at=AT) == 0
    assert Deal.objects.get().parked_reason == "ledger: receivable"


def test_the_check_passes_over_a_computation_that_is_still_owed(paid, cast):
    reporting.pay(paid, cast, "B-2", 100, on="2026-11-02")
    assert not dict(invariants.broken(Deal.objects.all()))


def test_a_movement_between_a_strange_pair_is_found(paid):
    cash, clearing = (
        LedgerAccount.objects.get(kind=kind) for kind in (Account.CASH, Account.OWNERS_CLEARING)
    )
    LedgerMovement.objects.create(
        deal=paid, debit=cash, credit=clearing, amount_minor=1, currency="CNY",
        kind=Kind.RECEIPT, source="test:1", ordinal=1, booked_date=AT.date(), recorded_at=AT,
    )  # fmt: skip
    assert "pair" in dict(invariants.broken(Deal.objects.all()))[paid.pk]
