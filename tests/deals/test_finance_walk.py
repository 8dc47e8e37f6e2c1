"""Random years of late payments, reversals, credits and decisions: every record stays true."""

import random
from collections import Counter
from datetime import date, timedelta

import pytest

from deals.models import Allocation, Deal, Distribution, InterestDecision, InterestProposal, Receipt
from deals.rules.postings import Account
from deals.services import credits, interest, invariants, ledger, receipts, runs
from deals.services.credits import Grant
from deals.services.positions import position
from marketplace.base import outbox
from tests.deals import reporting, settling
from tests.deals.reporting import noon, sale

pytestmark = pytest.mark.django_db

QUARTERS = {"2026-Q3": "2026-08-03", "2026-Q4": "2026-11-20", "2027-Q1": "2027-02-03"}
STEPS = 14


class Walk:
    """One deal, a day that only goes on, and what may happen on it."""

    def __init__(self, cast, seed):
        self.cast, self.chance = cast, random.Random(seed)
        settling.make_policy(cast)
        self.deal = settling.make_billed_deal(cast, late=settling.LATE)
        self.day = date(2026, 10, 17)
        self.count = 0

    @property
    def at(self):
        return noon(self.day.isoformat())

    def name(self):
        self.count += 1
        return f"B-{self.count}"

    def go_on(self):
        self.day += timedelta(days=self.chance.choice([0, 1, 9, 30, 60]))
        step = self.chance.choice(
            [self.pay, self.pay, self.reverse, self.decide, self.grant, self.report]
        )
        step()
        outbox.record(runs.COMPUTE, self.deal.pk, at=self.at)
        reporting.work_off(self.at)

    def pay(self):
        amount = self.chance.choice([1, 2_200_000, 4_400_000, 5_000_000])
        paid_on = self.day - timedelta(days=self.chance.choice([0, 0, 12]))
        named = self.chance.choice(["", "", "2026-Q3"])
        transfer = receipts.Transfer(self.name(), amount, paid_on, named)
        receipts.record_receipt(self.deal, transfer, by=self.cast.finance_a, at=self.at)

    def reverse(self):
        standing = Receipt.objects.filter(reverses=None, reversal=None).order_by("pk")
        if standing:
            receipt = self.chance.choice(list(standing))
            settling.reverse(receipt, self.cast, self.name(), on=self.day.isoformat())

    def decide(self):
        waiting = InterestProposal.objects.open().order_by("until_date", "due_date").first()
        if waiting is None:
            return
        service = self.chance.choice([interest.charge_interest, interest.waive_interest])
        service(waiting, **settling.REASON, by=self.cast.finance_a, at=self.at)

    def grant(self):
        found = Grant(self.chance.choice([100, 1_000_000]), self.day, "goodwill")
        row = credits.propose_credit(self.deal, grant=found, by=self.cast.finance_a, at=self.at)
        credits.confirm_credit(row, by=self.cast.head_a, at=self.at)

    def report(self):
        closed = [name for name, day in QUARTERS.items() if date.fromisoformat(day) + timedelta(
            days=60) < self.day]  # fmt: skip
        if closed:
            period = self.chance.choice(closed)
            gross = self.chance.choice([0, 180_800_000, 237_300_000])
            lines = [sale(gross, on=QUARTERS[period])]
            reporting.accept(self.deal, self.cast, period, lines, at=self.at)


def assert_true(walk):
    """Rows and ledger show one computation from nothing."""
    deal = Deal.objects.get(pk=walk.deal.pk)
    assert deal.parked_reason == ""
    result = position(deal, on=walk.day)
    assert_split(deal, result)
    assert_interest(deal, result)
    assert_balances(deal, result)
    assert not dict(invariants.broken(Deal.objects.all()))


def assert_split(deal, result):
    owners, given = Counter(), Counter()
    for share in result.allocations:
        for party, amount in share.owners.items():
            owners[share.reference, party] += amount
        for party, parts in share.waterfalls.items():
            for recipient, amount in parts.items():
                given[share.reference, party, recipient] += amount
    split = Counter()
    for row in Allocation.objects.select_related("receipt"):
        split[row.receipt.reference, row.party] += row.amount_minor
    distributed = Counter()
    for row in Distribution.objects.select_related("receipt"):
        distributed[row.receipt.reference, row.party, row.recipient] += row.amount_minor
    assert without_zeros(split) == without_zeros(owners)
    assert without_zeros(distributed) == without_zeros(given)
    assert sum(distributed.values()) == sum(split.values())


def assert_interest(deal, result):
    wanted = interest.proposals_of(result, InterestDecision.objects.filter(deal=deal))
    shown = {
        (row.period, row.due_date, row.until_date): (
            row.days, row.amount_minor, row.charged_minor, row.waived_minor,
        )
        for row in InterestProposal.objects.all()
    }  # fmt: skip
    assert shown == {
        key: (one.days, one.amount, one.charged, one.waived) for key, one in wanted.items()
    }


def assert_balances(deal, result):
    balances = ledger.balances(deal)
    assert sum(balances.values()) == 0
    owed = result.totals.outstanding + result.decided.open
    assert balances[Account.COMPANY_RECEIVABLE, ""] == owed
    assert balances[Account.CASH, ""] == sum(Receipt.objects.values_list("amount_minor", flat=True))
    assert balances[Account.WAIVER, ""] == result.decided.waived
    assert all(balance <= 0 for (account, _), balance in balances.items()
               if account.startswith("payable"))  # fmt: skip


def without_zeros(found):
    return {key: amount for key, amount in found.items() if amount}


@pytest.mark.parametrize("seed", range(6))
def test_whatever_finance_does_the_records_stay_true(cast, seed):
    walk = Walk(cast, seed)
    for _ in range(STEPS):
        walk.go_on()
        assert_true(walk)
