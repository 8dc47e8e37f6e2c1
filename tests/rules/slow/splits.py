"""Receipts, their matching and the split among owners (S15 and S16)."""

from fractions import Fraction

from tests.rules.slow.numbers import shown, split

ZERO = Fraction(0)


class Allocations:
    def __init__(self, replay):
        self.replay = replay
        self.entries = []
        self.seen = set()

    def receive(self, receipt, when):
        replay = self.replay
        if receipt["reference"] in self.seen:
            return
        self.seen.add(receipt["reference"])
        left = replay.contract.money(receipt["amount"])
        principal = ZERO
        wanted = receipt.get("for")
        order = sorted(
            (each for each in replay.instalments if each.amount > each.paid),
            key=lambda each: (
                replay.contract.periods.name(each.index) != wanted, each.due, each.index,
                each.posted_on,
            ),
        )  # fmt: skip
        for instalment in order:
            part = min(left, instalment.amount - instalment.paid)
            instalment.paid += part
            left -= part
            principal += part
        self.allocate(receipt["reference"], principal, when)
        replay.credits.add(when, left, receipt=receipt["reference"])

    def allocate(self, reference, amount, when):
        if not amount:
            return
        owners = self.replay.contract.terms_on(when)["owners"]
        parts = split(amount, [Fraction(owner["weight"]) for owner in owners])
        shares = {owner["party"]: part for owner, part in zip(owners, parts, strict=True)}
        self.entries.append({"reference": reference, "owners": shares, "waterfalls": {}})

    def rows(self):
        """Return one row per reference, the parts of all its uses added up."""
        merged = {}
        for entry in self.entries:
            owners = merged.setdefault(entry["reference"], {})
            for party, part in entry["owners"].items():
                owners[party] = owners.get(party, ZERO) + part
        currency = self.replay.contract.currency
        return [
            {"reference": reference, "waterfalls": {},
             "owners": {party: shown(part, currency) for party, part in owners.items()}}
            for reference, owners in merged.items()
        ]  # fmt: skip
