"""Read single texts of the input: words, days, plain decimals.

A run reads the same few days and ratios again and again, so they are remembered. The caches take
short texts only, which bounds what they hold in bytes and not only in entries.
"""

import re
from datetime import date
from functools import lru_cache

from deals.rules.money import parse_amount, parse_scaled

LONGEST_TEXT = 200
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_DATE_LENGTH = len("2027-03-31")
_SHORT = 32
_VERY_SHORT = len("0.00")


def is_text(value: str) -> bool:
    """Tell whether a text has 1 to 200 characters that can all be written as UTF-8."""
    if not 0 < len(value) <= LONGEST_TEXT:
        return False
    return value.isascii() or not any("\ud800" <= one <= "\udfff" for one in value)


def shown(key: object) -> str:
    """Return a key so that it can be printed anywhere: ASCII and short, whatever it was."""
    return ascii(key)[1:-1][:40] if isinstance(key, str) else type(key).__name__


def civil_day(text: str) -> date | None:
    """Return the day that a text such as 2027-03-31 names, None where it names none."""
    return _day(text) if len(text) == _DATE_LENGTH else None


def scaled(text: str, decimals: int) -> int:
    """Do what `deals.rules.money.parse_scaled` does, and raise what it raises."""
    return _scaled(text, decimals) if len(text) <= _SHORT else parse_scaled(text, decimals)


def amount(text: str, currency: str) -> int:
    """Do what `deals.rules.money.parse_amount` does, and raise what it raises."""
    if len(text) > _VERY_SHORT:
        return parse_amount(text, currency)
    return _amount(text, currency)


@lru_cache(maxsize=8192)
def _day(text: str) -> date | None:
    if not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def _scaled(text: str, decimals: int) -> int:
    return parse_scaled(text, decimals)


@lru_cache(maxsize=4096)
def _amount(text: str, currency: str) -> int:
    return parse_amount(text, currency)
