"""Receipts, their matching and the split among owners (S15 and S16)."""

from fractions import Fraction

from tests.rules.slow.days import day
from tests.rules.slow.interest import events_of
from tests.rules.slow.numbers import shown, split
from tests.rules.slow.waterfalls import Waterfall

ZERO = Fraction(0)


class Allocations:
    def __init__(self, replay):
        self.replay = replay
        self.entries = []
        self.seen = set()
        self.matched = {}
        self.dates = {}
        self.falls = {}
        self.interest = {}

    def receive(self, receipt, when):
        replay = self.replay
        if receipt["reference"] in self.seen:
            return
        self.seen.add(receipt["reference"])
        if "reverses" in receipt:
            self.reverse(receipt, when)
            return
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
        matched = []
        for instalment in order:
            part = min(left, instalment.amount - instalment.paid)
            if part:
                instalment.pay(when, part)
                matched.append((instalment, part))
            left -= part
            principal += part
        self.matched[receipt["reference"]] = matched
        self.dates[receipt["reference"]] = when
        self.allocate(receipt["reference"], principal, when)
        owed = self.charged(when) - sum(self.interest.values())
        self.interest[receipt["reference"]] = min(left, owed)
        left -= min(left, owed)
        replay.credits.add(when, left, receipt=receipt["reference"])

    def charged(self, when):
        """Return the interest that staff had charged by a day."""
        contract = self.replay.contract
        events = events_of(contract, "interest_charged", when)
        return sum((contract.money(event["amount"]) for event in events), ZERO)

    def reverse(self, reversal, when):
        """Undo a receipt: its matches, its surplus and, mirrored, its allocation."""
        reference = reversal["reverses"]
        for instalment, part in self.matched.get(reference, []):
            instalment.pay(when, -part)
        self.replay.return_surplus(reference)
        self.interest.pop(reference, None)
        for fall in self.falls.values():
            fall.take_back(reference)
        for credit in self.replay.credits.all:
            if credit.receipt == reference:
                credit.left = ZERO
        for entry in [each for each in self.entries if each["reference"] == reference]:
            self.entries.append(
                {
                    "reference": reversal["reference"],
                    "owners": negative(entry["owners"]),
                    "waterfalls": {
                        party: negative(parts) for party, parts in entry["waterfalls"].items()
                    },
                }
            )

    def allocate(self, reference, amount, shared_on):
        """Split one use of a receipt by the terms and the year of the receipt."""
        if not amount:
            return
        when = self.dates[reference]
        terms = self.replay.contract.terms_on(when)
        owners = terms["owners"]
        parts = split(amount, [Fraction(owner["weight"]) for owner in owners])
        shares = {owner["party"]: part for owner, part in zip(owners, parts, strict=True)}
        falls = {
            party: self.waterfall(party, policy, when).flow(
                reference, shares[party], when, shared_on
            )
            for party, policy in terms.get("waterfalls", {}).items()
            if shares.get(party) and self.version(policy, when) is not None
        }
        self.entries.append({"reference": reference, "owners": shares, "waterfalls": falls})

    def version(self, policy, when):
        """Return a policy's first day and steps for receipts of a day, None before the first."""
        found = self.replay.contract.document["policies"][policy]
        if "steps" in found:
            return "", found["steps"]
        begun = [one for one in found["versions"] if day(one["effective_from"]) <= when]
        last = max(begun, key=lambda one: one["effective_from"], default=None)
        return last and (last["effective_from"], last["steps"])

    def waterfall(self, party, policy, when):
        since, steps = self.version(policy, when)
        if (party, policy, since) not in self.falls:
            contract = self.replay.contract
            costs = events_of(contract, "cost", self.replay.as_of)
            recorded = [(day(event["date"]), event["amount"]) for event in costs]
            self.falls[party, policy, since] = Waterfall(steps, contract.currency, recorded)
        return self.falls[party, policy, since]

    def rows(self):
        """Return one row per reference, the parts of all its uses added up."""
        merged = {}
        for entry in self.entries:
            owners, falls = merged.setdefault(entry["reference"], ({}, {}))
            add_up(owners, entry["owners"])
            for party, parts in entry["waterfalls"].items():
                add_up(falls.setdefault(party, {}), parts)
        return [
            {
                "reference": reference,
                "owners": self.printed(owners),
                "waterfalls": {party: self.printed(parts) for party, parts in falls.items()},
            }
            for reference, (owners, falls) in merged.items()
        ]

    def printed(self, parts):
        currency = self.replay.contract.currency
        return {party: shown(part, currency) for party, part in parts.items()}


def negative(parts):
    return {party: -part for party, part in parts.items()}


def add_up(sums, parts):
    for party, part in parts.items():
        sums[party] = sums.get(party, ZERO) + part
