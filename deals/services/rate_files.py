"""A file of published rates: every wrong cell is named, and nothing is taken by half."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from deals.rules.money import RATIO_DECIMALS, MoneyError, parse_scaled
from deals.services.rates import Quote, check_quote
from deals.services.report_files import SHOWN, Wrong
from listings.rules.rows import Fault, FileError, Row, decode, read_separated
from listings.rules.rows.dates import NotADateError, parse
from marketplace.base.errors import RuleError

LARGEST_BYTES = 1024 * 1024
MOST_ROWS = 5_000
HEADERS: Mapping[str, str] = {"系列": "series", "日期": "date", "数值": "value"}
COLUMNS = ("series", "date", "value")
# Which column a refusal of the service is about.
_CELLS = {"series": "series", "rate_date": "date", "value": "value"}


@dataclass(frozen=True)
class RateFile:
    """What was read: the quotes if nothing is wrong, and all that is wrong."""

    quotes: Sequence[Quote]
    wrong: Sequence[Wrong]


def read_rate_file(data: bytes, *, today: date) -> RateFile:
    """Read a CSV file of quotes; nothing is stored.

    Raises RuleError for a file as a whole: "file.too_large", "file.too_many_rows", "column.missing"
    or what `listings.rules.rows` says of its encoding and header.
    """
    if len(data) > LARGEST_BYTES:
        raise RuleError("file.too_large", where="file", limit=LARGEST_BYTES // 1024 // 1024)
    text, _ = decode(data)
    names, rows = read_separated(text)
    columns = _columns(names)
    quotes: list[Quote] = []
    wrong: list[Wrong] = []
    for number, row in enumerate(rows):
        if number >= MOST_ROWS:
            raise RuleError("file.too_many_rows", where="file", limit=MOST_ROWS)
        found = (
            Wrong(row.line, row.column, row.code)
            if isinstance(row, Fault)
            else _quote(row, columns, today)
        )
        if isinstance(found, Wrong):
            wrong.append(found)
        else:
            quotes.append(found)
    return RateFile([] if wrong else quotes, wrong)


def _columns(names: Sequence[str]) -> dict[str, str]:
    columns: dict[str, str] = {}
    for name in names:
        key = HEADERS.get(name.strip(), name.strip().lower())
        if key in COLUMNS and key in columns:
            raise FileError("header.twice", name=name)
        columns[key] = name
    missing = [key for key in COLUMNS if key not in columns]
    if missing:
        raise RuleError("column.missing", where="file", columns=", ".join(missing))
    return columns


def _quote(row: Row, columns: Mapping[str, str], today: date) -> Quote | Wrong:
    """The quote of a row, or its first fault."""
    cells = {key: str(row.values.get(columns[key], "")).strip() for key in COLUMNS}

    def wrong(key: str, code: str) -> Wrong:
        return Wrong(row.line, columns[key], code, cells[key][:SHOWN])

    for key, text in cells.items():
        if not text:
            return wrong(key, "cell.missing")
    try:
        day = parse(cells["date"], order=None, latest_year=today.year)
    except NotADateError as error:
        return wrong("date", error.code)
    try:
        parse_scaled(cells["value"], RATIO_DECIMALS)
    except MoneyError as error:
        return wrong("value", error.code)
    quote = Quote(cells["series"].upper(), day, Decimal(cells["value"]))
    try:
        check_quote(quote, today=today)
    except RuleError as error:
        return wrong(_CELLS[error.where], error.code)
    return quote
