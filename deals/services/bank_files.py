"""A bank statement as a file: every transfer matched to its deal, every wrong cell named."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from deals.models import Deal, Receipt
from deals.rules.filing import period_plan
from deals.rules.money import MoneyError, parse_amount
from deals.services import previews
from deals.services.receipts import Entry, Transfer
from deals.services.report_files import SHOWN, OutsideError, Wrong
from listings.rules.rows import Fault, FileError, Row, decode, read_separated
from listings.rules.rows.dates import NotADateError, parse
from marketplace.accounts.actors import Actor
from marketplace.base.errors import RuleError

LARGEST_BYTES = 1024 * 1024
MOST_ROWS = 500
LONGEST_REFERENCE = 60
# What a header may call a column, besides its own name.
HEADERS: Mapping[str, str] = {
    "交易流水号": "reference",
    "流水号": "reference",
    "到账日期": "date",
    "金额": "amount",
    "交易编号": "deal",
    "所付期间": "period",
}
COLUMNS = ("reference", "date", "amount", "deal", "period")
NEEDED = ("reference", "date", "amount", "deal")
Value = TypeVar("Value")


@dataclass(frozen=True)
class BankLine:
    """One transfer of the file; `is_known` when it was recorded before with the same figures."""

    line: int
    entry: Entry
    is_known: bool


@dataclass(frozen=True)
class BankFile:
    """What was read: the transfers if nothing is wrong, and all that is wrong."""

    lines: Sequence[BankLine]
    wrong: Sequence[Wrong]
    text: str


def read_bank_file(data: bytes, *, by: Actor, today: date) -> BankFile:
    """Read a CSV file of transfers to the actor's university; nothing is stored.

    Raises RuleError for a file as a whole: "file.too_large", "file.too_many_rows", "column.missing"
    or what `listings.rules.rows` says of its encoding and header.
    """
    if len(data) > LARGEST_BYTES:
        raise RuleError("file.too_large", where="file", limit=LARGEST_BYTES // 1024 // 1024)
    text, _ = decode(data)
    names, rows = read_separated(text)
    columns = _columns(names)
    wrong: list[Wrong] = []
    found: list[tuple[Row, _RowReader]] = []
    for row in rows:
        if isinstance(row, Fault):
            wrong.append(Wrong(row.line, row.column, row.code))
            continue
        if len(found) >= MOST_ROWS:
            raise RuleError("file.too_many_rows", where="file", limit=MOST_ROWS)
        found.append((row, _RowReader(row, columns, today)))
    deals = _deals(by, {reader.text("deal") for _, reader in found})
    lines = [_line(row, reader, deals) for row, reader in found]
    _refuse_known(found, lines)
    wrong += [fault for _, reader in found for fault in reader.wrong]
    kept = [line for line in lines if line is not None]
    return BankFile([] if wrong else kept, wrong, text)


def _columns(names: Sequence[str]) -> dict[str, str]:
    """Our column by the name in the header; others of the bank's are passed over."""
    columns: dict[str, str] = {}
    for name in names:
        key = HEADERS.get(name.strip(), name.strip().lower())
        if key in COLUMNS and key in columns:
            raise FileError("header.twice", name=name)
        if key in COLUMNS:
            columns[key] = name
    missing = [key for key in NEEDED if key not in columns]
    if missing:
        raise RuleError("column.missing", where="file", columns=", ".join(missing))
    return columns


class _RowReader:
    """Reads one row, gathering every fault instead of stopping at the first."""

    def __init__(self, row: Row, columns: Mapping[str, str], today: date) -> None:
        self.wrong: list[Wrong] = []
        self.line = row.line
        self._columns = columns
        self._today = today
        self._cells = {key: str(row.values.get(name, "")).strip() for key, name in columns.items()}

    def text(self, key: str) -> str:
        """What a cell says."""
        return self._cells.get(key, "")

    def take(self, key: str, read: Callable[[str], Value], default: Value) -> Value:
        """The value of a cell, the default (and a fault) for one that cannot be read."""
        text = self.text(key)
        if not text:
            if key in NEEDED:
                self.refuse(key, "cell.missing")
            return default
        try:
            return read(text)
        except (MoneyError, NotADateError, OutsideError) as error:
            self.refuse(key, error.code)
            return default

    def refuse(self, key: str, code: str) -> None:
        """Name a cell that cannot be taken."""
        column = self._columns.get(key, key)
        self.wrong.append(Wrong(self.line, column, code, self.text(key)[:SHOWN]))

    def day(self, text: str) -> date:
        """The day of a transfer, today at the latest."""
        found = parse(text, order=None, latest_year=self._today.year)
        if found > self._today:
            raise OutsideError("receipt.future")
        return found


def _line(row: Row, reader: _RowReader, deals: Mapping[str, Deal]) -> BankLine | None:
    deal = deals.get(reader.text("deal"))
    if deal is None:
        reader.refuse("deal", "deal.unknown" if reader.text("deal") else "cell.missing")
        return None
    agreed = previews.agreed_terms(deal)

    def amount(text: str) -> int:
        minor = parse_amount(text.replace(",", ""), agreed.currency)
        if minor <= 0:
            raise OutsideError("receipt.not_positive")
        return minor

    def period(text: str) -> str:
        if period_plan(agreed).named(text) is None:
            raise OutsideError("period.unknown")
        return text

    day = reader.take("date", reader.day, date.min)
    if date.min < day < min(agreed.effective_from, agreed.contract_start):
        reader.refuse("date", "receipt.too_early")
    transfer = Transfer(
        reader.take("reference", _reference, ""),
        reader.take("amount", amount, 0),
        day,
        reader.take("period", period, ""),
    )
    return BankLine(row.line, Entry(deal, transfer), is_known=False)


def _reference(text: str) -> str:
    if len(text) > LONGEST_REFERENCE:
        raise OutsideError("text.too_long")
    return text


def _deals(by: Actor, numbers: set[str]) -> dict[str, Deal]:
    """The actor's university's signed deals that the file names, by number."""
    keys = {int(number.rpartition("-")[2]) for number in numbers if _ends_in_digits(number)}
    rows = Deal.objects.visible_to(by).filter(licensor=by.organisation, pk__in=keys)
    signed = rows.filter(facts__kind="terms").for_lists().distinct()
    return {deal.number: deal for deal in signed}


def _ends_in_digits(number: str) -> bool:
    tail = number.rpartition("-")[2]
    return tail.isascii() and tail.isdigit() and len(tail) < 12


def _refuse_known(found: Sequence[tuple[Row, _RowReader]], lines: list[BankLine | None]) -> None:
    """Mark what is recorded already; refuse a reference that stands for something else."""
    readers = [reader for _, reader in found]
    licensors = {line.entry.deal.licensor_id for line in lines if line}
    references = {line.entry.transfer.reference for line in lines if line}
    rows = Receipt.objects.filter(licensor__in=licensors, reference__in=references)
    recorded = {row.reference: row for row in rows}
    seen: set[str] = set()
    for index, (reader, line) in enumerate(zip(readers, lines, strict=True)):
        if line is None:
            continue
        reference = line.entry.transfer.reference
        row = recorded.get(reference)
        if reference in seen or (row is not None and not _is_same(row, line.entry)):
            reader.refuse("reference", "receipt.contradicts")
        elif row is not None:
            lines[index] = BankLine(line.line, line.entry, is_known=True)
        seen.add(reference)


def _is_same(row: Receipt, entry: Entry) -> bool:
    transfer = entry.transfer
    return (row.deal_id, row.amount_minor, row.received_date, row.for_period) == (
        entry.deal.pk,
        transfer.amount_minor,
        transfer.received_date,
        transfer.for_period,
    )
