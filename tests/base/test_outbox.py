"""What PostgreSQL owes is published, done once, and never forgotten."""

from datetime import datetime, timedelta

import pytest
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from marketplace.base import outbox, relay
from marketplace.base.models import Outbox
from marketplace.base.tasks import outbox_task


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[int]]]:
    """Messages that reached the broker, which is empty at first."""
    messages: list[tuple[str, list[int]]] = []
    monkeypatch.setattr(
        current_app, "send_task", lambda name, args, **_: messages.append((name, args))
    )
    monkeypatch.setattr(relay, "queue_depth", lambda: len(messages))
    return messages


def test_a_row_is_published_by_task_name_with_its_own_id(db, at, sent):
    outbox.record("deals.compute_deal", 7, at=at)
    relay.publish(at=at)
    assert sent == [("deals.compute_deal", [Outbox.objects.get().pk])]


def test_a_published_row_waits_longer_each_time_before_it_is_sent_again(db, at, sent):
    outbox.record("deals.compute_deal", 7, at=at)
    for pause in (5, 10, 20, 40):
        relay.publish(at=at)
        row = Outbox.objects.get()
        assert row.next_attempt_at == at + timedelta(seconds=pause)
        at = row.next_attempt_at


def test_nothing_is_published_before_its_time(db, at, sent):
    outbox.record("deals.compute_deal", 7, at=at + timedelta(seconds=1))
    assert relay.publish(at=at) == 0


def test_publishing_stops_while_the_queue_is_long(db, at, sent, settings):
    settings.OUTBOX_BROKER_DEPTH = 3
    for subject in range(5):
        outbox.record("deals.compute_deal", subject, at=at)
    assert relay.publish(at=at) == 3
    assert relay.publish(at=at) == 0


def test_a_row_that_never_succeeds_is_given_up_and_kept(db, at, sent):
    outbox.record("deals.compute_deal", 7, at=at)
    Outbox.objects.update(attempts=relay.GIVE_UP_AFTER)
    relay.publish(at=at)
    assert Outbox.objects.get().dead_at == at
    assert sent == []


def test_two_rows_with_one_key_are_one_piece_of_work(db, at):
    outbox.record("deals.close_period", 7, at=at, key="2027-Q1:7")
    outbox.record("deals.close_period", 7, at=at, key="2027-Q1:7")
    assert Outbox.objects.count() == 1


def test_a_broker_that_is_away_changes_no_row(db, at, monkeypatch):
    outbox.record("deals.compute_deal", 7, at=at)

    def away() -> int:
        raise OperationalError

    monkeypatch.setattr(relay, "queue_depth", away)
    relay.nudge(at=at)
    assert Outbox.objects.get().attempts == 0


def test_a_row_of_a_change_that_is_rolled_back_does_not_exist(db, at):
    with transaction.atomic():
        outbox.record("deals.compute_deal", 7, at=at)
        transaction.set_rollback(True)
    assert Outbox.objects.count() == 0


@pytest.fixture
def counted() -> tuple[list[tuple[int, datetime]], object]:
    """A task that notes its calls, and those notes."""
    calls: list[tuple[int, datetime]] = []

    def work(subject_id: int, at: datetime) -> None:
        calls.append((subject_id, at))

    task = outbox_task("tests.counted")(work)
    yield calls, task
    current_app.tasks.unregister("tests.counted")


def test_a_task_run_twice_works_once(db, at, counted):
    calls, task = counted
    outbox.record("tests.counted", 7, at=at)
    row = Outbox.objects.get()
    task(row.pk)
    task(row.pk)
    assert [subject for subject, _ in calls] == [7]


def test_a_task_with_an_unknown_id_does_nothing(db, counted):
    calls, task = counted
    task(404)
    assert calls == []


def test_work_that_fails_leaves_its_row_waiting(db, at):
    def work(subject_id: int, at: datetime) -> None:
        outbox.record("tests.other", subject_id, at=at)
        raise LookupError(subject_id)

    task = outbox_task("tests.failing")(work)
    outbox.record("tests.failing", 7, at=at)
    row = Outbox.objects.get()
    with pytest.raises(LookupError):
        task(row.pk)
    assert list(Outbox.objects.waiting()) == [row]
    current_app.tasks.unregister("tests.failing")
