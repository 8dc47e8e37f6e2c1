"""Contract days as people and offices write them."""

import re
from collections.abc import Iterable
from datetime import date

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
ORDERS = ("mdy", "dmy")

_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YEAR_LAST = re.compile(r"(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})")
_DAY_MONTH_NAME = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?[\s.-]+([a-z]{3,9})\.?,?[\s-]+(\d{4}|\d{2})"
)
_MONTH_NAME_DAY = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_TIME = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?$", re.ASCII)


class NotADateError(ValueError):
    """The text names no day; `code` is date.invalid or date.ambiguous."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def parse(text: str, *, order: str | None, latest_year: int) -> date:
    """The day that a text names.

    `order` ("mdy" or "dmy") decides between 5/6/24 and 6/5/24; None refuses what reads both
    ways. A year of two digits is the last such year up to `latest_year`. Raises NotADateError.
    """
    written = _TIME.sub("", text.strip()).lower()
    try:
        return date(*_numbers(written, order, latest_year))
    except ValueError as error:
        if isinstance(error, NotADateError):
            raise
        raise NotADateError("date.invalid") from error


def _numbers(text: str, order: str | None, latest_year: int) -> tuple[int, int, int]:
    found = _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text)
    if found:
        return int(found[1]), int(found[2]), int(found[3])
    found = _DAY_MONTH_NAME.fullmatch(text)
    if found:
        return _year(found[3], latest_year), _month(found[2]), int(found[1])
    found = _MONTH_NAME_DAY.fullmatch(text)
    if found:
        return int(found[3]), _month(found[1]), int(found[2])
    found = _YEAR_LAST.fullmatch(text)
    if not found:
        raise NotADateError("date.invalid")
    month, day = _ordered(int(found[1]), int(found[3]), order or _order_of_sign(found[2]))
    return _year(found[4], latest_year), month, day


def _order_of_sign(sign: str) -> str | None:
    return "dmy" if sign == "." else None


def _ordered(first: int, second: int, order: str | None) -> tuple[int, int]:
    """Month and day, by the order or, without one, by the number that cannot be a month."""
    if order:
        return (first, second) if order == "mdy" else (second, first)
    if first > 12:
        return second, first
    if second > 12 or first == second:
        return first, second
    raise NotADateError("date.ambiguous")


def _month(name: str) -> int:
    if name[:3] not in MONTHS:
        raise NotADateError("date.invalid")
    return MONTHS.index(name[:3]) + 1


def _year(text: str, latest_year: int) -> int:
    if len(text) == 4:
        return int(text)
    year = latest_year - latest_year % 100 + int(text)
    return year if year <= latest_year else year - 100


def order_of(texts: Iterable[str]) -> str | None:
    """The order that a column's dates agree on, None when they do not say or contradict."""
    seen = set()
    for text in texts:
        found = _YEAR_LAST.fullmatch(text.strip())
        if found and int(found[1]) > 12 >= int(found[3]):
            seen.add("dmy")
        elif found and int(found[3]) > 12 >= int(found[1]):
            seen.add("mdy")
    return seen.pop() if len(seen) == 1 else None
