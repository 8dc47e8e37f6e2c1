"""China's public holidays and make-up workdays, as the calculation takes them.

The table is data with an origin (ATTRIBUTION.md). A year that is not in it yet rolls over weekends
alone, which the calculation says with a warning.
"""

import csv
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

TABLE = Path(__file__).with_name("calendar.csv")
LISTS = {"public_holiday": "holidays", "make_up_workday": "workdays"}


@lru_cache(maxsize=64)
def tables(*, first_year: int, last_year: int) -> dict[str, list[str]]:
    """The `holidays` and `workdays` of a contract file for these years, both included.

    The lists are shared by all files: nobody changes them.
    """
    found: dict[str, list[str]] = {name: [] for name in LISTS.values()}
    for day, kind in _rows():
        if first_year <= day.year <= last_year:
            found[LISTS[kind]].append(day.isoformat())
    return found


@cache
def _rows() -> tuple[tuple[date, str], ...]:
    with TABLE.open(encoding="utf-8", newline="") as rows:
        return tuple((date.fromisoformat(row["date"]), row["kind"]) for row in csv.DictReader(rows))
