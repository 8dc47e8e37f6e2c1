"""What the calendar owes: runs over many deals, cut into chunks that workers take one at a time.

A run plans and never computes. Each chunk is one outbox row and one transaction of a worker, so
that a run can be killed at any point and goes on where it was (docs/decisions/007-the-run.md).
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Q

from deals.models import Deal, DealQuerySet, Run, RunChunk
from deals.rules.states import DealState
from deals.services import publicity, statement_life, statements, trials
from marketplace.base import outbox
from marketplace.base.models import Outbox

COMPUTE = "deals.compute_deal"
COMPUTE_CHUNK = "deals.compute_chunk"
PLAN = "deals.plan_day"

CHUNK = 500
# A chunk that was sent this often and never ended is taken in halves, so that the one deal that
# a mistake in the program stops is alone in the end and the others go on.
PATIENCE = 6

_COMPUTED = [str(state) for state in (DealState.PAYING, DealState.SETTLED)]
# Clauses by which the mere passing of days changes what is owed.
_DATED = ("minimum", "fixed", "milestones", "long_stop")

CUT = """
INSERT INTO deals_runchunk (run_id, first_deal_id, last_deal_id, statements, checksum, is_split)
SELECT %s, min(id), max(id), 0, '', false
FROM (SELECT id, (row_number() OVER (ORDER BY id) - 1) / %s AS number FROM ({}) deals) numbered
GROUP BY number ORDER BY number
RETURNING id
"""


def plan_all(*, on: date, at: datetime) -> int:
    """Owe the computation of every paying deal as of a day, once; how many there are."""
    return _plan(Run.ALL, on=on, at=at)


def plan_day(*, on: date, at: datetime) -> int:
    """Owe the computation of the deals whose terms speak of dates, once a day; how many."""
    return _plan(Run.DATED, on=on, at=at)


def compute_chunk(chunk_id: int, *, at: datetime) -> None:
    """Compute the deals of a chunk and store what was posted; nothing for one that is done.

    A chunk that another worker holds is left to it. What the run plans is looked up again, so
    deals that changed since are computed as they are now.
    """
    with transaction.atomic():
        waiting = RunChunk.objects.filter(pk=chunk_id, done_at=None).select_related("run")
        chunk = waiting.select_for_update(skip_locked=True, of=("self",)).first()
        if chunk is None:
            return
        ids = list(_deals_of(chunk).order_by("pk").values_list("pk", flat=True))
        if len(ids) > 1 and _has_failed(chunk):
            _split(chunk, ids, at=at)
        else:
            outcome = statements.compute_deals(ids, at=at)
            chunk.statements, chunk.checksum = outcome.statements, outcome.checksum
        chunk.done_at = at
        chunk.save(update_fields=["statements", "checksum", "is_split", "done_at"])


def fire_due(*, on: date, at: datetime) -> None:
    """Let everything happen whose time has come: notices and trials end, the day is planned.

    Safe to run twice and at the same time: each step looks again under its deal's lock, and the
    day's plan is one row, and so are its statements that become final.
    """
    publicity.close_due_notices(at)
    trials.end_due_trials(at)
    trials.expire_due_decisions(at)
    statement_life.owe_finishing(on=on, at=at)
    outbox.record(PLAN, on.toordinal(), at=at, key=on.isoformat())


def _computed(kind: str) -> DealQuerySet:
    deals = Deal.objects.filter(state__in=_COMPUTED)
    if kind == Run.ALL:
        return deals
    speaks_of_dates = Q()
    for clause in _DATED:
        speaks_of_dates |= Q(terms__document__has_key=clause)
    return deals.filter(speaks_of_dates)


def _deals_of(chunk: RunChunk) -> DealQuerySet:
    return _computed(chunk.run.kind).filter(pk__gte=chunk.first_deal_id, pk__lte=chunk.last_deal_id)


@transaction.atomic
def _plan(kind: str, *, on: date, at: datetime) -> int:
    deals = _computed(kind)
    run, is_new = Run.objects.get_or_create(
        kind=kind, day=on, defaults={"deals": deals.count(), "planned_at": at}
    )
    if is_new:
        query, parameters = deals.order_by().values("id").query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(CUT.format(query), [run.pk, CHUNK, *parameters])
            _owe((chunk_id for (chunk_id,) in cursor.fetchall()), at=at)
    return run.deals


def _owe(chunk_ids: Iterable[int], *, at: datetime) -> None:
    outbox.record_many(COMPUTE_CHUNK, {pk: str(pk) for pk in chunk_ids}, at=at)


def _has_failed(chunk: RunChunk) -> bool:
    rows = Outbox.objects.filter(task=COMPUTE_CHUNK, key=str(chunk.pk))
    return rows.filter(attempts__gte=PATIENCE).exists()


def _split(chunk: RunChunk, ids: list[int], *, at: datetime) -> None:
    half = len(ids) // 2
    halves = RunChunk.objects.bulk_create(
        RunChunk(run=chunk.run, first_deal_id=part[0], last_deal_id=part[-1])
        for part in (ids[:half], ids[half:])
    )
    _owe((part.pk for part in halves), at=at)
    chunk.is_split = True
