"""kill -9 in the middle of a run over many deals: it ends as if nothing had happened.

CHAOS_REPORTS=100000 makes it large; the normal suite runs it small, with the same kills.
"""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from celery import Celery
from django.db import connection
from django.db.models import Sum
from pytest_django import DjangoDbBlocker

from deals.models import ComputedInput, Deal, LedgerMovement, RunChunk, Statement
from deals.services import invariants, rebuilds, runs
from marketplace.base import clock
from marketplace.base.models import AuditEntry, Outbox
from marketplace.site.bench import deals as bench_deals
from tests import databases
from tests.stack import Stack, stack, wait_until

pytestmark = pytest.mark.servers

REPORTS = int(os.environ.get("CHAOS_REPORTS", "600"))
CHUNKS = 120
# Seconds without a chunk that nobody takes for slow work any more.
HANGS = 30 + REPORTS / 2_000
VICTIMS = ("worker", "child", "postgres", "valkey", "worker", "child")


@dataclass
class Run:
    """A planned run that is being killed; `unfinished` chunks were left at each kill."""

    stack: Stack
    unfinished: list[int] = field(default_factory=list)
    is_finished: bool = False
    _last_left: int = 0
    _moved_at: float = 0.0

    def carry_out(self) -> None:
        """Kill something each time that another part of the chunks is done, then wait."""
        runs.plan_all(on=clock.today(), at=clock.now())
        self._publish()
        for number, victim in enumerate(VICTIMS, start=1):
            self._wait_for(CHUNKS * number // (len(VICTIMS) + 2))
            self.unfinished.append(left())
            self._kill(victim)
        self.is_finished = wait_until(self._is_over, 120 + REPORTS / 200)

    def _is_over(self) -> bool:
        self._watch_over()
        return left() == 0

    def _publish(self) -> None:
        with Celery("feeder", broker=self.stack.broker, set_as_current=False) as feeder:
            feeder.conf.task_default_queue = "default"
            feeder.send_task("base.publish_outbox", retry=False)

    def _wait_for(self, done: int) -> None:
        deadline = time.monotonic() + 120 + REPORTS / 500
        while left() > CHUNKS - done:
            assert time.monotonic() < deadline, self.stack.log("worker")
            self._watch_over()
            time.sleep(0.005)

    def _watch_over(self) -> None:
        """Do what a service manager does: start what ended, replace a worker that hangs.

        A worker whose broker dies under a task may give up, or hang while it gives up.
        """
        self.stack.revive()
        now, last = time.monotonic(), left()
        if last != self._last_left:
            self._last_left, self._moved_at = last, now
        elif now - self._moved_at > HANGS:
            self._moved_at = now
            self.stack.kill("worker")
            self.stack.start("worker")

    def _kill(self, victim: str) -> None:
        if victim == "child":
            self.stack.kill_child_of("worker")
            return
        self.stack.kill(victim)
        self.stack.start(victim)
        if victim == "postgres":
            connection.close()


def left() -> int:
    """How many chunks are not done."""
    return RunChunk.objects.filter(done_at=None).count()


@pytest.fixture(scope="module")
def run(
    tmp_path_factory: pytest.TempPathFactory,
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[Run]:
    """The whole run with its kills; the tests look at what it left."""
    with stack(tmp_path_factory.mktemp("run")) as installation, django_db_blocker.unblock():
        owner = installation.servers["postgres"].url("marketplace_owner")
        with databases.elsewhere(owner), pytest.MonkeyPatch.context() as patch:
            patch.setattr(runs, "CHUNK", -(-REPORTS // CHUNKS))
            list(bench_deals.make(REPORTS))
            installation.start("worker")
            installation.start("beat")
            found = Run(installation)
            found.carry_out()
            yield found


def test_the_kills_hit_a_run_that_was_under_way(run: Run) -> None:
    assert len(run.unfinished) == len(VICTIMS)
    assert all(run.unfinished), run.unfinished


def test_the_run_comes_to_its_end(run: Run) -> None:
    assert run.is_finished, run.stack.log("worker")
    assert not Outbox.objects.exclude(dead_at=None).exists()


def test_every_report_has_its_statement_once(run: Run) -> None:
    assert Statement.objects.count() == ComputedInput.objects.count() == REPORTS
    assert Statement.objects.values("deal").distinct().count() == REPORTS
    posted = RunChunk.objects.aggregate(total=Sum("statements"))["total"]
    assert posted == AuditEntry.objects.filter(verb="statement.posted").count() == REPORTS


def test_every_accrual_is_booked_once(run: Run) -> None:
    booked = LedgerMovement.objects.aggregate(total=Sum("amount_minor"))["total"]
    accrued = Statement.objects.aggregate(total=Sum("accrued_minor"))["total"]
    assert booked == accrued > 0


def test_the_rows_are_what_the_facts_give(run: Run) -> None:
    subjects = rebuilds.subjects()
    assert subjects.total == REPORTS
    for progress in rebuilds.check(subjects):
        assert progress.differences == []


def test_the_ledger_and_both_chains_are_whole(run: Run) -> None:
    assert dict(invariants.broken(Deal.objects.all())) == {}
    some = Deal.objects.order_by("pk")[:500]
    assert dict(invariants.with_broken_chains(Deal.objects.filter(pk__in=some.values("pk")))) == {}
