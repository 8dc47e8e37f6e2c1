"""Each step's formula, as the statement shows it, comes to its amount by pocket calculator."""

import re
from fractions import Fraction

from django.utils import translation
from hypothesis import HealthCheck, assume, given, settings

from deals.rules.faults import Refused
from deals.views.filing import traced
from deals.views.trace import Traced, steps_of
from tests.rules import strategies
from tests.rules.contracts import compute, contract, report, stream, terms

SETTINGS = settings(
    max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
ARITHMETIC = re.compile(r"[0-9,.%()/ ×÷+−]*[×÷+−][0-9,.%()/ ×÷+−]*")
NUMBER = re.compile(r"([0-9]+(?:\.[0-9]+)?)(%?)")
TAKEN_OFF = {"vat", "deduction", "allowance", "stacking", "cap", "minimum.recouped"}


def worked_out(formula):
    """The value of a formula of numbers, None for one of words."""
    if not ARITHMETIC.fullmatch(formula):
        return None
    signs = formula.replace(",", "").replace("×", "*").replace("÷", "/").replace("−", "-")
    python = NUMBER.sub(lambda one: f"(Fraction('{one[1]}') / {100 if one[2] else 1})", signs)
    return eval(python, {"Fraction": Fraction})


def steps(document, period=None):
    """The steps of one statement, of the last one without a period."""
    with translation.override("en"):
        found = {one.period.name: steps_of(traced(one)) for one in compute(document).statements}
    return found[period] if period else list(found.values())[-1]


def one(found, code):
    (step,) = [step for step in found if step.code == code]
    return step


def check(step, tolerance=Fraction(1)):
    """Compare a formula of numbers with its amount; whether there was anything to compare."""
    value = worked_out(step.formula)
    if value is None or step.amount is None:
        return False
    family = step.code.partition(".")[0]
    sign = -1 if step.code in TAKEN_OFF or family in TAKEN_OFF else 1
    assert abs(value * 100 - sign * step.amount) <= tolerance, step
    return True


WHOLE = [{"up_to": "1000.00", "rate": "0.05"}, {"up_to": None, "rate": "0.03", "flat": "7.00"}]
MARGINAL = [{"up_to": "1000.00", "rate": "0.05"}, {"up_to": None, "rate": "0.03"}]


def test_in_whole_mode_the_row_reached_rates_the_year_less_what_was_earned():
    made = terms(streams=[stream(WHOLE, mode="whole")])
    reports = [report("2026-Q1", ["800.00"]), report("2026-Q2", ["500.00"])]
    step = one(steps(contract([made], reports)), "earned")
    assert step.formula == "1,300.00 × 3% + 7.00 − 40.00"
    assert check(step, 0)


def test_whole_mode_under_a_new_version_keeps_what_was_earned_before():
    first = terms(streams=[stream(WHOLE, mode="whole")])
    second = terms(version=2, effective_from="2026-04-01", streams=[stream(WHOLE, mode="whole")])
    reports = [report("2026-Q1", ["800.00"]), report("2026-Q2", ["500.00"])]
    step = one(steps(contract([first, second], reports)), "earned")
    assert step.formula == "500.00 × 3% + 7.00 + 40.00 − 40.00"
    assert check(step, 0)


def test_tiers_go_on_from_where_the_year_stood():
    reports = [report("2026-Q1", ["800.00"]), report("2026-Q2", ["500.00"])]
    step = one(steps(contract([terms(streams=[stream(MARGINAL)])], reports)), "earned")
    assert step.formula == "(1,000.00 − 800.00) × 5% + 300.00 × 3%"
    assert check(step, 0)


def test_returns_take_tiers_back_from_the_top():
    refund = {"gross": "0.00", "deductions": {"returns": "500.00"}}
    reports = [report("2026-Q1", ["1300.00"]), report("2026-Q2", [refund])]
    step = one(steps(contract([terms(streams=[stream(MARGINAL)])], reports)), "earned")
    assert step.formula == "(800.00 − 1,000.00) × 5% + (1,000.00 − 1,300.00) × 3%"
    assert check(step, 0)


def test_a_loss_that_was_brought_forward_is_named():
    refund = {"gross": "0.00", "deductions": {"returns": "300.00"}}
    reports = [report("2026-Q1", [refund]), report("2026-Q2", ["1000.00"])]
    step = one(steps(contract([terms(streams=[stream(MARGINAL)])], reports)), "earned")
    assert step.formula == "700.00 × 5%; −300.00 was brought forward"


def test_each_tax_rate_names_the_sales_it_is_contained_in():
    lines = [{"gross": "1130.00", "vat_rate": "0.13"}, {"gross": "530.00", "vat_rate": "0.06"}]
    found = steps(contract([terms()], [report("2026-Q1", lines)]))
    taxes = [step for step in found if step.code == "vat"]
    assert {(step.formula, step.amount) for step in taxes} == {
        ("1,130.00 × 13% ÷ (1 + 13%)", -13_000),
        ("530.00 × 6% ÷ (1 + 6%)", -3_000),
    }
    net = one(found, "net")
    assert net.formula == "1,660.00 − 160.00 − 0.00"
    assert all(check(step, 0) for step in [*taxes, net])


def test_of_two_deductions_the_capped_one_shows_its_ceiling():
    made = stream(deductions=[{"type": "freight", "cap_of_gross": "0.05"}, {"type": "returns"}])
    sold = {
        "gross": "3390.00",
        "vat_rate": "0.13",
        "deductions": {"freight": "200.00", "returns": "90.00"},
    }
    found = steps(contract([terms(streams=[made])], [report("2026-Q1", [sold])]))
    freight = one(found, "deduction.freight")
    assert (freight.formula, freight.amount) == ("5% × 3,000.00", -15_000)
    assert one(found, "deduction.returns").amount == -9_000
    assert one(found, "deduction.refused").formula == "Claimed 200.00, allowed 150.00"
    assert check(freight, 0)


def test_the_ceiling_of_all_deductions_is_shared_out():
    made = stream(deduction_cap_of_gross="0.1")
    sold = {"gross": "1000.00", "deductions": {"freight": "100.00", "returns": "300.00"}}
    found = steps(contract([terms(streams=[made])], [report("2026-Q1", [sold])]))
    returns = one(found, "deduction.returns")
    assert (returns.formula, returns.amount) == (
        "300.00 × 10% × 1,000.00 ÷ 400.00",
        -7_500,
    )
    assert check(returns, 0)


def test_what_is_left_of_a_years_allowance_is_shown():
    made = stream(free_allowance={"per": "contract_year", "amount": "1000.00"})
    reports = [report("2026-Q1", ["700.00"]), report("2026-Q2", ["900.00"])]
    document = contract([terms(streams=[made])], reports)
    assert one(steps(document, "2026-Q1"), "allowance").formula == (
        "All of 700.00 lies within the free 1,000.00"
    )
    step = one(steps(document), "allowance")
    assert (step.formula, step.amount) == ("1,000.00 − 700.00", -30_000)


def test_a_combined_product_shows_the_part_that_counts():
    sold = {"gross": "3000.00", "combination": {"A": "100.00", "B": "200.00"}}
    step = one(steps(contract([terms()], [report("2026-Q1", [sold])])), "base")
    assert step.formula == "(3,000.00 − 0.00) × 1,000.00 ÷ 3,000.00"
    assert check(step, 0)


def test_pieces_are_priced_not_rated():
    made = stream([{"up_to": None, "unit": "0.0125"}], basis="units")
    found = steps(contract([terms(streams=[made])], [report("2026-Q1", [{"units": "120000"}])]))
    assert one(found, "base").amount_words == "120,000 pieces"
    step = one(found, "earned")
    assert step.formula == "120,000 × 0.0125"
    assert check(step, 0)


def test_a_cap_shows_what_is_over_it_and_what_comes_back():
    made = terms(caps={"lifetime": "100.00", "includes": ["earned"]})
    refund = {"gross": "0.00", "deductions": {"returns": "1000.00"}}
    reports = [
        report("2026-Q1", ["1600.00"]),
        report("2026-Q2", ["800.00"]),
        report("2026-Q3", [refund]),
    ]
    document = contract([made], reports)
    assert one(steps(document, "2026-Q1"), "cap.lifetime").amount_words == "No change"
    clipped = one(steps(document, "2026-Q2"), "cap.lifetime")
    assert (clipped.formula, clipped.amount) == ("80.00 + 40.00 − 100.00", -2_000)
    back = one(steps(document), "cap.lifetime")
    assert back.formula == "There is room again for 20.00 that was cut before"
    assert back.amount == 2_000


def test_the_balance_at_the_long_stop_is_the_cap_less_what_counted():
    made = terms(
        caps={"lifetime": "100.00", "includes": ["earned", "fixed"]},
        long_stop={"date": "2027-06-30", "balance": "due"},
    )
    document = contract([made], [report("2026-Q1", ["800.00"])], as_of="2027-07-01")
    step = one(steps(document), "fixed.long_stop")
    assert (step.formula, step.amount) == ("100.00 − 40.00", 6_000)


def test_a_minimum_is_topped_up_by_days_and_taken_back():
    made = terms(
        stages={
            "trial": {"from": "2026-01-01", "to": "2026-06-30", "unconverted_use": "paying_rates"},
            "paying": {"from": "conversion", "to": "2035-12-31"},
        },
        minimum={
            "scope": "contract_year",
            "amount": "365.00",
            "first_year": "prorate_days",
            "recoup": {"kind": "following_years", "years": 1},
        },
    )
    reports = [report("2026-Q4", ["1000.00"]), report("2027-Q4", ["9000.00"])]
    document = contract([made], reports, as_of="2028-02-01")
    added = one(steps(document, "2026-Q4"), "minimum.top_up")
    assert (added.formula, added.amount) == ("365.00 × 184 ÷ 365 − 50.00", 13_400)
    found = steps(document, "2027-Q4")
    assert one(found, "minimum.top_up").formula == "At least 365.00; 450.00 was earned"
    back = one(found, "minimum.recouped")
    assert back.formula == "450.00 − 365.00, at most the 134.00 topped up before"
    assert back.amount == -8_500


def test_a_correction_says_what_changed_from_what_to_what():
    reports = [
        report("2026-Q1", ["3000.00"]),
        report("2026-Q1", ["2000.00"], "2026-05-20", 2),
        report("2026-Q2", ["3000.00"]),
    ]
    step = one(steps(contract([terms()], reports)), "correction.earned")
    assert step.formula == "Royalty by tiers: 150.00 → 100.00, on 2026-05-20"
    assert step.amount == -5_000


def test_a_sum_that_waited_is_a_step_of_the_statement_that_asks_for_it():
    reports = [report("2026-Q1", ["1200.00"]), report("2026-Q2", ["1200.00"])]
    document = contract([terms(min_payable="100.00")], reports)
    assert one(steps(document, "2026-Q1"), "deferred").amount == -6_000
    assert one(steps(document), "deferred.brought").amount == 6_000


def test_a_foreign_sum_says_what_it_was_converted_from():
    sale = report("2026-Q1", ["1000.00"])
    sale["lines"][0]["currency"] = "USD"
    document = contract([terms()], [sale], rates={"USD/CNY": [["2026-03-31", "7.1"]]})
    assert one(steps(document), "gross").formula == "1000.00 USD × 7.1"


def test_a_line_of_an_earlier_calculation_is_still_told():
    old = Traced("vat", 13_000, {"rate": "0.13", "line": "product/1/paying/13"})
    with translation.override("en"):
        (step,) = steps_of([old])
    assert (step.title, step.amount) == ("Less value-added tax, 13%", -13_000)


@SETTINGS
@given(strategies.contracts())
def test_every_formula_of_numbers_comes_to_its_amount(document):
    unit = document["terms"][0]["rounding"]["unit_minor"]
    with translation.override("en"):
        found = [step for made in compute(document).statements for step in steps_of(traced(made))]
    assume(found)
    checked = [check(step, 2 + unit) for step in found]
    assert any(checked) or not any(step.code == "net" for step in found)


@SETTINGS
@given(strategies.whole_lives())
def test_the_steps_below_what_accrued_add_up_to_what_is_payable(document):
    try:
        result = compute(document)
    except Refused:
        assume(False)
    for made in result.statements:
        sums = {"deferred.brought": 0}
        for line in made.lines:
            sums[line.code] = sums.get(line.code, 0) + line.amount
        expected = made.accrued + made.corrections - made.credits
        expected += sums.get("overpayment", 0) + sums["deferred.brought"]
        assert expected - sums.get("deferred", 0) == made.payable
