"""Plain COPY of the product's rows into twins of the same tables, which nothing can beat."""

import tempfile
from pathlib import Path

from django.db import connection, models

from deals.models import (
    ComputedInput,
    Instalment,
    LedgerAccount,
    LedgerMovement,
    Statement,
    StatementLine,
)
from marketplace.base.models import AuditEntry
from marketplace.base.twins import twins
from marketplace.site.bench.figures import Figure, measured

TABLES: tuple[type[models.Model], ...] = (
    Statement, StatementLine, Instalment, LedgerAccount, LedgerMovement, AuditEntry, ComputedInput,
)  # fmt: skip
PART = 1 << 20


def run(size: int) -> Figure:
    """Write the rows into empty twins with the same indexes, keys and triggers.

    They wait in files meanwhile, so that memory does not grow with them.
    """
    with tempfile.TemporaryDirectory() as folder:
        for table in TABLES:
            _read(table, _file(folder, table))
        with twins(*TABLES), measured("plain copy", size) as figures:
            for table in TABLES:
                _write(table, _file(folder, table))
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return figures[0]


def _file(folder: str, table: type[models.Model]) -> Path:
    return Path(folder) / table._meta.db_table


def _read(table: type[models.Model], path: Path) -> None:
    statement = f'COPY "{table._meta.db_table}" TO STDOUT'
    with (
        path.open("wb") as file,
        connection.cursor() as cursor,
        cursor.cursor.copy(statement) as stream,
    ):
        file.writelines(stream)


def _write(table: type[models.Model], path: Path) -> None:
    statement = f'COPY "{table._meta.db_table}" FROM STDIN'
    with (
        path.open("rb") as file,
        connection.cursor() as cursor,
        cursor.cursor.copy(statement) as stream,
    ):
        while part := file.read(PART):
            stream.write(part)
