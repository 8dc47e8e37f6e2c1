"""What the caps let through (S9)."""

from fractions import Fraction

from tests.rules.slow.days import day

ZERO = Fraction(0)
ORDER = ("period", "contract_year", "calendar_year", "lifetime")


class Caps:
    """Running totals of every cap, fed one amount after the other."""

    def __init__(self, contract):
        caps = contract.first.get("caps", {})
        self.includes = caps.get("includes", [])
        self.limits = [(scope, contract.money(caps[scope])) for scope in ORDER if caps.get(scope)]
        self.totals = {}
        self.periods = contract.periods

    def let(self, index, amount):
        for scope, limit in self.limits:
            key = (scope, self.periods.window(scope, index))
            before = self.totals.get(key, ZERO)
            self.totals[key] = before + amount
            amount = min(limit, before + amount) - min(limit, before)
        return amount

    def left(self):
        for scope, limit in self.limits:
            if scope == "lifetime":
                return limit - min(limit, self.totals.get((scope, 0), ZERO))
        return None


def apply_caps(target):
    caps = Caps(target.contract)
    for box in target.ordered():
        before = ZERO
        counted = {
            "earned": box.running,
            "minimum": box["minimum_top_up"] - box["recouped"],
            "milestone": box["milestones"],
        }
        after = ZERO
        for key in sorted(box.own, key=box.own.get):
            amount = box.fixed[key]
            let = caps.let(box.index, amount) if "fixed" in caps.includes else amount
            box.own[key] = (box.own[key], let)
            before, after = before + amount, after + let
        add_balance(target, caps, box, sum(counted.values(), box["fixed"] - before))
        rest = sum(counted.values(), box["fixed"] - before)
        counted["fixed"] = box["fixed"] - before
        inside = sum((counted[name] for name in caps.includes), ZERO)
        after += rest - inside + caps.let(box.index, inside)
        box.accrued = after
        box["clipped"] = rest + before - after
        box.cap_left = caps.left()


def add_balance(target, caps, box, rest):
    """Post what the price still lacks when the long stop comes (all components are capped)."""
    stop = target.contract.first.get("long_stop", {"balance": "waived"})
    if stop["balance"] != "due" or day(stop["date"]) > target.known:
        return
    if target.contract.periods.index(day(stop["date"])) == box.index:
        box.fixed["long stop"] = max(ZERO, caps.left() - rest)
