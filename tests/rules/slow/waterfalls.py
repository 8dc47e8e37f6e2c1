"""How an owner's share falls through its distribution policy (S16)."""

from fractions import Fraction

from tests.rules.slow.numbers import minor, split

ZERO = Fraction(0)


class Waterfall:
    """The steps of one owner and what each window has taken so far."""

    def __init__(self, steps, currency, recorded):
        self.steps = steps
        self.currency = currency
        self.recorded = recorded
        self.counted = {}
        self.counts = []

    def money(self, text):
        return minor(text, self.currency)

    def flow(self, reference, amount, when, shared_on):
        """Return {who: amount} of one use of a receipt."""
        self.gross = amount
        self.left = amount
        self.when = when
        self.shared_on = shared_on
        self.given = {}
        self.receipt = reference
        for number, step in enumerate(self.steps):
            getattr(self, "take_" + step["take"])(number, step)
        if self.left:
            self.give("undistributed", self.left)
        return self.given

    def give(self, party, amount):
        self.given[party] = self.given.get(party, ZERO) + amount
        self.left -= amount

    def count(self, key, amount):
        self.counted[key] = self.counted.get(key, ZERO) + amount
        self.counts.append((self.receipt, key, amount))

    def take_back(self, reference):
        """Forget what a reversed receipt had counted."""
        for receipt, key, amount in self.counts:
            if receipt == reference:
                self.counted[key] -= amount

    def window(self, number, step):
        kind = step.get("window", "lifetime")
        return (number, {"year": self.when.year, "receipt": self.receipt}.get(kind, "lifetime"))

    def take_top_slice(self, _number, step):
        share = Fraction(step["share"])
        self.give(step["to"], split(self.left, [share, 1 - share])[0])

    def take_share_of_gross(self, _number, step):
        share = Fraction(step["share"])
        self.give(step["to"], min(self.left, split(self.gross, [share, 1 - share])[0]))

    def take_fixed(self, number, step):
        self.take_up_to(self.window(number, step), step["to"], self.money(step["amount"]))

    def take_costs(self, number, step):
        limit = self.money(step["limit"])
        costs = [self.money(text) for when, text in self.recorded if when <= self.shared_on]
        if costs:
            limit = min(limit, sum(costs))
        self.take_up_to((number, "lifetime"), step["to"], limit)

    def take_up_to(self, key, party, limit):
        taken = self.counted.get(key, ZERO)
        part = max(ZERO, min(self.left, limit - taken))
        self.count(key, part)
        self.give(party, part)

    def take_bands(self, number, step):
        key = self.window(number, step)
        before = self.counted.get(key, ZERO)
        after = before + self.left
        self.count(key, self.left)
        rows = [(row["up_to"] and self.money(row["up_to"]), row["shares"]) for row in step["rows"]]
        ideal = {}
        if step["mode"] == "whole":
            add_ideal(ideal, self.left, self.row_of(rows, after, step["bound"]))
        else:
            low = ZERO
            for upper, shares in rows:
                top = after if upper is None else min(after, upper)
                add_ideal(ideal, max(ZERO, top - max(before, low)), shares)
                low = upper
        self.share_out(ideal)

    def row_of(self, rows, total, bound):
        for upper, shares in rows:
            if upper is None or total < upper or (total == upper and bound == "inclusive_upper"):
                return shares
        raise AssertionError

    def share_out(self, ideal):
        """Split what is left by exact amounts; what they leave over stays for the next step."""
        if not self.left:
            return
        parts = split(self.left, [*ideal.values(), self.left - sum(ideal.values())])
        for party, part in zip(ideal, parts, strict=False):
            self.give(party, part)

    def take_cap(self, number, step):
        key = self.window(number, step)
        held = self.given.get(step["to"], ZERO)
        before = self.counted.get(key, ZERO)
        kept = min(held, self.money(step["amount"]) - before)
        self.count(key, kept)
        if held > kept:
            self.given[step["to"]] = kept
            to = step["excess_to"]
            self.given[to] = self.given.get(to, ZERO) + held - kept

    def take_rest(self, _number, step):
        self.by_weight(self.left, step["weights"])

    def take_inventors(self, _number, step):
        held = self.given.pop("inventors", ZERO)
        self.left += held
        self.by_weight(held, step["weights"])

    def by_weight(self, amount, weights):
        parts = split(amount, [Fraction(weight) for weight in weights.values()])
        for party, part in zip(weights, parts, strict=True):
            self.give(party, part)


def add_ideal(ideal, amount, shares):
    for party, share in shares.items():
        ideal[party] = ideal.get(party, ZERO) + amount * Fraction(share)
