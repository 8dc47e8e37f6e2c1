"""The shell that every outbox task wears, and the task that publishes the outbox."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from celery import shared_task
from django.db import connection, transaction

from marketplace.base import clock, outbox, relay
from marketplace.base.models import Outbox

# The first half of the advisory locks' key: deliveries of the outbox.
DELIVERIES = 1
Work = Callable[[int, datetime], object]


def outbox_task(name: str) -> Callable[[Work], Callable[[int], None]]:
    """Register `work(subject_id, at)` as the task `name`, which takes the id of an outbox row.

    One transaction: lock the row, return if it is done, work, mark it done. Run twice, at once or
    out of order, the work happens once; killed anywhere, it happens again from the start.
    """

    def wrap(work: Work) -> Callable[[int], None]:
        def run(outbox_id: int) -> None:
            with transaction.atomic():
                row = Outbox.objects.select_for_update().filter(pk=outbox_id).first()
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

    One worker at a time delivers a row, held by a lock that dies with its connection. Delivered at
    least once: killed between sending and marking it done, it is sent again.
    """

    def wrap(work: Work) -> Callable[[int], None]:
        def run(outbox_id: int) -> None:
            with _alone(outbox_id) as is_alone:
                row = Outbox.objects.filter(pk=outbox_id, done_at=None).first()
                if row is None or not is_alone:
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
def _alone(outbox_id: int) -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [DELIVERIES, outbox_id % 2**31])
        is_alone = bool(cursor.fetchone()[0])
        try:
            yield is_alone
        finally:
            if is_alone:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [DELIVERIES, outbox_id % 2**31])


@shared_task(name="base.publish_outbox")
def publish_outbox() -> None:
    """Publish what is due; beat calls this every few seconds."""
    relay.publish(at=clock.now())
