"""The worker's shells: one id, one service."""

from datetime import date, datetime

from celery import shared_task
from django.utils import timezone

from deals.services import invariants, runs, statement_life, statements
from marketplace.base import clock
from marketplace.base.tasks import outbox_task


@outbox_task(runs.COMPUTE)
def compute_deal(deal_id: int, at: datetime) -> None:
    """Compute a deal and post what differs."""
    statements.compute_deal(deal_id, at=at)


@outbox_task(runs.COMPUTE_CHUNK)
def compute_chunk(chunk_id: int, at: datetime) -> None:
    """Compute the deals of a run's chunk and post what differs."""
    runs.compute_chunk(chunk_id, at=at)


@outbox_task(statement_life.FINISH)
def finish_statements(after: int, at: datetime) -> None:
    """Make the day's statements final, from behind this deal's id on."""
    statement_life.finish_due_statements(at, after=after)


@outbox_task(runs.PLAN)
def plan_day(ordinal: int, at: datetime) -> None:
    """Plan the deals whose terms speak of dates, for the day of this ordinal."""
    runs.plan_day(on=date.fromordinal(ordinal), at=at)


@shared_task(name="deals.fire_due")
def fire_due() -> None:
    """Let everything happen whose time has come; beat calls this every half minute."""
    at = clock.now()
    runs.fire_due(on=timezone.localdate(at), at=at)


@shared_task(name="deals.check_ledgers")
def check_ledgers() -> None:
    """Park every deal whose ledger differs from its rows; beat calls this every hour."""
    invariants.park_broken(at=clock.now())
