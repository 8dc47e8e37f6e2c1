"""The worked examples that the calculation must reproduce to the fen."""

from tests.rules.contracts import contract, line, payables, report, results, stream, terms

MODEL_LICENCE = terms(streams=[stream([{"up_to": None, "rate": "0.08"}])])
PREPAID = [{"key": "prepaid", "date": "2026-01-01", "amount": "10000.00"}]


def test_the_model_licence_pays_1460():
    sold = line("153250.00", deductions={"freight": "3000.00", "returns": "7000.00"})
    found = results(contract([MODEL_LICENCE], [report("2026-Q1", [sold])], credits=PREPAID))
    statement = found["statements"][0]
    assert statement["net"] == "143250.00"
    assert statement["earned"] == "11460.00"
    assert statement["credits"] == "10000.00"
    assert statement["payable"] == "1460.00"


def test_the_model_licence_in_three_submissions_pays_the_same():
    parts = [
        line("53250.00", deductions={"freight": "3000.00"}),
        line("60000.00", deductions={"returns": "7000.00"}),
        line("40000.00"),
    ]
    reports = [
        report("2026-Q1", parts[: count + 1], f"2026-04-1{count}", revision=count + 1)
        for count in range(3)
    ]
    finals = [{"period": "2026-Q1", "date": "2026-04-20"}]
    document = contract([MODEL_LICENCE], reports, credits=PREPAID, finals=finals)
    assert payables(document) == ["1460.00"]


def test_a_deferred_price_is_paid_until_the_price_is_reached():
    price = terms(
        streams=[stream([{"up_to": None, "rate": "0.06"}], window="lifetime")],
        caps={"lifetime": "350000.00", "includes": ["earned", "fixed"]},
    )
    reports = [
        report("2026-Q1", ["3000000.00"]),
        report("2026-Q2", ["2000000.00"]),
        report("2026-Q3", ["1000000.00"]),
        report("2026-Q4", ["500000.00"]),
    ]
    document = contract([price], reports)
    assert payables(document) == ["180000.00", "120000.00", "50000.00", "0.00"]
    assert [found["amount"] for found in results(document)["instalments"]] == [
        "180000.00",
        "120000.00",
        "50000.00",
    ]


def test_a_recoupable_minimum_is_paid_taken_back_and_lapses():
    units = stream(
        [{"up_to": None, "unit": "5.00"}], basis="units", window="contract_year", deductions=[]
    )
    minimum = {
        "scope": "contract_year",
        "amount": "20000.00",
        "recoup": {"kind": "first_years", "years": 3},
    }
    yearly = terms(periods={"kind": "year"}, streams=[units], minimum=minimum)
    reports = [
        report(str(2026 + year), [line(units=count)])
        for year, count in enumerate(["3000", "3500", "4000", "6000"])
    ]
    found = results(contract([yearly], reports, as_of="2030-02-01"))["statements"]
    assert [one["payable"] for one in found] == ["20000.00", "20000.00", "20000.00", "30000.00"]
    assert [one["shortfall_lapsed"] for one in found] == ["0.00", "0.00", "7500.00", "0.00"]


DESIGN = terms(
    effective_from="2026-07-01",
    stages={"paying": {"from": "2026-07-01", "to": "2036-06-30"}},
    streams=[
        stream(
            [{"up_to": "2000000.00", "rate": "0.04"}, {"up_to": None, "rate": "0.03"}],
            window="period",
            free_allowance={"per": "period", "amount": "500000.00"},
        )
    ],
    caps={"lifetime": "1200000.00", "includes": ["earned"]},
)


def taxed(gross, **deductions):
    return line(gross, vat_rate="0.13", deductions=deductions)


DESIGN_REPORTS = [
    report("2026-Q3", [taxed("1808000.00")]),
    report("2026-Q4", [taxed("2373000.00")]),
    report("2027-Q1", [taxed("3390000.00", returns="120000.00")], "2027-04-16"),
]
RESTATED = report("2026-Q4", [taxed("2373000.00", returns="60000.00")], "2027-03-20", revision=2)


def test_the_design_statement_before_its_correction():
    found = results(contract([DESIGN], DESIGN_REPORTS, as_of="2027-06-30"))
    statement = found["statements"][2]
    assert statement["net"] == "2880000.00"
    assert statement["base"] == "2380000.00"
    assert statement["earned"] == statement["payable"] == "91400.00"
    assert [one["payable"] for one in found["statements"][:2]] == ["44000.00", "64000.00"]


def test_the_design_statement_with_its_correction():
    document = contract([DESIGN], [*DESIGN_REPORTS, RESTATED], as_of="2027-06-30")
    found = results(document)
    statement = found["statements"][2]
    assert statement["accrued"] == "91400.00"
    assert statement["corrections"] == "-2400.00"
    assert statement["credits"] == "0.00"
    assert statement["payable"] == "89000.00"
    assert statement["cap_left"] == "1003000.00"
    assert found["totals"]["payable"] == "197000.00"
    assert found["instalments"][-1]["due"] == "2027-05-10"


def test_every_step_of_the_design_statement_is_on_it():
    document = contract([DESIGN], [*DESIGN_REPORTS, RESTATED], as_of="2027-06-30")
    lines = results(document)["statements"][2]["lines"]
    steps = [(one["code"], one["amount"]) for one in lines]
    assert steps == [
        ("gross", "3390000.00"),
        ("vat", "390000.00"),
        ("deduction.returns", "120000.00"),
        ("net", "2880000.00"),
        ("allowance", "500000.00"),
        ("base", "2380000.00"),
        ("earned.tier", "80000.00"),
        ("earned.tier", "11400.00"),
        ("earned", "91400.00"),
        ("cap.lifetime", "0.00"),
        ("accrued", "91400.00"),
        ("correction.earned", "-2400.00"),
        ("credit.netted", "2400.00"),
        ("payable", "89000.00"),
    ]


def test_an_allocation_of_eight_among_three_gives_the_rest_to_the_earlier():
    owners = [{"party": name, "weight": 1} for name in ("U1", "U2", "U3")]
    receipt = [{"reference": "B1", "date": "2026-05-01", "amount": "8.00"}]
    document = contract([terms(owners=owners)], [report("2026-Q1", ["160.00"])], receipts=receipt)
    assert results(document)["allocations"] == [
        {
            "reference": "B1",
            "owners": {"U1": "2.67", "U2": "2.67", "U3": "2.66"},
            "waterfalls": {},
        }
    ]
