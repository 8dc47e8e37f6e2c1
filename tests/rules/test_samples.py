"""Terms tried on invented sales, the most that they can cost, and the ceilings of guidance."""

from copy import deepcopy

import pytest

from deals.rules.ceilings import Ceilings, above, most_payable
from deals.rules.facts import load
from deals.rules.faults import Refused
from deals.rules.money import RATIO_SCALE
from deals.rules.samples import sample_file, try_out
from deals.rules.statement import compute
from deals.rules.terms import validate
from listings.rules.standards import start_named
from listings.rules.template import specimen

MILLION = "1000000.00"


def terms(start="a", **changes):
    found = start_named(start)
    return specimen(deepcopy(found.document) | changes, trial_months=found.trial_months)


def most(document):
    return most_payable(validate(document)[0])


def test_a_sample_asks_for_what_the_calculation_asks_for():
    document = terms("b")
    sales = [{"product": f"{1000 + 333 * number}.07"} for number in range(12)]
    result = compute(load(sample_file(document, sales)))
    assert try_out(document, sales).payable == result.totals.payable


def test_each_row_says_when_its_instalments_fall_due():
    row = try_out(terms(), [{"product": "3000000.00"}]).rows[0]
    assert [(f"{day:%Y-%m-%d}", amount) for day, amount in row.dues] == [("2026-10-30", 9_500_000)]


def test_the_period_that_reaches_the_cap_is_named():
    sample = try_out(terms("c"), [{"product": "5000000.00"}] * 4)
    assert sample.capped_in.name == "2026-Q4"
    assert [row.payable for row in sample.rows] == [30_000_000, 30_000_000, 0, 0]


def test_what_is_paid_of_what_is_sold_is_rounded_once():
    sample = try_out(terms("b"), [{"product": MILLION}] * 2)
    assert (sample.sold, sample.rate) == (200_000_000, 200)


def test_the_entry_fee_falls_due_with_the_conversion():
    sample = try_out(terms("buy_out"), [{}])
    assert sample.rows[0].payable == 50_000_000
    assert sample.rate is None


def test_no_sale_is_tried_after_the_last_paying_day():
    document = terms()
    document["stages"]["paying"]["to"] = "2026-12-31"
    assert len(try_out(document, [{"product": MILLION}] * 8).rows) == 2


def test_terms_with_a_fault_cannot_be_tried():
    with pytest.raises(Refused):
        try_out(terms(caps={"lifetime": "1.00"}), [])


def test_a_cap_over_everything_is_the_most():
    assert most(terms()) == 120_000_000


def test_without_a_cap_nothing_holds_a_royalty():
    document = terms()
    del document["caps"]
    assert most(document) is None


def test_what_the_cap_does_not_include_comes_on_top():
    document = terms("option", caps={"lifetime": MILLION, "includes": ["earned"]})
    assert most(document) == 100_000_000 + 5_000_000


def test_a_minimum_beside_the_cap_has_no_end():
    assert most(terms("b", caps={"lifetime": MILLION, "includes": ["earned"]})) is None


def test_agreed_sums_alone_are_the_most():
    assert most(terms("fixed_licence")) == 30_000_000


def test_a_cap_above_the_agreed_sums_changes_nothing():
    caps = {"lifetime": "9000000.00", "includes": ["fixed"]}
    assert most(terms("fixed_licence", caps=caps)) == 30_000_000


CEILINGS = Ceilings(rate=RATIO_SCALE // 25, fixed=29_999_999, trial_months=5, source="guidance")


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("a", [("trial.ceiling", "stages.trial.to")]),
        (
            "c",
            [
                ("rate.ceiling", "streams[0].tiers.rows[0].rate"),
                ("trial.ceiling", "stages.trial.to"),
            ],
        ),
        ("fixed_licence", [("fixed.ceiling", "fixed"), ("trial.ceiling", "stages.trial.to")]),
    ],
)
def test_only_what_lies_above_a_ceiling_is_named(start, expected):
    found = above(validate(terms(start))[0], CEILINGS)
    assert [(caution.code, caution.where) for caution in found] == expected


def test_without_ceilings_nothing_lies_above_one():
    assert above(validate(terms("fixed_licence"))[0], Ceilings()) == ()
