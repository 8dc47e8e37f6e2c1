"""`bench run`: period reports to statements - the product, an ORM loop, and plain COPY.

The three work on the same deals in one run. The product is all of it: planner, relay, broker and a
Celery worker. The loop computes with the same function and saves the same rows one by one. COPY
writes the rows that the product made into empty twins of the same tables.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Sum
from django.utils import timezone
from redis import Redis

from deals.models import Deal, RunChunk, Statement
from deals.services import runs
from marketplace.base import clock, outbox, relay
from marketplace.base.models import Outbox
from marketplace.site.bench import copies, cpu, digests, loop
from marketplace.site.bench import deals as bench_deals
from marketplace.site.bench.figures import BenchError, Figure, measured

LOOP_AT_MOST = 1_000
CELERY = Path(sys.executable).parent / "celery"
Say = Callable[[str], object]


@dataclass(frozen=True)
class Outcome:
    """The three figures, the most memory that a worker's process held, and what was compared."""

    loop: Figure
    product: Figure
    copy: Figure
    worker_megabytes: float
    compared: int

    @property
    def product_to_loop(self) -> float:
        """How many times as fast as the loop the product is."""
        return self.product.rate / self.loop.rate

    @property
    def copy_to_product(self) -> float:
        """How many times as fast as the product plain COPY is."""
        return self.copy.rate / self.product.rate

    def document(self) -> dict[str, Any]:
        """All of it for machines."""
        figures = [asdict(figure) for figure in (self.loop, self.product, self.copy)]
        return {
            "figures": figures,
            "product_to_loop": self.product_to_loop,
            "copy_to_product": self.copy_to_product,
            "worker_megabytes": self.worker_megabytes,
            "compared": self.compared,
        }


def run(size: int, say: Say) -> Outcome:
    """Measure with `size` reports; raises BenchError when the rows differ."""
    for made in bench_deals.make(size):
        if made % 10_000 == 0 or made == size:
            say(f"made {made} of {size} deals")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    sample = min(size, LOOP_AT_MOST)
    say(f"ORM loop over {sample} deals")
    looped, written = loop.run(sample)
    say("product: planner, relay, broker, worker")
    product, memory = _product(size, say)
    _check(size, written)
    say("plain COPY of the same rows")
    return Outcome(looped, product, copies.run(size), memory, sample)


def _product(size: int, say: Say) -> tuple[Figure, float]:
    """Plan every deal, and let one worker of one process, warm already, do it all."""
    with _worker() as worker:
        outbox.record(runs.COMPUTE, 0, at=clock.now())
        _drain(worker, say)
        with measured("product", size, worker.pid, _broker()) as figures:
            runs.plan_all(on=clock.today(), at=clock.now())
            _drain(worker, say)
        return figures[0], cpu.peak_megabytes(worker.pid)


def _broker() -> int:
    """The broker's pid."""
    with Redis.from_url(settings.REDIS_URL) as client:
        return int(client.info("server")["process_id"])


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


def _drain(worker: "subprocess.Popen[bytes]", say: Say) -> None:
    """Publish what is owed, as beat does, until nothing is; says how far the chunks have come."""
    total, told, pause = RunChunk.objects.count(), 0, 0.05
    while Outbox.objects.waiting().exists():
        if worker.poll() is not None:
            raise BenchError("The worker died.")
        # Rows sent long ago are only looked at again when the queue is empty.
        relay.publish(at=timezone.now() - timedelta(seconds=1))
        done = RunChunk.objects.exclude(done_at=None).count()
        if done - told >= max(1, total // 10):
            told = done
            say(f"computed {done} of {total} chunks")
        # Looking costs CPU time as well; beat looks every two seconds.
        time.sleep(pause)
        pause = min(pause * 1.5, 1.0)


def _check(size: int, written: dict[int, str]) -> None:
    """The product's rows are the loop's, every deal has its statement, and the chunks say so."""
    found = digests.of_deals(list(written))
    different = [pk for pk, digest in written.items() if found.get(pk) != digest]
    if different:
        raise BenchError(f"{len(different)} of {len(written)} deals differ from the loop's.")
    posted = RunChunk.objects.aggregate(total=Sum("statements"))["total"]
    if not posted == Statement.objects.count() == size:
        raise BenchError(f"{posted} statements were posted, {size} were to be.")
    if Deal.objects.exclude(parked_reason="").exists():
        raise BenchError("A deal was parked.")
