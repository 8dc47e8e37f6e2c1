"""Distribution policies, step by step."""

from datetime import date
from fractions import Fraction
from itertools import cycle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deals.rules.facts import Refused, load
from deals.rules.waterfall import Band, StepTerms, Waterfall
from tests.rules.contracts import contract, report, results, terms

DAY = date(2026, 5, 1)


def run(*steps, amounts=(10_000,), days=(DAY,)):
    flow = Waterfall(tuple(steps))
    dated = zip(amounts, cycle(days), strict=False)
    return [flow.run(amount, day, f"B{number}") for number, (amount, day) in enumerate(dated)]


def bands(*rows, **changes):
    made = tuple(
        Band(upper, {party: Fraction(share) for party, share in shares.items()})
        for upper, shares in rows
    )
    return StepTerms("bands", rows=made, **changes)


def test_a_top_slice_takes_of_what_is_left_and_a_share_of_gross_of_everything():
    slices = [
        StepTerms("top_slice", to="fund", share=Fraction(1, 10)),
        StepTerms("top_slice", to="office", share=Fraction(1, 10)),
        StepTerms("share_of_gross", to="library", share=Fraction(1, 10)),
    ]
    assert run(*slices) == [{"fund": 1000, "office": 900, "library": 1000, "undistributed": 7100}]


def test_a_fixed_sum_is_taken_once_per_window():
    step = StepTerms("fixed", to="fund", amount=1500, window="lifetime")
    taken = [found["fund"] for found in run(step, amounts=(1000, 1000))]
    assert taken == [1000, 500]
    each = StepTerms("fixed", to="fund", amount=700, window="receipt")
    assert [found["fund"] for found in run(each, amounts=(1000, 1000))] == [700, 700]


def test_a_year_is_the_calendar_year_of_the_receipt():
    step = StepTerms("fixed", to="fund", amount=700, window="year")
    flow = Waterfall((step,))
    days = [date(2026, 12, 31), date(2026, 12, 31), date(2027, 1, 1)]
    assert [flow.run(1000, day, "B1")["fund"] for day in days] == [700, 0, 700]


def test_a_receipt_keeps_its_window_when_its_surplus_is_used_later():
    flow = Waterfall((StepTerms("fixed", to="fund", amount=700, window="receipt"),))
    references = ["B1", "B2", "B1"]
    assert [flow.run(500, DAY, each)["fund"] for each in references] == [500, 500, 200]


def test_marginal_bands_share_each_slice_by_its_row():
    step = bands((5000, {"a": "1"}), (None, {"a": "0.5", "b": "0.5"}))
    assert run(step, amounts=(4000, 4000)) == [{"a": 4000, "b": 0}, {"a": 2500, "b": 1500}]


@pytest.mark.parametrize(("bound", "party"), [("inclusive_upper", "a"), ("inclusive_lower", "b")])
def test_whole_bands_take_the_row_that_owns_the_bound(bound, party):
    step = bands((5000, {"a": "1"}), (None, {"b": "1"}), mode="whole", bound=bound)
    assert run(step, amounts=(5000,))[0][party] == 5000


def test_shares_below_one_leave_a_rest_to_the_next_step():
    step = bands((None, {"a": "1/3"}))
    rest = StepTerms("rest", weights={"b": Fraction(1), "c": Fraction(0)})
    assert run(step, rest, amounts=(100,)) == [{"a": 33, "b": 67, "c": 0}]


def test_what_is_over_a_cap_goes_to_another():
    give = bands((None, {"a": "1"}))
    cap = StepTerms("cap", to="a", amount=1500, window="year", excess_to="b")
    assert run(give, cap, amounts=(1000, 1000)) == [{"a": 1000, "b": 0}, {"a": 500, "b": 500}]


def test_the_inventors_split_what_was_given_to_them():
    give = bands((None, {"inventors": "0.5"}))
    split = StepTerms("inventors", weights={"P1": Fraction(2), "P2": Fraction(1)})
    assert run(give, split, amounts=(100,)) == [{"P1": 33, "P2": 17, "undistributed": 50}]


@settings(max_examples=100, deadline=None, database=None)
@given(st.lists(st.integers(1, 10_000), min_size=1, max_size=5))
def test_what_leaves_a_waterfall_is_what_entered_it(amounts):
    steps = [
        StepTerms("costs", to="costs", amount=1234),
        StepTerms("top_slice", to="fund", share=Fraction(1, 7)),
        bands((500, {"a": "1/3", "b": "1/3"}), (None, {"a": "0.1"}), window="year"),
        StepTerms("rest", weights={"a": Fraction(1), "c": Fraction(2)}),
    ]
    for amount, found in zip(amounts, run(*steps, amounts=amounts), strict=True):
        assert sum(found.values()) == amount
        assert min(found.values()) >= 0


POLICY = {
    "steps": [
        {"take": "costs", "to": "costs", "limit": "30.00"},
        {"take": "rest", "weights": {"university": 1}},
    ]
}
SOLD = [report("2026-Q1", ["2000.00"])]


def test_a_reversal_mirrors_what_was_shared_and_frees_the_windows():
    receipts = [
        {"reference": "B1", "date": "2026-05-20", "amount": "40.00"},
        {"reference": "B2", "reverses": "B1", "date": "2026-06-01"},
        {"reference": "B3", "date": "2026-06-02", "amount": "40.00"},
    ]
    made = terms(waterfalls={"U1": "p"})
    found = results(contract([made], SOLD, receipts=receipts, policies={"p": POLICY}))
    flows = [row["waterfalls"]["U1"] for row in found["allocations"]]
    assert flows == [
        {"costs": "30.00", "university": "10.00"},
        {"costs": "-30.00", "university": "-10.00"},
        {"costs": "30.00", "university": "10.00"},
    ]


COSTS_FIRST = {"policy": {"steps": [{"take": "costs", "to": "costs", "limit": "60.00"}]}}


def recovered(events, receipts):
    made = terms(waterfalls={"U1": "policy"})
    found = results(contract([made], SOLD, events=events, receipts=receipts, policies=COSTS_FIRST))
    return [row["waterfalls"]["U1"].get("costs") for row in found["allocations"]]


def receipt(reference, day, amount):
    return {"reference": reference, "date": day, "amount": amount}


def test_costs_are_recovered_up_to_their_limit_as_long_as_none_is_on_record():
    receipts = [receipt("B1", "2026-05-20", "40.00"), receipt("B2", "2026-05-21", "40.00")]
    assert recovered([], receipts) == ["40.00", "20.00"]


def test_costs_on_record_are_recovered_as_they_are_recorded():
    """On record are 25.00, then 50.00, then 80.00, of which the limit lets 60.00 count."""
    events = [
        {"type": "cost", "date": day, "amount": amount}
        for day, amount in (("2026-05-20", "25.00"), ("2026-06-01", "25.00"), ("2026-07-01", "30"))
    ]
    receipts = [
        receipt("B1", "2026-05-20", "30.00"),
        receipt("B2", "2026-06-02", "30.00"),
        receipt("B3", "2026-07-02", "30.00"),
    ]
    assert recovered(events, receipts) == ["25.00", "25.00", "10.00"]


def test_costs_recorded_later_change_nothing_that_was_given_before():
    events = [{"type": "cost", "date": "2026-06-01", "amount": "50.00"}]
    receipts = [receipt("B1", "2026-05-20", "40.00"), receipt("B2", "2026-06-02", "40.00")]
    assert recovered(events, receipts) == ["40.00", "10.00"]


def test_a_reversed_receipt_gives_the_costs_back_to_be_recovered():
    events = [{"type": "cost", "date": "2026-05-01", "amount": "50.00"}]
    receipts = [
        receipt("B1", "2026-05-20", "40.00"),
        {"reference": "B2", "reverses": "B1", "date": "2026-05-21"},
        receipt("B3", "2026-05-22", "70.00"),
    ]
    assert recovered(events, receipts) == ["40.00", "-40.00", "50.00"]


def test_the_policy_of_the_receipt_date_counts():
    second = {"version": 2, "effective_from": "2026-06-01", "waterfalls": {"U1": "new"}}
    versions = [terms(waterfalls={"U1": "old"}), terms(**second)]
    policies = {
        name: {"steps": [{"take": "rest", "weights": {name: 1}}]} for name in ("old", "new")
    }
    receipts = [
        {"reference": "B1", "date": "2026-05-31", "amount": "1.00"},
        {"reference": "B2", "date": "2026-06-01", "amount": "1.00"},
    ]
    found = results(contract(versions, SOLD, receipts=receipts, policies=policies))
    assert [row["waterfalls"]["U1"] for row in found["allocations"]] == [
        {"old": "1.00"},
        {"new": "1.00"},
    ]


def test_an_owner_whose_policy_is_missing_is_paid_and_flagged():
    receipts = [{"reference": "B1", "date": "2026-05-20", "amount": "1.00"}]
    made = terms(waterfalls={"U1": "lost"})
    found = results(contract([made], SOLD, receipts=receipts))
    assert found["allocations"][0]["owners"] == {"U1": "1.00"}
    assert found["warnings"] == [{"code": "policy.missing", "where": "terms[0].waterfalls.U1"}]


@pytest.mark.parametrize(
    ("step", "code"),
    [
        ({"take": "rest", "weights": {"a": 0}}, "weights.not_positive"),
        ({"take": "top_slice", "to": "a", "share": "1.1"}, "number.range"),
        ({"take": "nothing"}, "choice.unknown"),
        ({"take": "rest"}, "key.missing"),
    ],
)
def test_a_step_that_cannot_be_taken_is_refused(step, code):
    with pytest.raises(Refused) as refusal:
        load(contract(policies={"p": {"steps": [step]}}))
    assert code in [fault.code for fault in refusal.value.faults]
