"""A file's row and the meaning of its columns to the clean values of a listing, or its faults."""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from typing import TypeVar

from listings.rules.rows import dates, values
from listings.rules.rows.columns import NUMBERS, ColumnMap
from listings.rules.rows.faults import Fault
from listings.rules.rows.tables import Row

Value = TypeVar("Value")

TITLE_LIMIT = 300
LONG_TITLE_LIMIT = 400
OWNER_LIMIT = 120
# An expiry of two digits lies at most this far ahead: no patent runs longer than 25 years.
EXPIRY_YEARS_AHEAD = 30


@dataclass(frozen=True)
class Facts:
    """What rows are read against: the day, and industry codes by code and casefolded name."""

    today: date
    industries: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class CleanRow:
    """One row, ready to become a draft.

    `fields` are columns of Listing that the file fills in, `patent` and `benefit` those of their
    rows (None: the file has none), `inventors` names with whole-number shares. `owners` are the
    names in the owner's column, most telling first. `digest` is the same for the same content.
    """

    line: int
    owners: tuple[str, ...]
    number: str
    fields: Mapping[str, object]
    patent: Mapping[str, object] | None
    benefit: Mapping[str, object] | None
    inventors: tuple[tuple[str, int], ...]
    terms: str
    digest: str
    raw: Mapping[str, object]


_NOBODY: list[tuple[str, int]] = []


def with_date_order(column_map: ColumnMap, rows: Iterable[Row]) -> ColumnMap:
    """The map with the order that the file's own dates agree on, where it names none."""
    if column_map.date_order:
        return column_map
    columns = [
        column for name in ("filed", "expires") for column in column_map.columns.get(name, ())
    ]
    texts = (str(row.values.get(column, "")) for row in rows for column in columns)
    return replace(column_map, date_order=dates.order_of(texts))


def read_row(row: Row, column_map: ColumnMap, facts: Facts) -> CleanRow | list[Fault]:
    """The clean values of a row, or everything that is wrong with it."""
    cells = _Cells(row, column_map)
    fields = _listing_fields(cells, facts)
    patent = _patent(cells, facts)
    benefit = _benefit(cells)
    people = cells.take("inventors", values.inventors, _NOBODY)
    number = _number(cells)
    terms = cells.take("terms", lambda raw: values.text(raw, limit=80), "")
    owners = _owners(cells)
    if cells.faults:
        return cells.faults
    digest = _digest([fields, patent, benefit, people, terms, number])
    return CleanRow(
        line=row.line,
        owners=owners,
        number=number or f"row-{digest[:40]}",
        fields=fields,
        patent=patent,
        benefit=benefit,
        inventors=tuple(people),
        terms=terms,
        digest=digest,
        raw=row.values,
    )


class _Cells:
    """The cells of one row by the name of our field, gathering what is wrong with them."""

    def __init__(self, row: Row, column_map: ColumnMap) -> None:
        self.row = row
        self.map = column_map
        self.faults: list[Fault] = []

    def column(self, name: str) -> str:
        """The file's column for a field: the first that is filled in, "" without any."""
        columns = self.map.columns.get(name, ())
        filled = (column for column in columns if self._is_filled(column))
        return next(filled, columns[0] if columns else "")

    def _is_filled(self, column: str) -> bool:
        raw = self.row.values.get(column)
        return raw not in (None, [], {}) and str(raw).strip() != ""

    def take(self, name: str, read: Callable[[object], Value], default: Value) -> Value:
        """The field read from its column; the default for a blank, and for a fault it notes."""
        column = self.column(name)
        if not column or not self._is_filled(column):
            return default
        try:
            return read(self.row.values.get(column))
        except values.BadValueError as error:
            self.refuse(column, error.code, error.context)
        except dates.NotADateError as error:
            self.refuse(column, error.code, {"text": str(self.row.values.get(column))[:40]})
        return default

    def refuse(self, column: str, code: str, context: Mapping[str, object]) -> None:
        """Note a fault of this row, once for each column and reason."""
        if (column, code) not in {(fault.column, fault.code) for fault in self.faults}:
            self.faults.append(Fault(self.row.line, column, code, context, self.row.values))


def _number(cells: _Cells) -> str:
    for name in NUMBERS:
        found = cells.take(name, _official if name in NUMBERS[:2] else values.record_id, "")
        if found:
            return found
    return ""


def _official(raw: object) -> str:
    return values.number(raw, is_official=True)


def _owners(cells: _Cells) -> tuple[str, ...]:
    return cells.take("owner", _owner_names, ())


def _owner_names(raw: object) -> tuple[str, ...]:
    parts = re.split(r"[;；|\n]", values.as_text(raw))
    names = (values.text(part, limit=OWNER_LIMIT) for part in parts)
    return tuple(dict.fromkeys(name for name in names if name))


def _listing_fields(cells: _Cells, facts: Facts) -> dict[str, object]:
    titles = _titles(cells)
    found: dict[str, object] = {
        **{name: _shortened(title) for name, title in titles.items()},
        **_in_language(cells, "pitch", 400),
        **_in_language(cells, "description", 20_000),
        "keywords": _keywords(cells),
        "industry": cells.take("industry", lambda raw: values.industry(raw, facts.industries), ""),
        "trl": cells.take("trl", values.trl, None),
        "trl_evidence": cells.take("trl_evidence", lambda raw: values.text(raw, limit=500), ""),
        "trl_missing": cells.take("trl_missing", lambda raw: values.text(raw, limit=500), ""),
    }
    language = cells.map.defaults.get("language") or ("zh-hans" if "title_zh" in titles else "en")
    return {"original_language": language, **{key: one for key, one in found.items() if one}}


def _titles(cells: _Cells) -> dict[str, str]:
    def read(raw: object) -> str:
        return values.text(raw, limit=LONG_TITLE_LIMIT)

    either = cells.take("title", read, "")
    found = {
        "title_zh": cells.take("title_zh", read, either if values.is_chinese(either) else ""),
        "title_en": cells.take("title_en", read, "" if values.is_chinese(either) else either),
    }
    known = {name: title for name, title in found.items() if title}
    if not known and not cells.faults:
        cells.refuse(cells.column("title") or cells.column("title_zh"), "title.missing", {})
    return known


def _shortened(title: str) -> str:
    """A title that fits a card; the patent keeps the long form."""
    return title if len(title) <= TITLE_LIMIT else f"{title[: TITLE_LIMIT - 1].rstrip()}…"


def _in_language(cells: _Cells, name: str, limit: int) -> dict[str, str]:
    read = values.text if name == "pitch" else values.long_text
    found = cells.take(name, lambda raw: read(raw, limit=limit), "")
    return {f"{name}_{'zh' if values.is_chinese(found) else 'en'}": found}


def _keywords(cells: _Cells) -> list[str]:
    found: list[str] = []
    for column in cells.map.columns.get("keywords", ()):
        found += values.words(cells.row.values.get(column))
    return [word for word in dict.fromkeys(found) if word.casefold() != "other"][:40]


def _patent(cells: _Cells, facts: Facts) -> dict[str, object] | None:
    number = cells.take("application", _official, "") or cells.take("publication", _official, "")
    filed = cells.take("filed", lambda raw: _day(raw, cells, facts.today.year), None)
    latest = facts.today.year + EXPIRY_YEARS_AHEAD
    expires = cells.take("expires", lambda raw: _day(raw, cells, latest), None)
    if filed and filed > facts.today:
        cells.refuse(cells.column("filed"), "date.in_future", {"text": filed.isoformat()})
    if not number:
        return None
    defaults = cells.map.defaults
    raw_kind = cells.take("kind", values.as_text, defaults.get("kind", ""))
    raw_office = cells.take("office", values.as_text, defaults.get("office", ""))
    return {
        "number": number,
        "office": values.office(raw_office, number),
        "kind": values.kind(raw_kind, number),
        "title": next(iter(_titles(cells).values()), ""),
        "status": values.status(cells.take("status", values.as_text, defaults.get("status", ""))),
        "filed_date": filed,
        "expires_date": expires,
    }


def _day(raw: object, cells: _Cells, latest_year: int) -> date | None:
    written = values.text(raw, limit=1_000)
    if written in ("-", "/", "—", "N/A", "n/a"):
        return None
    return dates.parse(written, order=cells.map.date_order, latest_year=latest_year)


def _benefit(cells: _Cells) -> dict[str, object] | None:
    label = cells.take("benefit", lambda raw: values.text(raw, limit=120), "")
    if not label:
        return None
    value = cells.take("benefit_value", values.decimal_text, "")
    compared = cells.take("benefit_compared_value", values.decimal_text, "")
    if not value:
        cells.refuse(cells.column("benefit_value"), "benefit.no_value", {})
    return {
        "label_zh": label,
        "label_en": "" if values.is_chinese(label) else label,
        "value": value,
        "compared_value": compared or None,
        "unit": cells.take("benefit_unit", lambda raw: values.text(raw, limit=24), ""),
        "compared_with": cells.take(
            "benefit_compared_with", lambda raw: values.text(raw, limit=160), ""
        ),
        "method": cells.take("benefit_method", lambda raw: values.text(raw, limit=200), ""),
    }


def _digest(parts: Sequence[object]) -> str:
    canonical = json.dumps(parts, sort_keys=True, ensure_ascii=False, default=str)
    return sha256(canonical.encode()).hexdigest()
