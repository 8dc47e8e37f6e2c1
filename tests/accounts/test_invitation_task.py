"""The task that sends an invitation's letter."""

from datetime import timedelta

import pytest
from django.core import mail

from marketplace.accounts.services.invitations import invite_member
from marketplace.accounts.tasks import send_invitation
from marketplace.base import clock
from marketplace.base.models import Outbox
from marketplace.base.tasks import LONGEST_DELIVERY
from tests.cast import make_cast


@pytest.fixture
def row(cast):
    """The outbox row of an invitation into university A."""
    invite_member(
        cast.university_a,
        email="new@example.org",
        roles=["legal"],
        by=cast.head_a,
        at=clock.now(),
    )
    return Outbox.objects.get(task=send_invitation.name)


def test_the_letter_goes_out_and_the_row_is_done(row):
    send_invitation(row.pk)
    row.refresh_from_db()
    assert [letter.to for letter in mail.outbox] == [["new@example.org"]]
    assert row.done_at is not None


def test_run_twice_it_sends_once(row):
    send_invitation(row.pk)
    send_invitation(row.pk)
    assert len(mail.outbox) == 1


def test_an_unknown_row_is_nothing(db):
    send_invitation(0)
    assert not mail.outbox


def test_a_letter_that_fails_stays_owed(row, monkeypatch):
    monkeypatch.setattr("marketplace.accounts.mail.send_mail", refuse)
    with pytest.raises(ConnectionError):
        send_invitation(row.pk)
    row.refresh_from_db()
    assert row.done_at is None


def refuse(*_):
    raise ConnectionError("no mail server")


def held_until(row, moment):
    Outbox.objects.filter(pk=row.pk).update(held_until=moment)


def test_while_one_worker_delivers_another_leaves_it(row):
    held_until(row, clock.now() + LONGEST_DELIVERY)
    send_invitation(row.pk)
    assert not mail.outbox


def test_a_letter_whose_worker_died_is_sent_by_the_next(row):
    held_until(row, clock.now() - timedelta(seconds=1))
    send_invitation(row.pk)
    assert len(mail.outbox) == 1


def test_a_letter_that_failed_is_free_for_the_next_worker(row, monkeypatch):
    monkeypatch.setattr("marketplace.accounts.mail.send_mail", refuse)
    with pytest.raises(ConnectionError):
        send_invitation(row.pk)
    row.refresh_from_db()
    assert row.held_until is None


def test_of_two_workers_at_once_one_delivers(committed_db, monkeypatch):
    """The second asks in the middle of the first one's delivery."""
    cast = make_cast()
    invite_member(
        cast.university_a, email="new@example.org", roles=["legal"], by=cast.head_a, at=clock.now()
    )
    row = Outbox.objects.get(task=send_invitation.name)
    sent = []

    def send(*_args, **_more):
        sent.append(row.pk)
        send_invitation(row.pk)

    monkeypatch.setattr("marketplace.accounts.mail.send_mail", send)
    send_invitation(row.pk)
    assert sent == [row.pk]
