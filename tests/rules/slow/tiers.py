"""Earned royalty and stacking of one stream (S5 and S6)."""

from dataclasses import dataclass
from fractions import Fraction

from tests.rules.slow.numbers import rounded
from tests.rules.slow.sales import stream_of

ZERO = Fraction(0)


class Table:
    def __init__(self, contract, stream):
        self.tiers = stream["tiers"]
        self.rows = []
        previous = ZERO
        for row in self.tiers["rows"]:
            rate = contract.money(row["unit"]) if "unit" in row else Fraction(row["rate"])
            upper = row["up_to"]
            if upper is not None:
                upper = Fraction(upper) if stream["basis"] == "units" else contract.money(upper)
            self.rows.append((previous, upper, rate, contract.money(row.get("flat", "0"))))
            previous = upper
        if self.tiers.get("above_last") == "use_last":
            below, _upper, rate, flat = self.rows[-1]
            self.rows[-1] = (below, None, rate, flat)
        self.on_zero = self.tiers.get("first_tier_flat_on_zero", False)

    def flat_at_zero(self):
        return self.rows[0][3] if self.on_zero else ZERO

    def marginal(self, base, passed=()):
        """Return the amount of a base; rows that free use passed never charge their flat."""
        if base <= 0:
            return ZERO if 0 in passed else self.flat_at_zero()
        amount = ZERO
        for number, (below, upper, rate, flat) in enumerate(self.rows):
            if base > below:
                top = base if upper is None else min(base, upper)
                amount += (top - below) * rate + (ZERO if number in passed else flat)
        return amount

    def amounts_only(self, base):
        """Return the marginal amount without any flat."""
        return sum(
            ((base if upper is None else min(base, upper)) - below) * rate
            for below, upper, rate, _flat in self.rows
            if base > below
        )

    def whole_row(self, base):
        """Return the rate and the flat of the row that holds the base."""
        for _below, upper, rate, flat in self.rows:
            if upper is None or base <= upper:
                return rate, (flat if base > 0 else self.flat_at_zero())
        raise AssertionError


@dataclass
class Window:
    cumulative: Fraction = ZERO
    exact: Fraction = ZERO
    rounded: Fraction = ZERO
    entered_before: int = -1
    entered_free: int | None = None
    weighted: Fraction = ZERO
    bases: Fraction = ZERO
    factored: Fraction = ZERO
    free: Fraction = ZERO
    passed: frozenset = frozenset()
    kept: Fraction = ZERO
    version: int = 0
    started: bool = False


def mean_factor(window, segment):
    bases = [base for base, _factor in segment.bases if base]
    same_sign = all(base > 0 for base in bases) or all(base < 0 for base in bases)
    if segment.base and same_sign:
        return sum(base * factor for base, factor in segment.bases) / segment.base
    if window.bases:
        return window.factored / window.bases
    return Fraction(1)


def count_factors(window, segment):
    window.bases += segment.base
    window.factored += sum(base * factor for base, factor in segment.bases)


def add_marginal(window, table, segment):
    before = max(ZERO, window.cumulative)
    reached = table.marginal(before, window.passed) if window.started or before else ZERO
    if segment.free_base:
        let_in_free(window, table, segment.free_base)
        reached = table.marginal(max(ZERO, window.cumulative), window.passed)
    window.cumulative += segment.base
    after = max(ZERO, window.cumulative)
    count_factors(window, segment)
    grown = table.marginal(after, window.passed) - reached
    window.exact += grown * mean_factor(window, segment)
    window.started = True


def row_number(table, base):
    """Return the number of the row that holds a base, -1 while nothing is entered."""
    if base <= 0:
        return -1
    return sum(1 for below, _upper, _rate, _flat in table.rows if base > below) - 1


def let_in_free(window, table, free_base):
    """Let free sales in; a row that they enter never charges its flat."""
    before = row_number(table, window.cumulative)
    window.free += free_base
    window.cumulative += free_base
    after = row_number(table, window.cumulative)
    window.passed = window.passed | set(range(before + 1, after + 1))
    if after != before:
        window.entered_free = after


def add_whole(window, table, segment):
    if window.version != segment.terms["version"]:
        window.kept, window.version = window.exact, segment.terms["version"]
        window.entered_before = row_number(table, window.cumulative) if window.started else -1
        window.weighted = min(ZERO, window.cumulative)
        window.free = max(ZERO, window.cumulative)
    window.started = True
    let_in_free(window, table, segment.free_base)
    window.cumulative += segment.base
    window.weighted += sum(base * factor for base, factor in segment.bases)
    count_factors(window, segment)
    total = max(ZERO, window.cumulative)
    rate, flat = table.whole_row(total)
    if window.entered_before >= max(0, row_number(table, total)):
        flat = ZERO
    if window.entered_free == row_number(table, total):
        flat = ZERO
    weighted = window.weighted
    if window.cumulative <= 0:
        weighted = max(weighted, -max(ZERO, window.free))
    window.exact = window.kept + rate * weighted + flat


def window_key(contract, segment):
    scope = segment.stream["tiers"]["window"]
    resets = sum(
        1 for terms in contract.versions
        if terms.get("reset_windows") and terms["version"] <= segment.terms["version"]
    )  # fmt: skip
    return scope, contract.periods.window(scope, segment.index), resets


class Stream:
    """The running state of one stream over its periods."""

    def __init__(self, contract, key, last_free):
        self.contract = contract
        self.key = key
        self.last_free = last_free
        self.window_key = None
        self.window = Window()
        self.carried = ZERO
        self.held = []
        self.counts_free = (
            contract.first["stages"].get("trial", {}).get("free_counts_toward_tiers", False)
        )

    def earn(self, segments):
        """Return what the segments of one period earn."""
        earned = ZERO
        for segment in segments:
            key = window_key(self.contract, segment)
            if not self.counts_free:
                segment.free_base = ZERO
            if key != self.window_key:
                earned += self._round()
                self.open(key)
            self.held.append((key[2], segment))
            table = Table(self.contract, segment.stream)
            if self.contract.periods.anchor_day(segment.index) <= self.last_free:
                let_in_free(self.window, table, segment.free_base)
                continue
            add = add_whole if segment.stream["tiers"]["mode"] == "whole" else add_marginal
            add(self.window, table, segment)
        return earned + self._round()

    def open(self, key):
        """Open a window; one of another kind goes on from what it holds by then."""
        before, self.window_key = self.window_key, key
        carried = min(ZERO, self.window.cumulative)
        version = self.window.version
        self.window = Window(cumulative=carried)
        if before is None or before[0] == key[0] or before[2] != key[2]:
            return
        scope, number, resets = key
        inside = [
            segment for reset, segment in self.held
            if reset == resets and self.contract.periods.window(scope, segment.index) == number
        ]  # fmt: skip
        if inside:
            held = sum(segment.base + segment.free_base for segment in inside)
            self.window = Window(cumulative=held, version=version, started=True)
            for segment in inside:
                count_factors(self.window, segment)

    def _round(self):
        before = self.window.rounded
        self.window.rounded = self.contract.round(self.window.exact)
        return self.window.rounded - before

    def stack(self, index, sales, earned, known):
        """Return the stacking reduction of one period."""
        terms = self.contract.terms_of(index, known)
        rule = stream_of(terms, self.key).get("stacking")
        if rule is None:
            return ZERO
        paid = sum((sale.third_party for sale in sales), ZERO)
        available = Fraction(rule.get("offset_share", "1")) * paid + self.carried
        room = [available, earned - Fraction(rule.get("floor_share", "0")) * earned]
        if "max_reduction" in rule:
            room.append(Fraction(rule["max_reduction"]) * earned)
        reduction = rounded(max(ZERO, min(room)), "down")
        self.carried = available - reduction if rule.get("carry_forward") else ZERO
        return reduction
