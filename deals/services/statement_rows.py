"""Writing what a computation found as rows: statements, their lines, their instalments.

Lines are only ever added. A step that shows something else than before is a new row; the last row
of a step stands, and one that is gone from the target is closed by a row that says so.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Max

from deals.models import Deal, Instalment, Statement, StatementLine
from deals.rules import statement
from deals.rules.money import format_amount
from deals.rules.states import statement_state

WITHDRAWN = "withdrawn"
# What comes after a statement's own figures, in the order in which people read it.
_LATER = {"S12": 1, "S10": 2, "S11": 3, "S13": 4}

StepKey = tuple[str, str, str, str]


@dataclass(frozen=True)
class Computation:
    """One computation of one locked deal.

    `key` names its input (facts and day), `sequence` is the last fact's.
    """

    deal: Deal
    result: statement.Result
    as_of: date
    at: datetime
    key: str
    sequence: int


@dataclass(frozen=True)
class Posted:
    """A statement's row after posting, and by how much its sums moved (minor units)."""

    row: Statement
    accrued_change: int
    corrections_change: int
    credits_change: int
    is_changed: bool


def post_statements(
    run: Computation, rows: Mapping[str, Statement], documents: Mapping[str, Mapping[str, Any]]
) -> list[Posted]:
    """Bring every statement's row and lines to the target; `documents` hold the printed figures."""
    posted: list[Posted] = []
    for target in run.result.statements:
        row = rows.get(target.period.name) or _new_row(run, target, position=len(rows) + 1)
        rows = {**rows, row.period: row}
        posted.append(_post_statement(run, row, target, documents[row.period]))
    # All new rows in one statement; ids come back with it.
    Statement.objects.bulk_create([entry.row for entry in posted if entry.row.pk is None])
    lines = [target.lines for target in run.result.statements]
    emptied = [_empty(run, row) for period, row in rows.items() if period not in documents]
    _post_lines([*posted, *emptied], [*lines, *(() for _ in emptied)])
    return [*posted, *emptied]


def post_instalments(run: Computation, posted: Iterable[Posted]) -> None:
    """Bring the instalments to the target: amounts, and what receipts have paid of them."""
    rows = {entry.row.period: entry.row for entry in posted}
    known = {
        (row.statement_id, row.due_date): row
        for row in Instalment.objects.filter(statement__in=rows.values())
    }
    paid_date = run.deal.receipts.aggregate(last=Max("received_date"))["last"]
    fresh: list[Instalment] = []
    for target in run.result.instalments:
        parent = rows[target.period.name]
        if not target.amount:
            continue
        row = known.pop((parent.pk, target.due), None) or Instalment(
            statement=parent, due_date=target.due, amount_minor=0
        )
        if (row.amount_minor, row.paid_minor) == (target.amount, target.paid):
            continue
        row.amount_minor, row.paid_minor = target.amount, target.paid
        row.paid_date = None if target.outstanding else paid_date
        if row.pk is None:
            fresh.append(row)
        else:
            row.save()
    Instalment.objects.bulk_create(fresh)
    # What credits have paid entirely asks for nothing any more.
    gone = [row.pk for row in known.values()]
    if gone:
        Instalment.objects.filter(pk__in=gone).delete()


def current_lines(row: Statement) -> list[StatementLine]:
    """The statement's steps as they stand, in reading order: figures, corrections, credits, due."""
    standing: dict[StepKey, StatementLine] = {}
    first: dict[StepKey, int] = {}
    for line in row.lines.order_by("ordinal"):
        standing[_key_of(line)] = line
        first.setdefault(_key_of(line), line.ordinal)
    found = [(key, line) for key, line in standing.items() if line.formula != WITHDRAWN]
    found.sort(key=lambda entry: (_LATER.get(entry[1].stage, 0), first[entry[0]]))
    return [line for _, line in found]


def _new_row(run: Computation, target: statement.Statement, *, position: int) -> Statement:
    return Statement(
        deal=run.deal,
        period=target.period.name,
        position=position,
        figures={},
        accrued_minor=0,
        corrections_minor=0,
        credits_minor=0,
        payable_minor=0,
        currency=run.result.currency,
        issued_at=run.at,
        input_hash=run.key,
    )


def _post_statement(
    run: Computation, row: Statement, target: statement.Statement, document: Mapping[str, Any]
) -> Posted:
    figures = {name: value for name, value in document.items() if name not in {"lines", "period"}}
    entry = Posted(
        row,
        target.accrued - row.accrued_minor,
        target.corrections - row.corrections_minor,
        target.credits - row.credits_minor,
        is_changed=row.figures != figures or row.pk is None,
    )
    if row.final_date is None and target.final_on is not None:
        # Until its own report is accepted a statement only gathers corrections.
        row.issued_at = run.at
    state = statement_state(target.final_on, on=run.as_of)
    if entry.is_changed or (row.state, row.final_date) != (state, target.final_on):
        row.state = state
        row.final_date = target.final_on
        row.figures = figures
        row.accrued_minor = target.accrued
        row.corrections_minor = target.corrections
        row.credits_minor = target.credits
        row.payable_minor = target.payable
        if entry.is_changed:
            _sign(run, row)
        if row.pk is not None:
            row.save()
    return entry


def _sign(run: Computation, row: Statement) -> None:
    """Say which computation the figures come from, so that its contract file can be made again."""
    row.input_hash = run.key
    row.computed_date, row.computed_sequence = run.as_of, run.sequence


def _empty(run: Computation, row: Statement) -> Posted:
    """Take everything off a statement that only held corrections which are gone from the target."""
    nothing = format_amount(0, row.currency)
    moving = dict.fromkeys(("corrections", "credits", "payable"), nothing)
    entry = Posted(
        row,
        -row.accrued_minor,
        -row.corrections_minor,
        -row.credits_minor,
        is_changed=row.figures != row.figures | moving,
    )
    if entry.is_changed:
        row.figures = row.figures | moving
        row.accrued_minor = row.corrections_minor = row.credits_minor = row.payable_minor = 0
        _sign(run, row)
        row.save()
    return entry


def _post_lines(posted: Sequence[Posted], targets: Sequence[Sequence[statement.Line]]) -> None:
    """Add the steps of every statement that differ from the ones that stand."""
    standing: dict[int, dict[StepKey, StatementLine]] = {entry.row.pk: {} for entry in posted}
    counts = dict.fromkeys(standing, 0)
    rows = StatementLine.objects.filter(statement__in=list(standing)).order_by("ordinal")
    for line in rows:
        standing[line.statement_id][_key_of(line)] = line
        counts[line.statement_id] = line.ordinal
    added: list[StatementLine] = []
    for entry, lines in zip(posted, targets, strict=True):
        fresh = _fresh_lines(entry.row, standing[entry.row.pk], lines)
        for ordinal, line in enumerate(fresh, start=counts[entry.row.pk] + 1):
            line.ordinal = ordinal
            added.append(line)
    StatementLine.objects.bulk_create(added)


def _fresh_lines(
    row: Statement, standing: Mapping[StepKey, StatementLine], targets: Iterable[statement.Line]
) -> Iterator[StatementLine]:
    gone = dict(standing)
    for target in targets:
        line = _line(row, target)
        before = gone.pop(_key_of(line), None)
        if before is None or _content(before) != _content(line):
            yield line
    for line in gone.values():
        if line.formula != WITHDRAWN:
            yield StatementLine(
                statement=row,
                stage=line.stage,
                code=line.code,
                amount_minor=0,
                inputs={"line": line.inputs.get("line", "")},
                formula=WITHDRAWN,
                terms_version=line.terms_version,
                corrects=line.corrects,
            )


def _line(row: Statement, target: statement.Line) -> StatementLine:
    corrects = target.corrects
    return StatementLine(
        statement=row,
        stage=target.stage,
        code=target.code,
        amount_minor=target.amount,
        inputs=dict(target.inputs),
        formula=target.formula,
        terms_version=target.terms_version,
        corrects=corrects
        and {"period": corrects.period, "code": corrects.code, "key": corrects.key},
    )


def _key_of(line: StatementLine) -> StepKey:
    """What makes a line the same step: stage, code, its own key, and what it corrects."""
    corrects = line.corrects or {}
    return line.stage, line.code, line.inputs.get("line", ""), corrects.get("period", "")


def _content(line: StatementLine) -> tuple[object, ...]:
    return line.amount_minor, line.inputs, line.formula, line.terms_version, line.corrects
