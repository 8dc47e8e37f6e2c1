"""The product against the slow evaluator, contract by random contract.

`SOAK=100000` in the environment compares that many instead of the usual two thousand, and
`SOAK_FROM=50000` begins with that seed.
"""

import json
import os

import pytest

from deals.rules.faults import Refused
from tests.rules.slow import evaluate
from tests.rules.slow.comparison import differences, product
from tests.rules.slow.generator import draw_contract

BATCH = 100
CONTRACTS = int(os.environ.get("SOAK", "2000"))
FIRST = int(os.environ.get("SOAK_FROM", "0"))


def disagreement(seed):
    """Return why the two disagree on one contract, None if they agree or it is refused."""
    document = draw_contract(seed)
    try:
        got = product(document)
    except Refused as refusal:
        return None if refusal.faults else f"seed {seed}: refused without a fault"
    found = differences(evaluate(document), got)
    return f"seed {seed}: (where, slow, product) {found}" if found else None


@pytest.mark.parametrize("first", range(FIRST, FIRST + CONTRACTS, BATCH))
def test_the_product_agrees_with_the_slow_evaluator(first):
    reasons = [disagreement(seed) for seed in range(first, first + BATCH)]

    assert [reason for reason in reasons if reason] == []


def test_most_random_contracts_are_not_refused():
    refused = 0
    for seed in range(BATCH):
        try:
            product(draw_contract(seed))
        except Refused:
            refused += 1

    assert refused < BATCH // 5


def test_the_same_seed_draws_the_same_contract():
    assert json.dumps(draw_contract(7)) == json.dumps(draw_contract(7))
