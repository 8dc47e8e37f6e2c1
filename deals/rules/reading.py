"""Read untrusted JSON into plain values, gathering every fault instead of stopping at the first.

A reader returns a harmless value where it records a fault, so that reading goes on; whoever started
it must throw the result away when `faults` is not empty.
"""

import re
from collections.abc import Collection, Mapping
from datetime import date
from fractions import Fraction

from deals.rules.faults import Fault
from deals.rules.money import (
    LIMIT,
    RATIO_DECIMALS,
    UNIT_DECIMALS,
    MoneyError,
)
from deals.rules.texts import LONGEST_TEXT, amount, civil_day, is_text, scaled, shown

FIRST_DAY = date(1950, 1, 1)
LAST_DAY = date(2200, 12, 31)
_FRACTION = re.compile(r"[0-9]{1,9}/[1-9][0-9]{0,8}", re.ASCII)
_WORDS = {
    "key.unknown": "this key is not known here",
    "key.missing": "this key is mandatory and must be stated",
    "type.object": "an object is expected here",
    "type.list": "a list is expected here",
    "type.text": "a text is expected here",
    "type.integer": "a whole number is expected here",
    "type.flag": "true or false is expected here",
    "number.malformed": "a plain decimal string is expected here",
    "number.decimals": "the number has too many decimals",
    "number.range": "the number is outside its range",
    "amount.too_large": "the amount is larger than the house can hold",
    "amount.negative": "the amount must not be negative",
    "currency.unknown": "the currency is not known",
    "date.malformed": "a date such as 2027-03-31 is expected here",
    "date.range": "the date is outside 1950 to 2200",
    "choice.unknown": "the value is not one of those allowed",
    "text.length": "the text is empty, too long or not writable",
}


def join(where: str, key: str | int) -> str:
    """Return the path of a key or an index below a path."""
    if isinstance(key, int):
        return f"{where}[{key}]"
    return f"{where}.{key}" if where else key


class Reader:
    """One object of the input: its place, its keys, and the list that its faults go to."""

    __slots__ = ("_above", "_found", "_index", "_key", "faults")

    def __init__(
        self,
        value: object,
        where: "str | Reader",
        faults: list[Fault],
        key: str = "",
        index: int | None = None,
    ) -> None:
        """Take the object, and its path or the reader above it with the key it stands under."""
        self._above = where
        self._key = key
        self._index = index
        self.faults = faults
        self._found: Mapping[object, object] = {}
        # An exact dict, which nearly everything is, needs no look into the abstract class.
        if type(value) is dict or isinstance(value, Mapping):
            self._found = value
        else:
            self.refuse("type.object", "")

    @property
    def where(self) -> str:
        """The path of the object. Put together on demand: only faults are told where they are."""
        if isinstance(self._above, str):
            return self._above
        where = join(self._above.where, self._key)
        return where if self._index is None else join(where, self._index)

    def refuse(self, code: str, key: str, message: str = "") -> None:
        """Record a fault at a key of this object ("" is the object itself)."""
        where = join(self.where, key) if key else self.where
        self.faults.append(Fault(code, where, message or _WORDS.get(code, code)))

    def only(self, known: Collection[str], required: Collection[str] = ()) -> None:
        """Refuse keys that are not known and name the mandatory ones that are not there."""
        found = self._found
        for key in found:
            if key not in known:
                self.refuse("key.unknown", shown(key))
        for key in required:
            if found.get(key) is None:
                self.refuse("key.missing", key)

    def has(self, key: str) -> bool:
        """Tell whether the key holds something; null counts as nothing."""
        return self._found.get(key) is not None

    def raw(self, key: str) -> object:
        """Return the untouched value, None where there is none."""
        return self._found.get(key)

    def text(self, key: str, default: str = "") -> str:
        """Return a text of 1 to 200 characters."""
        value = self._found.get(key)
        if value is None:
            return default
        if type(value) is str and value.isascii() and 0 < len(value) <= LONGEST_TEXT:
            return value
        if not isinstance(value, str):
            self.refuse("type.text", key)
            return default
        if not is_text(value):
            self.refuse("text.length", key)
        return value

    def choice(self, key: str, allowed: Collection[str], default: str = "") -> str:
        """Return one of the allowed words."""
        value = self._found.get(key)
        if isinstance(value, str) and value in allowed:
            return value
        value = self.text(key, default)
        if self.has(key) and value not in allowed:
            named = f"one of {', '.join(allowed)} is expected here" if len(allowed) < 10 else ""
            self.refuse("choice.unknown", key, named)
        return value

    def integer(self, key: str, low: int, high: int, default: int = 0) -> int:
        """Return a JSON whole number from low to high."""
        value = self._found.get(key)
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool):
            self.refuse("type.integer", key)
            return default
        if not low <= value <= high:
            self.refuse("number.range", key, f"a number from {low} to {high} is expected here")
            return default
        return value

    def optional_integer(self, key: str, low: int, high: int) -> int | None:
        """Return a whole number, None where the key is absent."""
        return self.integer(key, low, high) if self.has(key) else None

    def flag(self, key: str) -> bool:
        """Return true or false; absent is false."""
        value = self._found.get(key)
        if value is not None and not isinstance(value, bool):
            self.refuse("type.flag", key)
        return value is True

    def day(self, key: str) -> date:
        """Return a civil date between 1950 and 2200."""
        return self.parse_day(self._found.get(key), key) or FIRST_DAY

    def optional_day(self, key: str) -> date | None:
        """Return a civil date, None where the key is absent."""
        return self.parse_day(self._found.get(key), key) if self.has(key) else None

    def parse_day(self, value: object, key: str) -> date | None:
        """Read a date that is already in hand; `key` only says where it stood."""
        if value is None:
            return None
        day = civil_day(value) if isinstance(value, str) else None
        if day is None:
            self.refuse("date.malformed", key)
            return None
        if not FIRST_DAY <= day <= LAST_DAY:
            self.refuse("date.range", key)
            return None
        return day

    def signed_amount(self, key: str, currency: str) -> int:
        """Return minor units of the currency, of either sign; absent is zero."""
        value = self._found.get(key)
        if value is None:
            return 0
        if not isinstance(value, str):
            self.refuse("number.malformed", key)
            return 0
        try:
            return amount(value, currency)
        except MoneyError as error:
            self.refuse(error.code, key)
            return 0

    def amount(self, key: str, currency: str) -> int:
        """Return minor units that are not negative; absent is zero."""
        minor = self.signed_amount(key, currency)
        if minor < 0:
            self.refuse("amount.negative", key)
        return minor

    def optional_amount(self, key: str, currency: str) -> int | None:
        """Return minor units, None where the key is absent."""
        return self.amount(key, currency) if self.has(key) else None

    def ratio(self, key: str, default: int = 0, *, highest: int = 1) -> int:
        """Return a ratio from 0 to `highest` as an integer over 10**10."""
        if self._found.get(key) is None:
            return default
        scaled = self._number(key, RATIO_DECIMALS)
        if not 0 <= scaled <= highest * 10**RATIO_DECIMALS:
            self.refuse("number.range", key, f"a number from 0 to {highest} is expected here")
            return default
        return scaled

    def optional_ratio(self, key: str) -> int | None:
        """Return a ratio, None where the key is absent."""
        return self.ratio(key) if self.has(key) else None

    def units(self, key: str) -> int:
        """Return a number of units as an integer over 10**6, of either sign; absent is zero."""
        scaled = self._number(key, UNIT_DECIMALS)
        if abs(scaled) > LIMIT:
            self.refuse("amount.too_large", key)
        return scaled

    def weight(self, key: str) -> Fraction:
        """Return a weight: a whole number, a decimal string or a fraction such as "1/3"."""
        value = self._found.get(key)
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LIMIT:
            return Fraction(value)
        if isinstance(value, str) and _FRACTION.fullmatch(value):
            return Fraction(value)
        return Fraction(self._number(key, RATIO_DECIMALS), 10**RATIO_DECIMALS)

    def below(self, key: str) -> "Reader":
        """Return the reader of the object under a key; an absent one reads as empty."""
        value = self._found.get(key)
        return Reader({} if value is None else value, self, self.faults, key)

    def items(self, key: str) -> list[object]:
        """Return the list under a key, which is not to be changed; absent is empty."""
        value = self._found.get(key)
        if type(value) is list:
            return value
        if value is None:
            return []
        if not isinstance(value, list | tuple):
            self.refuse("type.list", key)
            return []
        return list(value)

    def rows(self, key: str) -> list["Reader"]:
        """Return one reader per object of the list under a key."""
        found = self.items(key)
        if not found:
            return []
        return [Reader(value, self, self.faults, key, index) for index, value in enumerate(found)]

    def texts(self, key: str) -> list[str]:
        """Return a list of texts."""
        found: list[str] = []
        for index, value in enumerate(self.items(key)):
            if isinstance(value, str) and is_text(value):
                found.append(value)
            else:
                self.refuse("type.text", join(key, index))
        return found

    def keys(self) -> list[str]:
        """Return the keys of an object whose keys are data, such as deduction types."""
        found: list[str] = []
        for key in self._found:
            if isinstance(key, str) and is_text(key):
                found.append(key)
            else:
                self.refuse("text.length", shown(key))
        return found

    def _number(self, key: str, decimals: int) -> int:
        value = self._found.get(key)
        if value is None:
            return 0
        if not isinstance(value, str):
            self.refuse("number.malformed", key)
            return 0
        try:
            return scaled(value, decimals)
        except MoneyError as error:
            self.refuse(error.code, key)
            return 0
