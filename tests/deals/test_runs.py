"""A run over many deals: chunks, each one transaction, done once, whatever happens between."""

import pytest
from celery import current_app
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

import deals.tasks
from deals.models import ComputedInput, Deal, RunChunk, StatementLine
from deals.services import dossiers, invariants, runs, statements
from deals.services.runs import COMPUTE_CHUNK
from marketplace.base.models import AuditEntry, Outbox
from marketplace.site.bench import deals as bench_deals
from tests.deals import records

pytestmark = pytest.mark.django_db

AT = bench_deals.AT
SIZE = 7
WRITTEN = (*records.WRITTEN, "deals_runchunk")


@pytest.fixture
def deals(monkeypatch):
    """Seven paying deals with one accepted report each, in chunks of three."""
    monkeypatch.setattr(runs, "CHUNK", 3)
    list(bench_deals.make(SIZE))
    return list(Deal.objects.order_by("pk"))


@pytest.fixture
def planned(deals):
    """The outbox rows of the planned run's chunks."""
    assert runs.plan_all(on=AT.date(), at=AT) == SIZE
    return list(Outbox.objects.filter(task=COMPUTE_CHUNK).order_by("pk"))


def work(row):
    current_app.tasks[row.task](row.pk)


def spoil(deal):
    """Let the calculation refuse the deal: one revision of a report is there twice."""
    payload = deal.facts.get(kind="report").payload
    day = AT.date()
    dossiers.append_fact(deal, kind="report", payload=payload, effective_date=day, at=AT)


def shown():
    """What people see of every deal, without ids and instants."""
    return {
        deal.pk: [
            (
                row.period, row.state, row.figures, row.payable_minor, row.content_hash,
                [
                    (line.ordinal, line.stage, line.code, line.amount_minor, line.inputs)
                    for line in row.lines.order_by("ordinal")
                ],
                list(row.instalments.values_list("amount_minor", "due_date")),
                list(deal.movements.values_list("kind", "amount_minor", "debit__kind")),
            )
            for row in deal.statements.order_by("position")
        ]
        for deal in Deal.objects.order_by("pk")
    }  # fmt: skip


def test_a_run_is_cut_into_chunks_that_leave_no_deal_out(planned, deals):
    chunks = RunChunk.objects.order_by("first_deal_id")
    ends = [(chunk.first_deal_id, chunk.last_deal_id) for chunk in chunks]
    ids = [deal.pk for deal in deals]
    assert ends == [(ids[0], ids[2]), (ids[3], ids[5]), (ids[6], ids[6])]
    assert [row.subject_id for row in planned] == [chunk.pk for chunk in chunks]


def test_a_run_is_planned_once_a_day(planned):
    assert runs.plan_all(on=AT.date(), at=AT) == SIZE
    assert RunChunk.objects.count() == len(planned) == 3


def test_every_chunk_says_what_it_posted(planned):
    for row in planned:
        work(row)
    chunks = list(RunChunk.objects.order_by("pk"))
    assert [chunk.statements for chunk in chunks] == [3, 3, 1]
    assert len({chunk.checksum for chunk in chunks}) == 3
    assert all(chunk.done_at for chunk in chunks)
    assert dict(invariants.broken(Deal.objects.all())) == {}
    assert dict(invariants.with_broken_chains(Deal.objects.all())) == {}


def test_a_chunk_done_twice_is_done_once(planned):
    for row in planned:
        work(row)
    before = records.fingerprint(WRITTEN)
    for row in planned:
        runs.compute_chunk(row.subject_id, at=AT)
    assert records.fingerprint(WRITTEN) == before


def test_a_second_run_of_the_same_day_posts_nothing(planned, deals):
    for row in planned:
        work(row)
    before = records.fingerprint(WRITTEN)
    statements.compute_deals([deal.pk for deal in deals], at=AT)
    assert records.fingerprint(WRITTEN) == before


def test_deals_computed_together_show_what_each_shows_alone(deals):
    with transaction.atomic():
        for deal in deals:
            statements.compute_deal(deal.pk, at=AT)
        alone = shown()
        transaction.set_rollback(True)
    statements.compute_deals([deal.pk for deal in deals], at=AT)
    assert shown() == alone
    assert all(alone.values())


def test_many_deals_cost_no_more_queries_than_two(deals):
    counts = []
    for part in (deals[:2], deals[2:]):
        with CaptureQueriesContext(connection) as found:
            statements.compute_deals([deal.pk for deal in part], at=AT)
        counts.append(len(found))
    assert counts[0] == counts[1] < 40


def test_a_crash_in_the_middle_leaves_the_chunk_to_be_done(planned, monkeypatch):
    def fall(*args, **kwargs):
        raise RuntimeError("pulled the plug")

    work(planned[0])
    monkeypatch.setattr("deals.services.bookings.book", fall)
    with pytest.raises(RuntimeError, match="plug"):
        work(planned[1])
    assert ComputedInput.objects.count() == 3
    monkeypatch.undo()
    for row in planned:
        work(row)
    assert ComputedInput.objects.count() == SIZE
    assert dict(invariants.broken(Deal.objects.all())) == {}


def test_a_deal_that_the_calculation_refuses_is_parked_alone(planned, deals, monkeypatch):
    broken = deals[1]
    spoil(broken)
    for row in planned:
        work(row)
    assert list(Deal.objects.exclude(parked_reason="")) == [broken]
    assert not broken.statements.exists()
    assert RunChunk.objects.order_by("pk").first().statements == 2
    assert AuditEntry.objects.filter(verb="deal.parked").count() == 1


def test_facts_of_another_day_make_a_chunk_work_again(planned, deals):
    for row in planned:
        work(row)
    lines = StatementLine.objects.count()
    statements.compute_deals([deal.pk for deal in deals], at=AT.replace(month=11))
    assert StatementLine.objects.count() == lines
    days = set(ComputedInput.objects.values_list("as_of_date", flat=True))
    assert {day.month for day in days} == {11}


def test_a_chunk_that_never_ends_is_taken_in_halves(planned, deals):
    row = planned[0]
    Outbox.objects.filter(pk=row.pk).update(attempts=runs.PATIENCE)
    work(row)
    whole = RunChunk.objects.get(pk=row.subject_id)
    assert (whole.is_split, whole.statements) == (True, 0)
    for again in Outbox.objects.waiting().filter(task=COMPUTE_CHUNK):
        work(again)
    assert ComputedInput.objects.count() == SIZE
    assert sum(RunChunk.objects.values_list("statements", flat=True)) == SIZE
