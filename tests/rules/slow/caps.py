"""What the caps let through (S9)."""

from fractions import Fraction

from tests.rules.slow.days import day

ZERO = Fraction(0)
ORDER = ("period", "contract_year", "calendar_year", "lifetime")


class Caps:
    """Running totals of every cap, fed one amount after the other.

    A cap lets its running total through up to its limit; a version may change the limit.
    """

    def __init__(self, contract):
        self.contract = contract
        self.totals = {}
        self.through = {}

    def rule(self, terms):
        return terms.get("caps") or {"includes": []}

    def let(self, index, terms, amount):
        for scope in ORDER:
            limit = self.rule(terms).get(scope)
            key = (scope, self.contract.periods.window(scope, index))
            self.totals[key] = through = self.totals.get(key, ZERO) + amount
            if limit:
                through = min(self.contract.money(limit), through)
            amount = through - self.through.get(key, ZERO)
            self.through[key] = through
        return amount

    def left(self, terms):
        limit = self.rule(terms).get("lifetime")
        if not limit:
            return None
        return self.contract.money(limit) - self.through.get(("lifetime", 0), ZERO)


def apply_caps(target):
    caps = Caps(target.contract)
    for box in target.ordered():
        terms = target.contract.terms_of(box.index, target.known)
        box.cap_left = caps.left(terms)
        if box.is_empty and not balance_due(target, box.index):
            continue
        includes = caps.rule(terms)["includes"]
        before = ZERO
        counted = {
            "earned": box.running,
            "minimum": box["minimum_top_up"] - box["recouped"],
            "milestone": box["milestones"],
        }
        after = ZERO
        for key in sorted(box.own, key=box.own.get):
            amount = box.fixed[key]
            let = caps.let(box.index, terms, amount) if "fixed" in includes else amount
            box.own[key] = (box.own[key], let)
            before, after = before + amount, after + let
        add_balance(target, caps.left(terms), box, sum(counted.values(), box["fixed"] - before))
        rest = sum(counted.values(), box["fixed"] - before)
        counted["fixed"] = box["fixed"] - before
        inside = sum((counted[name] for name in includes), ZERO)
        after += rest - inside + caps.let(box.index, terms, inside)
        box.accrued = after
        box["clipped"] = rest + before - after
        box.cap_left = caps.left(terms)


def add_balance(target, left, box, rest):
    """Post what the price still lacks when the long stop comes (all components are capped)."""
    if balance_due(target, box.index):
        box.fixed["long stop"] = max(ZERO, left - rest)


def balance_due(target, index):
    stop = target.contract.first.get("long_stop", {"balance": "waived"})
    if stop["balance"] != "due" or day(stop["date"]) > target.known:
        return False
    return target.contract.periods.index(day(stop["date"])) == index
