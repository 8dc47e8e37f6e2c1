"""A result as a table that people read in a terminal."""

from collections.abc import Iterable, Sequence

_HEAD = ("period", "net", "base", "earned", "accrued", "corrections", "credits", "payable")


def as_table(document: object) -> str:
    """Return the statements, instalments and totals of a printed result as aligned columns."""
    results = document if isinstance(document, list) else [document]
    return "\n\n".join(_one(result) for result in results if isinstance(result, dict))


def _one(result: dict[str, object]) -> str:
    if "errors" in result:
        return "\n".join(" ".join(str(part) for part in error.values())
                         for error in _rows(result, "errors"))  # fmt: skip
    parts = [
        f"{result['currency']}",
        _columns(_HEAD, _rows(result, "statements")),
        _columns(("period", "due", "amount", "paid", "outstanding"), _rows(result, "instalments")),
    ]
    if result["interest"]:
        parts.append(_columns(("period", "days", "amount", "state"), _rows(result, "interest")))
    totals = result["totals"]
    if isinstance(totals, dict):
        parts.append("  ".join(f"{name} {amount}" for name, amount in totals.items()))
    parts.extend(f"warning {row['code']} {row['where']}" for row in _rows(result, "warnings"))
    return "\n".join(parts)


def _rows(result: dict[str, object], key: str) -> list[dict[str, object]]:
    rows = result[key]
    return rows if isinstance(rows, list) else []


def _columns(head: Sequence[str], rows: Iterable[dict[str, object]]) -> str:
    table = [list(head), *([str(row[name]) for name in head] for row in rows)]
    widths = [max(len(row[index]) for row in table) for index in range(len(head))]
    return "\n".join(
        "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        for row in table
    )
