"""The minimum of each window and its recoupment (S8)."""

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


def scope_of(contract):
    """Return the kind of window, None without any minimum."""
    rules = [terms["minimum"] for terms in contract.versions if terms.get("minimum")]
    return rules[0]["scope"] if rules else None


def windows_with_minimum(contract, scope, last_free, known):
    """Return (number from one, window) of each window with a paying day."""
    periods = contract.periods
    first = last_free + ONE_DAY
    last = min(periods.paying_to, contract.event_day("termination", known) or periods.paying_to)
    if first > last:
        return []
    low = periods.window_on(scope, first)
    return [
        (number + 1, window)
        for number, window in enumerate(range(low, periods.window_on(scope, last) + 1))
    ]


def amount_of(contract, rule, year, window, last_free, known):
    text = rule["schedule"][min(year, len(rule["schedule"])) - 1] if "schedule" in rule else (
        rule["amount"]
    )  # fmt: skip
    amount = contract.money(text)
    begins, ends = contract.periods.window_days(rule["scope"], window)
    first = last_free + ONE_DAY
    whole = counted = (ends - begins).days + 1
    if rule.get("first_year") == "prorate_days" and begins < first:
        begins, ends = first, min(ends, contract.periods.paying_to)
        counted = (ends - begins).days + 1
    ended = contract.event_day("termination", known)
    if ended is not None and ended <= ends:
        if rule.get("on_termination") == "waive":
            return ZERO
        if rule.get("on_termination") == "prorate":
            ends = ended
            counted = (ends - begins).days + 1
    counted -= suspended_days(contract, rule, begins, ends, known)
    return amount if counted == whole else contract.round(amount * counted / whole)


def suspended_days(contract, rule, begins, ends, known):
    spans = [(day(span["from"]), day(span["to"])) for span in rule.get("suspended", [])]
    spans += [
        (day(event["date"]), day(event["to"]))
        for event in contract.document.get("events", [])
        if event["type"] == "suspension" and day(event["date"]) <= known
    ]
    days = set()
    for first, last in spans:
        when = max(first, begins)
        while when <= min(last, ends):
            days.add(when)
            when += ONE_DAY
    return len(days)


class Pool:
    """Shortfalls still open, first in first out."""

    def __init__(self):
        self.open = []

    def recoup(self, rule, year, excess):
        taken = ZERO
        for entry in self.open:
            part = min(entry[1], excess - taken)
            if rule["kind"] == "first_years" and year > rule["years"]:
                part = ZERO
            entry[1] -= part
            taken += part
        return taken

    def lapse(self, rule, year):
        lapsed = ZERO
        for entry in self.open:
            last = rule["years"] if rule["kind"] == "first_years" else entry[0] + rule["years"]
            if year >= last:
                lapsed += entry[1]
                entry[1] = ZERO
        return lapsed

    @property
    def carried(self):
        return sum((amount for _year, amount in self.open), ZERO)


class QuarterExcess:
    """What earlier quarters of one contract year earned over their minimum."""

    def __init__(self, contract):
        self.contract = contract
        self.year = None
        self.left = ZERO

    def lower(self, rule, index, gap):
        """Return the top-up for a gap (negative: an excess) between minimum and earned."""
        if rule["scope"] != "quarter" or not rule.get("quarter_excess_counts"):
            return max(ZERO, gap)
        year = self.contract.periods.window("contract_year", index)
        if year != self.year:
            self.year, self.left = year, ZERO
        self.left -= gap
        top_up, self.left = max(ZERO, -self.left), max(ZERO, self.left)
        return top_up


def apply_minimum(target, last_free):
    contract = target.contract
    scope = scope_of(contract)
    if scope is None:
        return
    pool = Pool()
    excess = QuarterExcess(contract)
    closed = {}
    for year, window in windows_with_minimum(contract, scope, last_free, target.known):
        index = last_period(contract, scope, window)
        if index is None or closing_day(contract, index) > target.known:
            continue
        close(target, (pool, excess), (year, window, index), last_free)
        closed[index] = pool.carried
    carry_balance(target, closed)


def close(target, running, where, last_free):
    year, window, index = where
    pool, excess = running
    contract = target.contract
    rule = contract.terms_of(index, target.known).get("minimum")
    if rule is None:
        return
    amount = amount_of(contract, rule, year, window, last_free, target.known)
    earned = sum(
        box.running for box in target.ordered()
        if contract.periods.window(rule["scope"], box.index) == window
    )  # fmt: skip
    box = target.box(index)
    top_up = excess.lower(rule, index, amount - earned)
    box["minimum_top_up"] = top_up
    recoup = rule.get("recoup", {"kind": "none"})
    if recoup["kind"] == "none":
        return
    box["recouped"] = pool.recoup(recoup, year, max(ZERO, earned - amount))
    if top_up:
        pool.open.append([year, top_up])
    box["shortfall_lapsed"] = pool.lapse(recoup, year)


def carry_balance(target, closed):
    """Show on each statement the pool as it stood after the last close."""
    balance = ZERO
    for box in target.ordered():
        balance = closed.get(box.index, balance)
        box["shortfall_carried"] = balance
