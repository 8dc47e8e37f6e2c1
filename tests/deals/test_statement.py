"""Posting the difference: what a statement's rows show after each fact."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from deals.models import Deal, Instalment, Statement, StatementLine
from deals.services import dossiers, invariants, statement_rows, statements
from marketplace.base import audit
from tests.deals import reporting
from tests.deals.reporting import noon, sale

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal(cast):
    return reporting.make_paying_deal(cast)


def report(deal, cast, period, lines, day):
    reporting.accept(deal, cast, period, lines, at=noon(day))
    reporting.work_off(noon(day))


@pytest.fixture
def billed(deal, cast):
    report(deal, cast, "2026-Q3", [sale(180_800_000, on="2026-08-03")], "2026-10-16")
    return deal.statements.get()


def test_every_step_from_gross_to_due_is_a_line(billed):
    codes = [line.code for line in statement_rows.current_lines(billed)]
    assert codes == [
        "gross", "vat", "net", "allowance", "base", "earned.tier", "earned", "cap.lifetime",
        "accrued", "payable",
    ]  # fmt: skip


def test_the_columns_repeat_the_printed_figures(billed):
    assert billed.figures["accrued"] == "44000.00"
    assert (billed.accrued_minor, billed.payable_minor) == (4_400_000, 4_400_000)
    assert billed.figures["cap_left"] == "1156000.00"


def test_computing_again_the_same_day_writes_nothing(deal, billed):
    before = _rows(deal)
    statements.compute_deal(deal.pk, at=noon("2026-10-16"))
    assert _rows(deal) == before


def test_computing_on_a_later_day_only_makes_the_statement_final(deal, billed):
    before = _rows(deal)
    statements.compute_deal(deal.pk, at=noon("2026-12-01"))
    assert _rows(deal) == before
    assert deal.statements.get().state == "final"


def test_restating_the_same_figures_posts_nothing(deal, billed, cast):
    before = _rows(deal)
    report(deal, cast, "2026-Q3", [sale(180_800_000, on="2026-08-03")], "2026-11-02")
    assert _rows(deal) == before


def test_a_final_statement_is_corrected_on_the_open_one(deal, billed, cast):
    lines = [sale(180_800_000, on="2026-08-03", returns=6_000_000)]
    report(deal, cast, "2026-Q3", lines, "2026-11-02")
    first, second = deal.statements.order_by("position")
    assert first.figures["accrued"] == "44000.00"
    assert (second.period, second.figures["corrections"]) == ("2026-Q4", "-2400.00")
    correction = second.lines.get(stage="S12")
    assert correction.corrects == {"period": "2026-Q3", "code": "earned", "key": "product"}
    assert correction.amount_minor == -240_000


def test_a_step_that_is_gone_from_the_target_is_closed_by_a_row(deal, billed, cast):
    lines = [sale(180_800_000, on="2026-08-03", returns=6_000_000)]
    report(deal, cast, "2026-Q3", lines, "2026-11-02")
    report(deal, cast, "2026-Q4", [sale(237_300_000, on="2026-11-02")], "2027-01-18")
    second = deal.statements.get(period="2026-Q4")
    standing = [line.code for line in statement_rows.current_lines(second)]
    assert second.lines.filter(code="overpayment").count() == 2
    assert "overpayment" not in standing
    assert standing[-2:] == ["credit.netted", "payable"]


def test_figures_of_a_final_statement_cannot_be_changed(deal, billed):
    statements.compute_deal(deal.pk, at=noon("2026-12-01"))
    with pytest.raises(DatabaseError), transaction.atomic():
        Statement.objects.update(accrued_minor=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        Statement.objects.all().delete()


def test_what_is_paid_may_still_change_on_a_final_statement(deal, billed):
    statements.compute_deal(deal.pk, at=noon("2026-12-01"))
    Statement.objects.update(payable_minor=0, credits_minor=4_400_000)
    assert deal.statements.get().credits_minor == 4_400_000


def test_a_lower_restatement_after_payment_becomes_a_credit(deal, billed, cast):
    reporting.pay(deal, cast, "B-1", 4_400_000, on="2026-10-20")
    lines = [sale(180_800_000, on="2026-08-03", returns=6_000_000)]
    report(deal, cast, "2026-Q3", lines, "2026-11-02")
    report(deal, cast, "2026-Q4", [sale(237_300_000, on="2026-11-02")], "2027-01-18")
    assert deal.statements.get(period="2026-Q4").payable_minor == 6_160_000
    assert not dict(invariants.broken(Deal.objects.all()))


def test_a_refused_contract_parks_the_deal_with_its_reason(deal, cast):
    payload = {"reference": "B-2", "reverses": "B-1", "date": "2026-08-01"}
    dossiers.append_fact(
        deal,
        kind="receipt",
        payload=payload,
        effective_date=date(2026, 8, 1),
        at=noon("2026-08-01"),
    )
    statements.compute_deal(deal.pk, at=noon("2026-08-02"))
    statements.compute_deal(deal.pk, at=noon("2026-08-02"))
    deal.refresh_from_db()
    assert "no such receipt" in deal.parked_reason
    assert [entry.verb for entry in audit.entries_of(deal)].count("deal.parked") == 1


def test_a_deal_that_can_be_computed_again_is_no_longer_parked(deal, cast):
    Deal.objects.filter(pk=deal.pk).update(parked_reason="terms: something")
    report(deal, cast, "2026-Q3", [sale(180_800_000, on="2026-08-03")], "2026-10-16")
    deal.refresh_from_db()
    assert deal.parked_reason == ""


def test_trial_sales_stay_free(deal, cast):
    report(deal, cast, "2026-Q2", [sale(339_000_000, on="2026-05-04")], "2026-07-20")
    assert deal.statements.get().payable_minor == 0
    assert not Instalment.objects.exists()


def test_room_under_the_cap_reopens_a_settled_deal(deal, cast):
    report(deal, cast, "2026-Q3", [sale(5_650_000_000, on="2026-08-03")], "2026-10-16")
    reporting.pay(deal, cast, "B-1", 120_000_000, on="2026-11-02")
    reporting.work_off(noon("2026-11-02"))
    assert Deal.objects.get().state == "settled"
    report(deal, cast, "2026-Q3", [sale(180_800_000, on="2026-08-03")], "2026-12-01")
    deal.refresh_from_db()
    assert (deal.state, deal.settled_date) == ("paying", None)


def _rows(deal):
    """Everything posted: lines, instalments and movements."""
    return (
        list(StatementLine.objects.filter(statement__deal=deal).order_by("pk").values()),
        list(Instalment.objects.filter(statement__deal=deal).order_by("pk").values()),
        list(deal.movements.order_by("pk").values()),
    )
