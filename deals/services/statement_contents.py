"""A statement's figures and lines in the form in which they are written, digested and compared."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple, Protocol

import orjson

from deals.rules import statement
from deals.services.standing import StandingLine
from marketplace.base import bulk

WITHDRAWN = "withdrawn"

StepKey = tuple[str, str, str, str]


class Content(NamedTuple):
    """What a statement shows: its figures as JSON, and one text a line for `bulk.copy`.

    The digest is a SHA-256 of both; two statements that show the same have the same one.
    """

    figures: bytes
    lines: Sequence[str]
    digest: str


class LineRow(Protocol):
    """A line as it is kept, as a row or as an instance."""

    @property
    def stage(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def inputs(self) -> Mapping[str, str]: ...
    @property
    def corrects(self) -> Mapping[str, str] | None: ...


def of(result: statement.Result) -> dict[str, Content]:
    """What every statement of a result shows, by period."""
    return {target.period.name: _content(target, result.currency) for target in result.statements}


def key_of(line: statement.Line) -> StepKey:
    """What makes a line the same step: stage, code, its own key, and the period it corrects."""
    period = line.corrects.period if line.corrects else ""
    return line.stage, line.code, line.inputs.get("line", ""), period


def key_of_row(line: LineRow) -> StepKey:
    """The same of a line that is kept."""
    period = line.corrects.get("period", "") if line.corrects else ""
    return line.stage, line.code, line.inputs.get("line", ""), period


def is_same(row: StandingLine, line: statement.Line) -> bool:
    """Whether a line that stands shows what was computed now."""
    return (row.amount, row.inputs, row.formula, row.terms_version, row.corrects) == (
        line.amount,
        line.inputs,
        line.formula,
        line.terms_version,
        _named(line),
    )


def withdrawn(row: StandingLine) -> str:
    """The line that closes a step which is gone."""
    inputs = orjson.dumps({"line": row.inputs.get("line", "")}).decode()
    corrects = orjson.dumps(row.corrects).decode() if row.corrects else None
    return bulk.row(row.stage, row.code, 0, inputs, WITHDRAWN, row.terms_version, corrects)


def _content(target: statement.Statement, currency: str) -> Content:
    figures = orjson.dumps(statement.printed_figures(target, currency))
    lines = [_line(line) for line in target.lines]
    return Content(figures, lines, sha256(figures + "\n".join(lines).encode()).hexdigest())


def _line(line: statement.Line) -> str:
    """A line for COPY, without the statement's id and the ordinal."""
    inputs = orjson.dumps(line.inputs).decode()
    if "\\" in inputs:
        # JSON has no other character that COPY reads differently.
        inputs = bulk.escaped(inputs)
    corrects = bulk.NULL
    if line.corrects is not None:
        corrects = bulk.escaped(orjson.dumps(_named(line)).decode())
    return (
        f"{line.stage}\t{_escaped(line.code)}\t{line.amount}\t{inputs}"
        f"\t{_escaped(line.formula)}\t{line.terms_version}\t{corrects}"
    )


def _named(line: statement.Line) -> dict[str, str] | None:
    found = line.corrects
    if found is None:
        return None
    return {"period": found.period, "code": found.code, "key": found.key}


# Codes and formulas come from a short list, but for the deduction types that terms may name.
_escaped = lru_cache(maxsize=4_096)(bulk.escaped)
