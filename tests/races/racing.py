"""Running several clients at once, each on a database connection of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import DatabaseError, connection

from deals.services import standing
from marketplace.base.errors import RuleError

WON = "won"
PATIENCE = 20


def race(clients: Sequence[Callable[[], object]]) -> list[str]:
    """Start all clients at one instant; for each "won", a refusal's code or the error's name."""
    start = Barrier(len(clients))

    def run(client: Callable[[], object]) -> str:
        try:
            connection.ensure_connection()
            start.wait(PATIENCE)
            client()
        except RuleError as refusal:
            return refusal.code
        except DatabaseError as error:
            return type(error).__name__
        finally:
            connection.close()
        return WON

    with ThreadPoolExecutor(len(clients)) as pool:
        return sorted(pool.map(run, clients))


def without_locks(monkeypatch) -> None:
    """Take every row lock out of the product."""
    monkeypatch.setattr(
        "django.db.models.query.QuerySet.select_for_update", lambda rows, **_: rows.all()
    )
    unlocked = standing.LOCK.replace("FOR NO KEY UPDATE", "")
    assert unlocked != standing.LOCK
    monkeypatch.setattr(standing, "LOCK", unlocked)


def meet_after(monkeypatch, where: str, original: Callable[..., object], count: int) -> None:
    """Let `count` clients finish this function before any goes on: the unluckiest timing."""
    meeting = Barrier(count)

    def slowed(*args, **kwargs):
        answer = original(*args, **kwargs)
        meeting.wait(PATIENCE)
        return answer

    monkeypatch.setattr(where, slowed)
