"""Geometry of the charts that the server draws: whole numbers in, places on a canvas out.

The templates draw what these say with theme tokens; nothing here knows a colour or a word. Values
are minor units or counts; only their proportions matter.
"""

from collections.abc import Sequence
from dataclasses import dataclass

TOP, FOOT = 26, 34
SIDE = 52
LETTER_WIDTH = 7


@dataclass(frozen=True)
class Bar:
    """One rectangle: left edge, top edge, width, height, and the value it stands for."""

    x: int
    y: int
    width: int
    height: int
    value: int
    label: str = ""
    kind: str = ""
    join_x: int = 0
    join_y: int = 0

    @property
    def lines(self) -> tuple[str, ...]:
        """The label, broken at the space nearest its middle when it is long for its slot."""
        places = [place for place, sign in enumerate(self.label) if sign == " "]
        if not places or len(self.label) * LETTER_WIDTH < self.width * 3 // 2:
            return (self.label,)
        middle = len(self.label) // 2
        cut = min(places, key=lambda place: abs(place - middle))
        return (self.label[:cut], self.label[cut + 1 :])

    @property
    def middle(self) -> int:
        """Where a centred label stands."""
        return self.x + self.width // 2


@dataclass(frozen=True)
class Tick:
    """One line of the grid with the values that the left and the right axis write beside it."""

    y: int
    left: int
    right: int


@dataclass(frozen=True)
class QuarterChart:
    """Payments per quarter as bars, their running total as a line, the cap as a dashed line."""

    width: int
    height: int
    left: int
    right: int
    base: int
    bars: tuple[Bar, ...]
    line: str
    ticks: tuple[Tick, ...]
    years: tuple[Bar, ...]
    cap_y: int | None
    reached: Bar | None


@dataclass(frozen=True)
class WaterfallChart:
    """From the first amount to the last, each step hanging from the one before."""

    width: int
    height: int
    base: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Step:
    """One step of a waterfall: a total stands on the base line, a change hangs."""

    label: str
    value: int
    is_total: bool = False


def quarter_chart(
    payments: Sequence[int], *, cap: int | None, width: int, height: int = 250
) -> QuarterChart:
    """Lay out payments (minor units, one a quarter, from the first quarter of a year on)."""
    base, room = height - FOOT, height - FOOT - TOP
    running = _running(payments)
    left_top = nice_top(max(payments, default=0))
    right_top = nice_top(max(cap or 0, running[-1] if running else 0))
    slot = (width - 2 * SIDE) // max(1, len(payments))
    bars = tuple(
        _bar(index * slot + SIDE, slot, base, value=value, tall=value * room // left_top)
        for index, value in enumerate(payments)
    )
    tops = [base - total * room // right_top for total in running]
    points = [f"{bar.middle},{top}" for bar, top in zip(bars, tops, strict=True)]
    reached = next((i for i, total in enumerate(running) if cap and total >= cap), None)
    return QuarterChart(
        width=width,
        height=height,
        left=SIDE,
        right=width - SIDE,
        base=base,
        bars=bars,
        line=" ".join(points),
        ticks=tuple(_tick(n, base, room, tops=(left_top, right_top)) for n in range(5)),
        years=tuple(_years(len(payments), slot, base)),
        cap_y=base - cap * room // right_top if cap else None,
        reached=Bar(bars[reached].middle, tops[reached], 0, 0, 0) if reached is not None else None,
    )


def waterfall_chart(steps: Sequence[Step], *, width: int, height: int = 230) -> WaterfallChart:
    """Lay out steps whose totals are given: a change hangs from where the step before ended."""
    base, room = height - FOOT - 16, height - FOOT - 16 - TOP
    highest = max((step.value for step in steps if step.is_total), default=0) or 1
    slot = width // max(1, len(steps))
    bars: list[Bar] = []
    level = 0
    for index, step in enumerate(steps):
        before, level = level, step.value if step.is_total else level + step.value
        high, low = (level, 0) if step.is_total else (max(before, level), min(before, level))
        tall = max(3, (high - low) * room // highest)
        bars.append(
            Bar(
                x=index * slot + slot // 6,
                y=base - high * room // highest,
                width=slot * 2 // 3,
                height=tall,
                value=step.value,
                label=step.label,
                kind="total" if step.is_total else "change",
                join_x=(index + 1) * slot + slot // 6 if index + 1 < len(steps) else 0,
                join_y=base - level * room // highest,
            )
        )
    return WaterfallChart(width=width, height=height, base=base, bars=tuple(bars))


def histogram(counts: Sequence[int], *, width: int = 252, height: int = 56) -> tuple[Bar, ...]:
    """Bars of a filter's histogram; an empty bin keeps a sliver so that it can be seen."""
    highest = max(counts, default=0) or 1
    slot = width // max(1, len(counts))
    return tuple(
        Bar(
            x=index * slot,
            y=height - max(3, count * height // highest),
            width=slot - 3,
            height=max(3, count * height // highest),
            value=count,
            label=str(index + 1),
        )
        for index, count in enumerate(counts)
    )


def spark_points(values: Sequence[int]) -> str:
    """The points of a small trend line, 56 wide and 18 high."""
    if len(values) < 2:
        return ""
    low, high = min(values), max(values)
    spread = (high - low) or 1
    last = len(values) - 1
    return " ".join(
        f"{index * 56 // last},{16 - (value - low) * 14 // spread}"
        for index, value in enumerate(values)
    )


def nice_top(highest: int) -> int:
    """The smallest 1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6 or 8 times a power of ten that covers it.

    Each of them divides by four, as the grid does.
    """
    power = 10
    while power * 80 < highest:
        power *= 10
    return next(
        step * power for step in (4, 8, 12, 16, 20, 24, 32, 40, 60, 80) if step * power >= highest
    )


def _running(payments: Sequence[int]) -> list[int]:
    totals: list[int] = []
    for payment in payments:
        totals.append((totals[-1] if totals else 0) + payment)
    return totals


def _bar(x: int, slot: int, base: int, *, value: int, tall: int) -> Bar:
    height = max(2, tall)
    gap = max(2, slot // 4)
    kind = "" if value else "none"
    return Bar(x + gap // 2, base - height, slot - gap, height, value, kind=kind)


def _tick(number: int, base: int, room: int, *, tops: tuple[int, int]) -> Tick:
    left, right = tops
    return Tick(base - room * number // 4, left * number // 4, right * number // 4)


def _years(quarters: int, slot: int, base: int) -> list[Bar]:
    return [
        Bar(SIDE + first * slot, base, slot * min(4, quarters - first), 0, first // 4 + 1)
        for first in range(0, quarters, 4)
    ]
