"""The task that sends an invitation's letter."""

import pytest
from django.core import mail
from django.db import connection

from marketplace.accounts.services.invitations import invite_member
from marketplace.accounts.tasks import send_invitation
from marketplace.base import clock
from marketplace.base.models import Outbox
from marketplace.base.tasks import DELIVERIES
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


def test_while_one_worker_delivers_another_leaves_it(committed_db, connect_as):
    cast = make_cast()
    invite_member(
        cast.university_a, email="new@example.org", roles=["legal"], by=cast.head_a, at=clock.now()
    )
    row = Outbox.objects.get(task=send_invitation.name)
    other = connect_as("worker")
    other.execute("SELECT pg_advisory_lock(%s, %s)", [DELIVERIES, row.pk])
    send_invitation(row.pk)
    assert not mail.outbox
    other.execute("SELECT pg_advisory_unlock(%s, %s)", [DELIVERIES, row.pk])
    send_invitation(row.pk)
    assert len(mail.outbox) == 1
    connection.close()
