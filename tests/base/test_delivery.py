"""Deliveries: what leaves the house is sent by one worker at a time, and at least once."""

from datetime import timedelta

import pytest
import time_machine
from celery import current_app

from marketplace.base import outbox
from marketplace.base.models import Outbox
from marketplace.base.tasks import LONGEST_DELIVERY, delivery_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(at):
    outbox.record("tests.delivered", 7, at=at)
    return Outbox.objects.get()


@pytest.fixture
def deliver():
    """Make a delivery task of a function; it is forgotten afterwards."""
    yield delivery_task("tests.delivered")
    current_app.tasks.unregister("tests.delivered")


def test_a_letter_is_sent_once(row, deliver):
    sent = []

    def work(subject, at):
        sent.append(subject)

    task = deliver(work)
    task(row.pk)
    task(row.pk)
    assert sent == [7]


def test_no_second_worker_sends_what_one_is_sending(row, deliver):
    sent = []

    def work(subject, at):
        sent.append(subject)
        task(row.pk)

    task = deliver(work)
    task(row.pk)
    assert sent == [7]


def test_a_letter_that_failed_is_sent_again_at_once(row, deliver):
    sent = []

    def work(subject, at):
        sent.append(subject)
        if len(sent) == 1:
            raise ConnectionError

    task = deliver(work)
    with pytest.raises(ConnectionError):
        task(row.pk)
    task(row.pk)
    assert sent == [7, 7]


def test_what_a_dead_worker_held_is_sent_later(row, deliver, at):
    sent = []

    def work(subject, at):
        sent.append(subject)

    task = deliver(work)
    Outbox.objects.update(held_until=at + LONGEST_DELIVERY)
    with time_machine.travel(at, tick=False):
        task(row.pk)
    assert sent == []
    with time_machine.travel(at + LONGEST_DELIVERY + timedelta(seconds=1), tick=False):
        task(row.pk)
    assert sent == [7]
