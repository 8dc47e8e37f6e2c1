"""What a measured benefit amounts to against what it is compared with."""

from decimal import ROUND_HALF_UP, Decimal

PERCENT_SIGNS = ("%", "％")
PLACES = Decimal("0.1")


def change(value: Decimal, compared: Decimal, unit: str) -> tuple[Decimal, bool] | None:
    """How far the value lies from the other one, and whether that is in percentage points.

    Shares differ by points; everything else by per cent, in whole ones from ten on and to one
    decimal below. None where there is nothing to divide by.
    """
    if unit.strip() in PERCENT_SIGNS:
        return _tidy(value - compared), True
    if compared == 0:
        return None
    return _tidy((value - compared) * 100 / abs(compared)), False


def _tidy(number: Decimal) -> Decimal:
    step = Decimal(1) if abs(number) >= 10 else PLACES
    return number.quantize(step, ROUND_HALF_UP).normalize()
