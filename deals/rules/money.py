"""Money as whole minor units, and the only places where it may be rounded or shared out.

Amounts are `int` minor units (fen, cents). Between two stages of a calculation an amount may be an
exact `Fraction`. There is no float here and no `Decimal`, whose context rounds divisions unasked.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

Exact = int | Fraction

LIMIT = 9_000_000_000_000_000
RATIO_DECIMALS = 10
RATIO_SCALE: int = 10**RATIO_DECIMALS
UNIT_DECIMALS = 6
UNIT_SCALE: int = 10**UNIT_DECIMALS

_TWO = (
    "AED ARS AUD BAM BDT BGN BRL CAD CHF CNY COP CZK DKK DOP EGP EUR GBP GEL HKD HUF IDR ILS INR "
    "KES KZT LKR MAD MOP MXN MYR NGN NOK NPR NZD PEN PHP PKR PLN QAR RON RSD RUB SAR SEK SGD THB "
    "TRY TWD UAH USD UYU UZS ZAR"
)
EXPONENTS = {
    **dict.fromkeys(_TWO.split(), 2),
    **dict.fromkeys(["CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "VND", "XAF", "XOF"], 0),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
}
MODES = ("half_up", "half_even", "down", "up")

_DIGITS = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,10})?", re.ASCII)


class MoneyError(ValueError):
    """Something that is not an amount the house can hold; `code` says what is wrong."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units of one ISO 4217 currency."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        exponent_of(self.currency)
        if abs(self.minor) > LIMIT:
            raise MoneyError("amount.too_large")

    def __add__(self, other: "Money") -> "Money":
        self._same_currency(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same_currency(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __str__(self) -> str:
        return f"{format_amount(self.minor, self.currency)} {self.currency}"

    def _same_currency(self, other: "Money") -> None:
        if other.currency != self.currency:
            raise MoneyError("amount.currency_mixed")


def exponent_of(currency: str) -> int:
    """Return how many decimals the currency has. Raises `MoneyError` for an unknown one."""
    if currency not in EXPONENTS:
        raise MoneyError("currency.unknown")
    return EXPONENTS[currency]


def parse_scaled(text: str, decimals: int) -> int:
    """Read a plain ASCII decimal as an integer number of 10**-decimals.

    No sign but a leading minus, no grouping, no exponent, no digit outside 0-9.
    Raises `MoneyError` with `number.malformed` or `number.decimals`.
    """
    if not _DIGITS.fullmatch(text):
        raise MoneyError("number.malformed")
    whole, _, fraction = text.partition(".")
    if len(fraction) == decimals:
        return int(whole + fraction)
    if len(fraction) > decimals:
        raise MoneyError("number.decimals")
    return int(whole + fraction.ljust(decimals, "0"))


def parse_amount(text: str, currency: str) -> int:
    """Read a decimal string such as "3390000.00" as minor units of the currency.

    Raises `MoneyError` when it is no plain number, has too many decimals or is over 9.0e15.
    """
    minor = parse_scaled(text, exponent_of(currency))
    if abs(minor) > LIMIT:
        raise MoneyError("amount.too_large")
    return minor


def format_scaled(number: int, decimals: int) -> str:
    """Write an integer number of 10**-decimals with all its decimals."""
    digits = str(number)
    if decimals == 0:
        return digits
    if number < 0:
        return f"-{format_scaled(-number, decimals)}"
    if len(digits) <= decimals:
        digits = digits.zfill(decimals + 1)
    return f"{digits[:-decimals]}.{digits[-decimals:]}"


def format_amount(minor: int, currency: str) -> str:
    """Write minor units as the decimal string that `parse_amount` reads back."""
    return format_scaled(minor, exponent_of(currency))


@lru_cache(maxsize=4096)
def format_ratio(scaled: int) -> str:
    """Write a ratio held as an integer over 10**10 without superfluous zeros."""
    text = format_scaled(scaled, RATIO_DECIMALS).rstrip("0")
    return text.removesuffix(".")


def round_division(numerator: int, denominator: int, mode: str) -> int:
    """Divide two integers (denominator > 0) and round the magnitude by the mode.

    `half_up`, `half_even`, `down` and `up` act on the absolute value; the sign is put back after.
    """
    magnitude, rest = divmod(abs(numerator), denominator)
    if mode == "half_up":
        magnitude += 2 * rest >= denominator
    elif rest and _goes_up(mode, 2 * rest - denominator, magnitude):
        magnitude += 1
    return -magnitude if numerator < 0 else magnitude


def _goes_up(mode: str, above_half: int, magnitude: int) -> bool:
    if mode == "half_even":
        return above_half > 0 or (above_half == 0 and magnitude % 2 == 1)
    return mode == "up"


class Rounding(NamedTuple):
    """How terms round: a mode and a unit in minor units (100 = whole yuan)."""

    mode: str = "half_up"
    unit: int = 1

    def of(self, value: Exact, scale: int = 1) -> int:
        """Round value / scale to a multiple of the unit, in minor units."""
        mode, unit = self
        if type(value) is int and scale == unit == 1:
            return value
        denominator = value.denominator * scale * unit
        return round_division(value.numerator, denominator, mode) * unit


HALF_UP = Rounding("half_up", 1)
DOWN = Rounding("down", 1)


def round_ratio(value: Exact, denominator: int = 1, mode: str = "half_up") -> int:
    """Round value / denominator to a whole number of minor units by the mode."""
    return Rounding(mode, 1).of(value, denominator)


def exact(value: Exact) -> Exact:
    """Return the same number as an `int` where it is whole, so that the fast path stays fast."""
    if type(value) is int or value.denominator != 1:
        return value
    return value.numerator


def largest_remainder(total: int, weights: Sequence[Exact]) -> tuple[int, ...]:
    """Share a total by weights so that the parts add up to it exactly.

    Every part is its exact share rounded towards zero; the units left over go one each to the
    largest remainders, the earlier part first where two are equal. A weight of zero gets zero.
    A negative total is the mirror of the positive one. Raises `MoneyError` without any weight.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise MoneyError("weights.not_positive")
    magnitude = abs(total)
    ideal = [Fraction(magnitude * weight) / whole for weight in weights]
    parts = [share.numerator // share.denominator for share in ideal]
    left = magnitude - sum(parts)
    order = sorted(range(len(parts)), key=lambda index: (parts[index] - ideal[index], index))
    for index in order[:left]:
        parts[index] += 1
    return tuple(-part if total < 0 else part for part in parts)


_FIGURES = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")


def capitals(minor: int) -> str:
    """Write fen in the capital characters used on Chinese bills: 8900000 is 捌万玖仟元整."""
    yuan, rest = divmod(abs(minor), 100)
    jiao, fen = divmod(rest, 10)
    text = _whole_capitals(yuan) + "元" if yuan or not rest else ""
    if jiao:
        text += _FIGURES[jiao] + "角"
    elif fen and yuan:
        text += "零"
    text += _FIGURES[fen] + "分" if fen else "整"
    return "负" + text if minor < 0 else text


def _whole_capitals(number: int) -> str:
    for step, name in ((10**8, "亿"), (10**4, "万")):
        if number >= step:
            high, low = divmod(number, step)
            gap = "零" if 0 < low < step // 10 else ""
            return _whole_capitals(high) + name + gap + (_whole_capitals(low) if low else "")
    return _group_capitals(number) or "零"


def _group_capitals(group: int) -> str:
    text, pending = "", False
    for place in (3, 2, 1, 0):
        figure = group // 10**place % 10
        if figure == 0:
            pending = bool(text)
            continue
        text += ("零" if pending else "") + _FIGURES[figure] + _PLACES[place]
        pending = False
    return text
