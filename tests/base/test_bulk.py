"""COPY writes exactly what it is given, and twins leave the real tables alone."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection

from marketplace.base import bulk
from marketplace.base.models import IdempotencyKey, Outbox
from marketplace.base.twins import SCHEMA, twins

pytestmark = pytest.mark.django_db

COLUMNS = ("task", "subject_id", "key", "request_id", "created_at", "next_attempt_at", "attempts",
           "last_error", "done_at")  # fmt: skip
AT = datetime(2026, 7, 15, 4, 30, 0, 123456, tzinfo=UTC)
ODD = [
    "plain",
    "",
    "成果超市",
    "back\\slash",
    "\\N",
    "\\.",
    "a\tb",
    "line\nbreak",
    "carriage\rreturn\r\n",
    "quotes \" and '",
    "\\t is no tab",
    "zero\u200bwidth\u2028separator",
    '{"line": "a\\\\b"}',
]


def row(text, done_at=None):
    return bulk.row("t", 7, "", "", AT, AT, 0, text, done_at)


@pytest.mark.parametrize("text", ODD)
def test_a_text_is_read_back_as_it_was_written(text):
    bulk.copy(Outbox, COLUMNS, [row(text)])
    assert Outbox.objects.get().last_error == text


def test_rows_keep_their_order_types_and_gaps():
    bulk.copy(Outbox, COLUMNS, [row(text, AT) for text in ODD] + [row("last")])
    found = list(Outbox.objects.order_by("pk"))
    assert [one.last_error for one in found] == [*ODD, "last"]
    assert {one.done_at for one in found[:-1]} == {AT}
    assert found[-1].done_at is None
    assert found[-1].subject_id == 7


def test_no_row_is_no_statement(django_assert_num_queries):
    with django_assert_num_queries(0):
        bulk.copy(Outbox, COLUMNS, [])


def test_a_broken_rule_is_the_databases_error():
    with pytest.raises(DatabaseError):
        bulk.copy(Outbox, ("task", "subject_id"), [bulk.row("t", 7)])


def test_ids_that_were_taken_are_not_given_again():
    first, second = bulk.next_ids(Outbox, 2)
    made = Outbox.objects.create(task="t", subject_id=1, created_at=AT, next_attempt_at=AT)
    assert first < second < made.pk
    assert bulk.next_ids(Outbox, 0) == []


def test_twins_begin_empty_and_leave_nothing():
    Outbox.objects.create(task="real", subject_id=1, created_at=AT, next_attempt_at=AT)
    with twins(Outbox) as real:
        assert not Outbox.objects.exists()
        bulk.copy(Outbox, COLUMNS, [row("twin")])
        assert Outbox.objects.get().task == "t"
        assert IdempotencyKey.objects.count() == 0
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT task FROM {real}.base_outbox")
            assert cursor.fetchall() == [("real",)]
    assert Outbox.objects.get().task == "real"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname = %s", [SCHEMA])
        assert cursor.fetchone() == (0,)


def test_a_twin_has_the_constraints_of_its_table():
    with pytest.raises(IntegrityError), twins(Outbox):
        bulk.copy(Outbox, COLUMNS, [bulk.row("t", 7, "same", "", AT, AT, 0, "", None)] * 2)
