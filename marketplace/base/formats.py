"""How numbers are written: whole minor units or basis points in, text in the active language out.

Writing only. No amount is worked out here; a page shows what the calculation gave it. Spaces
inside an amount are no-break spaces, so that a number never parts from its unit.
"""

from django.utils.translation import get_language

NO_BREAK = "\u00a0"
MINUS = "\u2212"
FEN = 100
TEN_THOUSAND_YUAN = 10_000 * FEN
THOUSAND_YUAN = 1_000 * FEN
MILLION_YUAN = 1_000_000 * FEN


def amount(minor: int) -> str:
    """`-240000` as `−2,400.00`: the columns of bills and tables, without a currency sign."""
    yuan, fen = divmod(abs(minor), FEN)
    return f"{_sign(minor)}{yuan:,}.{fen:02d}"


def yuan(minor: int) -> str:
    """`8900000` as `¥ 89,000.00`: the amounts of bills."""
    return f"{_sign(minor)}¥{NO_BREAK}{amount(abs(minor))}"


def whole_yuan(minor: int) -> str:
    """`19036712` as `¥ 190,367`: estimates, shown to the nearest yuan."""
    rounded = (abs(minor) + FEN // 2) // FEN
    return f"{_sign(minor if rounded else 0)}¥{NO_BREAK}{rounded:,}"


def wan(minor: int) -> str:
    """`120000000` as `120 万元` in Chinese and `¥1,200,000` in English: labels and sentences."""
    if not is_chinese():
        return f"{_sign(minor)}¥{_plain(abs(minor), FEN)}"
    if abs(minor) < TEN_THOUSAND_YUAN or minor % FEN:
        return f"{_sign(minor)}{_plain(abs(minor), FEN)}{NO_BREAK}元"
    return f"{_sign(minor)}{_plain(abs(minor), TEN_THOUSAND_YUAN)}{NO_BREAK}{_wan_sign()}元"


def wan_short(minor: int) -> str:
    """`120000000` as `120 万` or `¥1.2M`: shelf labels, axes and other narrow places."""
    sign, size = _sign(minor), abs(minor)
    if not size:
        return "0"
    if is_chinese():
        if size < TEN_THOUSAND_YUAN:
            return f"{sign}{_plain(size, FEN)}{NO_BREAK}元"
        return f"{sign}{_rounded(size, TEN_THOUSAND_YUAN)}{NO_BREAK}{_wan_sign()}"
    if size < THOUSAND_YUAN:
        return f"{sign}¥{_plain(size, FEN)}"
    if size < MILLION_YUAN:
        return f"{sign}¥{_rounded(size, THOUSAND_YUAN)}k"
    return f"{sign}¥{_rounded(size, MILLION_YUAN)}M"


def percent(basis_points: int) -> str:
    """`400` as `4%`, `350` as `3.5%`."""
    return f"{_sign(basis_points)}{_plain(abs(basis_points), 100)}%"


def minus(text: object) -> str:
    """A written number with the real minus sign, U+2212."""
    return str(text).replace("-", MINUS, 1) if str(text).startswith("-") else str(text)


def signed(number: int) -> str:
    """`3` as `+3`, `-3` as `−3`: a change."""
    return f"+{number:,}" if number > 0 else f"{_sign(number)}{abs(number):,}"


def is_chinese() -> bool:
    """Whether the page is in Simplified or Traditional Chinese."""
    return (get_language() or "").startswith("zh")


def _wan_sign() -> str:
    return "萬" if get_language() == "zh-hant" else "万"


def _sign(number: int) -> str:
    return MINUS if number < 0 else ""


def _plain(size: int, unit: int) -> str:
    """The exact quotient by a power of ten, without trailing zeros."""
    whole, rest = divmod(size, unit)
    fraction = str(rest).zfill(len(str(unit)) - 1).rstrip("0")
    return f"{whole:,}.{fraction}" if fraction else f"{whole:,}"


def _rounded(size: int, unit: int) -> str:
    """The quotient to the nearest hundredth: a picture's label, never a bill."""
    return _plain((size * 100 + unit // 2) // unit, 100)
