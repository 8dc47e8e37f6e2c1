"""A result as tables that people read in a terminal."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence

Row = Sequence[str]

_SUMS = (
    "period", "gross", "net", "base", "earned", "accrued", "corrections", "credits", "payable",
    "cap_left",
)  # fmt: skip
_OTHERS = (
    "stacking", "fixed", "milestones", "minimum_top_up", "recouped", "clipped",
    "shortfall_carried", "shortfall_lapsed",
)  # fmt: skip
_INSTALMENT = ("period", "due", "amount", "paid", "outstanding")
_INTEREST = ("period", "days", "amount", "state")
_SHARE = ("reference", "owner", "recipient", "amount")
_STEP = ("period", "step", "amount", "clause", "formula", "with")
# What stands in a column of its own, or only tells lines apart.
_NOT_SHOWN = {"line", "clause"}
_WORDS = {"state", "owner", "recipient", "reference", "period", "due", "step", "formula", "with"}


def as_table(document: object) -> str:
    """Return a printed result, or each of a list of them, as aligned columns.

    A character of East Asian writing takes two columns; one that cannot be printed is escaped.
    """
    results = document if isinstance(document, list) else [document]
    return "\n\n".join(_one(result) for result in results if isinstance(result, dict))


def _one(result: Mapping[str, object]) -> str:
    if "errors" in result:
        faults = _rows(result, "errors")
        return "\n".join(_plain(": ".join(map(str, fault.values()))) for fault in faults)
    statements = _rows(result, "statements")
    parts = [
        f"Amounts in {result['currency']}",
        _titled("Statements", _SUMS, (_cells(row, _SUMS) for row in statements)),
        *(_beside(row) for row in statements),
        _titled("Steps", _STEP, (step for row in statements for step in _steps(row))),
        _titled("Instalments", _INSTALMENT, _all(result, "instalments", _INSTALMENT)),
        _titled("Interest", _INTEREST, _all(result, "interest", _INTEREST)),
        _titled("Where it goes", _SHARE, _shares(result)),
        _totals(result),
        *(f"Warning {_plain(_text(row['code']))} at {_plain(_text(row['where']))}"
          for row in _rows(result, "warnings")),
    ]  # fmt: skip
    return "\n\n".join(part for part in parts if part)


def _rows(result: Mapping[str, object], key: str) -> list[Mapping[str, object]]:
    rows = result.get(key)
    return rows if isinstance(rows, list) else []


def _all(result: Mapping[str, object], key: str, names: Sequence[str]) -> Iterable[Row]:
    return (_cells(row, names) for row in _rows(result, key))


def _cells(row: Mapping[str, object], names: Iterable[str]) -> Row:
    return [_text(row.get(name)) for name in names]


def _beside(statement: Mapping[str, object]) -> str:
    """Return the sums that most statements have none of, where one has some."""
    found = [
        f"{name} {_text(statement[name])}"
        for name in _OTHERS
        if str(statement.get(name, "")).strip("-0.")
    ]
    return f"{_text(statement['period'])}: {', '.join(found)}" if found else ""


def _steps(statement: Mapping[str, object]) -> Iterable[Row]:
    for line in _rows(statement, "lines"):
        inputs = line.get("inputs")
        said = inputs if isinstance(inputs, Mapping) else {}
        shown = [f"{name} {_text(said[name])}" for name in said if name not in _NOT_SHOWN]
        step = f"{_text(line['stage'])} {_text(line['code'])}"
        yield [
            _text(statement["period"]), step, _text(line["amount"]), _text(said.get("clause")),
            _text(line["formula"]), ", ".join(shown),
        ]  # fmt: skip


def _shares(result: Mapping[str, object]) -> Iterable[Row]:
    """Yield what each owner gets of a receipt, and below it where its waterfall leads."""
    for row in _rows(result, "allocations"):
        owners, flows = row.get("owners"), row.get("waterfalls")
        for owner, amount in owners.items() if isinstance(owners, Mapping) else ():
            yield [_text(row["reference"]), owner, "", _text(amount)]
            parts = flows.get(owner) if isinstance(flows, Mapping) else None
            for party, part in parts.items() if isinstance(parts, Mapping) else ():
                yield [_text(row["reference"]), owner, party, _text(part)]


def _totals(result: Mapping[str, object]) -> str:
    totals = result.get("totals")
    if not isinstance(totals, Mapping):
        return ""
    return _titled("Totals", tuple(totals), [[_text(amount) for amount in totals.values()]])


def _titled(title: str, head: Sequence[str], rows: Iterable[Row]) -> str:
    """Return a table under its title, nothing for a table without rows."""
    found = [[_plain(cell) for cell in row] for row in rows]
    if not found:
        return ""
    names = [name.replace("_", " ") for name in head]
    widths = [max(map(width, column)) for column in zip(names, *found, strict=True)]
    lines = [
        "  ".join(
            _padded(cell, wide, is_text=name in _WORDS)
            for name, cell, wide in zip(head, row, widths, strict=True)
        ).rstrip()
        for row in [names, *found]
    ]
    return "\n".join([title, *lines])


def _padded(cell: str, wide: int, *, is_text: bool) -> str:
    gap = " " * (wide - width(cell))
    return cell + gap if is_text else gap + cell


def width(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1
        for one in text
    )


def _text(value: object) -> str:
    """Write a value as people read it: amounts in groups of three, nothing for null."""
    if value is None:
        return ""
    text = str(value)
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, point, rest = digits.partition(".")
    is_amount = bool(point) and whole.isascii() and whole.isdigit() and rest.isdigit()
    return f"{sign}{int(whole):,}.{rest}" if is_amount else text


def _plain(text: str) -> str:
    """Escape what a terminal would take for a command."""
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)
