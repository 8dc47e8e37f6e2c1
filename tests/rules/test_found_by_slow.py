"""What the slow evaluator found, one plain contract each."""

from tests.rules.contracts import by_period, contract, report, results, stream, terms

TENTH = stream(rows=[{"up_to": None, "rate": "0.1"}])
REPORTED = report("2026-Q1", ["1000.00"])


def test_a_statement_that_only_corrects_still_tells_what_the_price_has_left():
    price = terms(streams=[TENTH], caps={"lifetime": "250.00", "includes": ["earned"]})
    halved = report("2026-Q1", ["500.00"], accepted_on="2026-05-20", revision=2)
    found = by_period(contract([price], [REPORTED, halved]))
    assert found["2026-Q1"]["cap_left"] == "150.00"
    assert found["2026-Q2"]["corrections"] == "-50.00"
    assert found["2026-Q2"]["cap_left"] == "200.00"


def test_a_statement_that_only_corrects_still_tells_the_shortfall_that_is_open():
    least = {"scope": "calendar_year", "amount": "100.00"}
    least["recoup"] = {"kind": "following_years", "years": 2}
    last = report("2026-Q4", ["500.00"])
    withdrawn = report("2026-Q4", ["0.00"], accepted_on="2027-02-20", revision=2)
    capped = {"period": "40.00", "includes": ["earned"]}
    made = terms(streams=[TENTH], minimum=least, caps=capped)
    found = by_period(contract([made], [last, withdrawn], as_of="2027-03-01"))
    assert found["2026-Q4"]["shortfall_carried"] == "50.00"
    assert found["2027-Q1"]["corrections"] == "10.00"
    assert found["2027-Q1"]["shortfall_carried"] == "100.00"


def test_a_fixed_share_per_receipt_is_taken_once_though_its_surplus_pays_later():
    policy = {"take": "fixed", "to": "fund", "amount": "70.00", "window": "receipt"}
    made = terms(streams=[TENTH], waterfalls={"U1": "policy"})
    found = results(
        contract(
            [made],
            [REPORTED, report("2026-Q2", ["1000.00"])],
            receipts=[{"reference": "B1", "date": "2026-04-20", "amount": "200.00"}],
            policies={"policy": {"steps": [policy]}},
        )
    )
    shares = [row["waterfalls"]["U1"] for row in found["allocations"]]
    assert shares == [{"fund": "70.00", "undistributed": "130.00"}]


def test_a_long_stop_that_finds_the_price_paid_makes_no_statement():
    price = terms(
        streams=[TENTH],
        caps={"lifetime": "100.00", "includes": ["earned", "fixed"]},
        long_stop={"date": "2027-09-16", "balance": "due"},
    )
    assert list(by_period(contract([price], [REPORTED]))) == ["2026-Q1"]


def test_a_shortfall_that_lapses_without_a_report_is_named_where_there_is_a_statement():
    """The year 2027 has no report, but a statement: it corrects 2026."""
    least = {"scope": "calendar_year", "schedule": ["100.00", "0.00"]}
    least["recoup"] = {"kind": "following_years", "years": 1}
    made = terms(periods={"kind": "year"}, streams=[TENTH], minimum=least)
    first = report("2026", ["100.00"], accepted_on="2027-01-05")
    restated = report("2026", ["2000.00"], accepted_on="2027-02-20", revision=2)
    again = report("2026", ["100.00"], accepted_on="2027-03-20", revision=3)
    found = by_period(contract([made], [first, restated, again], as_of="2028-06-30"))
    assert found["2026"]["minimum_top_up"] == "90.00"
    assert (found["2027"]["shortfall_lapsed"], found["2027"]["shortfall_carried"]) == (
        "90.00",
        "0.00",
    )


def test_the_sign_of_a_line_is_that_of_its_base():
    """Whole-yuan tax makes the base of a tiny sale negative, so the mean is the window's."""
    expired = [{"reason": "expired", "from": "2026-07-01", "factor": "0"}]
    made = terms(
        streams=[stream(rows=[{"up_to": None, "rate": "0.1"}], factors=expired)],
        rounding={"mode": "up", "unit_minor": 100},
    )
    tiny = {"gross": "0.10", "vat_rate": "0.1"}
    reports = [report("2026-Q1", ["10000.00"]), report("2026-Q3", ["10000.00", tiny])]
    assert by_period(contract([made], reports))["2026-Q3"]["earned"] == "500.00"


def test_a_product_that_counts_as_zero_has_no_sign():
    expired = [{"reason": "expired", "from": "2026-02-15", "factor": "0"}]
    made = terms(streams=[stream(negative_net="zero_per_product", factors=expired)])
    returned = {"gross": "0.00", "product": "A", "deductions": {"returns": "500.00"}}
    sold = {"gross": "500.00", "product": "B"}
    late = report("2026-Q3", [returned, sold])
    found = by_period(contract([made], [report("2026-Q1", ["1000.00"]), late]))
    assert found["2026-Q3"]["earned"] == "0.00"


def test_in_whole_mode_returns_may_outweigh_sales_that_bear_nothing():
    """G is the rate times the sum of base x factor: 0.05 x (-900 x 1 + 3000 x 0)."""
    expired = [{"reason": "expired", "from": "2026-02-15", "factor": "0"}]
    made = terms(streams=[stream(mode="whole", factors=expired)])
    returned = {"gross": "100.00", "deductions": {"returns": "1000.00"}, "sale_date": "2026-01-10"}
    sold = {"gross": "3000.00", "sale_date": "2026-03-10"}
    found = by_period(contract([made], [report("2026-Q1", [returned, sold])]))
    assert (found["2026-Q1"]["base"], found["2026-Q1"]["earned"]) == ("2100.00", "-45.00")


def test_a_first_flat_due_on_zero_is_charged_once_though_the_table_changes():
    rows = [{"up_to": None, "rate": "0", "flat": "7.00"}]
    flat = stream(mode="whole", rows=rows, window="lifetime")
    flat["tiers"]["first_tier_flat_on_zero"] = True
    second = terms(version=2, effective_from="2026-04-01", streams=[flat])
    reports = [report("2026-Q1", []), report("2026-Q2", [])]
    found = by_period(contract([terms(streams=[flat]), second], reports))
    assert [found[period]["earned"] for period in ("2026-Q1", "2026-Q2")] == ["7.00", "0.00"]


def test_a_new_table_charges_no_flat_for_a_row_that_was_entered_before():
    plain = stream(mode="whole", window="lifetime", rows=[{"up_to": None, "rate": "0"}])
    dear = stream(
        mode="whole", window="lifetime", rows=[{"up_to": None, "rate": "0", "flat": "7.00"}]
    )
    second = terms(version=2, effective_from="2026-04-01", streams=[dear])
    reports = [report("2026-Q1", ["100.00"]), report("2026-Q2", ["100.00"])]
    found = by_period(contract([terms(streams=[plain]), second], reports))
    assert found["2026-Q2"]["earned"] == "0.00"


def test_a_negative_base_keeps_its_factor_in_the_next_window():
    """The returns fell on sales that bore nothing, so they give nothing back later."""
    expired = [{"reason": "expired", "from": "2026-01-01", "factor": "0", "to": "2026-03-31"}]
    made = terms(streams=[stream(mode="whole", window="period", factors=expired)])
    returned = {"gross": "0.00", "deductions": {"returns": "1000.00"}}
    found = by_period(
        contract([made], [report("2026-Q1", [returned]), report("2026-Q2", ["3000.00"])])
    )
    assert (found["2026-Q2"]["base"], found["2026-Q2"]["earned"]) == ("3000.00", "150.00")


def test_free_sales_do_not_use_up_the_free_allowance():
    """900.00 free and 600.00 paying in one quarter: 300.00 of the latter stay free.

    The window stands at 900.00, so 100.00 pay a tenth and 200.00 a fifth.
    """
    rows = [{"up_to": "1000.00", "rate": "0.1"}, {"up_to": None, "rate": "0.2"}]
    trial = {"from": "2026-01-01", "to": "2026-05-10", "unconverted_use": "paying_rates"}
    made = terms(
        streams=[stream(rows, free_allowance={"per": "period", "amount": "300.00"})],
        stages={
            "trial": {**trial, "free_counts_toward_tiers": True},
            "paying": {"from": "conversion", "to": "2035-12-31"},
        },
    )
    sold = [
        {"gross": "900.00", "sale_date": "2026-04-02"},
        {"gross": "600.00", "sale_date": "2026-06-02"},
    ]
    found = by_period(contract([made], [report("2026-Q2", sold)]))["2026-Q2"]
    assert (found["base"], found["earned"]) == ("300.00", "50.00")


def test_a_rounding_difference_goes_to_the_largest_sub_sum_whatever_its_tax_rates():
    """Two lines that count whole come to 110 dollars, one that counts by half to 100.

    At 0.501 they are 55.11 and 50.10. The sum, 105.21, is rounded up to 106.00, and the 0.79 go to
    the 55.11. Less 1.00 of tax, rounded up as well, the base is 54.90 + 50.10 / 2.
    """
    made = terms(
        rounding={"mode": "up", "unit_minor": 100},
        streams=[stream([{"up_to": None, "rate": "1"}], window="period")],
    )
    sold = [
        {"gross": "60.00", "currency": "USD"},
        {"gross": "50.00", "currency": "USD", "vat_rate": "0.0000000001"},
        {"gross": "100.00", "currency": "USD", "combination": {"A": "1", "B": "1"}},
    ]
    rates = {"USD/CNY": [["2026-03-31", "0.501"]]}
    found = by_period(contract([made], [report("2026-Q1", sold)], rates=rates))["2026-Q1"]
    assert (found["gross"], found["vat"]) == ("106.00", "1.00")
    assert found["base"] == "79.95"


def test_a_dated_milestone_follows_the_version_in_force_on_its_period_s_last_day():
    agreed = {"key": "m", "date": "2026-04-10", "amount": "77.00"}
    second = terms(
        version=2, effective_from="2026-05-01", milestones=[{**agreed, "amount": "60.00"}]
    )
    found = by_period(contract([terms(milestones=[agreed]), second], [report("2026-Q2", [])]))
    assert found["2026-Q2"]["milestones"] == "60.00"


def test_a_milestone_that_an_amendment_puts_off_is_not_asked_for_twice():
    agreed = {"key": "m", "date": "2026-02-10", "amount": "77.00"}
    second = terms(
        version=2, effective_from="2026-05-01", milestones=[{**agreed, "date": "2026-08-10"}]
    )
    found = results(contract([terms(milestones=[agreed]), second]))
    assert [(one["period"], one["milestones"]) for one in found["statements"]] == [
        ("2026-Q1", "77.00")
    ]


def test_a_fixed_item_that_an_amendment_puts_off_is_not_asked_for_twice():
    agreed = {"key": "entry", "on": "2026-02-10", "amount": "77.00"}
    second = terms(version=2, effective_from="2026-05-01", fixed=[{**agreed, "on": "2026-08-10"}])
    found = results(contract([terms(fixed=[agreed]), second]))
    assert [(one["period"], one["fixed"]) for one in found["statements"]] == [("2026-Q1", "77.00")]


def test_what_a_price_has_left_is_told_by_the_version_in_force():
    """The amendment that lifts the cap is in force when the statement of corrections ends."""
    price = terms(streams=[TENTH], caps={"lifetime": "250.00", "includes": ["earned"]})
    second = terms(version=2, effective_from="2026-05-15", streams=[TENTH])
    dearer = {**second, "caps": {"lifetime": "400.00", "includes": ["earned"]}}
    halved = report("2026-Q1", ["500.00"], accepted_on="2026-05-20", revision=2)
    lifted = by_period(contract([price, second], [REPORTED, halved]))
    raised = by_period(contract([price, dearer], [REPORTED, halved]))
    assert lifted["2026-Q2"]["cap_left"] is None
    assert raised["2026-Q2"]["cap_left"] == "350.00"


def test_a_whole_mode_window_below_zero_earns_nothing_whatever_brought_it_there():
    """Free returns of 1,000.00 count; 600.00 that pay leave the window at 400.00 below zero."""
    trial = {"from": "2026-01-01", "to": "2026-03-31", "unconverted_use": "paying_rates"}
    made = terms(
        streams=[stream(mode="whole")],
        stages={
            "trial": {**trial, "free_counts_toward_tiers": True},
            "paying": {"from": "conversion", "to": "2035-12-31"},
        },
    )
    returned = {"gross": "0.00", "deductions": {"returns": "1000.00"}}
    reports = [report("2026-Q1", [returned]), report("2026-Q2", ["600.00"])]
    found = by_period(contract([made], reports))
    assert [found[period]["earned"] for period in ("2026-Q1", "2026-Q2")] == ["0.00", "0.00"]


LATE = {"method": "simple", "basis": 365, "rate": {"fixed": "0.365"}}


def interest_of(document):
    return [(one["days"], one["amount"], one["state"]) for one in results(document)["interest"]]


def test_what_was_paid_in_time_and_reversed_bears_interest_from_the_reversal():
    """100.00 are open again after 1 September: ten days at a thousandth are 1.00."""
    receipts = [
        {"reference": "B1", "date": "2026-05-01", "amount": "100.00"},
        {"reference": "B9", "reverses": "B1", "date": "2026-09-01"},
    ]
    made = terms(streams=[TENTH], late=LATE)
    found = contract([made], [REPORTED], receipts=receipts, as_of="2026-09-11")
    assert interest_of(found) == [(10, "1.00", "accruing")]


def test_a_disputed_sum_stops_interest_once_and_the_oldest_debt_first():
    """Of 100.00 due in January and 100.00 due in May, 120.00 are disputed for ten days of June."""
    fixed = [{"key": "entry", "amount": "100.00", "on": "2026-01-10", "due_days": 5}]
    dispute = {"type": "dispute", "period": "2026-Q1", "amount": "120.00"}
    events = [{**dispute, "date": "2026-06-01", "to": "2026-06-10"}]
    made = terms(streams=[TENTH], fixed=fixed, late={**LATE, "stops_in_dispute": True})
    found = contract([made], [REPORTED], events=events, as_of="2026-06-10")
    assert interest_of(found) == [(146, "13.60", "accruing"), (31, "2.90", "accruing")]


def test_a_termination_before_the_first_paying_day_leaves_no_minimum():
    made = terms(
        stages={
            "trial": {"from": "2026-01-01", "to": "2026-09-30", "unconverted_use": "paying_rates"},
            "paying": {"from": "conversion", "to": "2035-12-31"},
        },
        minimum={"scope": "calendar_year", "amount": "100.00"},
    )
    ended = [{"type": "termination", "date": "2026-07-20"}]
    assert by_period(contract([made], events=ended)) == {}


def test_a_quarterly_minimum_takes_back_from_quarter_to_quarter():
    made = terms(
        streams=[TENTH],
        minimum={
            "scope": "quarter",
            "amount": "20.00",
            "recoup": {"kind": "following_years", "years": 1},
        },
    )
    reports = [report(f"2026-Q{number}", [net]) for number, net in
               ((1, "600.00"), (2, "0.00"), (3, "600.00"), (4, "200.00"))]  # fmt: skip
    found = by_period(contract([made], reports, as_of="2027-01-20"))
    assert [found[f"2026-Q{number}"]["minimum_top_up"] for number in (1, 2, 3, 4)] == [
        "0.00",
        "20.00",
        "0.00",
        "0.00",
    ]
    assert found["2026-Q3"]["recouped"] == "20.00"


def test_a_statement_that_a_posting_once_fell_into_stays():
    """The overdue year was topped up and clipped; a late report needs neither."""
    made = terms(
        periods={"kind": "quarter"},
        streams=[TENTH],
        minimum={"scope": "calendar_year", "amount": "50.00"},
        caps={"lifetime": "0.00", "includes": ["earned", "minimum"]},
    )
    late = report("2026-Q3", ["900.00"], accepted_on="2027-02-20")
    before = by_period(contract([made], [late], as_of="2027-02-01"))
    after = by_period(contract([made], [late], as_of="2027-03-01"))
    assert before["2026-Q4"]["minimum_top_up"] == "50.00"
    assert after["2026-Q4"]["minimum_top_up"] == "0.00"


def test_a_new_kind_of_window_goes_on_from_the_base_it_holds_by_then():
    """The year stands at 1,000.00: 50.00 of the next 100.00 pay a tenth, the others a fifth."""
    rows = [{"up_to": "1050.00", "rate": "0.1"}, {"up_to": None, "rate": "0.2"}]
    reports = [report("2026-Q1", ["1000.00"]), report("2026-Q3", ["100.00"])]
    for mode, earned in (("marginal", "15.00"), ("whole", "20.00")):
        by_quarter = terms(streams=[stream(window="period", mode=mode)])
        by_year = terms(version=2, effective_from="2026-07-01", streams=[stream(rows, mode=mode)])
        found = by_period(contract([by_quarter, by_year], reports))
        assert [one["earned"] for one in found.values()] == ["50.00", earned]


def test_returns_before_a_new_kind_of_window_count_in_it():
    """200.00 of returns in the year, then 300.00 of sales: 100.00 are charged."""
    returned = {"gross": "0.00", "deductions": {"returns": "200.00"}}
    reports = [report("2026-Q1", [returned]), report("2026-Q3", ["300.00"])]
    for mode in ("marginal", "whole"):
        by_life = terms(streams=[stream(window="lifetime", mode=mode)])
        by_year = terms(version=2, effective_from="2026-07-01", streams=[stream(mode=mode)])
        found = by_period(contract([by_life, by_year], reports))
        assert found["2026-Q3"]["earned"] == "5.00"


def test_each_correction_has_the_grace_of_its_own_due_date():
    """Two quarters are corrected upwards by 100.00 on one day, so that both fall due on one day.

    Interest goes back to 10 May and 9 August 2026. With 60 days of grace the first bears after
    9 July, the second after 8 October: up to 18 October these are 101 and 10 days.
    """
    made = terms(
        streams=[TENTH],
        late={**LATE, "grace_days": 60},
        correction={"interest_from": "original_due"},
    )
    reports = [
        report("2026-Q1", []),
        report("2026-Q2", []),
        report("2026-Q1", ["1000.00"], "2026-08-20", 2),
        report("2026-Q2", ["1000.00"], "2026-08-20", 2),
    ]
    found = contract([made], reports, as_of="2026-10-18")
    assert interest_of(found) == [(101, "11.10", "accruing")]
