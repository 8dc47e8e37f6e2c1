"""What is wrong with a file of sales, in words."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from deals.forms.faults import FAULTS
from deals.services.report_files import Wrong

# What only a table of cells can have wrong, beside the calculation's own faults.
WORDS: Mapping[str, str | Promise] = {
    **FAULTS,
    "column.unknown": gettext_lazy("This column is not known here."),
    "cell.missing": gettext_lazy("This cell is empty."),
    "number.range": gettext_lazy("This share lies outside 0 to 100%."),
    "date.invalid": gettext_lazy("This is no date such as 2027-03-31."),
    "date.ambiguous": gettext_lazy("Day and month cannot be told apart; write 2027-03-31."),
    "country.unknown": gettext_lazy("Write a country as two capital letters, such as CN."),
    "text.too_long": gettext_lazy("This text is too long."),
    "deal.unknown": gettext_lazy("Your university has no signed deal of this number."),
    "receipt.future": gettext_lazy("A transfer cannot arrive on a day that has not come."),
    "receipt.too_early": gettext_lazy("This day lies before the contract."),
    "rate.series": gettext_lazy("Name a known series, such as LPR1Y or USD/CNY."),
    "rate.value": gettext_lazy("This is no possible value of the series."),
    "rate.future": gettext_lazy("A rate cannot be recorded before its day."),
    "quote.unclosed": gettext_lazy("A quotation mark is opened and never closed."),
    "quote.stray": gettext_lazy("A quotation mark inside a quoted value is not doubled."),
    "row.too_wide": gettext_lazy("The line has more values than the header has columns."),
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
