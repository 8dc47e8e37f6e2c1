"""Opening a list: how big, what kind, which bytes. Limits hold before anything is opened."""

import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from listings.rules.rows import Fault, FileError, Row, decode, read_json_lines, read_separated

MEGABYTE = 1024 * 1024
PACKED_LIMIT_MB = 32
UNPACKED_LIMIT_MB = 128
ROW_LIMIT = 200_000

_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
_FILLED = re.compile(
    rb"""<(?:\w+:)?c\s[^>]*?\br\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["'][^>]*?(/?)>"""
)
LAST_COLUMN = b"DZ"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Table:
    """A file's columns and rows in order; a row that could not be read is a Fault."""

    header: Sequence[str]
    rows: Sequence[Row | Fault]
    encoding: str


def read_table(path: Path, *, encoding: str | None) -> Table:
    """Read a CSV, JSON lines or Excel file, gzipped or not; content decides what it is.

    Raises FileError for a file that is too large, damaged, empty or in an unclear encoding.
    """
    if path.stat().st_size > PACKED_LIMIT_MB * MEGABYTE:
        raise FileError("file.too_large", limit=PACKED_LIMIT_MB)
    data = path.read_bytes()
    if data.startswith(_GZIP):
        data = _unpacked(data)
    table = _table(data, encoding=encoding)
    if not table.rows:
        raise FileError("file.empty")
    return table


def _unpacked(data: bytes) -> bytes:
    limit = UNPACKED_LIMIT_MB * MEGABYTE
    try:
        with gzip.open(io.BytesIO(data)) as packed:
            unpacked = packed.read(limit + 1)
    except (EOFError, OSError, zlib.error) as error:
        raise FileError("file.broken") from error
    if len(unpacked) > limit:
        raise FileError("file.unpacks_too_large", limit=UNPACKED_LIMIT_MB)
    return unpacked


def _table(data: bytes, *, encoding: str | None) -> Table:
    if data.startswith(_OLD_EXCEL):
        raise FileError("file.old_excel")
    if data.startswith(_ZIP):
        header, rows = _read_excel(data)
        return Table(header, rows, "xlsx")
    text, taken = decode(data, named=encoding)
    if text.lstrip()[:1] == "{":
        found = _limited(read_json_lines(text))
        names = dict.fromkeys(name for row in found for name in row.values if name)
        return Table(list(names), found, taken)
    columns, separated = read_separated(text)
    return Table(columns, _limited(separated), taken)


def _limited(rows: Iterator[Row | Fault]) -> list[Row | Fault]:
    found = list(islice(rows, ROW_LIMIT + 1))
    if len(found) > ROW_LIMIT:
        raise FileError("file.too_many_rows", limit=ROW_LIMIT)
    return found


def _read_excel(data: bytes) -> tuple[Sequence[str], list[Row | Fault]]:
    """The first sheet with rows: its first filled row is the header."""
    _check_unpacked(data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [book.get_sheet_by_index(index) for index in range(len(book.sheet_names))]
        sheet = next((sheet for sheet in sheets if sheet.height), None)
        if sheet is None:
            raise FileError("file.empty")
        if sheet.height > ROW_LIMIT + 1:
            raise FileError("file.too_many_rows", limit=ROW_LIMIT)
        cells = sheet.to_python()
    except (CalamineError, ValueError, OSError) as error:
        raise FileError("file.broken") from error
    top = sheet.start[0] + 1 if sheet.start else 1
    lines = [(number, [_cell(value) for value in row]) for number, row in enumerate(cells, top)]
    return _excel_rows([(number, row) for number, row in lines if any(row)])


def _excel_rows(
    lines: list[tuple[int, list[str]]],
) -> tuple[Sequence[str], list[Row | Fault]]:
    if not lines:
        raise FileError("file.empty")
    names = lines[0][1]
    repeated = next((name for name in names if name and names.count(name) > 1), None)
    if repeated:
        raise FileError("header.twice", name=repeated)
    rows: list[Row | Fault] = [
        Row(number, {name: cell for name, cell in zip(names, cells, strict=True) if name})
        for number, cells in lines[1:]
    ]
    return [name for name in names if name], rows


def _check_unpacked(data: bytes) -> None:
    """Count what the archive really unpacks to, chunk by chunk: its own figures may lie."""
    left = UNPACKED_LIMIT_MB * MEGABYTE
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for entry in archive.infolist():
                with archive.open(entry) as stream:
                    parts = []
                    while chunk := stream.read(MEGABYTE):
                        left -= len(chunk)
                        if left < 0:
                            raise FileError("file.unpacks_too_large", limit=UNPACKED_LIMIT_MB)
                        parts.append(chunk)
                _check_places(b"".join(parts))
    except (zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error, RuntimeError) as error:
        raise FileError("file.broken") from error


def _check_places(sheet: bytes) -> None:
    """The reader makes room for every cell up to the farthest: one at XFD1048576 ends the process.

    Only cells that hold something count; spreadsheets write empty ones for a coloured column.
    """
    for column, row, is_empty in _FILLED.findall(sheet):
        if is_empty:
            continue
        if int(row) > ROW_LIMIT + 1:
            raise FileError("file.too_many_rows", limit=ROW_LIMIT)
        if (len(column), column) > (len(LAST_COLUMN), LAST_COLUMN):
            raise FileError("file.broken")


def _cell(value: object) -> str:
    """A cell as a CSV would hold it: ISO days, whole numbers without a decimal point."""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
