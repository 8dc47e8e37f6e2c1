"""Posting day after posting day (S10 to S13, S15 and S16)."""

from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction

from tests.rules.slow.credits import Credits
from tests.rules.slow.days import day
from tests.rules.slow.minimum import closing_day, last_period, scope_of
from tests.rules.slow.splits import Allocations
from tests.rules.slow.target import compute_target, fixed_day

ZERO = Fraction(0)
MAIN = ""


@dataclass
class Instalment:
    index: int
    due: object
    posted_on: object
    amount: Fraction
    corrects: int | None = None
    paid: Fraction = ZERO
    parts: list = field(default_factory=list)

    def pay(self, when, part):
        self.paid += part
        self.parts.append((when, part))


class Replay:
    def __init__(self, contract, as_of):
        self.contract = contract
        self.as_of = as_of
        self.final_days = contract.final_days()
        self.posted = {}
        self.pages = {}
        self.frozen = {}
        self.instalments = []
        self.credits = Credits(contract, as_of)
        self.deferred = ZERO
        self.own_payable = {}
        self.surplus_uses = []
        self.allocations = Allocations(self)
        self.terms = contract.first
        self.target = None

    @property
    def last_index(self):
        """The number of the contract's last period, as known on the day of posting."""
        periods = self.contract.periods
        ended = self.contract.event_day("termination", self.target.known)
        return periods.index(min(periods.paying_to, ended or periods.paying_to))

    def posting_days(self):
        contract = self.contract
        document = contract.document
        found = {day(each["accepted_on"]) for each in document.get("reports", [])}
        found |= {day(each["date"]) for each in document.get("events", [])}
        found |= {day(each["effective_from"]) for each in document["terms"]}
        for item in self.terms.get("fixed", []):
            found.add(fixed_day(contract, item, self.as_of) or self.as_of)
        found |= {day(each["date"]) for each in self.terms.get("milestones", []) if "date" in each}
        if "long_stop" in self.terms:
            found.add(day(self.terms["long_stop"]["date"]))
        scope = scope_of(contract)
        if scope:
            for index in range(contract.periods.index(contract.start), contract.periods.index(
                    contract.periods.paying_to) + 1):  # fmt: skip
                if last_period(contract, scope, contract.periods.window(scope, index)) == index:
                    found.add(closing_day(contract, index))
        return sorted(when for when in found if when <= self.as_of)

    def run(self):
        posting = self.posting_days()
        receipts = {day(each["date"]) for each in self.contract.document.get("receipts", [])}
        for when in sorted({*posting, *receipts}):
            if when > self.as_of:
                continue
            if when in posting:
                self.post(when)
            for receipt in self.contract.document.get("receipts", []):
                if day(receipt["date"]) == when:
                    self.allocations.receive(receipt, when)
            self.pay_and_refund(when)

    def pay_and_refund(self, when):
        """Let the guarantor pay, and pay credits back, on one day."""
        for event in self.contract.document.get("events", []):
            if day(event["date"]) != when:
                continue
            if event["type"] == "guarantee_call":
                reference = f"guarantee_call {event['date']}"
                call = {"reference": reference, "amount": event["amount"]}
                self.allocations.receive(call, when)
            if event["type"] == "refund":
                self.credits.refund(when, self.contract.money(event["amount"]))

    def page(self, index):
        return self.pages.setdefault(index, dict.fromkeys(("credits", "payable", "corrections"),
                                                          ZERO))  # fmt: skip

    def is_final_before(self, index, when):
        return index in self.final_days and self.final_days[index] < when

    def is_any_final_before(self, when):
        return any(final < when for final in self.final_days.values())

    def open_index(self, when):
        return max(index for index, final in self.final_days.items() if final < when) + 1

    def differences(self, when):
        """Return (period, fixed key or MAIN, amount) of everything not yet posted."""
        found = []
        for box in self.target.ordered():
            wanted = {key: let for key, (_when, let) in box.own.items()}
            wanted[MAIN] = box.accrued - sum(wanted.values(), ZERO)
            posted = self.posted.setdefault(box.index, {})
            changes = {key: amount - posted.get(key, ZERO) for key, amount in wanted.items()}
            self.posted[box.index] = wanted
            if self.is_final_before(box.index, when):
                changes = {MAIN: sum(changes.values(), ZERO)}
            found += [(box.index, key, amount) for key, amount in changes.items() if amount]
        return sorted(found, key=lambda each: (each[2] > 0, each[0], each[1] == MAIN))

    def post(self, when):
        opened = [self.open_index(when)] if self.is_any_final_before(when) else []
        self.target = compute_target(self.contract, when, [*self.posted, *self.pages, *opened])
        for index, key, amount in self.differences(when):
            if self.is_final_before(index, when):
                self.correct(index, amount, when)
            else:
                self.post_own(index, key, amount, when)
        self.pay_deferred_at_the_end(when)
        for index in self.contract.reports(when):
            self.page(index)
        for box in self.target.ordered():
            if box.holds_a_line and not self.is_final_before(box.index, when):
                self.page(box.index)
        for index in self.pages:
            if not self.is_final_before(index, when):
                self.frozen[index] = self.target.boxes[index]

    def pay_by_credit(self, index, amount, when, due, corrects=None):
        terms = self.contract.terms_of(index, when)
        for credit, part in self.credits.use(when, amount, terms):
            amount -= part
            if credit.statement != index:
                self.page(index)["credits"] += part
            if credit.receipt:
                self.surplus_uses.append((credit.receipt, part, index, due, when, corrects))
                self.allocations.allocate(credit.receipt, part, when)
        return amount

    def instalment(self, index, due, when, amount, corrects=None):
        if amount:
            self.page(index)["payable"] += amount
            rolled = self.contract.workdays.roll(due)
            self.instalments.append(Instalment(index, rolled, when, amount, corrects))

    def correct(self, index, amount, when):
        opened = self.open_index(when)
        self.page(opened)["corrections"] += amount
        if amount < 0:
            self.credits.add(when, -amount, statement=opened)
            return
        due = when + timedelta(days=self.terms["periods"]["pay_days"])
        rest = self.pay_by_credit(opened, amount, when, due, corrects=index)
        self.instalment(opened, due, when, rest, corrects=index)

    def post_own(self, index, key, amount, when):
        self.page(index)
        if amount < 0:
            self.credits.add(when, -amount, statement=index)
            return
        item = next((each for each in self.terms.get("fixed", []) if each["key"] == key), None)
        due = self.due_of(index, when)
        if item is not None:
            event = self.target.boxes[index].own[key][0]
            due = event + timedelta(days=item["due_days"])
        rest = self.pay_by_credit(index, amount, when, due)
        if item is not None:
            self.instalment(index, due, when, rest)
            if item.get("creditable"):
                self.credits.add(event, amount, key=key)
            return
        rest += self.deferred
        self.deferred = ZERO
        least = self.contract.money(self.terms.get("min_payable", "0"))
        paid_before = self.own_payable.get(index, ZERO)
        if paid_before + rest < least and index < self.last_index:
            self.deferred = rest
            return
        self.own_payable[index] = paid_before + rest
        self.instalment(index, due, when, rest)

    def return_surplus(self, reference):
        """Ask again for what a reversed receipt's surplus had paid."""
        for receipt, part, index, due, when, corrects in self.surplus_uses:
            if receipt == reference:
                self.page(index)["credits"] -= part
                self.instalment(index, due, when, part, corrects)

    def pay_deferred_at_the_end(self, when):
        """The last period pays what was deferred, even if it owes nothing of its own."""
        ends = [index for index in self.contract.reports(when) if index >= self.last_index]
        if ends and self.deferred:
            due = self.due_of(min(ends), when)
            self.instalment(min(ends), due, when, self.deferred)
            self.deferred = ZERO

    def due_of(self, index, when):
        accepted = self.contract.first_accepted().get(index)
        periods = self.terms["periods"]
        due = self.contract.periods.last_day(index) + timedelta(days=periods["pay_days"])
        if "min_days_after_final" in periods and accepted and accepted <= when:
            later = self.final_days[index] + timedelta(days=periods["min_days_after_final"])
            due = max(due, later)
        return due

    def statement_indexes(self):
        return sorted(self.pages)

    def cap_left(self, index):
        return self.frozen[index].cap_left

    def allocation_rows(self):
        return self.allocations.rows()
