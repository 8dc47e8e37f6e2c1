"""One contract that grows by a fact a day, and what must hold of it whatever happens.

A fact that the product refuses is taken back. After each the product's result is compared with
the slow evaluator's, and with what had been posted before.
"""

import copy
import random
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

from deals.rules.faults import Refused
from tests.rules.slow import evaluate
from tests.rules.slow.comparison import differences, product
from tests.rules.slow.days import Periods, day
from tests.rules.slow.drawing_unusual import drop_flat_on_zero
from tests.rules.slow.generator import draw_contract, draw_revision, new_stream

KEPT = ("terms", "policies", "rates", "holidays", "workdays")
MOVING = {"corrections", "credits", "payable", "lines"}
COMPONENTS = {"earned", "minimum", "milestone", "fixed"}


def row_key(row):
    return row["period"], row["due"]


class Walk:
    """The facts of one contract so far, and the last result that was printed of them."""

    def __init__(self, seed):
        drawn = draw_contract(seed)
        self.document = {name: drawn[name] for name in KEPT if name in drawn}
        self.document["terms"] = self.document["terms"][:1]
        self.document |= {"reports": [], "events": [], "receipts": [], "credits": []}
        self.start = Periods(self.terms, self._start()).start
        self.periods = Periods(self.terms, self.start)
        self.today = self.start
        self.finals = {}
        self.result = None

    def _start(self):
        stages = self.document["terms"][0]["stages"]
        return day(stages["trial"]["from"] if "trial" in stages else stages["paying"]["from"])

    @property
    def terms(self):
        return self.document["terms"][-1]

    @property
    def totals(self):
        return {name: Decimal(text) for name, text in self.result["totals"].items()}

    def reported(self):
        return {self.periods.numbered(one["period"]) for one in self.document["reports"]}

    def pass_days(self, days):
        self.today += timedelta(days=days)
        self.look(self.document)

    def add(self, kind, fact):
        """Add one fact of today; returns whether the product took it."""
        grown = copy.deepcopy(self.document)
        grown[kind].append(fact)
        return self.look(grown)

    def event(self, kind, **more):
        return self.add("events", {"type": kind, "date": self.today.isoformat(), **more})

    def report(self, seed, *, again):
        """Accept a report today: of the oldest period that lacks one, or one period anew."""
        done = self.reported()
        index = self.periods.index(self.start)
        while index in done:
            index += 1
        pick = random.Random(seed)
        if again:
            index = pick.choice(sorted(done))
        first = max(self.periods.first_day(index), self.start)
        last = min(self.periods.last_day(index), self.periods.paying_to)
        if first > last:
            return
        self.today = max(self.today, self.periods.last_day(index) + timedelta(days=1))
        name = self.periods.name(index)
        terms = {**self.terms, "streams": self.terms["streams"]}
        made = draw_revision(pick, terms, name, self.today, (first, last))
        made["revision"] = 1 + sum(one["period"] == name for one in self.document["reports"])
        if self.add("reports", made) and not again:
            self.finals[name] = self.today

    def amend(self, seed, *, wait, resets):
        pick = random.Random(seed)
        streams = [new_stream(pick, stream) for stream in self.terms["streams"]]
        begins = self.today + timedelta(days=wait)
        later = {**self.terms, "version": self.terms["version"] + 1, "streams": streams,
                 "effective_from": begins.isoformat(), "reset_windows": resets}  # fmt: skip
        if begins > day(self.terms["effective_from"]):
            later = copy.deepcopy(later)
            for terms in self.document["terms"]:
                drop_flat_on_zero(terms, later)
            self.add("terms", later)

    def receive(self, fen):
        receipt = {"reference": f"B{len(self.document['receipts']):03}",
                   "date": self.today.isoformat(), "amount": self.amount(fen)}  # fmt: skip
        self.add("receipts", receipt)

    def reverse(self, receipt):
        back = {"reference": f"R{len(self.document['receipts']):03}",
                "reverses": receipt["reference"], "date": self.today.isoformat()}  # fmt: skip
        self.add("receipts", back)

    def reversible(self):
        gone = {one.get("reverses") for one in self.document["receipts"]}
        return [one for one in self.document["receipts"]
                if "reverses" not in one and one["reference"] not in gone]  # fmt: skip

    def proposed(self):
        return [row for row in self.result["interest"] if row["state"] == "proposed"]

    def amount(self, units):
        """Print whole minor units in the contract's currency."""
        digits = {"JPY": 0, "KWD": 3}.get(self.terms["currency"], 2)
        return f"{Decimal(units).scaleb(-digits):.{digits}f}"

    def look(self, document):
        document = {**document, "as_of": self.today.isoformat()}
        try:
            result = product(document)
        except Refused:
            return False
        found = differences(evaluate(document), result)
        assert not found, f"(where, slow, product) {found}"
        self.assert_sound(result)
        if self.result and self.today > self.start:
            yesterday = (self.today - timedelta(days=1)).isoformat()
            self.assert_kept(product({**self.document, "as_of": yesterday}), result)
        self.document, self.result = document, result
        return True

    def assert_sound(self, result):
        """Nothing negative is asked for, nothing is lost, and no cap is passed."""
        totals = {name: Decimal(text) for name, text in result["totals"].items()}
        for row in result["instalments"]:
            assert 0 <= Decimal(row["paid"]) <= Decimal(row["amount"])
            assert Decimal(row["amount"]) > 0
        assert totals["credit_balance"] >= 0
        posted = sum(
            Decimal(one["accrued"]) + Decimal(one["corrections"]) for one in result["statements"]
        )
        assert posted == totals["accrued"]
        asked = sum(Decimal(row["amount"]) for row in result["instalments"])
        assert asked == totals["payable"] == totals["paid"] + totals["outstanding"]
        caps = self.terms.get("caps") or {}
        if caps.get("lifetime") and set(caps["includes"]) >= COMPONENTS:
            assert totals["accrued"] <= Decimal(caps["lifetime"])

    def assert_kept(self, before, result):
        """What was final yesterday stays as it was, and what was asked for stays asked for."""
        new = {one["period"]: one for one in result["statements"]}
        for old in before["statements"]:
            if self.finals.get(old["period"], date.max) >= self.today:
                continue
            same = new[old["period"]]
            for field in old.keys() - MOVING:
                assert same[field] == old[field], (old["period"], field)
            assert not lines(old) - lines(same), old["period"]
        asked = {row_key(row): Decimal(row["amount"]) for row in result["instalments"]}
        for row in before["instalments"]:
            assert asked[row_key(row)] >= Decimal(row["amount"])


def lines(one):
    """What was posted. How it is paid (S10, S11, S13) may change when a receipt is reversed."""
    return Counter(
        (row["stage"], row["code"], row["amount"], row["terms_version"])
        for row in one["lines"]
        if row["stage"] not in ("S10", "S11", "S13")
    )
