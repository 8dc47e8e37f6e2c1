"""Random contracts for the property tests, leaning towards bounds, zero and repeated values."""

from hypothesis import strategies as st

from tests.rules.contracts import line, report, stream, terms

AMOUNTS = st.one_of(
    st.sampled_from(["0.00", "0.01", "1000.00", "1000.01", "999.99", "5000.00", "5000.01"]),
    st.integers(0, 2_000_000).map(lambda fen: f"{fen // 100}.{fen % 100:02d}"),
)
RATES = st.sampled_from(["0", "0.01", "0.035", "0.05", "0.0333333333", "0.2", "1"])
WINDOWS = st.sampled_from(["period", "contract_year", "calendar_year", "lifetime"])
QUARTERS = [f"{year}-Q{quarter}" for year in (2026, 2027) for quarter in (1, 2, 3, 4)]
ROUNDING = st.builds(
    lambda mode, unit: {"mode": mode, "unit_minor": unit},
    st.sampled_from(["half_up", "half_even", "down", "up"]),
    st.sampled_from([1, 1, 10, 100]),
)


@st.composite
def rows(draw, flats=True):
    bounds = draw(st.lists(st.sampled_from([1000, 1001, 2500, 5000]), unique=True, max_size=3))
    made = []
    for bound in [*sorted(bounds), None]:
        row = {"up_to": bound and f"{bound}.00", "rate": draw(RATES)}
        if flats and draw(st.booleans()):
            row["flat"] = draw(st.sampled_from(["0.00", "10.00", "0.01"]))
        made.append(row)
    return made


@st.composite
def streams(draw, mode=None, negative=None, plain=False):
    made = stream(
        draw(rows()),
        mode=mode or draw(st.sampled_from(["marginal", "whole"])),
        window=draw(WINDOWS),
        negative_net=negative or draw(st.sampled_from(["carry_forward", "zero"])),
    )
    if plain:
        return made
    if draw(st.booleans()):
        per = draw(st.sampled_from(["period", "contract_year"]))
        made["free_allowance"] = {"per": per, "amount": draw(AMOUNTS)}
    if draw(st.booleans()):
        made["deduction_cap_of_gross"] = draw(st.sampled_from(["0.1", "0.3333"]))
    return made


@st.composite
def caps(draw):
    made = {"includes": draw(st.sampled_from([["earned"], ["earned", "minimum", "fixed"]]))}
    for name in ("period", "contract_year", "lifetime"):
        if draw(st.booleans()):
            made[name] = draw(st.sampled_from(["100.00", "250.00", "900.00", "5000.00"]))
    return made


@st.composite
def versions(draw, plain=False, **changes):
    made = terms(
        effective_from="2026-01-01",
        streams=[draw(streams(plain=plain))],
        rounding=draw(ROUNDING),
        **changes,
    )
    if plain:
        return [made]
    if draw(st.booleans()):
        made["caps"] = draw(caps())
    if draw(st.booleans()):
        made["fixed"] = [{"key": "entry", "amount": "120.00", "on": "2026-02-10", "due_days": 10}]
    if draw(st.booleans()):
        made["milestones"] = [{"key": "m", "cumulative_net": "3000.00", "amount": "70.00"}]
    if draw(st.booleans()) and "contract_year" not in made.get("caps", {}):
        recoup = {"kind": draw(st.sampled_from(["first_years", "following_years"])), "years": 1}
        made["minimum"] = {"scope": "contract_year", "amount": "300.00", "recoup": recoup}
    return [made]


@st.composite
def lines(draw, vat=True):
    made = []
    for _ in range(draw(st.integers(0, 3))):
        one = line(draw(AMOUNTS), deductions={"returns": draw(AMOUNTS)})
        one["vat_rate"] = draw(st.sampled_from(["0", "0.06", "0.13"])) if vat else "0"
        made.append(one)
    return made


@st.composite
def reports(draw, most=2, vat=True):
    """One to five periods, some restated, some accepted late."""
    made = []
    for period in draw(st.lists(st.sampled_from(QUARTERS), unique=True, min_size=1, max_size=5)):
        for revision in range(1, draw(st.integers(1, most)) + 1):
            day = f"2028-{draw(st.integers(1, 4)):02d}-{draw(st.integers(1, 28)):02d}"
            accepted = draw(st.sampled_from([None, day])) if revision == 1 else day
            made.append(report(period, draw(lines(vat)), accepted, revision))
    return made


CREDITS = st.lists(
    st.builds(
        lambda day, amount: {"date": day, "amount": amount},
        st.sampled_from(["2026-01-01", "2026-07-14", "2027-01-14"]),
        st.sampled_from(["50.00", "300.00"]),
    ),
    max_size=2,
).map(lambda found: [{"key": f"k{index}", **one} for index, one in enumerate(found)])

RECEIPTS = st.lists(
    st.builds(
        lambda day, amount: {"date": day, "amount": amount},
        st.sampled_from(["2026-05-10", "2026-08-09", "2027-03-01", "2028-03-15"]),
        st.sampled_from(["0.01", "50.00", "400.00", "1200.00"]),
    ),
    max_size=3,
).map(lambda found: [{"reference": f"B{index}", **one} for index, one in enumerate(found)])


@st.composite
def contracts(draw, plain=False):
    """A whole contract file."""
    return {
        "terms": draw(versions(plain=plain)),
        "reports": draw(reports()),
        "credits": draw(CREDITS),
        "receipts": draw(RECEIPTS),
        "as_of": "2028-12-31",
    }


STACKING = {"offset_share": "0.5", "floor_share": "0.4", "carry_forward": True}
FACTORS = [
    {"reason": "patent_expired", "from": "2026-08-10", "factor": "0.5"},
    {"reason": "delay", "from": "2026-05-01", "to": "2027-01-31", "factor": "0.3333"},
]
UNUSUAL = st.fixed_dictionaries(
    {},
    optional={
        "stacking": st.just(STACKING),
        "factors": st.just(FACTORS),
        "negative_net": st.just("zero_per_product"),
    },
)
FEE = {"key": "fee", "amount": "90.00", "on": "conversion", "due_days": 5, "creditable": True}
EXTRAS = st.sampled_from(
    [{}, {"fixed": [FEE]}, {"min_payable": "40.00"}, {"fixed": [FEE], "min_payable": "40.00"}]
)


@st.composite
def amendments(draw, first):
    day = draw(st.sampled_from(["2026-05-15", "2026-07-01", "2027-02-10"]))
    second = {**first, "version": 2, "effective_from": day, "streams": [draw(streams())]}
    second["reset_windows"] = draw(st.booleans())
    if draw(st.booleans()):
        second["retroactive_from"] = "2026-01-01"
    return second


@st.composite
def whole_lives(draw):
    """A contract with much in it: trial, two versions, units, currencies, reversals, an end."""
    document = draw(contracts())
    first = document["terms"][0]
    trial = {"from": "2026-01-01", "to": "2026-05-31", "unconverted_use": "paying_rates"}
    if draw(st.booleans()):
        trial["free_counts_toward_tiers"] = draw(st.booleans())
        trial["ends_on"] = [{"cumulative_net": "4000.00"}]
        first["stages"] = {"trial": trial, "paying": {"from": "conversion", "to": "2027-12-31"}}
    document["events"] = [{"type": "conversion", "date": "2026-05-15"}]
    if draw(st.booleans()):
        document["events"].append({"type": "termination", "date": "2027-08-20"})
    first.update(draw(EXTRAS))
    if draw(st.booleans()):
        document["terms"].append(draw(amendments(first)))
    if document["receipts"] and draw(st.booleans()):
        document["receipts"].append({"reference": "R", "reverses": "B0", "date": "2028-04-01"})
    document["rates"] = {"USD/CNY": [["2026-01-01", "7.1234"], ["2026-09-30", "6.9"]]}
    for terms_version in document["terms"]:
        terms_version["streams"][0] = {**terms_version["streams"][0], **draw(UNUSUAL)}
    for one in document["reports"]:
        for sold in one["lines"]:
            sold["currency"] = draw(st.sampled_from(["CNY", "CNY", "USD"]))
            sold["product"] = draw(st.sampled_from(["A", "B"]))
            sold["third_party_royalty"] = draw(st.sampled_from(["0.00", "10.00", "33.33"]))
            sold["combination"] = draw(st.sampled_from([None, {"A": "1", "B": "2"}]))
            month = int(one["period"][6]) * 3 - draw(st.integers(0, 2))
            sold["sale_date"] = f"{one['period'][:4]}-{month:02d}-{draw(st.integers(1, 28)):02d}"
    return document
