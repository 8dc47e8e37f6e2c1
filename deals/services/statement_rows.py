"""Writing what computations found as rows: statements, their lines, their instalments.

Lines are only ever added. A step that shows something else than before is a new row; the last row
of a step stands, and one that is gone from the target is closed by a row that says so.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count
from typing import Any, NamedTuple

import orjson
from django.db import connection

from deals.models import Statement, StatementLine
from deals.rules import statement
from deals.rules.money import format_amount
from deals.rules.states import StatementState, statement_state
from deals.services import statement_contents as contents
from deals.services.standing import (
    LockedDeal,
    Standing,
    StandingLine,
    StandingStatement,
    figures_of,
    lines_of,
)
from deals.services.statement_contents import WITHDRAWN, Content, StepKey
from marketplace.base import bulk
from marketplace.base.models import new_public_id

# What a final statement may still show differently: later corrections, and how it is paid.
MOVING = frozenset({"corrections", "credits", "payable"})
# The content of a statement that only held corrections, all of them taken back.
EMPTIED = "emptied"
# What comes after a statement's own figures, in the order in which people read it.
_LATER = {"S12": 1, "S10": 2, "S11": 3, "S13": 4}

STATEMENT = (
    "id", "public_id", "deal_id", "period", "position", "state", "figures", "accrued_minor",
    "corrections_minor", "credits_minor", "payable_minor", "currency", "issued_at", "final_date",
    "input_hash", "content_hash", "computed_date", "computed_sequence",
)  # fmt: skip
LINE = (
    "statement_id", "ordinal", "stage", "code", "amount_minor", "inputs", "formula",
    "terms_version", "corrects",
)  # fmt: skip
# What a posting may change of a statement's row, in the order of `_values`.
CHANGING = STATEMENT[5:11] + STATEMENT[12:]
UPDATE = f"""
UPDATE deals_statement SET {", ".join(f"{name} = %s" for name in CHANGING)} WHERE id = %s
"""  # noqa: S608 (the names stand above)
# A statement that only moved on still comes from the computation that gave it its figures.
MOVE = """
UPDATE deals_statement SET state = %s, final_date = %s, issued_at = %s WHERE id = %s
"""


class Computation(NamedTuple):
    """One computation of one locked deal.

    `key` names its input (facts and day), `sequence` is the last fact's.
    """

    deal: LockedDeal
    result: statement.Result
    as_of: date
    at: datetime
    key: str
    sequence: int


class Posted(NamedTuple):
    """A statement's row after posting, and by how much its sums moved (minor units)."""

    pk: int
    accrued_change: int = 0
    corrections_change: int = 0
    credits_change: int = 0
    is_changed: bool = False


@dataclass(slots=True)
class Draft:
    """A computation beside what stands of its deal; `ids` are its statements' ids by period.

    `figures` and `lines` hold what stands of the statements that differ (`differing`) alone.
    """

    run: Computation
    standing: Standing
    contents: Mapping[str, Content]
    ids: dict[str, int] = field(default_factory=dict)
    figures: Mapping[int, dict[str, Any]] = field(default_factory=dict)
    lines: Mapping[int, Sequence[StandingLine]] = field(default_factory=dict)

    def differing(self) -> Iterator[StandingStatement]:
        """The standing statements that do not show what was computed now."""
        for row in self.standing.statements.values():
            target = self.contents.get(row.period)
            if row.content_hash != (target.digest if target else EMPTIED):
                yield row


@dataclass(slots=True)
class _Rows:
    """What is to be written; statements and lines as lines of COPY."""

    statements: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    updates: list[tuple[bulk.Value, ...]] = field(default_factory=list)
    moves: list[tuple[bulk.Value, ...]] = field(default_factory=list)


def draft(runs: Sequence[tuple[Computation, Standing]]) -> list[Draft]:
    """Set each computation beside what stands, in two queries for all statements that differ."""
    drafts = [Draft(run, standing, contents.of(run.result)) for run, standing in runs]
    differing = [row.pk for entry in drafts for row in entry.differing()]
    figures, lines = figures_of(differing), lines_of(differing)
    for entry in drafts:
        entry.figures, entry.lines = figures, lines
    return drafts


def changed_although_final(entry: Draft) -> str:
    """The first period whose final statement would show other figures of its own, "" for none."""
    targets = {target.period.name: target for target in entry.run.result.statements}
    for row in entry.differing():
        if row.state != StatementState.FINAL:
            continue
        target = targets.get(row.period)
        printed = statement.printed_figures(target, entry.run.result.currency) if target else {}
        figures = entry.figures[row.pk]
        if any(printed.get(name) != figures[name] for name in figures.keys() - MOVING):
            return row.period
    return ""


def post_statements(drafts: Sequence[Draft]) -> list[list[Posted]]:
    """Bring the rows and lines of every draft's statements to the target; what moved, by draft."""
    fresh = [
        (entry, target.period.name)
        for entry in drafts
        for target in entry.run.result.statements
        if target.period.name not in entry.standing.statements
    ]
    for (entry, period), pk in zip(fresh, bulk.next_ids(Statement, len(fresh)), strict=True):
        entry.ids[period] = pk
    rows = _Rows()
    posted = [list(_post(entry, rows)) for entry in drafts]
    bulk.copy(Statement, STATEMENT, rows.statements)
    with connection.cursor() as cursor:
        for words, values in ((UPDATE, rows.updates), (MOVE, rows.moves)):
            if values:
                cursor.executemany(words, values)
    bulk.copy(StatementLine, LINE, rows.lines)
    return posted


def current_lines(row: Statement) -> list[StatementLine]:
    """The statement's steps as they stand, in reading order: figures, corrections, credits, due."""
    return standing_lines(row.lines.all())


def standing_lines(lines: Iterable[StatementLine]) -> list[StatementLine]:
    """Of all the lines of one statement those that stand, in reading order."""
    standing: dict[StepKey, StatementLine] = {}
    first: dict[StepKey, int] = {}
    for line in sorted(lines, key=lambda line: line.ordinal):
        key = contents.key_of_row(line)
        standing[key] = line
        first.setdefault(key, line.ordinal)
    found = [(key, line) for key, line in standing.items() if line.formula != WITHDRAWN]
    found.sort(key=lambda entry: (_LATER.get(entry[1].stage, 0), first[entry[0]]))
    return [line for _, line in found]


def _post(entry: Draft, rows: _Rows) -> Iterator[Posted]:
    position = count(len(entry.standing.statements) + 1)
    for target in entry.run.result.statements:
        period = target.period.name
        row = entry.standing.statements.get(period)
        if row is None:
            yield _insert(entry, target, next(position), rows)
            continue
        entry.ids[period] = row.pk
        yield _change(entry, row, target, rows)
    for period, row in entry.standing.statements.items():
        if period not in entry.contents:
            yield _empty(entry, row, rows)


def _insert(entry: Draft, target: statement.Statement, position: int, rows: _Rows) -> Posted:
    run, content = entry.run, entry.contents[target.period.name]
    pk = entry.ids[target.period.name]
    changing = _values(run, target, content, run.at)
    head = (pk, new_public_id(), run.deal.pk, target.period.name, position)
    rows.statements.append(bulk.row(*head, *changing[:6], run.result.currency, *changing[6:]))
    rows.lines += [
        f"{pk}\t{ordinal}\t{line}" for ordinal, line in enumerate(content.lines, start=1)
    ]
    return Posted(pk, target.accrued, target.corrections, target.credits, is_changed=True)


def _change(
    entry: Draft, row: StandingStatement, target: statement.Statement, rows: _Rows
) -> Posted:
    run, content = entry.run, entry.contents[row.period]
    state = state_of(target, run.as_of)
    is_different = row.content_hash != content.digest
    if not is_different and (row.state, row.final_date) == (state, target.final_on):
        return Posted(row.pk)
    # Until its own report is accepted a statement only gathers corrections.
    is_first = row.final_date is None and target.final_on is not None
    issued_at = run.at if is_first else row.issued_at
    if not is_different:
        rows.moves.append((state, target.final_on, issued_at, row.pk))
        return Posted(row.pk)
    rows.updates.append((*_values(run, target, content, issued_at), row.pk))
    added = _fresh_lines(entry, row, target.lines, content.lines)
    _add_lines(entry, row, added, rows)
    return Posted(
        row.pk,
        target.accrued - row.accrued,
        target.corrections - row.corrections,
        target.credits - row.credits,
        is_changed=bool(added) or entry.figures[row.pk] != orjson.loads(content.figures),
    )


def _empty(entry: Draft, row: StandingStatement, rows: _Rows) -> Posted:
    """Take everything off a statement that only held corrections which are gone from the target."""
    if row.content_hash == EMPTIED:
        return Posted(row.pk)
    run = entry.run
    nothing = format_amount(0, row.currency)
    figures = entry.figures[row.pk] | dict.fromkeys(sorted(MOVING), nothing)
    rows.updates.append(
        (
            row.state, orjson.dumps(figures).decode(), 0, 0, 0, 0, row.issued_at, row.final_date,
            run.key, EMPTIED, run.as_of, run.sequence, row.pk,
        )
    )  # fmt: skip
    _add_lines(entry, row, _fresh_lines(entry, row, (), ()), rows)
    is_changed = figures != entry.figures[row.pk]
    return Posted(row.pk, -row.accrued, -row.corrections, -row.credits, is_changed=is_changed)


def state_of(target: statement.Statement, as_of: date) -> StatementState:
    """Where a statement stands on the day of its computation."""
    return statement_state(target.final_on, on=as_of)


def _values(
    run: Computation, target: statement.Statement, content: Content, issued_at: datetime
) -> tuple[bulk.Value, ...]:
    """The columns of `CHANGING`."""
    return (
        state_of(target, run.as_of), content.figures.decode(), target.accrued, target.corrections,
        target.credits, target.payable, issued_at, target.final_on, run.key, content.digest,
        run.as_of, run.sequence,
    )  # fmt: skip


def _add_lines(entry: Draft, row: StandingStatement, added: Iterable[str], rows: _Rows) -> None:
    standing = entry.lines[row.pk]
    first = standing[-1].ordinal + 1 if standing else 1
    rows.lines += [f"{row.pk}\t{ordinal}\t{line}" for ordinal, line in enumerate(added, first)]


def _fresh_lines(
    entry: Draft, row: StandingStatement, targets: Sequence[statement.Line], texts: Sequence[str]
) -> list[str]:
    """The lines that differ from the ones that stand, and an end for each step that is gone."""
    standing = {contents.key_of_row(line): line for line in entry.lines[row.pk]}
    fresh: list[str] = []
    for target, text in zip(targets, texts, strict=True):
        before = standing.pop(contents.key_of(target), None)
        if before is None or not contents.is_same(before, target):
            fresh.append(text)
    gone = [line for line in standing.values() if line.formula != WITHDRAWN]
    return fresh + [contents.withdrawn(line) for line in gone]
