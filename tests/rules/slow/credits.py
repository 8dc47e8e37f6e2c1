"""Ways of paying without money: granted credits, overpayments and surplus (S10)."""

from dataclasses import dataclass
from fractions import Fraction

from tests.rules.slow.days import day
from tests.rules.slow.numbers import rounded

ZERO = Fraction(0)


@dataclass
class Credit:
    when: object
    granted: bool
    key: str
    arisen: int
    left: Fraction
    statement: int | None = None
    receipt: str | None = None

    @property
    def order(self):
        if self.granted:
            return (self.when, 0, self.key, 0)
        return (self.when, 1, "", self.arisen)


class Credits:
    def __init__(self, contract, as_of):
        self.all = []
        for granted in contract.document.get("credits", []):
            if day(granted["date"]) <= as_of:
                amount = contract.money(granted["amount"])
                self.add(day(granted["date"]), amount, key=granted["key"])

    def add(self, when, amount, key=None, statement=None, receipt=None):
        if amount:
            self.all.append(
                Credit(when, key is not None, key or "", len(self.all), amount, statement, receipt)
            )

    def use(self, when, amount, terms):
        """Pay a posting; returns [(credit, amount used)]."""
        share = Fraction(terms.get("credits", {}).get("max_share_per_period", "1"))
        granted_room = rounded(share * amount, "down")
        used = []
        for credit in sorted(self.all, key=lambda each: each.order):
            if credit.when > when:
                continue
            part = min(credit.left, amount)
            if credit.granted:
                part = min(part, granted_room)
                granted_room -= part
            if part:
                credit.left -= part
                amount -= part
                used.append((credit, part))
        return used

    def refund(self, when, amount):
        """Pay a balance back, the oldest credit first."""
        for credit in sorted(self.all, key=lambda each: each.order):
            if credit.when <= when:
                part = min(credit.left, amount)
                credit.left -= part
                amount -= part

    def balance(self):
        return sum((credit.left for credit in self.all), ZERO)
