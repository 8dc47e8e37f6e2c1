"""Text to rows: separated values and JSON lines, where one bad line never hides the next."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from listings.rules.rows.faults import Fault, FileError

SEPARATORS = (",", ";", "\t", "|")
# What Excel lets one cell hold. A quoted value that runs on for longer was never closed.
CELL_LIMIT = 32_767


@dataclass(frozen=True)
class Row:
    """One row as the file has it: the line it starts on and its values by column."""

    line: int
    values: Mapping[str, object]


class _BadQuoteError(Exception):
    """A quoted value that does not end where one may end."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_separated(text: str) -> tuple[Sequence[str], Iterator[Row | Fault]]:
    """The header and the rows of CSV text; the separator is the one that the header uses most.

    A row with a quote that is never closed, or not doubled inside a quoted value, is a Fault
    that names its line, and reading goes on with the line after it. Raises FileError for a
    header with a name twice or no header at all.
    """
    lines = _Lines(text)
    records = lines.records()
    header = next(records, None)
    if header is None:
        raise FileError("file.empty")
    if isinstance(header, Fault):
        raise FileError(header.code, line=header.line)
    names = header[1]
    _check_header(names)
    lines.width = len(names)
    return [name for name in names if name], _rows(names, records)


def _check_header(names: Sequence[str]) -> None:
    known: set[str] = set()
    for name in filter(None, names):
        if name in known:
            raise FileError("header.twice", name=name)
        known.add(name)


def _rows(
    names: Sequence[str], records: Iterator[tuple[int, list[str]] | Fault]
) -> Iterator[Row | Fault]:
    for record in records:
        if isinstance(record, Fault):
            yield record
            continue
        line, cells = record
        values = {name: cell for name, cell in zip(names, cells, strict=False) if name}
        surplus = [cell for cell in cells[len(names) :] if cell.strip()]
        if surplus:
            found = {"found": len(cells), "expected": len(names)}
            yield Fault(line, "", "row.too_wide", found, {**values, "": " | ".join(surplus)})
        elif any(cell.strip() for cell in cells):
            yield Row(line, values)


class _Lines:
    """Reads records off a text, line by line, going back when a quote turns out to be bad."""

    def __init__(self, text: str) -> None:
        self.lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self.separator = _separator_of(next(filter(str.strip, self.lines), ""))
        self.width = 0

    def records(self) -> Iterator[tuple[int, list[str]] | Fault]:
        """Each record with the number of its first line; blank lines are passed over."""
        index = 0
        while index < len(self.lines):
            line = self.lines[index]
            number = index + 1
            index += 1
            if not line.strip():
                continue
            if '"' not in line:
                yield number, [cell.strip() for cell in line.split(self.separator)]
                continue
            try:
                cells, index = self._quoted(number - 1)
            except _BadQuoteError as error:
                yield Fault(number, "", error.code, {"line": number}, {"": line})
                continue
            yield number, cells

    def _quoted(self, first: int) -> tuple[list[str], int]:
        """The cells of a record that holds quotes, and the index of the line after it."""
        cells: list[str] = []
        index, position = first, 0
        while True:
            line = self.lines[index]
            start = position + len(line[position:]) - len(line[position:].lstrip(" "))
            if line[start : start + 1] == '"':
                cell, index, position = self._quoted_cell(index, start + 1)
            else:
                end = line.find(self.separator, position)
                cell, position = line[position:end] if end >= 0 else line[position:], end
            cells.append(cell.strip())
            if position < 0:
                break
            position += len(self.separator)
        # A quote that closes lines later and leaves a row of another width swallowed good rows.
        if index > first and self.width and len(cells) != self.width:
            raise _BadQuoteError("quote.unclosed")
        return cells, index + 1

    def _quoted_cell(self, index: int, position: int) -> tuple[str, int, int]:
        """A quoted value, the line on which it ends, and where its separator stands (-1: none)."""
        first = index
        parts: list[str] = []
        length = 0
        while length <= CELL_LIMIT:
            line = self.lines[index]
            end = line.find('"', position)
            part = line[position:] if end < 0 else line[position:end]
            parts.append(part)
            length += len(part) + 1
            if end < 0:
                parts.append("\n")
                index, position = index + 1, 0
                if index == len(self.lines):
                    break
            elif line.startswith('""', end):
                parts.append('"')
                position = end + 2
            else:
                code = "quote.unclosed" if index > first else "quote.stray"
                return "".join(parts), index, self._after_quote(line, end + 1, code)
        raise _BadQuoteError("quote.unclosed")

    def _after_quote(self, line: str, position: int, code: str) -> int:
        rest = line[position:].lstrip(" ")
        if not rest:
            return -1
        if rest.startswith(self.separator):
            return len(line) - len(rest)
        raise _BadQuoteError(code)


def _separator_of(header: str) -> str:
    outside = "".join(header.split('"')[::2])
    return max(SEPARATORS, key=outside.count)


def read_json_lines(text: str) -> Iterator[Row | Fault]:
    """The objects of JSON lines; a line that is none is a Fault. Numbers keep their digits."""
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        if not line.strip():
            continue
        values = _object(line)
        yield (
            Fault(number, "", "json.invalid", {}, {"": line})
            if values is None
            else Row(number, values)
        )


def _object(line: str) -> Mapping[str, object] | None:
    try:
        found = json.loads(line, parse_float=str, parse_int=str, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _refuse_constant(name: str) -> None:
    raise ValueError(name)
