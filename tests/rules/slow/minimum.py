"""The minimum of each year and its recoupment (S8)."""

from datetime import timedelta
from fractions import Fraction

from tests.rules.slow.days import ONE_DAY, day

ZERO = Fraction(0)


def last_period(contract, scope, window):
    """Return the number of the last period of a window, None if it holds none."""
    periods = contract.periods
    inside = [
        index
        for index in range(periods.index(contract.start), periods.index(periods.paying_to) + 1)
        if periods.window(scope, index) == window
    ]
    return max(inside, default=None)


def closing_day(contract, index):
    due = contract.periods.last_day(index) + timedelta(
        days=contract.first["periods"]["report_days"]
    )
    return min(contract.first_accepted().get(index, due), due)


def windows_with_minimum(contract, last_free):
    """Return (year, window, first paying day of it) of each window with a paying day."""
    rule = contract.first["minimum"]
    periods = contract.periods
    first = last_free + ONE_DAY
    if first > periods.paying_to:
        return []
    low = periods.window_on(rule["scope"], first)
    high = periods.window_on(rule["scope"], periods.paying_to)
    return [(number + 1, window) for number, window in enumerate(range(low, high + 1))]


def amount_of(contract, year, window, last_free):
    rule = contract.first["minimum"]
    text = rule["schedule"][min(year, len(rule["schedule"])) - 1] if "schedule" in rule else (
        rule["amount"]
    )  # fmt: skip
    amount = contract.money(text)
    begins, ends = contract.periods.window_days(rule["scope"], window)
    first = last_free + ONE_DAY
    whole = counted = (ends - begins).days + 1
    if rule.get("first_year") == "prorate_days" and begins < first:
        counted = (min(ends, contract.periods.paying_to) - first).days + 1
        begins, ends = first, min(ends, contract.periods.paying_to)
    counted -= suspended_days(rule, begins, ends)
    return amount if counted == whole else contract.round(amount * counted / whole)


def suspended_days(rule, begins, ends):
    days = set()
    for span in rule.get("suspended", []):
        when = max(day(span["from"]), begins)
        while when <= min(day(span["to"]), ends):
            days.add(when)
            when += ONE_DAY
    return len(days)


class Pool:
    """Shortfalls still open, first in first out."""

    def __init__(self, rule):
        self.kind = rule.get("kind", "none")
        self.years = rule.get("years", 0)
        self.open = []

    def recoup(self, year, excess):
        taken = ZERO
        for entry in self.open:
            part = min(entry[1], excess - taken)
            if self.kind == "first_years" and year > self.years:
                part = ZERO
            entry[1] -= part
            taken += part
        return taken

    def lapse(self, year):
        lapsed = ZERO
        for entry in self.open:
            last = self.years if self.kind == "first_years" else entry[0] + self.years
            if year >= last:
                lapsed += entry[1]
                entry[1] = ZERO
        return lapsed

    @property
    def carried(self):
        return sum((amount for _year, amount in self.open), ZERO)


def apply_minimum(target, last_free):
    contract = target.contract
    rule = contract.first.get("minimum")
    if rule is None:
        return
    pool = Pool(rule.get("recoup", {}))
    closed = {}
    for year, window in windows_with_minimum(contract, last_free):
        index = last_period(contract, rule["scope"], window)
        if index is None or closing_day(contract, index) > target.known:
            continue
        close(target, pool, (year, window, index), last_free)
        closed[index] = pool.carried
    carry_balance(target, closed)


def close(target, pool, where, last_free):
    year, window, index = where
    contract = target.contract
    scope = contract.first["minimum"]["scope"]
    amount = amount_of(contract, year, window, last_free)
    earned = sum(
        box.running for box in target.ordered()
        if contract.periods.window(scope, box.index) == window
    )  # fmt: skip
    box = target.box(index)
    top_up = max(ZERO, amount - earned)
    box["minimum_top_up"] = top_up
    if pool.kind == "none":
        return
    box["recouped"] = pool.recoup(year, max(ZERO, earned - amount))
    if top_up:
        pool.open.append([year, top_up])
    box["shortfall_lapsed"] = pool.lapse(year)


def carry_balance(target, closed):
    """Show on each statement the pool as it stood after the last close."""
    balance = ZERO
    for box in target.ordered():
        balance = closed.get(box.index, balance)
        box["shortfall_carried"] = balance
