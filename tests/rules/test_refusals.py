"""What terms and reports must not say, each with its code and its place."""

import pytest

from deals.rules.facts import Refused, load
from deals.rules.statement import compute
from deals.rules.terms import validate
from tests.rules.contracts import contract, line, report, stream, terms


def refused(document):
    with pytest.raises(Refused) as refusal:
        compute(load(document))
    return [(fault.code, fault.where) for fault in refusal.value.faults]


def faulty(**changes):
    return refused(contract([terms(**changes)]))


def test_terms_without_a_tier_mode_are_refused():
    made = terms()
    del made["streams"][0]["tiers"]["mode"]
    assert refused(contract([made])) == [("key.missing", "terms[0].streams[0].tiers.mode")]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([{"up_to": "2.00", "rate": "0"}, {"up_to": "2.00", "rate": "0"}], "tiers.open"),
        ([{"up_to": "2.00", "rate": "0"}, {"up_to": None, "rate": "1.01"}], "number.range"),
        ([{"up_to": None, "rate": "0"}, {"up_to": None, "rate": "0"}], "tiers.order"),
        ([], "tiers.empty"),
        ([{"up_to": None, "unit": "1.00"}], "key.missing"),
    ],
)
def test_a_tier_table_with_a_hole_is_refused(rows, code):
    made = stream()
    made["tiers"]["rows"] = rows
    assert code in [found for found, _ in faulty(streams=[made])]


def test_a_cap_of_the_year_below_its_minimum_is_refused():
    found = faulty(
        minimum={"scope": "contract_year", "amount": "100.00"},
        caps={"contract_year": "99.99", "includes": ["earned", "minimum"]},
    )
    assert found == [("cap.below_minimum", "terms[0].caps.contract_year")]


def test_two_versions_on_one_day_are_refused():
    found = refused(contract([terms(), terms(version=2)]))
    assert found == [("terms.order", "terms[1]")]


def test_a_sale_before_the_first_version_is_refused():
    late = terms(effective_from="2026-03-31")
    sold = line("1.00", sale_date="2026-03-30")
    found = refused(contract([late], [report("2026-Q1", [sold])]))
    assert found == [("terms.after_sale", "reports[0].lines[0].sale_date")]


def test_a_lifetime_cap_below_what_is_final_is_refused():
    second = terms(
        version=2,
        effective_from="2026-07-01",
        caps={"lifetime": "49.99", "includes": ["earned"]},
    )
    found = refused(contract([terms(), second], [report("2026-Q1", ["1000.00"])]))
    assert found == [("cap.below_final", "terms[1].caps.lifetime")]


def test_an_owner_without_weight_is_refused():
    assert faulty(owners=[{"party": "U1", "weight": 0}]) == [
        ("owner.weight", "terms[0].owners[0].weight")
    ]


TRIAL = {"from": "2026-01-01", "to": "2026-12-31", "unconverted_use": "paying_rates"}


@pytest.mark.parametrize(
    ("promise", "changes"),
    [
        ("trial_end", {"fixed": [{"key": "e", "amount": "1.00", "on": "2026-02-01"}]}),
        ("trial_end", {"fixed": [{"key": "e", "amount": "1.00", "on": "signature"}]}),
        ("trial_end", {"milestones": [{"key": "m", "cumulative_net": "1.00", "amount": "1.00"}]}),
        ("first_revenue", {"fixed": [{"key": "e", "amount": "1.00", "on": "conversion"}]}),
        ("first_revenue", {"minimum": {"scope": "contract_year", "amount": "1.00"}}),
    ],
)
def test_nothing_may_fall_due_before_the_promised_point(promise, changes):
    stages = {
        "trial": {**TRIAL, "nothing_due_before": promise},
        "paying": {"from": "conversion", "to": "2035-12-31"},
    }
    assert [code for code, _ in faulty(stages=stages, **changes)] == ["due.too_early"]


def test_a_fixed_item_at_the_conversion_keeps_the_promise_of_the_trial():
    stages = {
        "trial": {**TRIAL, "nothing_due_before": "trial_end"},
        "paying": {"from": "conversion", "to": "2035-12-31"},
    }
    fixed = [{"key": "e", "amount": "1.00", "on": "conversion", "due_days": 10}]
    assert load(contract([terms(stages=stages, fixed=fixed)]))


def test_the_editor_is_warned_of_what_is_allowed_but_unusual():
    falling = [{"up_to": "10.00", "rate": "0.3"}, {"up_to": None, "rate": "0.1"}]
    made = terms(streams=[stream(falling, mode="whole")])
    made["stages"]["trial"] = {**TRIAL, "to": "2029-01-01"}
    found, faults, cautions = validate(made)
    assert found is not None
    assert faults == ()
    assert [caution.code for caution in cautions] == [
        "tiers.whole_falling",
        "rate.high",
        "trial.long",
    ]


@pytest.mark.parametrize(
    ("sold", "code"),
    [
        (line("1.00", sale_date="2026-04-01"), "line.outside_period"),
        (line("1.00", stream="other"), "stream.unknown"),
        (line("1.00", deductions={"returns": "-1.00"}), "amount.negative"),
        (line("90000000000000.01"), "amount.too_large"),
        (line("1.001"), "number.decimals"),
        (line("1.00", combination={"A": "0", "B": "0"}), "combination.zero"),
        (line("1.00", vat_rate="1.1"), "number.range"),
    ],
)
def test_a_line_that_cannot_be_right_is_refused(sold, code):
    assert [found for found, _ in refused(contract(reports=[report("2026-Q1", [sold])]))] == [code]


def test_a_line_without_gross_is_refused():
    sold = {"stream": "product", "currency": "CNY", "sale_date": "2026-01-02"}
    made = {"period": "2026-Q1", "revision": 1, "accepted_on": "2026-04-14", "lines": [sold]}
    assert refused(contract(reports=[made])) == [("key.missing", "reports[0].lines[0].gross")]


def test_a_line_of_a_units_stream_needs_units_and_no_gross():
    counted = stream([{"up_to": None, "unit": "1.00"}], basis="units")
    sold = {"stream": "product", "currency": "CNY", "sale_date": "2026-01-02"}
    made = {"period": "2026-Q1", "revision": 1, "accepted_on": "2026-04-14", "lines": [sold]}
    version = terms(streams=[counted])
    assert refused(contract([version], [made])) == [("key.missing", "reports[0].lines[0].units")]
    assert compute(load(contract([version], [{**made, "lines": [{**sold, "units": "2"}]}])))


def test_a_stream_that_only_a_later_version_brings_is_unknown_to_an_earlier_report():
    """The amendment reaches back to April, but nobody knew it when the report was accepted."""
    second = terms(
        version=2,
        effective_from="2026-07-01",
        retroactive_from="2026-04-01",
        streams=[stream(), stream(key="service")],
    )
    sold = line("1.00", stream="service")
    early = contract([terms(), second], [report("2026-Q2", [sold], "2026-06-30")])
    assert refused(early) == [("stream.unknown", "reports[0].lines[0].stream")]
    late = contract([terms(), second], [report("2026-Q2", [sold], "2026-07-02")])
    assert compute(load(late)).totals.earned == 5


def test_a_stream_never_changes_between_units_and_money():
    counted = stream([{"up_to": None, "unit": "1.00"}], basis="units")
    without = terms(version=2, effective_from="2026-04-01", streams=[stream(key="other")])
    third = terms(version=3, effective_from="2026-07-01", streams=[counted])
    found = refused(contract([terms(), without, third]))
    assert found == [("terms.fixed", "terms[2].streams")]


def test_a_sale_after_the_acceptance_is_refused():
    sold = report("2026-Q1", [line("1.00")], "2026-03-30")
    assert refused(contract(reports=[sold])) == [
        ("line.future_sale", "reports[0].lines[0].sale_date")
    ]


def test_a_foreign_line_without_a_rate_is_refused():
    sold = report("2026-Q1", [line("1.00", currency="USD")])
    assert refused(contract(reports=[sold])) == [("rate.missing", "rates.USD/CNY")]


def test_one_reference_with_other_figures_is_refused():
    receipts = [
        {"reference": "B1", "date": "2026-05-01", "amount": amount} for amount in ("1.00", "2.00")
    ]
    assert refused(contract(receipts=receipts)) == [
        ("receipt.contradicts", "receipts[1].reference")
    ]
