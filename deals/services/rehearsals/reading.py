"""What a rehearsal says: its value, its contract file, and what the contract owes."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from deals.models import Rehearsal, ReportLine
from deals.rules.periods import add_months
from deals.rules.rehearsal import Play, Tables, computed, contract_file, from_document
from deals.rules.rehearsal import moves as plays
from deals.rules.statement import Result
from deals.services import calendar
from deals.services.previews import line_payload

YEARS = 40
THE_END = date(2190, 12, 31)


def play_of(rehearsal: Rehearsal) -> Play:
    """The rehearsed deal as the calculation's value."""
    return from_document(rehearsal.document)


def file_of(play: Play) -> dict[str, Any]:
    """The contract file of the rehearsal as of its date, for `manage.py royalty`."""
    return contract_file(play, tables_of(play, until=play.today))


def result_of(play: Play) -> Result:
    """What the rehearsed contract owes on its date. Raises `facts.Refused`."""
    return computed(play, tables_of(play, until=play.today))


def tables_of(play: Play, *, until: date) -> Tables:
    """The holidays and workdays from the contract's first year to the year after a day."""
    first = min(play.agreed.contract_start, play.agreed.effective_from)
    return calendar.tables(first_year=first.year, last_year=until.year + 1)


def last_day_of(play: Play) -> date:
    """The latest day that the rehearsal can be moved to: some decades after the contract began."""
    agreed = play.agreed
    return min(THE_END, add_months(max(agreed.contract_start, agreed.effective_from), 12 * YEARS))


def preview_report(play: Play, *, period: str, lines: Sequence[ReportLine]) -> Result:
    """What these lines would come to, accepted today; nothing is kept. Raises `facts.Refused`."""
    filed = plays.reported(play, period=period, lines=[line_payload(line) for line in lines])
    tables = tables_of(play, until=play.today)
    return computed(plays.accepted(filed, period=period, tables=tables), tables)
