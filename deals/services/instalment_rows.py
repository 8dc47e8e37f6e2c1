"""Bringing instalments to what computations ask for: amounts, and what receipts have paid."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.db import connection

from deals.models import Instalment
from deals.rules import statement
from deals.services.standing import StandingInstalment
from deals.services.statement_rows import Draft
from marketplace.base import bulk

COLUMNS = ("statement_id", "due_date", "amount_minor", "paid_minor", "paid_date")
UPDATE = """
UPDATE deals_instalment SET amount_minor = %s, paid_minor = %s, paid_date = %s WHERE id = %s
"""
DELETE = "DELETE FROM deals_instalment WHERE id = ANY(%s)"


@dataclass(slots=True)
class _Rows:
    fresh: list[str] = field(default_factory=list)
    updates: list[tuple[bulk.Value, ...]] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)


def post_instalments(drafts: Sequence[Draft]) -> None:
    """Bring the instalments of every draft to the target, after its statements were posted.

    What credits have paid entirely asks for nothing any more and goes.
    """
    rows = _Rows()
    for entry in drafts:
        _collect(entry, rows)
    with connection.cursor() as cursor:
        if rows.updates:
            cursor.executemany(UPDATE, rows.updates)
        if rows.gone:
            cursor.execute(DELETE, [rows.gone])
    bulk.copy(Instalment, COLUMNS, rows.fresh)


def _collect(entry: Draft, rows: _Rows) -> None:
    known = {(row.statement_id, row.due): row for row in entry.standing.instalments}
    paid_date = max((row.received_date for row in entry.standing.receipts), default=None)
    for statement_id, target in _asked(entry):
        row = known.pop((statement_id, target.due), None)
        paid_on = None if target.outstanding else paid_date
        if row is None:
            values = (statement_id, target.due, target.amount, target.paid, paid_on)
            rows.fresh.append(bulk.row(*values))
        elif not _shows(row, target):
            rows.updates.append((target.amount, target.paid, paid_on, row.pk))
    rows.gone += [row.pk for row in known.values()]


def _asked(entry: Draft) -> Iterator[tuple[int, statement.Instalment]]:
    for target in entry.run.result.instalments:
        if target.amount:
            yield entry.ids[target.period.name], target


def _shows(row: StandingInstalment, target: statement.Instalment) -> bool:
    return (row.amount, row.paid) == (target.amount, target.paid)
