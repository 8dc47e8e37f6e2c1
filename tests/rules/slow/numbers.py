"""Exact numbers, the rounding points and the largest remainder."""

from fractions import Fraction

EXPONENTS = {"CNY": 2, "USD": 2, "JPY": 0, "KWD": 3}


def minor(text, currency):
    return Fraction(text) * 10 ** EXPONENTS[currency]


def rounded(value, mode, unit=1):
    """Round to whole units, acting on the absolute value."""
    if value < 0:
        return -rounded(-value, mode, unit)
    steps = Fraction(value) / unit
    whole = steps.numerator // steps.denominator
    rest = steps - whole
    half = Fraction(1, 2)
    up = {
        "down": False,
        "up": rest > 0,
        "half_up": rest >= half,
        "half_even": rest > half or (rest == half and whole % 2 == 1),
    }[mode]
    return Fraction((whole + up) * unit)


def shown(value, currency):
    """Print minor units as a decimal string of the currency."""
    digits = EXPONENTS[currency]
    whole = int(rounded(value, "half_up"))
    sign = "-" if whole < 0 else ""
    text = str(abs(whole)).rjust(digits + 1, "0")
    return f"{sign}{text[:-digits]}.{text[-digits:]}" if digits else f"{sign}{text}"


def split(amount, weights):
    """Split whole minor units by weight, the largest remainders first, ties to the earlier row."""
    if amount < 0:
        return [-part for part in split(-amount, weights)]
    total = sum(weights)
    ideal = [Fraction(amount) * weight / total for weight in weights]
    parts = [share.numerator // share.denominator for share in ideal]
    by_remainder = sorted(range(len(weights)), key=lambda row: (parts[row] - ideal[row], row))
    for row in by_remainder[: int(amount) - sum(parts)]:
        parts[row] += 1
    return parts
