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
from tests.rules.contracts import contract, report, stream, terms
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
            "tax": {
                "vat": {"treatment": "taxed", "price": "includes", "rate": "0.06"},
                "withholding": {"rate": "0.1"},
            },
            "min_payable": "1.00",
            "collection": "lead:U1",
            "waterfalls": {"U1": "policy"},
        }
    ],
    [*DESIGN_REPORTS, RESTATED],
    events=[
        {"type": "conversion", "date": "2026-07-05"},
        {"type": "delay", "date": "2026-08-05"},
        {"type": "cost", "date": "2026-08-05", "amount": "2.00"},
    ],
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


def test_the_file_survives_being_written_as_json():
    assert parse(json.dumps(FULL).encode()) == FULL


def test_an_earlier_result_for_a_list_is_a_list_of_its_length():
    for posted in ({}, [], [{}, {}]):
        with pytest.raises(Refused) as refusal:
            answer([FULL], posted=posted)
        assert [fault.code for fault in refusal.value.faults] == ["posted.length"]


POSTED = to_document(compute(load(FULL)))
POSTED_PATHS = list(paths(POSTED))


@settings(max_examples=300, deadline=None, database=None)
@given(st.sampled_from(POSTED_PATHS), NASTY)
def test_any_earlier_result_is_compared_or_refused(path, value):
    earlier = copy.deepcopy(POSTED)
    if path:
        put(earlier, path, value)
    else:
        earlier = value
    try:
        found = answer(FULL, posted=earlier)
    except Refused as refusal:
        found = refusal.faults
    assert found or earlier is None
