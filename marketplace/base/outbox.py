"""Recording what has to be done later. Records only: publishing is the relay's work.

Services call `record` inside their transaction. Nothing here imports Celery, so that a service
cannot reach it even through a chain of imports.
"""

from collections.abc import Mapping
from contextvars import ContextVar
from datetime import datetime

from marketplace.base.models import Outbox

_request_id: ContextVar[str] = ContextVar("request_id", default="")
_recorded: ContextVar[bool] = ContextVar("recorded", default=False)


def record(task: str, subject_id: int, *, at: datetime, key: str = "") -> None:
    """Owe `task(subject_id)` from instant `at` on, in the caller's transaction.

    Rows with the same non-empty `key` are one piece of work: a second one is ignored.
    """
    record_many(task, {subject_id: key}, at=at)


def record_many(task: str, keys: Mapping[int, str], *, at: datetime) -> None:
    """Owe `task(subject_id)` for every subject in one statement; `keys` maps each to its key."""
    Outbox.objects.bulk_create(
        [
            Outbox(
                task=task,
                subject_id=subject_id,
                key=key,
                request_id=current_request_id(),
                created_at=at,
                next_attempt_at=at,
            )
            for subject_id, key in keys.items()
        ],
        ignore_conflicts=any(keys.values()),
        batch_size=2_000,
    )
    _recorded.set(True)


def current_request_id() -> str:
    """The id of the request or task being served, "" outside one."""
    return _request_id.get()


def begin_request(request_id: str) -> None:
    """Start a request or task under this id with nothing recorded yet."""
    _request_id.set(request_id)
    _recorded.set(False)


def was_recorded() -> bool:
    """Whether something was recorded since the request began."""
    return _recorded.get()
