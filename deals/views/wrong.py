"""What is wrong with a file of sales, in words."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from deals.services.report_files import Wrong

WORDS: Mapping[str, str | Promise] = {
    "column.unknown": gettext_lazy("This column is not known here"),
    "cell.missing": gettext_lazy("This cell is empty"),
    "number.malformed": gettext_lazy("This is no plain number such as 12000.50"),
    "number.decimals": gettext_lazy("This number has too many decimals"),
    "number.range": gettext_lazy("This share lies outside 0 to 100%"),
    "amount.too_large": gettext_lazy("This amount is larger than can be held"),
    "amount.negative": gettext_lazy("This amount must not be negative"),
    "date.invalid": gettext_lazy("This is no date such as 2027-03-31"),
    "date.ambiguous": gettext_lazy("Day and month cannot be told apart; write 2027-03-31"),
    "line.outside_period": gettext_lazy("This day lies outside the period"),
    "stream.unknown": gettext_lazy("The contract has no such source of revenue"),
    "currency.unknown": gettext_lazy("This currency is not known"),
    "country.unknown": gettext_lazy("Write a country as two capital letters, such as CN"),
    "text.too_long": gettext_lazy("This text is too long"),
    "quote.unclosed": gettext_lazy("A quotation mark is opened and never closed"),
    "quote.stray": gettext_lazy("A quotation mark inside a quoted value is not doubled"),
    "row.too_wide": gettext_lazy("The line has more values than the header has columns"),
}


@dataclass(frozen=True)
class Problem:
    """One wrong cell: where, what stands there, why it cannot be taken."""

    line: int
    column: str
    text: str
    reason: str


def problem_of(wrong: Wrong) -> Problem:
    """A wrong cell in the active language."""
    return Problem(wrong.line, wrong.column, wrong.text, str(WORDS.get(wrong.code, wrong.code)))
