"""Whatever order things happen in, the posted rows are the calculation's and the ledger is theirs.

Seeded histories of reports, restatements and transfers (some recorded weeks late, some paid twice
over), with the worker running after some of them and not after others.
"""

import random
from collections import Counter
from datetime import timedelta

import pytest

from deals.models import Allocation, Deal, Instalment
from deals.rules import facts, statement
from deals.services import dossiers, invariants, receipts, statements
from tests.deals import reporting
from tests.deals.reporting import noon, sale

pytestmark = pytest.mark.django_db

PERIODS = [
    ("2026-Q3", "2026-08-03", "2026-10-05"),
    ("2026-Q4", "2026-11-02", "2027-01-05"),
    ("2027-Q1", "2027-02-01", "2027-04-05"),
    ("2027-Q2", "2027-05-04", "2027-07-05"),
]
GROSS = (0, 5_650_000, 180_800_000, 237_300_000, 1_130_000_000, 3_390_000_000)
RETURNS = (0, 6_000_000, 400_000_000)


@pytest.mark.parametrize("seed", range(4))
def test_a_random_history_is_posted_as_it_is_computed(cast, seed):
    chance = random.Random(seed)
    deal = reporting.make_paying_deal(cast)
    at = noon("2026-10-05")
    for number in range(30):
        at += timedelta(days=chance.choice([0, 1, 3, 20]))
        happen(chance, deal, cast, number, at)
        if chance.random() < 0.7:
            reporting.work_off(at)
            assert not dict(invariants.broken(Deal.objects.all()))
    reporting.work_off(at)
    statements.compute_deal(deal.pk, at=at)
    assert_posted_as_computed(deal, at)


def happen(chance, deal, cast, number, at):
    """One thing: a report or restatement of a closed period, or a transfer, perhaps an old one."""
    open_periods = [row for row in PERIODS if noon(row[2]) <= at]
    if chance.random() < 0.6:
        period, day, _ = chance.choice(open_periods)
        line = sale(chance.choice(GROSS), on=day, returns=chance.choice(RETURNS))
        reporting.accept(deal, cast, period, [line], at=at)
        return
    late = timedelta(days=chance.choice([0, 0, 10, 90]))
    transfer = receipts.Transfer(
        f"B-{number}", chance.choice([1, 4_400_000, 9_000_000]), (at - late).date()
    )
    receipts.record_receipt(deal, transfer, by=cast.finance_a, at=at)


def assert_posted_as_computed(deal, at):
    """Statements, instalments and splits are the ones of one computation from nothing."""
    assert Deal.objects.get().parked_reason == ""
    document = dossiers.contract_file(deal, as_of=at.date())
    result = statement.compute(facts.load(document))
    printed = {row["period"]: row for row in statement.to_document(result)["statements"]}
    for row in deal.statements.all():
        assert row.figures == {name: printed[row.period][name] for name in row.figures}
    assert set(printed) == set(deal.statements.values_list("period", flat=True))
    asked = Instalment.objects.filter(statement__deal=deal).values_list(
        "statement__period", "due_date", "amount_minor", "paid_minor"
    )
    assert set(asked) == {
        (row.period.name, row.due, row.amount, row.paid) for row in result.instalments if row.amount
    }
    split = Counter()
    for reference, party, amount in Allocation.objects.values_list(
        "receipt__reference", "party", "amount_minor"
    ):
        split[reference, party] += amount
    target = Counter()
    for share in result.allocations:
        for party, amount in share.owners.items():
            target[share.reference, party] += amount
    assert +split == +target
    assert not dict(invariants.broken(Deal.objects.all()))
