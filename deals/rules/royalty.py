"""The earned royalty of one stream, period by period (S3b, S5, S6).

Tiers act on the cumulative base of a window. What is earned is the rounded cumulative amount less
what was rounded before it (R2), so that a year adds up to the same whether it is reported in one
piece or in twelve. Amounts between the roundings are integers over the table's scale, or fractions.
See docs/rules.md#tiers.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from deals.rules.money import Exact, exact
from deals.rules.periods import Period
from deals.rules.sales import Portion
from deals.rules.stages import FREE
from deals.rules.terms.model import Tiers

WindowKey = tuple[int, int]
NumberOf = Callable[[str, Period, Portion], WindowKey]


def marginal_value(tiers: Tiers, reached: Exact, passed: Exact = 0) -> Exact:
    """Return the royalty on a cumulative base, each slice at its own row's rate.

    The result counts in `tiers.scale` parts. Flat sums of rows that `passed` (the free base) had
    entered are left out: they were never charged.
    """
    if reached <= 0:
        return tiers.rows[0].flat if tiers.flat_on_zero and passed <= 0 else 0
    value: Exact = 0
    lower: Exact = 0
    for row in tiers.rows:
        if reached <= lower:
            break
        upper = reached if row.upper is None else min(reached, row.upper)
        value += (upper - lower) * row.rate
        if passed <= lower:
            value += row.flat
        lower = upper
    return value


def row_values(tiers: Tiers, reached: Exact, passed: Exact) -> list[Exact]:
    """Return what each row adds to `marginal_value`, for the trace."""
    values: list[Exact] = []
    lower: Exact = 0
    for row in tiers.rows:
        upper = max(lower, reached if row.upper is None else min(reached, row.upper))
        entered = reached > lower and passed <= lower
        values.append((upper - lower) * row.rate + (row.flat if entered else 0))
        lower = upper if row.upper is None else row.upper
    if reached <= 0 and tiers.flat_on_zero and passed <= 0:
        values[0] = tiers.rows[0].flat
    return values


def row_index(tiers: Tiers, reached: Exact) -> int:
    """Return the row that holds a cumulative base; a bound belongs to the row it closes."""
    for index, row in enumerate(tiers.rows):
        if row.upper is None or reached <= row.upper:
            return index
    return len(tiers.rows) - 1


def whole_value(tiers: Tiers, window: "Window") -> Exact:
    """Return the royalty, in `tiers.scale` parts, when the row reached rates all of the base.

    A base that fell below zero takes back no more than what lies before it in the window.
    """
    reached = max(0, window.base)
    index = row_index(tiers, reached)
    row = tiers.rows[index]
    charged = window.charged if reached else min(0, max(window.charged, -window.before))
    value = row.rate * charged
    counts = index > window.entered and (reached > 0 or tiers.flat_on_zero)
    return value + row.flat if counts else value


@dataclass(slots=True)
class Window:
    """The running totals of one window of one stream.

    `base` is the cumulative base, `passed` how far free use had taken it. `plain` and `weighted`
    are the paying base without and with its step-down factors. In whole mode the present version
    rates `charged`; `before` lies before it and `kept` was earned on that; `entered` is the row
    whose flat sum has had its time, -1 for none. `value` is the tier table's amount, `exact` what
    is earned by it, both in parts of a minor unit; `rounded` is the latter in minor units.
    """

    key: WindowKey
    base: Exact = 0
    passed: Exact = 0
    plain: Exact = 0
    weighted: Exact = 0
    charged: Exact = 0
    kept: Exact = 0
    before: Exact = 0
    entered: int = -1
    value: Exact = 0
    exact: Exact = 0
    rounded: int = 0
    version: int = 0

    def copy(self) -> "Window":
        """Return a window that goes on from here without touching this one."""
        return Window(
            self.key, self.base, self.passed, self.plain, self.weighted, self.charged, self.kept,
            self.before, self.entered, self.value, self.exact, self.rounded, self.version,
        )  # fmt: skip

    def follow(self, key: WindowKey) -> "Window":
        """Open the next window; what lies below zero moves into it."""
        if self.base >= 0:
            return Window(key)
        return Window(key, base=self.base, charged=min(self.charged, 0))


class Step(NamedTuple):
    """One addition to a window, with all that is needed to recompute it by hand."""

    portion: Portion
    window: WindowKey
    allowance: Exact
    base: Exact
    opening: Exact
    closing: Exact
    passed: Exact
    value_before: Exact
    value_after: Exact
    factor: Exact
    exact_before: Exact
    exact_after: Exact
    earned_before: int
    earned_after: int
    charged: Exact
    kept: Exact
    allowance_before: Exact


class Earned(NamedTuple):
    """What one stream earned in one period, in minor units, and the steps that led there."""

    earned: int
    base: Exact
    allowance: Exact
    steps: tuple[Step, ...]


class StreamRun:
    """Walks one stream through its periods in order and keeps its windows."""

    def __init__(self, number_of: NumberOf, kinds: Iterable[str]) -> None:
        """Take how windows are numbered, and every kind of window the stream ever uses."""
        self._number_of = number_of
        self._kinds = tuple(kinds)
        self._windows: dict[str, Window] = {}
        self._allowance_key: object = None
        self._allowance_used: Exact = 0

    def copy(self, number_of: NumberOf | None = None) -> "StreamRun":
        """Return a run that goes on from here without touching this one."""
        twin = StreamRun(number_of or self._number_of, self._kinds)
        twin._windows = {kind: window.copy() for kind, window in self._windows.items()}
        twin._allowance_key = self._allowance_key
        twin._allowance_used = self._allowance_used
        return twin

    def period(self, period: Period, portions: Iterable[Portion]) -> Earned:
        """Add one period. Free portions must come before the paying ones of their version."""
        steps: list[Step] = []
        for portion in portions:
            if portion.stage == FREE and not _counts(portion):
                continue
            step = self._add(period, portion)
            if portion.stage != FREE:
                steps.append(step)
        return Earned(
            earned=sum([step.earned_after - step.earned_before for step in steps]),
            base=sum([step.base for step in steps]),
            allowance=sum([step.allowance for step in steps]),
            steps=tuple(steps),
        )

    def _add(self, period: Period, portion: Portion) -> Step:
        allowance = 0 if portion.stage == FREE else self._take_allowance(period, portion)
        base, weighted = _less(portion, allowance)
        own = self._open(period, portion)
        opening, exact_before, earned_before = own.base, own.exact, own.rounded
        for window in self._windows.values():
            window.base += base
            window.charged += 0 if portion.stage == FREE else weighted
        value_before = own.value
        factor: Exact = 0
        if portion.stage == FREE:
            own.passed = max(own.passed, own.base)
            _pass_free(own, portion.stream.tiers)
            own.value = marginal_value(portion.stream.tiers, own.base, own.passed)
        else:
            own.plain += base
            own.weighted += weighted
            factor = _charge(own, portion, base, weighted)
        return Step(
            portion, own.key, allowance, base, opening, own.base, own.passed, value_before,
            own.value, factor, exact_before, own.exact, earned_before, own.rounded, own.charged,
            own.kept, self._allowance_used - allowance,
        )  # fmt: skip

    def _take_allowance(self, period: Period, portion: Portion) -> Exact:
        allowance = portion.stream.allowance
        if allowance is None or portion.quantity <= 0:
            return 0
        key: object = period.name
        if allowance.per == "contract_year":
            key = self._number_of("contract_year", period, portion)[1]
        if key != self._allowance_key:
            self._allowance_key, self._allowance_used = key, 0
        taken = min(portion.quantity, max(0, allowance.amount - self._allowance_used))
        self._allowance_used += taken
        return taken

    def _open(self, period: Period, portion: Portion) -> Window:
        """Bring every window to this period and version; return the one that charges."""
        for kind in self._kinds:
            key = self._number_of(kind, period, portion)
            window = self._windows.get(kind)
            if window is None:
                self._windows[kind] = Window(key)
            elif window.key != key:
                self._windows[kind] = window.follow(key)
        own = self._windows[portion.stream.tiers.window]
        if own.version != portion.terms.version:
            _rebase(own, portion)
        return own


def _counts(portion: Portion) -> bool:
    trial = portion.terms.trial
    return trial is not None and trial.counts_toward_tiers


def _less(portion: Portion, allowance: Exact) -> tuple[Exact, Exact]:
    """Return the base and the base times its factors, after the allowance."""
    if not allowance:
        return portion.combined, portion.weighted
    if portion.combined == portion.quantity == portion.weighted:
        return portion.quantity - allowance, portion.quantity - allowance
    left = Fraction(portion.quantity - allowance) / portion.quantity
    return exact(portion.combined * left), exact(portion.weighted * left)


def _rebase(window: Window, portion: Portion) -> None:
    """Go on under another version: its table starts at the base that its window holds by then."""
    if window.version or window.base > 0:
        window.kept = window.exact
        window.charged = min(0, window.charged) if window.base < 0 else 0
        window.before = max(0, window.base)
        tiers = portion.stream.tiers
        reached = row_index(tiers, window.base) if window.base > 0 else -1
        window.entered = max(reached, 0) if tiers.flat_on_zero else reached
        window.value = marginal_value(tiers, window.base, window.passed)
    window.version = portion.terms.version


def _pass_free(window: Window, tiers: Tiers) -> None:
    """Let free base pass the rows of a table; their flat sums are never charged."""
    window.before = max(window.before, window.base)
    if window.base > 0:
        window.entered = max(window.entered, row_index(tiers, window.base))


def _charge(window: Window, portion: Portion, base: Exact, weighted: Exact) -> Exact:
    """Bring the window's exact and rounded amount up to date; return the factor that applied."""
    tiers = portion.stream.tiers
    reached = max(0, window.base)
    factor = _mean_factor(window, portion, base, weighted)
    if tiers.mode == "whole":
        value = whole_value(tiers, window)
        window.exact = window.kept + value
    else:
        value = marginal_value(tiers, reached, window.passed)
        window.exact = exact(window.exact + (value - window.value) * factor)
    window.value = value
    window.rounded = portion.terms.rounding.of(window.exact, tiers.scale)
    return factor


def _mean_factor(window: Window, portion: Portion, base: Exact, weighted: Exact) -> Exact:
    """Return the factor of a period's royalty: the base-weighted mean over its lines.

    Where the period's own mean says nothing (no base, or lines of both signs), that of the window.
    """
    if not portion.stream.factors:
        return 1
    if base and not portion.mixed:
        return exact(Fraction(weighted) / base)
    return exact(Fraction(window.weighted) / window.plain) if window.plain else 1
