"""Versions of a policy by receipt day, and the record of what every step took."""

import random
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deals.rules.distribution import RECIPIENTS, movement_kind, policy_key
from deals.rules.facts.policies import faults_in
from deals.rules.faults import Refused
from deals.rules.postings import PAIRS, Account, Kind
from deals.rules.waterfall import Band, PolicyVersion, StepTerms, Waterfall, policy_on
from tests.rules.contracts import contract, report, results, terms
from tests.rules.slow import evaluate
from tests.rules.slow.comparison import differences, product
from tests.rules.slow.drawing_policies import draw_steps
from tests.rules.slow.generator import draw_contract

DAY = date(2026, 5, 1)
SHARES = st.integers(0, 10).map(lambda tenth: Fraction(tenth, 10))
SUMS = st.integers(0, 5_000)
NAMES = st.sampled_from(["university", "department", "costs", "inventors"])


@st.composite
def bands(draw):
    first = draw(SHARES)
    rows = (
        Band(draw(st.integers(1, 3_000)), {"inventors": first, "department": 1 - first}),
        Band(None, {"inventors": draw(SHARES)}),
    )
    mode = draw(st.sampled_from(["marginal", "whole"]))
    return StepTerms("bands", window=draw(st.sampled_from(["lifetime", "receipt"])), mode=mode,
                     rows=rows)  # fmt: skip


STEPS = st.one_of(
    st.builds(StepTerms, st.just("top_slice"), NAMES, share=SHARES),
    st.builds(StepTerms, st.just("share_of_gross"), NAMES, share=SHARES),
    st.builds(StepTerms, st.just("fixed"), NAMES, amount=SUMS),
    bands(),
)
PEOPLE = StepTerms("inventors", weights={"inventor:A": Fraction(2), "inventor:B": Fraction(1)})


@given(st.lists(STEPS, max_size=5), st.lists(st.integers(1, 9_999), min_size=1, max_size=4))
def test_every_step_says_what_came_in_and_nothing_is_lost_on_the_way(steps, amounts):
    waterfall = Waterfall((*steps, PEOPLE))
    for number, amount in enumerate(amounts):
        given_out = waterfall.run(amount, DAY, f"B{number}")
        left = amount
        for step in waterfall.last_steps:
            assert step.left == left
            left -= sum(step.moved.values())
        assert left == given_out.get("undistributed", 0)
        assert sum(given_out.values()) == amount
        assert min(given_out.values(), default=0) >= 0


@given(st.lists(st.dates(date(2026, 1, 1), date(2026, 12, 31)), unique=True), st.dates())
def test_the_last_version_that_has_begun_is_in_force(days, on):
    policy = tuple(PolicyVersion(day, ()) for day in days)
    found = policy_on(policy, on)
    begun = [day for day in days if day <= on]
    assert (found.effective_from if found else None) == max(begun, default=None)


def versions(*days):
    rest = {"2026-01-01": "department", "2026-06-01": "university"}
    return {
        "policy": {
            "versions": [
                {"effective_from": day, "steps": [{"take": "rest", "weights": {rest[day]: 1}}]}
                for day in days
            ]
        }
    }


def allocations(policies, *receipt_days):
    receipts = [
        {"reference": f"B{number}", "date": day, "amount": "10.00"}
        for number, day in enumerate(receipt_days)
    ]
    made = terms(waterfalls={"U1": "policy"})
    sold = [report("2026-Q1", ["2000.00"])]
    found = results(contract([made], sold, receipts=receipts, policies=policies))
    return [one["waterfalls"] for one in found["allocations"]]


def test_a_receipt_follows_the_version_of_its_day():
    found = allocations(versions("2026-01-01", "2026-06-01"), "2026-05-31", "2026-06-01")
    assert found == [{"U1": {"department": "10.00"}}, {"U1": {"university": "10.00"}}]


def test_before_the_first_version_nothing_is_distributed():
    assert allocations(versions("2026-06-01"), "2026-05-31") == [{}]


@pytest.mark.parametrize("name", [*RECIPIENTS, "inventor:陈敏"])
def test_what_is_given_and_taken_back_moves_between_the_same_two_accounts(name):
    forth, back = movement_kind(name, 1), movement_kind(name, -1)
    assert PAIRS[forth][0] is Account.OWNERS_CLEARING
    assert PAIRS[back] == PAIRS[forth][::-1]


def test_what_nobody_took_moves_nowhere():
    assert movement_kind("undistributed", 5) is None


def test_groups_have_their_own_accounts():
    kinds = {name: movement_kind(name, 1) for name in ("costs", "college", "fund", "inventor:A")}
    assert kinds == {
        "costs": Kind.TO_COSTS,
        "college": Kind.TO_DEPARTMENT,
        "fund": Kind.TO_UNIVERSITY,
        "inventor:A": Kind.TO_INVENTORS,
    }


def test_an_organisations_own_policy_names_no_person():
    faults = faults_in([{"take": "inventors", "weights": {"inventor:A": 1}}], "CNY")
    assert "policy.people" in [fault.code for fault in faults]


def test_a_partys_own_policy_is_named_after_it():
    assert policy_key("U1") == "policy-U1"


def with_versions(seed):
    """A random contract whose policies come in up to three versions, None without receipts."""
    document = draw_contract(seed)
    days = sorted({row["date"] for row in document.get("receipts", [])})
    if "policies" not in document or not days:
        return None
    pick = random.Random(seed)
    first = pick.choice(["2000-01-01", days[0], days[-1]])
    for key, policy in document["policies"].items():
        found = {first: policy["steps"]} | {
            pick.choice(days): draw_steps(pick) for _ in range(pick.choice([0, 1, 2]))
        }
        document["policies"][key] = {
            "versions": [{"effective_from": day, "steps": steps} for day, steps in found.items()]
        }
    return document


def test_random_contracts_with_versions_agree_with_the_slow_evaluator():
    compared = 0
    for seed in range(600):
        document = with_versions(seed)
        if document is None:
            continue
        try:
            got = product(document)
        except Refused:
            continue
        assert (seed, differences(evaluate(document), got)) == (seed, [])
        compared += 1
    assert compared > 60
