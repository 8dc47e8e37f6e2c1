"""What was asked for and paid: instalments, credits, receipts, in the order they happened.

The book is the only mutable thing of a computation; it lives and dies inside one call.
"""

from collections.abc import Iterator
from datetime import date

from deals.rules.allocation import Principal
from deals.rules.facts.model import Contract, Receipt
from deals.rules.money import RATIO_SCALE
from deals.rules.periods import Period
from deals.rules.statement.entries import (
    CORRECTION,
    GRANTED,
    OVERPAID,
    OWN,
    SURPLUS,
    Asked,
    Charged,
    CreditEntry,
    Payment,
    Posting,
    Tally,
    Use,
)


class Book:
    """Keeps instalments and credits while posting days are replayed."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.asked: dict[tuple[Period, date], Asked] = {}
        self.tallies: dict[Period, Tally] = {}
        self.credits: list[CreditEntry] = [
            CreditEntry(GRANTED, credit.day, credit.key, credit.amount)
            for credit in contract.credits
            if credit.day <= contract.as_of
        ]
        self.deferred = 0
        self.received: list[Principal] = []
        self._matched: dict[str, list[tuple[Asked, int]]] = {}
        self._surplus_used: dict[str, list[Use]] = {}
        self._charged = [
            Charged(event.day, event.amount or 0)
            for event in contract.events
            if event.type == "interest_charged" and event.day <= contract.as_of
        ]
        self._interest_paid: dict[str, list[tuple[Charged, int]]] = {}

    def tally(self, period: Period) -> Tally:
        """Return what a statement has gathered, opening it if need be."""
        return self.tallies.setdefault(period, Tally())

    def post(self, posting: Posting) -> None:
        """Post an amount: credits pay first, the rest becomes an instalment.

        A negative amount never makes a negative instalment; it becomes an overpayment credit.
        """
        tally = self.tally(posting.period)
        if posting.kind == CORRECTION:
            tally.corrections += posting.amount
        if posting.amount < 0:
            self._overpaid(posting, tally)
            return
        rest = posting.amount - sum(use.amount for use in self._use(posting, tally))
        if posting.kind == OWN:
            rest = self._defer(posting, tally, rest)
        if rest:
            self._ask(posting, tally, rest)

    def grant(self, day: date, key: str, amount: int) -> None:
        """Open a granted credit, as a creditable fixed item does once it is posted."""
        self.credits.append(CreditEntry(GRANTED, day, key, amount))

    def release(self, posting: Posting) -> None:
        """Ask for what was deferred when the last period is settled without an own amount."""
        rest, self.deferred = self.deferred, 0
        if rest:
            tally = self.tally(posting.period)
            tally.brought += rest
            self._ask(posting, tally, rest)

    def _overpaid(self, posting: Posting, tally: Tally) -> None:
        tally.overpaid -= posting.amount
        entry = CreditEntry(OVERPAID, posting.day, "", -posting.amount, posting.period)
        self.credits.append(entry)

    def _use(self, posting: Posting, tally: Tally) -> list[Use]:
        left = posting.amount
        granted_left = posting.amount * posting.max_share // RATIO_SCALE
        uses: list[Use] = []
        for credit in self._queue(posting.day):
            most = min(left, granted_left) if credit.kind == GRANTED else left
            used = min(credit.balance, most)
            if not used:
                continue
            credit.balance -= used
            left -= used
            granted_left -= used if credit.kind == GRANTED else 0
            uses.append(Use(credit, posting, used))
            self._note_use(uses[-1], tally)
        return uses

    def _queue(self, day: date) -> list[CreditEntry]:
        usable = [
            (credit.order(index), credit)
            for index, credit in enumerate(self.credits)
            if credit.balance and credit.day <= day
        ]
        return [credit for _, credit in sorted(usable, key=lambda entry: entry[0])]

    def _note_use(self, use: Use, tally: Tally) -> None:
        tally.uses.append(use)
        if use.credit.arose_on == use.posting.period:
            tally.overpaid -= use.amount
            return
        tally.credits += use.amount
        if use.credit.kind == SURPLUS:
            reference = use.credit.key
            self._surplus_used.setdefault(reference, []).append(use)
            received = Principal(reference, use.posting.day, use.credit.day, use.amount)
            self.received.append(received)

    def _defer(self, posting: Posting, tally: Tally, rest: int) -> int:
        """Hold back a small amount until it is worth asking for (S11)."""
        if tally.own + rest + self.deferred < posting.threshold:
            self.deferred += rest
            tally.deferred += rest
            return 0
        tally.brought += self.deferred
        rest, self.deferred = rest + self.deferred, 0
        tally.own += rest
        return rest

    def _ask(self, posting: Posting, tally: Tally, amount: int) -> None:
        key = (posting.period, posting.due)
        asked = self.asked.setdefault(key, Asked(posting.period, posting.due))
        asked.posted.append((posting, amount))
        asked.amount += amount
        tally.payable += amount

    def receive(self, receipt: Receipt) -> None:
        """Match a receipt with what is open on its date, oldest due first; the rest is surplus."""
        left = receipt.amount
        for asked in self._open(receipt):
            paid = min(left, asked.amount - asked.paid)
            if paid:
                self._pay(asked, receipt, paid)
                left -= paid
        if receipt.amount - left:
            self.received.append(
                Principal(receipt.reference, receipt.day, receipt.day, receipt.amount - left)
            )
        left = self._pay_interest(receipt, left)
        if left:
            self.credits.append(CreditEntry(SURPLUS, receipt.day, receipt.reference, left))

    def _pay_interest(self, receipt: Receipt, left: int) -> int:
        """Pay interest that was charged by the receipt's day; return what is still left."""
        for charged in self._charged:
            paid = min(left, charged.open) if charged.day <= receipt.day else 0
            if paid:
                charged.open -= paid
                left -= paid
                self._interest_paid.setdefault(receipt.reference, []).append((charged, paid))
        return left

    def _open(self, receipt: Receipt) -> list[Asked]:
        found = [asked for asked in self.asked.values() if asked.amount > asked.paid]
        return sorted(
            found, key=lambda asked: (asked.period != receipt.period, asked.due, asked.period)
        )

    def _pay(self, asked: Asked, receipt: Receipt, amount: int) -> None:
        asked.payments.append(Payment(receipt.reference, receipt.day, amount))
        asked.paid += amount
        self._matched.setdefault(receipt.reference, []).append((asked, amount))

    def call_guarantee(self, day: date, amount: int) -> int:
        """Let a guarantor pay what is open, oldest due first; return what was too much."""
        call = Receipt(f"guarantee_call {day.isoformat()}", day, amount, None, None)
        for asked in self._open(call):
            paid = min(amount, asked.amount - asked.paid)
            if paid:
                self._pay(asked, call, paid)
                amount -= paid
        paid_in_all = call.amount - amount
        if paid_in_all:
            self.received.append(Principal(call.reference, day, day, paid_in_all))
        return amount

    def refund(self, day: date, amount: int) -> int:
        """Pay credits back, the oldest first; return what no credit was left for."""
        for credit in self._queue(day):
            paid = min(amount, credit.balance)
            credit.balance -= paid
            credit.refunded += paid
            amount -= paid
        return amount

    def reverse(self, receipt: Receipt) -> None:
        """Undo a receipt: what it paid is open again, its surplus and its uses are gone."""
        original = receipt.reverses or ""
        for asked, amount in self._matched.pop(original, []):
            asked.payments.append(Payment(receipt.reference, receipt.day, -amount))
            asked.paid -= amount
        for charged, amount in self._interest_paid.pop(original, []):
            charged.open += amount
        for credit in self.credits:
            if credit.kind == SURPLUS and credit.key == original:
                credit.balance = 0
        for use in self._surplus_used.pop(original, []):
            self._reopen(use)
        gone = sum(entry.amount for entry in self.received if entry.reference == original)
        if gone:
            entry = Principal(receipt.reference, receipt.day, receipt.day, -gone, original)
            self.received.append(entry)

    def _reopen(self, use: Use) -> None:
        tally = self.tally(use.posting.period)
        tally.credits -= use.amount
        tally.uses.append(Use(use.credit, use.posting, -use.amount))
        self._ask(use.posting, tally, use.amount)

    def instalments(self) -> Iterator[Asked]:
        """Yield the instalments by period and due date."""
        for key in sorted(self.asked):
            yield self.asked[key]

    @property
    def interest_open(self) -> int:
        """Charged interest that no receipt has paid yet."""
        return sum(charged.open for charged in self._charged)

    @property
    def credit_balance(self) -> int:
        """All that is left of granted, overpaid and surplus credits."""
        return sum(credit.balance for credit in self.credits)
