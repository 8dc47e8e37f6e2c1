"""From the outbox to the broker, by task name, a bounded number at a time.

PostgreSQL remembers what is owed; the broker only carries ids. A row is published again with a
growing pause until its task marks it done in the same transaction as its effect, so a broker that
forgets everything costs time and nothing else.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

from marketplace.base.models import Outbox

logger = logging.getLogger(__name__)

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=15)
GIVE_UP_AFTER = 30


def publish(*, at: datetime, limit: int = 64) -> int:
    """Publish up to `limit` due rows while the broker's queue is short; the number published.

    Raises kombu.exceptions.OperationalError when the broker is away; no row is changed then.
    """
    room = min(limit, settings.OUTBOX_BROKER_DEPTH - queue_depth())
    if room <= 0:
        return 0
    with transaction.atomic():
        rows = list(
            Outbox.objects.publishable(at)
            .select_for_update(skip_locked=True, of=("self",))
            .order_by("next_attempt_at")[:room]
        )
        for row in rows:
            _schedule_next(row, at=at)
        for row in rows:
            if row.dead_at is None:
                current_app.send_task(row.task, args=[row.pk], retry=False)
    return len(rows)


def queue_depth() -> int:
    """Messages that wait in the broker's default queue."""
    with current_app.connection_for_write() as connection:
        channel: Any = connection.default_channel
        declared = channel.queue_declare(queue=settings.CELERY_TASK_DEFAULT_QUEUE, durable=True)
        return int(declared.message_count)


def nudge(*, at: datetime) -> None:
    """Publish now if the broker answers at once; beat does it anyway within seconds."""
    try:
        publish(at=at)
    except OperationalError:
        logger.warning("broker away; the outbox keeps its rows")


def _schedule_next(row: Outbox, *, at: datetime) -> None:
    row.attempts += 1
    pause = min(FIRST_PAUSE * 2 ** min(row.attempts - 1, 10), LONGEST_PAUSE)
    row.next_attempt_at = at + pause
    if row.attempts > GIVE_UP_AFTER:
        row.dead_at = at
        logger.error("outbox row given up", extra={"outbox_id": row.pk, "task": row.task})
    row.save(update_fields=["attempts", "next_attempt_at", "dead_at"])
