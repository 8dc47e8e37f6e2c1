"""Many clients at one report, one transfer or one computation: exactly one effect.

Every client has its own connection and commits for real. The twin at the end takes the locks out.
"""

from datetime import date
from functools import partial

import pytest

from deals.models import Deal, Receipt, StatementLine
from deals.services import dossiers, invariants, receipts, reports, statements
from marketplace.base import audit
from tests.cast import make_cast
from tests.deals import reporting
from tests.deals.reporting import noon, sale
from tests.races.racing import WON, meet_after, race, without_locks

AT = noon("2026-10-16")
Q3 = "2026-Q3"
CLIENTS = 8


@pytest.fixture
def cast(committed_db):
    return make_cast()


@pytest.fixture
def deal(cast):
    return reporting.make_paying_deal(cast)


@pytest.fixture
def submitted(deal, cast):
    return reporting.submit(deal, cast, Q3, [sale(180_800_000, on="2026-08-03")], at=AT)


def assert_whole(deal):
    """Both chains follow, and the ledger shows the rows."""
    assert audit.first_broken(deal) is None
    assert dossiers.first_broken_fact(deal) is None
    assert not dict(invariants.broken(Deal.objects.filter(pk=deal.pk)))


def test_eight_acceptances_of_one_report_are_one(cast, deal, submitted):
    click = partial(reports.accept_report, submitted, by=cast.officer_a, at=AT)
    assert race([click] * CLIENTS) == ["report.not_submitted"] * 7 + [WON]
    assert deal.facts.filter(kind="report").count() == 1
    assert reporting.owed(deal) == 1
    assert_whole(deal)


def test_a_report_is_accepted_or_questioned(cast, deal, submitted):
    outcomes = race(
        [
            partial(reports.accept_report, submitted, by=cast.officer_a, at=AT),
            partial(reports.question_report, submitted, question="?", by=cast.officer_a, at=AT),
        ]
    )
    assert outcomes == ["report.not_submitted", WON]
    submitted.refresh_from_db()
    accepted = submitted.state == "accepted"
    assert deal.facts.filter(kind="report").exists() is accepted


def test_eight_submissions_of_one_draft_are_one(cast, deal):
    draft = reports.Draft(Q3, [sale(180_800_000, on="2026-08-03")])
    report = reports.save_draft(deal, draft, by=cast.finance_c, at=AT)
    click = partial(reports.submit_report, report, by=cast.finance_c, at=AT)
    assert race([click] * CLIENTS) == ["report.not_draft"] * 7 + [WON]
    assert_whole(deal)


def test_eight_records_of_one_transfer_are_one_receipt(cast, deal):
    transfer = receipts.Transfer("B-1", 4_400_000, date(2026, 10, 16))
    click = partial(receipts.record_receipt, deal, transfer, by=cast.finance_a, at=AT)
    assert race([click] * CLIENTS) == [WON] * CLIENTS
    assert Receipt.objects.count() == 1
    assert deal.facts.filter(kind="receipt").count() == 1
    assert reporting.owed(deal) == 1


def test_one_reference_with_eight_amounts_is_taken_once(cast, deal):
    clients = [
        partial(
            receipts.record_receipt,
            deal,
            receipts.Transfer("B-1", 100 + number, date(2026, 10, 16)),
            by=cast.finance_a,
            at=AT,
        )
        for number in range(CLIENTS)
    ]
    assert race(clients) == ["receipt.duplicate"] * 7 + [WON]
    assert deal.facts.filter(kind="receipt").count() == 1


def test_eight_computations_of_one_deal_post_once(cast, deal, submitted):
    reports.accept_report(submitted, by=cast.officer_a, at=AT)
    click = partial(statements.compute_deal, deal.pk, at=AT)
    assert race([click] * CLIENTS) == [WON] * CLIENTS
    assert deal.movements.count() == 1
    assert deal.statements.get().instalments.get().amount_minor == 4_400_000
    codes = list(StatementLine.objects.values_list("code", flat=True))
    assert len(codes) == len(set(codes))


def test_a_receipt_beside_a_computation_is_matched_in_the_end(cast, deal, submitted):
    reports.accept_report(submitted, by=cast.officer_a, at=AT)
    transfer = receipts.Transfer("B-1", 4_400_000, date(2026, 10, 16))
    outcomes = race(
        [
            partial(receipts.record_receipt, deal, transfer, by=cast.finance_a, at=AT),
            partial(statements.compute_deal, deal.pk, at=AT),
        ]
    )
    assert outcomes == [WON, WON]
    reporting.work_off(AT)
    assert deal.statements.get().instalments.get().outstanding_minor == 0
    assert_whole(deal)


def test_without_locks_a_computation_fails_on_rows_that_another_wrote(
    cast, deal, submitted, monkeypatch
):
    """Unique rows still hold, but the second worker ends in an error: that is the lock's work."""
    reports.accept_report(submitted, by=cast.officer_a, at=AT)
    without_locks(monkeypatch)
    meet_after(monkeypatch, "deals.services.statements.input_key", statements.input_key, count=2)
    click = partial(statements.compute_deal, deal.pk, at=AT)
    assert race([click] * 2) == ["IntegrityError", WON]
