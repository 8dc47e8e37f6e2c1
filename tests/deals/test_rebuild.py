"""`rebuild --check`: every row follows from the facts, and what does not is named."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from deals.models import Deal, Instalment, Statement
from deals.services import dossiers, interest, rebuilds, statements
from tests.deals import records, reporting, settling
from tests.deals.reporting import noon, sale

pytestmark = pytest.mark.django_db

AT = noon("2027-03-16")


@pytest.fixture
def deal(cast):
    """Two quarters, one of them restated after it was final, and a transfer that paid too much."""
    deal = reporting.make_paying_deal(cast)
    first = [sale(180_800_000, on="2026-08-03")]
    reporting.accept(deal, cast, "2026-Q3", first, at=noon("2026-10-16"))
    reporting.work_off(noon("2026-10-16"))
    reporting.pay(deal, cast, "B-1", 9_000_000, on="2026-11-02")
    reporting.work_off(noon("2026-11-02"))
    second = [sale(90_400_000, on="2026-11-03")]
    reporting.accept(deal, cast, "2026-Q4", second, at=noon("2027-01-12"))
    reporting.work_off(noon("2027-01-12"))
    restated = [sale(226_000_000, on="2026-08-03")]
    reporting.accept(deal, cast, "2026-Q3", restated, at=AT)
    reporting.work_off(AT)
    return deal


def check():
    return [row for progress in rebuilds.check(rebuilds.subjects()) for row in progress.differences]


def test_what_was_posted_step_by_step_is_what_the_facts_give_at_once(deal):
    assert rebuilds.subjects().total == 1
    assert check() == []


def test_the_check_changes_nothing(deal):
    before = records.fingerprint()
    check()
    assert records.fingerprint() == before
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname = 'twins'")
        assert cursor.fetchone() == (0,)


def test_a_row_that_the_facts_do_not_give_is_named(deal):
    Instalment.objects.filter(statement__period="2026-Q3").update(paid_minor=1)
    (found,) = check()
    assert (found.what, found.deal_id, found.period) == ("instalment", deal.pk, "2026-Q3")


def test_a_line_that_was_changed_behind_the_guards_is_named(deal):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE deals_statementline DISABLE TRIGGER insert_only")
        cursor.execute(
            "UPDATE deals_statementline SET amount_minor = amount_minor + 1 WHERE id ="
            " (SELECT min(id) FROM deals_statementline WHERE code = 'earned.tier')"
        )
    (found,) = check()
    assert (found.what, found.period) == ("line", "2026-Q3")
    assert found.name.startswith("S5 earned.tier")


def test_a_statement_that_is_missing_from_the_facts_is_named(deal):
    row = Statement.objects.get(period="2026-Q4")
    Statement.objects.create(
        deal=deal, period="2027-Q2", position=4, figures={}, accrued_minor=5, corrections_minor=0,
        credits_minor=0, payable_minor=5, currency="CNY", issued_at=AT, input_hash=row.input_hash,
        content_hash="x",
    )  # fmt: skip
    assert [(row.what, row.period, row.rebuilt) for row in check()] == [
        ("statement", "2027-Q2", None)
    ]


def test_a_settled_deal_is_rebuilt_as_well(cast):
    deal = reporting.make_paying_deal(
        cast, caps={"lifetime": "40000.00", "includes": ["earned", "fixed"]}
    )
    lines = [sale(180_800_000, on="2026-08-03")]
    reporting.accept(deal, cast, "2026-Q3", lines, at=noon("2026-10-16"))
    reporting.pay(deal, cast, "B-1", 4_000_000, on="2026-10-16")
    reporting.work_off(noon("2026-10-16"))
    assert Deal.objects.get().state == "settled"
    assert check() == []


def test_deals_with_a_computation_owed_and_parked_ones_are_counted_apart(deal, cast):
    payload = {"type": "noticed", "date": "2027-03-17"}
    dossiers.append_fact(deal, kind="event", payload=payload, effective_date=AT.date(), at=AT)
    assert (rebuilds.subjects().total, rebuilds.subjects().owed) == (0, 1)
    Deal.objects.update(parked_reason="?")
    assert (rebuilds.subjects().owed, rebuilds.subjects().parked) == (0, 1)


def test_the_command_says_how_many_and_fails_on_a_difference(deal, capsys):
    call_command("rebuild", "--check")
    assert capsys.readouterr().out.startswith("1 deals rebuilt, 0 differences;")
    Instalment.objects.filter(statement__period="2026-Q3").update(paid_minor=1)
    with pytest.raises(CommandError):
        call_command("rebuild", "--check")
    assert f"deal {deal.pk} 2026-Q3 instalment" in capsys.readouterr().out


def test_the_check_computes_with_the_code_that_posts(deal, monkeypatch):
    monkeypatch.setattr(statements, "recompute_deals", lambda ids, at: None)
    whats = {found.what for found in check()}
    assert whats >= {"statement", "line", "instalment", "allocation", "balance"}


def test_what_finance_decided_is_rebuilt_as_well(cast):
    """Interest charged and paid, a transfer taken back, a policy and its distributions."""
    settling.make_policy(cast)
    deal = settling.make_late_deal(cast)
    day = noon("2026-11-20")
    proposal = deal.interest_proposals.get()
    interest.charge_interest(proposal, **settling.REASON, by=cast.finance_a, at=day)
    reporting.pay(deal, cast, "B-2", 10_000, on="2026-11-20")
    reporting.work_off(day)
    settling.reverse(deal.receipts.get(reference="B-2"), cast, on="2026-11-23")
    reporting.work_off(noon("2026-11-23"))
    assert rebuilds.subjects().total == 1
    assert check() == []
