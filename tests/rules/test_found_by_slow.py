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
