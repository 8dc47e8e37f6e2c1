"""A company's own file of sales, read strictly: every wrong cell is named by line and column."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from deals.models import ReportLine
from deals.rules.money import (
    EXPONENTS,
    LIMIT,
    RATIO_DECIMALS,
    UNIT_DECIMALS,
    MoneyError,
    parse_amount,
    parse_scaled,
)
from deals.rules.periods import Period
from deals.rules.terms.model import Terms
from listings.rules.rows import Fault, FileError, Row, decode, read_separated
from listings.rules.rows.dates import NotADateError, parse
from marketplace.base.errors import RuleError

LARGEST_BYTES = 2 * 1024 * 1024
MOST_LINES = 5_000
SHOWN = 60
LONGEST_PRODUCT, LONGEST_INVOICE = 120, 60
Value = TypeVar("Value")
_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)
DEDUCTION = "deduction:"
# What a header may call a column, besides its own name.
HEADERS: Mapping[str, str] = {
    "销售日期": "sale_date",
    "收入来源": "stream",
    "产品": "product",
    "国家": "country",
    "币种": "currency",
    "含税销售额": "gross",
    "税率": "vat_rate",
    "数量": "units",
    "第三方提成": "third_party_royalty",
    "发票号": "invoice",
    "退货": "deduction:returns",
    "运费": "deduction:freight",
}
COLUMNS = (
    "sale_date", "stream", "product", "country", "currency", "gross", "vat_rate", "units",
    "third_party_royalty", "invoice",
)  # fmt: skip


@dataclass(frozen=True)
class Wrong:
    """One wrong cell, or a whole line (`column` is ""): a code with what fills its words."""

    line: int
    column: str
    code: str
    text: str = ""


@dataclass(frozen=True)
class ReportFile:
    """What was read: the lines if nothing is wrong, all that is wrong, and the encoding taken."""

    lines: Sequence[ReportLine]
    wrong: Sequence[Wrong]
    encoding: str


class OutsideError(ValueError):
    """A well-formed cell that says something the report cannot hold."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_report_file(data: bytes, *, agreed: Terms, period: Period) -> ReportFile:
    """Read CSV lines of a period's sales under these terms.

    Raises RuleError for a file as a whole: "file.too_large", "file.too_many_rows", or what
    `listings.rules.rows` says of its encoding and header.
    """
    if len(data) > LARGEST_BYTES:
        raise RuleError("file.too_large", where="file", limit=LARGEST_BYTES // 1024 // 1024)
    text, encoding = decode(data)
    names, rows = read_separated(text)
    columns = {name: _column(name) for name in names}
    _refuse_repeated(columns)
    wrong = [Wrong(1, name, "column.unknown") for name, key in columns.items() if not key]
    lines: list[ReportLine] = []
    for row in rows:
        if isinstance(row, Fault):
            wrong.append(Wrong(row.line, row.column, row.code))
            continue
        if len(lines) >= MOST_LINES:
            raise RuleError("file.too_many_rows", where="file", limit=MOST_LINES)
        reader = _LineReader(row, columns, agreed, period)
        lines.append(reader.line())
        wrong += reader.wrong
    return ReportFile([] if wrong else lines, wrong, encoding)


def _column(name: str) -> str:
    """The key that a header stands for, "" for one that means nothing here."""
    key = HEADERS.get(name.strip(), name.strip().lower())
    return key if key in COLUMNS or key.startswith(DEDUCTION) else ""


def _refuse_repeated(columns: Mapping[str, str]) -> None:
    """Two names of one column (`gross` and 含税销售额) leave open which sum is meant."""
    known: set[str] = set()
    for name, key in columns.items():
        if key in known:
            raise FileError("header.twice", name=name)
        known |= {key} - {""}


class _LineReader:
    """Reads one row, gathering every fault instead of stopping at the first."""

    def __init__(self, row: Row, columns: Mapping[str, str], agreed: Terms, period: Period) -> None:
        self.wrong: list[Wrong] = []
        self._line = row.line
        # A row may end early: spreadsheets leave out empty cells at its end.
        self._cells = {
            key: (name, str(row.values.get(name, ""))) for name, key in columns.items() if key
        }
        self._agreed = agreed
        self._period = period

    def line(self) -> ReportLine:
        """The line; it counts only while `wrong` stays empty."""
        currency = self._choice("currency", EXPONENTS, self._agreed.currency)

        def amount(text: str) -> int:
            return parse_amount(text, currency)

        return ReportLine(
            sale_date=self._take("sale_date", self._day, self._period.start, needed=True),
            stream=self._choice("stream", self._agreed.streams, next(iter(self._agreed.streams))),
            product=self._take("product", _product, ""),
            country=self._take("country", _country, "CN"),
            currency=currency,
            gross_minor=self._take("gross", amount, 0, needed=True),
            vat_rate=self._take("vat_rate", _share, Decimal(0)),
            units=self._take("units", read_units, Decimal(0)),
            deductions={
                key.removeprefix(DEDUCTION): minor
                for key in self._cells
                if key.startswith(DEDUCTION)
                and (minor := self._take(key, lambda text: _positive(amount(text)), 0))
            },
            third_party_minor=self._take(
                "third_party_royalty", lambda text: _positive(amount(text)), 0
            ),
            invoice=self._take("invoice", _invoice, ""),
        )

    def _take(
        self, key: str, read: Callable[[str], Value], default: Value, *, needed: bool = False
    ) -> Value:
        name, text = self._cells.get(key, (key, ""))
        text = text.strip()
        if not text:
            if needed:
                self.wrong.append(Wrong(self._line, name, "cell.missing"))
            return default
        try:
            return read(text)
        except (MoneyError, NotADateError, OutsideError) as error:
            self.wrong.append(Wrong(self._line, name, error.code, text[:SHOWN]))
            return default

    def _choice(self, key: str, known: Collection[str], default: str) -> str:
        def read(text: str) -> str:
            if text not in known:
                raise OutsideError(f"{key}.unknown")
            return text

        return self._take(key, read, default)

    def _day(self, text: str) -> date:
        day = parse(text, order=None, latest_year=self._period.last.year)
        if not self._period.holds(day):
            raise OutsideError("line.outside_period")
        return day


def _positive(minor: int) -> int:
    if minor < 0:
        raise OutsideError("amount.negative")
    return minor


def _product(text: str) -> str:
    return _short(text, LONGEST_PRODUCT)


def _invoice(text: str) -> str:
    return _short(text, LONGEST_INVOICE)


def _short(text: str, limit: int) -> str:
    if len(text) > limit:
        raise OutsideError("text.too_long")
    return text


def _country(text: str) -> str:
    if not _COUNTRY.fullmatch(text):
        raise OutsideError("country.unknown")
    return text


def read_units(text: str) -> Decimal:
    """A number of pieces with six decimals at most; raises MoneyError, also for what none holds."""
    if abs(parse_scaled(text, UNIT_DECIMALS)) > LIMIT:
        raise MoneyError("amount.too_large")
    return Decimal(text)


def _share(text: str) -> Decimal:
    """`0.13` or `13%`."""
    percent = text.endswith("%")
    number = text.removesuffix("%").strip()
    scaled = parse_scaled(number, RATIO_DECIMALS - 2 * percent)
    share = Decimal(number).scaleb(-2 * percent)
    if scaled < 0 or share > 1:
        raise OutsideError("number.range")
    return share
