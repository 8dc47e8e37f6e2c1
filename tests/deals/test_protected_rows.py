"""What the database itself refuses, for the web and worker roles alike: raw SQL, real commits."""

import psycopg
import pytest

from deals.models import Statement
from deals.services import statement_life
from tests.cast import make_cast
from tests.deals import reporting
from tests.deals.reporting import noon, sale

FROZEN = {
    "accrued_minor": "accrued_minor + 1",
    "currency": "'USD'",
    "figures": """jsonb_set(figures, '{earned}', '"1.00"')""",
    "final_date": "final_date + 1",
    "issued_at": "issued_at + interval '1 day'",
    "period": "'2026-Q2'",
    "position": "position + 1",
    "public_id": "'another'",
    "state": "'issued'",
}
POSTINGS = ("deals_fact", "deals_statementline", "deals_ledgermovement", "deals_allocation")
REFUSED = (psycopg.errors.RestrictViolation, psycopg.errors.InsufficientPrivilege)


@pytest.fixture
def deal(committed_db):
    cast = make_cast()
    deal = reporting.make_paying_deal(cast)
    lines = [sale(180_800_000, on="2026-08-03")]
    reporting.accept(deal, cast, "2026-Q3", lines, at=noon("2026-10-16"))
    reporting.pay(deal, cast, "B-1", 4_400_000, on="2026-10-20")
    reporting.work_off(noon("2026-10-20"))
    return deal


@pytest.fixture
def final(deal):
    statement_life.finish_due_statements(noon("2026-12-01"))
    return deal.statements.get(state="final")


@pytest.fixture(params=["web", "worker"])
def role(request, connect_as):
    return lambda: connect_as(request.param)


def refused(connection, statements):
    """Those statements that the database does not carry out."""
    found = []
    for words in statements:
        try:
            connection.execute(words)
        except REFUSED:
            found.append(words)
    return found


def test_a_final_statement_keeps_its_fields(final, role):
    changes = [f"UPDATE deals_statement SET {name} = {new}" for name, new in FROZEN.items()]
    assert refused(role(), changes) == changes


def test_an_issued_statement_may_still_change(deal, role):
    role().execute("UPDATE deals_statement SET accrued_minor = accrued_minor + 1")
    assert Statement.objects.get().accrued_minor == 4_400_001


def test_corrections_credits_and_what_is_payable_may_follow(final, role):
    role().execute(
        "UPDATE deals_statement SET corrections_minor = 7, credits_minor = 5, payable_minor = 3,"
        """ figures = figures || '{"corrections": "0.07", "credits": "0.05", "payable": "0.03"}'"""
    )
    assert Statement.objects.get().payable_minor == 3


def test_no_statement_and_no_posting_is_ever_deleted(deal, role):
    forms = ("DELETE FROM {}", "TRUNCATE {} CASCADE")
    words = [form.format(table) for table in ("deals_statement", *POSTINGS) for form in forms]
    assert refused(role(), words) == words


def test_no_posting_is_ever_touched(deal, role):
    words = [f"UPDATE {table} SET id = id" for table in POSTINGS]
    assert refused(role(), words) == words


def test_even_the_owner_cannot_unmake_a_final_statement(final, connect_as):
    words = ["UPDATE deals_statement SET state = 'draft'", "DELETE FROM deals_statement"]
    assert refused(connect_as("owner"), words) == words
