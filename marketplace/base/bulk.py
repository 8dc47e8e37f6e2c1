"""Rows by the thousand: PostgreSQL's COPY, in the caller's transaction.

A row is one line of COPY's text form, put together with `row`, or by hand where a run writes
millions; tables are named without a schema, so that the search path decides where they are.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import chain
from typing import Any

from django.db import connection, models

Value = str | int | date | datetime | None

NULL = "\\N"


def copy(model: type[models.Model], columns: Sequence[str], rows: Iterable[str]) -> None:
    """Write rows of a table, each one a line with the values of `columns` in this order.

    Columns that are not named take what the database gives them: ids their sequence's next value.
    """
    text = "\n".join(rows)
    if not text:
        return
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        statement = f'COPY "{model._meta.db_table}" ({names}) FROM STDIN'
        with connection.wrap_database_errors, cursor.cursor.copy(statement) as stream:
            stream.write(text)


def row(*values: Value) -> str:
    """One line of COPY's text form; None is NULL."""
    return "\t".join([_WRITERS.get(type(value), _write)(value) for value in values])


def escaped(text: str) -> str:
    """A text as COPY reads it back unchanged."""
    if "\\" in text:
        text = text.replace("\\", "\\\\")
    if text.isprintable():
        return text
    return text.replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def _write(value: Value) -> str:
    """A value of a kind that is none of the plain ones, such as a member of an enumeration."""
    return escaped(str(value))


_WRITERS: Mapping[type, Callable[[Any], str]] = {
    str: escaped,
    int: str,
    bool: str,
    date: date.isoformat,
    datetime: datetime.isoformat,
    type(None): lambda _: NULL,
}


def next_ids(model: type[models.Model], count: int) -> list[int]:
    """Take ids from a table's sequence, ascending, so that rows can name each other before COPY."""
    if not count:
        return []
    table = f'"{model._meta.db_table}"'
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [table, count],
        )
        return list(chain.from_iterable(cursor.fetchall()))
