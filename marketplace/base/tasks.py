"""The shell that every outbox task wears, and the task that publishes the outbox."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from celery import shared_task
from django.db import transaction
from django.db.models import Q

from marketplace.base import clock, outbox, relay
from marketplace.base.models import Outbox

# Longer than any task may run (CELERY_TASK_TIME_LIMIT).
LONGEST_DELIVERY = timedelta(minutes=6)
Work = Callable[[int, datetime], object]


def outbox_task(name: str) -> Callable[[Work], Callable[[int], None]]:
    """Register `work(subject_id, at)` as the task `name`, which takes the id of an outbox row.

    One transaction: lock the row, return if it is done or another worker is at it, work, mark it
    done. Run twice, at once or out of order, the work happens once; killed anywhere, it happens
    again from the start.
    """

    def wrap(work: Work) -> Callable[[int], None]:
        def run(outbox_id: int) -> None:
            with transaction.atomic():
                rows = Outbox.objects.select_for_update(skip_locked=True)
                row = rows.filter(pk=outbox_id).first()
                if row is None or row.done_at is not None:
                    return
                outbox.begin_request(row.request_id)
                at = clock.now()
                work(row.subject_id, at)
                row.done_at = at
                row.save(update_fields=["done_at"])
            if outbox.was_recorded():
                relay.nudge(at=clock.now())

        run.__name__ = work.__name__
        run.__doc__ = work.__doc__
        task: Callable[[int], None] = shared_task(name=name)(run)
        return task

    return wrap


def delivery_task(name: str) -> Callable[[Work], Callable[[int], None]]:
    """Register `work(subject_id, at)` that leaves the house (mail), outside any transaction.

    One worker at a time delivers a row, which it holds for some minutes. Delivered at least once:
    killed between sending and marking it done, it is sent again when nobody holds it any more.
    """

    def wrap(work: Work) -> Callable[[int], None]:
        def run(outbox_id: int) -> None:
            with _held(outbox_id) as row:
                if row is None:
                    return
                outbox.begin_request(row.request_id)
                work(row.subject_id, clock.now())
                Outbox.objects.filter(pk=row.pk).update(done_at=clock.now())

        run.__name__ = work.__name__
        run.__doc__ = work.__doc__
        task: Callable[[int], None] = shared_task(name=name)(run)
        return task

    return wrap


@contextmanager
def _held(outbox_id: int) -> Iterator[Outbox | None]:
    """The row, held by this worker alone; None if it is done or another holds it."""
    now = clock.now()
    mine = Outbox.objects.filter(pk=outbox_id)
    free = mine.filter(Q(held_until=None) | Q(held_until__lt=now), done_at=None)
    if not free.update(held_until=now + LONGEST_DELIVERY):
        yield None
        return
    try:
        yield mine.get()
    finally:
        mine.update(held_until=None)


@shared_task(name="base.publish_outbox")
def publish_outbox() -> None:
    """Publish what is due; beat calls this every few seconds."""
    relay.publish(at=clock.now())
