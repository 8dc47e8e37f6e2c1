"""`bench run`: period reports to statements - the product, an ORM loop, and plain COPY.

The three work on the same deals in one run. The product is all of it: planner, relay, broker and a
Celery worker. The loop computes with the same function and saves row by row. COPY writes the rows
that the product made into empty twins of the same tables, which nothing can beat.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone

from deals.models import Deal, Instalment, LedgerAccount, LedgerMovement, Statement, StatementLine
from deals.rules import facts, statement
from deals.services import dossiers, runs
from marketplace.base import outbox, relay
from marketplace.base.models import Outbox
from marketplace.site.bench import cpu
from marketplace.site.bench import deals as bench_deals

TABLES = (Statement, StatementLine, Instalment, LedgerAccount, LedgerMovement)
LOOP_AT_MOST = 1_000
CELERY = Path(sys.executable).parent / "celery"


class BenchError(Exception):
    """The runs do not agree, or the worker did not finish: no figure would mean anything."""


@dataclass(frozen=True)
class Figure:
    """One contestant: how many statements it wrote, and in how many seconds."""

    name: str
    statements: int
    cpu_seconds: float
    wall_seconds: float

    @property
    def rate(self) -> float:
        """Statements per CPU-second."""
        return self.statements / self.cpu_seconds if self.cpu_seconds else 0.0


def run(size: int, say: Callable[[str], object]) -> list[Figure]:
    """Measure with `size` reports; raises BenchError when the sums differ."""
    for made in bench_deals.make(size):
        say(f"made {made} of {size} deals")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    sample = min(size, LOOP_AT_MOST)
    say(f"ORM loop over {sample} deals")
    loop, looped = _loop(sample)
    say("product: planner, relay, broker, worker")
    product = _product(size, say)
    _check(sample, looped)
    say("plain COPY of the same rows")
    return [loop, product, _copy(size)]


@contextmanager
def _measured(name: str, count: int, *pids: int) -> Iterator[list[Figure]]:
    figures: list[Figure] = []
    pids = (os.getpid(), cpu.postmaster(), *pids)
    cpu_before, wall_before = cpu.seconds_of(*pids), time.monotonic()
    yield figures
    spent = cpu.seconds_of(*pids) - cpu_before
    figures.append(Figure(name, count, spent, time.monotonic() - wall_before))


def _loop(count: int) -> tuple[Figure, int]:
    """What a straightforward program does, one row at a time; rolled back at the end."""
    total = 0
    with transaction.atomic(), _measured("orm loop", count) as figures:
        for deal in Deal.objects.order_by("pk")[:count].iterator():
            total += _save_one_by_one(deal)
        transaction.set_rollback(True)
    return figures[0], total


def _save_one_by_one(deal: Deal) -> int:
    as_of = timezone.localdate(bench_deals.AT)
    result = statement.compute(facts.load(dossiers.contract_file(deal, as_of=as_of)))
    documents = statement.to_document(result)["statements"]
    assert isinstance(documents, list)
    for position, (target, figures) in enumerate(
        zip(result.statements, documents, strict=True), start=1
    ):
        row = Statement.objects.create(
            deal=deal,
            period=target.period.name,
            position=position,
            figures={key: value for key, value in figures.items() if key != "lines"},
            accrued_minor=target.accrued,
            corrections_minor=target.corrections,
            credits_minor=target.credits,
            payable_minor=target.payable,
            currency=result.currency,
            issued_at=bench_deals.AT,
        )
        for ordinal, line in enumerate(target.lines, start=1):
            StatementLine.objects.create(
                statement=row,
                ordinal=ordinal,
                stage=line.stage,
                code=line.code,
                amount_minor=line.amount,
                inputs=dict(line.inputs),
                formula=line.formula,
                terms_version=line.terms_version,
            )
        for instalment in result.instalments:
            if instalment.period == target.period:
                Instalment.objects.create(
                    statement=row, amount_minor=instalment.amount, due_date=instalment.due
                )
    return sum(target.payable for target in result.statements)


def _product(size: int, say: Callable[[str], object]) -> Figure:
    """Plan every deal, and let one worker of one process, warm already, do it all."""
    with _worker() as worker:
        outbox.record(runs.COMPUTE, 0, at=bench_deals.AT)
        _drain(0, worker, say)
        return _planned(size, worker, say)


def _planned(size: int, worker: "subprocess.Popen[bytes]", say: Callable[[str], object]) -> Figure:
    with _measured("product", size, worker.pid) as figures:
        runs.plan_all(on=timezone.localdate(bench_deals.AT), at=bench_deals.AT)
        _drain(size, worker, say)
    return figures[0]


@contextmanager
def _worker() -> Iterator["subprocess.Popen[bytes]"]:
    command = [str(CELERY), "--app", "marketplace", "worker", "--concurrency", "1"]
    worker = subprocess.Popen(  # noqa: S603 (our own program)
        [*command, "--loglevel", "ERROR"],
        env=os.environ | {"DATABASE_ROLE": "worker"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        yield worker
    finally:
        worker.terminate()
        worker.wait(timeout=30)


def _drain(size: int, worker: "subprocess.Popen[bytes]", say: Callable[[str], object]) -> None:
    told = 0
    while left := Outbox.objects.waiting().count():
        if worker.poll() is not None:
            raise BenchError("The worker died.")
        # Rows sent long ago are only looked at again when the queue is empty.
        relay.publish(at=timezone.now() - timedelta(seconds=1))
        done = size - left
        if done - told >= max(1, size // 10):
            told = done
            say(f"computed {done} of {size} deals")
        time.sleep(0.05)


def _check(sample: int, looped: int) -> None:
    """The product's statements come to what the loop computed."""
    deals = list(Deal.objects.order_by("pk").values_list("pk", flat=True)[:sample])
    rows = Statement.objects.filter(deal__in=deals)
    total = rows.aggregate(total=Sum("payable_minor"))["total"]
    if total != looped:
        raise BenchError(f"The product's sum is {total}, the loop's {looped}.")


def _copy(size: int) -> Figure:
    """Write the product's rows into empty twins of the tables, with their indexes."""
    names = [model._meta.db_table for model in TABLES]
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f'CREATE TEMP TABLE "twin_{name}" (LIKE "{name}" INCLUDING ALL)')
        pages = [_read(cursor.cursor, name) for name in names]
        with _measured("plain copy", size) as figures:
            for name, rows in zip(names, pages, strict=True):
                with cursor.cursor.copy(f'COPY "twin_{name}" FROM STDIN') as copy:
                    copy.write(rows)
    return figures[0]


def _read(cursor: object, name: str) -> bytes:
    with cursor.copy(f'COPY "{name}" TO STDOUT') as copy:  # type: ignore[attr-defined]
        return b"".join(bytes(part) for part in copy)
