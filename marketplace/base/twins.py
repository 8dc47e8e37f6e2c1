"""Empty twins of tables in a schema of their own, for as long as a rehearsed piece of work takes.

Code that names tables without a schema then reads and writes the twins and leaves the real ones
alone. Everything happens in one transaction that is rolled back, so that nothing is left behind
even by a process that is killed.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, models, transaction

SCHEMA = "twins"

FOREIGN_KEYS = """
SELECT conname, pg_get_constraintdef(oid, true) FROM pg_constraint
WHERE conrelid = %s::regclass AND contype = 'f' ORDER BY conname
"""
TRIGGERS = """
SELECT pg_get_triggerdef(oid, true) FROM pg_trigger
WHERE tgrelid = %s::regclass AND NOT tgisinternal ORDER BY tgname
"""


@contextmanager
def twins(*tables: type[models.Model]) -> Iterator[str]:
    """Let these tables' names mean empty twins with the same columns, indexes, keys and triggers.

    Gives the name of the schema that holds the real ones. Needs the right to make a schema.
    """
    names = [table._meta.db_table for table in tables]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        real = str(cursor.fetchone()[0])
        definitions = list(_definitions(names))
        cursor.execute(f"CREATE SCHEMA {SCHEMA}")
        for name in names:
            cursor.execute(f'CREATE TABLE {SCHEMA}."{name}" (LIKE "{name}" INCLUDING ALL)')
        cursor.execute(f'SET LOCAL search_path = {SCHEMA}, "{real}"')
        for definition in definitions:
            cursor.execute(definition)
        yield real
        transaction.set_rollback(True)


def _definitions(names: Sequence[str]) -> Iterator[str]:
    """What LIKE leaves out, in words that name tables without a schema."""
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(FOREIGN_KEYS, [f'"{name}"'])
            for key, definition in cursor.fetchall():
                yield f'ALTER TABLE "{name}" ADD CONSTRAINT "{key}" {definition}'
            cursor.execute(TRIGGERS, [f'"{name}"'])
            yield from (definition for (definition,) in cursor.fetchall())
