"""What can be wrong with a file or with one of its rows, as codes; the words are one table."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from marketplace.base.errors import RuleError


class FileError(RuleError):
    """The file as a whole cannot be read; `code` and `context` say why (see REASONS)."""


@dataclass(frozen=True)
class Fault:
    """Why one row is refused: its first line in the file, the column, the reason and the values."""

    line: int
    column: str
    code: str
    context: Mapping[str, object] = field(default_factory=dict)
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def reason(self) -> str:
        """The reason in words."""
        return words(self.code, self.context)


REASONS: Mapping[str, str] = {
    "encoding.unknown": "There is no encoding called %(name)s.",
    "encoding.wrong": "Line %(line)s is not %(name)s. Name another encoding with --encoding.",
    "encoding.binary": "This is not a text file. Give CSV, JSON lines or an Excel .xlsx file.",
    "encoding.ask": "Line %(line)s is neither UTF-8 nor Chinese GB18030. Name the encoding of the"
    " file with --encoding, for example mac_roman, big5 or windows-1252.",
    "file.too_large": "The file is larger than %(limit)s MB.",
    "file.unpacks_too_large": "Unpacked, the file is larger than %(limit)s MB.",
    "file.broken": "The file is damaged and cannot be unpacked or opened.",
    "file.old_excel": "This is an old Excel file. Save it as .xlsx and import that.",
    "file.empty": "The file has no row below its header.",
    "file.too_many_rows": "The file has more than %(limit)s rows. Split it.",
    "map.no_title": "No column is known to hold the title. Say with --map which one does; the"
    " file's columns are: %(columns)s.",
    "map.invalid": "The map is not valid: %(reason)s.",
    "map.missing_column": "The map names columns that the file does not have: %(missing)s. The"
    " file's columns are: %(columns)s.",
    "header.twice": "The header names column %(name)s twice.",
    "quote.unclosed": "A quote opened on line %(line)s is never closed",
    "quote.stray": "A quote inside a quoted value is not doubled on line %(line)s",
    "row.too_wide": "The row has %(found)s values for %(expected)s columns",
    "json.invalid": "The line is not a JSON object",
    "title.missing": "There is no title",
    "text.too_long": "The text is longer than %(limit)s characters",
    "text.damaged": "The text holds bytes that are no characters",
    "text.nested": "The value is a JSON object, not a text",
    "number.invalid": "This is not a number of a patent, case or record: %(text)s",
    "date.invalid": "This is no date: %(text)s",
    "date.ambiguous": "Day and month cannot be told apart in %(text)s; set date_order in the map",
    "date.in_future": "This day has not come yet: %(text)s",
    "trl.invalid": "Write a whole number from 1 to 9%(hint)s",
    "industry.unknown": "There is no industry %(text)s%(hint)s",
    "terms.unknown": "The owner has no terms template called %(text)s",
    "benefit.no_value": "A benefit needs its measured number",
    "value.invalid": "This is not a plain number: %(text)s",
    "weight.invalid": "The share of %(name)s is not a whole number above 0",
    "owner.missing": "The row names no owner and no --organisation was given",
    "owner.unknown": "There is no university called %(name)s (see --create-organisations)",
    "number.twice": "The same number of the same owner stands on line %(line)s with other values",
    "listing.published": "published: the public page is changed by its university only",
    "listing.in_review": "in review: the draft was submitted and is no longer open to imports",
}


def words(code: str, context: Mapping[str, object]) -> str:
    """The sentence of a reason."""
    template = REASONS[code]
    return template % context if context else template
