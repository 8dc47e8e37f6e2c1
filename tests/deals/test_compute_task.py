"""The worker's task: one outbox row, one deal, one transaction, done once."""

import pytest
from celery import current_app

from deals.models import StatementLine
from deals.services import statements
from marketplace.base.models import Outbox
from tests.deals import reporting
from tests.deals.reporting import noon, sale

pytestmark = pytest.mark.django_db

AT = noon("2026-10-16")


@pytest.fixture
def deal(cast):
    return reporting.make_paying_deal(cast)


@pytest.fixture
def row(deal, cast):
    """The outbox row that an accepted report left."""
    lines = [sale(180_800_000, on="2026-08-03")]
    reporting.accept(deal, cast, "2026-Q3", lines, at=AT)
    return Outbox.objects.waiting().get(task="deals.compute_deal")


def run(row):
    current_app.tasks[row.task](row.pk)


def test_the_task_computes_the_deal_and_marks_its_row(row, deal):
    run(row)
    row.refresh_from_db()
    assert row.done_at is not None
    assert deal.statements.get().payable_minor == 4_400_000


def test_the_task_run_twice_works_once(row, deal):
    run(row)
    before = list(StatementLine.objects.order_by("pk").values())
    run(row)
    assert list(StatementLine.objects.order_by("pk").values()) == before


def test_the_task_forgets_an_unknown_row(db):
    current_app.tasks["deals.compute_deal"](999_999)
    assert not StatementLine.objects.exists()


def test_an_unknown_deal_is_no_work(db):
    statements.compute_deal(999_999, at=AT)
    assert not StatementLine.objects.exists()


def test_a_crash_leaves_neither_rows_nor_mark(row, deal, monkeypatch):
    def fall(*args, **kwargs):
        raise RuntimeError("pulled the plug")

    monkeypatch.setattr("deals.services.bookings.book", fall)
    with pytest.raises(RuntimeError, match="plug"):
        run(row)
    row.refresh_from_db()
    assert row.done_at is None
    assert not deal.statements.exists()


def test_two_rows_for_one_deal_out_of_order_give_the_same_ledger(row, deal, cast):
    reporting.pay(deal, cast, "B-1", 4_400_000, on="2026-10-16")
    for owed in Outbox.objects.waiting().filter(task=row.task).order_by("-pk"):
        run(owed)
    assert deal.statements.get().instalments.get().outstanding_minor == 0
    assert deal.movements.count() == 3
