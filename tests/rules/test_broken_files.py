"""No file, however broken, gets past the reader or raises anything but a refusal."""

import copy
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deals.rules.facts import Refused, load
from deals.rules.files import SIZE_LIMIT, answer, parse
from deals.rules.statement import compute, to_document
from deals.rules.tables import as_table
from deals.rules.terms import validate
from tests.rules.contracts import contract, line, report, stream, terms
from tests.rules.test_examples import DESIGN, DESIGN_REPORTS, RESTATED

FULL = contract(
    [
        {
            **DESIGN,
            "reset_windows": False,
            "retroactive_from": None,
            "zone": "Asia/Shanghai",
            "stages": {
                "trial": {
                    "from": "2026-07-01",
                    "to": "2026-07-31",
                    "ends_on": [{"cumulative_net": "5000000.00"}, {"cumulative_units": "10"}],
                    "unconverted_use": "paying_rates",
                    "free_counts_toward_tiers": True,
                },
                "paying": {"from": "conversion", "to": "2036-06-30"},
            },
            "streams": [
                {
                    **DESIGN["streams"][0],
                    "factors": [{"reason": "expired", "from": "2027-01-01", "factor": "0.5"}],
                    "stacking": {"offset_share": "0.5", "carry_forward": True},
                    "deduction_cap_of_gross": "0.5",
                },
            ],
            "fixed": [
                {
                    "key": "entry",
                    "amount": "100.00",
                    "on": "conversion",
                    "due_days": 3,
                    "creditable": True,
                }
            ],
            "milestones": [{"key": "m", "cumulative_net": "1.00", "amount": "7.00"}],
            "minimum": {
                "scope": "contract_year",
                "schedule": ["1.00", "2.00"],
                "first_year": "prorate_days",
                "suspended": [{"from": "2026-08-01", "to": "2026-08-02"}],
                "recoup": {"kind": "following_years", "years": 2},
            },
            "long_stop": {"date": "2030-01-01", "balance": "due"},
            "credits": {"order": "fifo", "max_share_per_period": "0.5"},
            "late": {"method": "simple", "basis": 365, "rate": {"series": "LPR", "multiple": "2"}},
            "tax": {"vat": {"treatment": "exempt_registered"}},
            "min_payable": "1.00",
            "collection": "lead:U1",
            "waterfalls": {"U1": "policy"},
        }
    ],
    [*DESIGN_REPORTS, RESTATED],
    events=[{"type": "conversion", "date": "2026-07-05"}, {"type": "delay", "date": "2026-08-05"}],
    credits=[{"key": "k", "date": "2026-07-05", "amount": "1.00"}],
    receipts=[
        {"reference": "B1", "date": "2027-05-15", "amount": "9.00"},
        {"reference": "B2", "reverses": "B1", "date": "2027-05-16"},
    ],
    rates={"LPR": [["2025-01-01", "0.03"]]},
    holidays=["2027-01-01"],
    workdays=["2027-01-02"],
    finals=[{"period": "2026-Q3", "date": "2026-11-01"}],
    policies={
        "policy": {
            "steps": [
                {"take": "costs", "to": "costs", "limit": "3.00"},
                {
                    "take": "bands",
                    "window": "year",
                    "mode": "whole",
                    "bound": "inclusive_upper",
                    "rows": [{"up_to": None, "shares": {"inventors": "1/3"}}],
                },
                {"take": "rest", "weights": {"university": 1}},
                {"take": "inventors", "weights": {"P1": 2, "P2": 1}},
            ]
        }
    },
)

NASTY = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(),
    st.sampled_from(
        [
            "",
            "NaN",
            "1e400",
            "１２",
            "-0.01",
            "9" * 40,
            "1_000",
            "0.00000000001",
            "2027-02-30",
            "9999-12-31",
            "0001-01-01",
            "2200-12-31",
            "2027-Q5",
            "P0",
            "P99999",
            "1/0",
            "\ud800",
            "\x00",
            "lead:",
            "conversion",
        ]
    ),
    st.text(max_size=8),
    st.just([]),
    st.just({}),
    st.just([[[[]]]]),
    st.just({"a": {"b": [1]}}),
)


def paths(value, here=()):
    yield here
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths(inner, (*here, key))
    if isinstance(value, list):
        for index, inner in enumerate(value):
            yield from paths(inner, (*here, index))


PATHS = list(paths(FULL))[1:]


def put(document, path, value, key=None):
    inner = document
    for step in path[:-1]:
        inner = inner[step]
    if key is not None and isinstance(inner, dict):
        inner[key] = value
    else:
        inner[path[-1]] = value


def outcome(document):
    try:
        found = to_document(compute(load(document)))
    except Refused as refusal:
        found, faults = None, refusal.faults
    else:
        faults = ()
        json.dumps(found, ensure_ascii=False).encode()
    assert (found is None) == bool(faults)
    for fault in faults:
        f"{fault.code}{fault.where}{fault.message}".encode()
    return found


def test_the_unbroken_file_is_computed():
    assert outcome(FULL) is not None


@settings(max_examples=700, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(PATHS), NASTY)
def test_any_value_in_any_place_is_computed_or_refused(path, value):
    document = copy.deepcopy(FULL)
    put(document, path, value)
    outcome(document)


@settings(max_examples=150, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(PATHS), NASTY, st.one_of(st.text(max_size=5), st.integers(), st.none()))
def test_an_unknown_key_anywhere_is_refused(path, value, key):
    document = copy.deepcopy(FULL)
    inner = document
    for step in path[:-1]:
        inner = inner[step]
    open_ended = {"rates", "policies", "waterfalls", "deductions", "shares", "weights"}
    if not isinstance(inner, dict) or key in inner or open_ended & {str(p) for p in path[:-1]}:
        return
    inner[key if key is not None else 7] = value
    assert outcome(document) is None


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file.json"),
        (b"\xff\xfe", "file.encoding"),
        (b"[" * 2_000_000, "file.too_deep"),
        (b'{"a":' * 500_000, "file.too_deep"),
        (b'{"terms": NaN}', "number.malformed"),
        (b'{"a":1,"a":2}', "key.repeated"),
        (b"1" * 5000, "file.json"),
        (b" " * (SIZE_LIMIT + 1), "file.too_large"),
    ],
)
def test_a_file_that_is_not_clean_json_is_refused(content, code):
    with pytest.raises(Refused) as refusal:
        parse(content)
    assert [fault.code for fault in refusal.value.faults] == [code]


@pytest.mark.parametrize("document", [None, 3, "text", True, 1e400, {}, {"terms": []}])
def test_a_json_value_that_is_no_contract_is_refused(document):
    with pytest.raises(Refused):
        answer(document)


def test_an_empty_list_of_contracts_gives_an_empty_list():
    assert answer([]) == []


def test_a_list_gives_results_and_errors_in_its_order():
    good = contract(reports=[report("2026-Q1", ["100.00"])])
    found = answer([good, {"terms": 1}, good])
    assert [min(one) for one in found] == ["allocations", "errors", "allocations"]
    assert {"code", "where", "message"} == set(found[1]["errors"][0])
    assert "2026-Q1" in as_table(found)


def test_every_fault_is_named_not_only_the_first():
    broken = terms(streams=[stream(rows=[{"up_to": None, "rate": "1.5"}], mode="both")])
    broken["currency"] = "XYZ"
    del broken["rounding"]["mode"]
    with pytest.raises(Refused) as refusal:
        load(contract([broken], [], surprise=1))
    assert {fault.where for fault in refusal.value.faults} == {
        "surprise",
        "terms[0].currency",
        "terms[0].rounding.mode",
        "terms[0].streams[0].tiers.mode",
        "terms[0].streams[0].tiers.rows[0].rate",
    }


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


def test_what_is_not_computed_yet_is_refused_and_never_ignored():
    assert ("not.supported", "terms[0].tax.withholding") in faulty(tax={"withholding": {}})


def test_the_file_survives_being_written_as_json():
    assert parse(json.dumps(FULL).encode()) == FULL
