"""Corners of the rules that no other file of tests has, each with its figures worked by hand."""

import pytest

from deals.rules.facts import Refused
from deals.rules.money import largest_remainder
from tests.rules.contracts import by_period, contract, report, results, stream, terms

TENTH = stream([{"up_to": None, "rate": "0.1"}])
FALLING = [
    {"up_to": "1000.00", "rate": "0.1"},
    {"up_to": "2000.00", "rate": "0.05"},
    {"up_to": None, "rate": "0.01"},
]
LATE = {"method": "simple", "basis": 365, "rate": {"fixed": "0.365"}}
AT_THE_END = "2035-12-31"


def field(name, versions, reports, **changes):
    return [one[name] for one in by_period(contract(versions, reports, **changes)).values()]


@pytest.mark.parametrize(
    ("net", "earned"),
    [("0.00", "0.00"), ("1000.00", "100.00"), ("1000.01", "50.00"), ("2000.01", "20.00")],
)
def test_falling_whole_rates_make_a_cliff_at_each_bound(net, earned):
    made = terms(streams=[stream(FALLING, mode="whole")])
    assert field("earned", [made], [report("2026-Q1", [net])]) == [earned]


def test_the_first_calendar_year_of_a_contract_is_a_short_window():
    """From October: 800.00 at a tenth; the new year starts the table anew."""
    made = terms(
        stages={"paying": {"from": "2026-10-01", "to": "2035-12-31"}},
        effective_from="2026-10-01",
        streams=[stream(FALLING, window="calendar_year")],
    )
    sold = [report("2026-Q4", ["800.00"]), report("2027-Q1", ["800.00"])]
    assert field("earned", [made], sold) == ["80.00", "80.00"]


def test_a_leap_day_contract_opens_its_second_year_on_the_28th_of_february():
    """P12 ends on 27 February 2025, in year 1; P13 begins on the 28th, in year 2."""
    made = terms(
        effective_from="2024-02-29",
        stages={"paying": {"from": "2024-02-29", "to": "2034-02-27"}},
        periods={"kind": "month", "anchor": "contract"},
        streams=[stream(FALLING)],
    )
    sold = [
        {"sale_date": day, "stream": "product", "currency": "CNY", "gross": "900.00"}
        for day in ("2025-02-27", "2025-02-28")
    ]
    reports = [
        {"period": period, "revision": 1, "accepted_on": "2025-04-01", "lines": [line]}
        for period, line in zip(("P12", "P13"), sold, strict=True)
    ]
    assert field("earned", [made], reports) == ["90.00", "90.00"]


def test_restating_back_to_the_original_leaves_what_is_owed_as_it_was():
    first = report("2026-Q1", ["1000.00"])
    up = report("2026-Q1", ["3000.00"], "2026-05-20", 2)
    back = report("2026-Q1", ["1000.00"], "2026-05-21", 3)
    made = terms(streams=[TENTH])
    before = results(contract([made], [first]))["totals"]
    after = results(contract([made], [first, up, back]))["totals"]
    assert (before["outstanding"], before["credit_balance"]) == ("100.00", "0.00")
    assert (after["outstanding"], after["credit_balance"]) == ("300.00", "200.00")


def test_restating_the_first_year_moves_what_the_second_takes_back():
    """A shortfall of 150.00 became one of 50.00: 100.00 were taken back, now 50.00 are."""
    least = {"scope": "calendar_year", "amount": "200.00"}
    made = terms(
        periods={"kind": "year"},
        streams=[TENTH],
        minimum={**least, "recoup": {"kind": "following_years", "years": 2}},
    )
    reports = [report("2026", ["500.00"]), report("2027", ["3000.00"])]
    before = by_period(contract([made], reports, as_of="2028-12-31"))
    assert (before["2026"]["minimum_top_up"], before["2027"]["recouped"]) == ("150.00", "100.00")
    reports.append(report("2026", ["1500.00"], "2028-03-01", 2))
    after = results(contract([made], reports, as_of="2028-12-31"))
    corrected = [
        (row["corrects"]["period"], row["corrects"]["code"], row["amount"])
        for one in after["statements"]
        for row in one["lines"]
        if row["corrects"]
    ]
    assert corrected == [("2027", "minimum.recouped", "50.00")]
    assert after["totals"]["accrued"] == "450.00"


def test_restating_after_the_cap_was_reached_moves_nothing_that_is_above_it():
    made = terms(streams=[TENTH], caps={"lifetime": "100.00", "includes": ["earned"]})
    reports = [report("2026-Q1", ["2000.00"]), report("2026-Q1", ["3000.00"], "2026-05-20", 2)]
    found = results(contract([made], reports))
    assert [one["payable"] for one in found["statements"]] == ["100.00"]
    assert found["totals"]["earned"] == "300.00"


def test_restating_after_the_termination_is_corrected_like_before_it():
    made = terms(streams=[TENTH])
    reports = [report("2026-Q1", ["1000.00"]), report("2026-Q1", ["1500.00"], "2026-08-01", 2)]
    found = by_period(
        contract([made], reports, events=[{"type": "termination", "date": "2026-05-01"}])
    )
    assert (found["2026-Q2"]["corrections"], found["2026-Q2"]["payable"]) == ("50.00", "50.00")


def test_a_cap_reached_in_the_year_leaves_no_room_for_the_top_up():
    """100.00 of the 150.00 that the life may cost are gone; of a top-up of 100.00, 50.00 pass."""
    made = terms(
        streams=[TENTH],
        minimum={"scope": "calendar_year", "amount": "200.00"},
        caps={"lifetime": "150.00", "includes": ["earned", "minimum"]},
    )
    found = by_period(contract([made], [report("2026-Q1", ["1000.00"]), report("2026-Q4", [])],
                               as_of="2027-01-20"))  # fmt: skip
    last = found["2026-Q4"]
    assert (last["minimum_top_up"], last["clipped"], last["accrued"]) == (
        "100.00",
        "50.00",
        "50.00",
    )


def test_a_trial_inside_the_year_leaves_the_minimum_whole_unless_days_count():
    minimum = {"scope": "calendar_year", "amount": "365.00"}
    stages = {
        "trial": {"from": "2026-01-01", "to": "2026-06-30", "unconverted_use": "paying_rates"},
        "paying": {"from": "conversion", "to": "2035-12-31"},
    }
    for first_year, due in (("full", "365.00"), ("prorate_days", "184.00")):
        made = terms(stages=stages, minimum={**minimum, "first_year": first_year})
        top_ups = field("minimum_top_up", [made], [report("2026-Q4", [])], as_of="2027-01-20")
        assert top_ups == [due]


def test_a_rate_that_changes_on_the_due_date_counts_from_the_first_late_day():
    """Due 10 May 2026; ten days at 0.0730, none at the old rate: 1,000.00 cost 2.00."""
    late = {**LATE, "rate": {"series": "LPR", "multiple": "1"}}
    paid = [{"reference": "B1", "date": "2026-05-20", "amount": "1000.00"}]
    series = {"LPR": [["2026-01-01", "0.5"], ["2026-05-10", "0.0730"]]}
    found = results(
        contract([terms(streams=[TENTH], late=late)], [report("2026-Q1", ["10000.00"])],
                 receipts=paid, rates=series)
    )  # fmt: skip
    assert [(one["days"], one["amount"]) for one in found["interest"]] == [(10, "2.00")]


def test_interest_counts_from_the_rolled_due_date():
    """The 40th day, Sunday 10 May 2026, rolls to Tuesday, for Monday is a holiday here."""
    made = terms(streams=[TENTH], late=LATE, periods={"roll": "following"})
    paid = [{"reference": "B1", "date": "2026-05-14", "amount": "1000.00"}]
    found = results(
        contract([made], [report("2026-Q1", ["10000.00"])], receipts=paid, holidays=["2026-05-11"])
    )
    assert found["instalments"][0]["due"] == "2026-05-12"
    assert [(one["days"], one["amount"]) for one in found["interest"]] == [(2, "2.00")]


def test_a_part_payment_settles_its_days_and_the_rest_goes_on():
    """1,000.00 for 10 days are 10.00; 400.00 for another 5 are 2.00, still accruing."""
    made = terms(streams=[TENTH], late=LATE)
    paid = [{"reference": "B1", "date": "2026-05-20", "amount": "600.00"}]
    found = results(
        contract([made], [report("2026-Q1", ["10000.00"])], receipts=paid, as_of="2026-05-25")
    )
    assert [(one["days"], one["amount"], one["state"]) for one in found["interest"]] == [
        (10, "10.00", "proposed"),
        (5, "2.00", "accruing"),
    ]


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (2, [1, 1, 1], (1, 1, 0)),
        (10, [1, 0, 1], (5, 0, 5)),
        (1, [0, 1], (0, 1)),
        (-5, [7, 3], (-4, -1)),
        (7, [3], (7,)),
        (0, [1, 2], (0, 0)),
    ],
)
def test_splits_too_small_without_weight_negative_or_of_one(total, weights, parts):
    assert largest_remainder(total, weights) == parts


def test_inventors_who_change_share_by_the_version_of_the_receipt_date():
    before, after = (
        {"steps": [{"take": "rest", "weights": {"inventors": 1}},
                   {"take": "inventors", "weights": weights}]}
        for weights in ({"P1": 1, "P2": 1}, {"P1": 1, "P3": 3})
    )  # fmt: skip
    second = terms(version=2, effective_from="2026-06-01", waterfalls={"U1": "after"})
    paid = [
        {"reference": "B1", "date": "2026-05-31", "amount": "10.00"},
        {"reference": "B2", "date": "2026-06-01", "amount": "10.00"},
    ]
    found = results(
        contract([terms(waterfalls={"U1": "before"}), second], [report("2026-Q1", ["9999.00"])],
                 receipts=paid, policies={"before": before, "after": after})
    )  # fmt: skip
    assert [row["waterfalls"]["U1"] for row in found["allocations"]] == [
        {"P1": "5.00", "P2": "5.00"},
        {"P1": "2.50", "P3": "7.50"},
    ]


def test_yen_reported_under_a_dinar_contract_are_converted_between_their_decimals():
    """1,000 yen at 0.0021 are 2.100 dinars; a tenth of that is 0.210."""
    made = terms(currency="KWD", streams=[TENTH])
    sold = report("2026-Q1", [{"gross": "1000", "currency": "JPY"}])
    found = by_period(contract([made], [sold], rates={"JPY/KWD": [["2026-03-31", "0.0021"]]}))
    assert (found["2026-Q1"]["gross"], found["2026-Q1"]["earned"]) == ("2.100", "0.210")


def test_a_quadrillion_is_larger_than_the_house_can_hold():
    with pytest.raises(Refused) as refusal:
        results(contract([terms()], [report("2026-Q1", ["1000000000000000.00"])]))
    assert [(one.code, one.where) for one in refusal.value.faults] == [
        ("amount.too_large", "reports[0].lines[0].gross")
    ]


def test_a_deduction_that_is_not_listed_is_dropped_and_shown_as_refused():
    sold = report("2026-Q1", [{"gross": "100.00", "deductions": {"gift": "40.00"}}])
    found = by_period(contract([terms(streams=[TENTH])], [sold]))["2026-Q1"]
    assert (found["net"], found["deductions"]) == ("100.00", "0.00")
    refused = [row["amount"] for row in found["lines"] if row["code"] == "deduction.refused"]
    assert refused == ["40.00"]


def test_a_day_without_any_rate_in_force_is_refused_not_guessed():
    late = {**LATE, "rate": {"series": "LPR", "multiple": "1"}}
    paid = [{"reference": "B1", "date": "2026-05-20", "amount": "1000.00"}]
    with pytest.raises(Refused) as refusal:
        results(
            contract([terms(streams=[TENTH], late=late)], [report("2026-Q1", ["10000.00"])],
                     receipts=paid, rates={"LPR": [["2026-05-15", "0.1"]]})
        )  # fmt: skip
    assert [(one.code, one.where) for one in refusal.value.faults] == [
        ("rate.missing", "rates.LPR")
    ]
