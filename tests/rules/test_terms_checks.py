"""Every reason to refuse terms and every warning about them: its code and its place."""

import copy
import re
from pathlib import Path

import pytest

from deals.rules.facts import Refused, load
from deals.rules.terms import validate
from tests.rules.contracts import contract, results, stream, terms

SOURCE = Path(__file__).parents[2] / "deals" / "rules"
GIVEN = re.compile(r"(?:refuse|Fault|Caution)\(\s*\"([a-z_]+\.[a-z_]+)\"")
TRIAL = {"from": "2026-01-01", "to": "2026-12-31", "unconverted_use": "paying_rates"}
USE_FIRST = {"paying": {"from": "conversion", "to": "2035-12-31"}}
LATE = {"method": "simple", "basis": 365}
SUM = {"key": "entry", "amount": "1.00", "on": "conversion"}
MILESTONE = {"key": "m", "cumulative_net": "1.00", "amount": "1.00"}


def trial(**changes):
    return {"stages": {"trial": {**TRIAL, **changes}, **USE_FIRST}}


def rows(*made, **changes):
    return {"streams": [stream(list(made), **changes)]}


OPEN = {"up_to": None, "rate": "0.05"}
TIERS = "streams[0].tiers"
FAULTS = [
    ({"schema": 2}, "number.range", "schema"),
    ({"surprise": 1}, "key.unknown", "surprise"),
    ({"version": "1"}, "type.integer", "version"),
    ({"reset_windows": "yes"}, "type.flag", "reset_windows"),
    ({"contract": 7}, "type.text", "contract"),
    ({"contract": ""}, "text.length", "contract"),
    ({"currency": "XYZ"}, "choice.unknown", "currency"),
    ({"effective_from": "2026-02-30"}, "date.malformed", "effective_from"),
    ({"effective_from": "1949-12-31"}, "date.range", "effective_from"),
    ({"retroactive_from": "2026-01-02"}, "dates.reversed", "retroactive_from"),
    ({"rounding": []}, "type.object", "rounding"),
    ({"rounding": {"mode": "nearest", "unit_minor": 1}}, "choice.unknown", "rounding.mode"),
    ({"owners": {}}, "type.list", "owners"),
    ({"owners": []}, "key.missing", "owners"),
    ({"owners": [{"party": "U1", "weight": 0}]}, "owner.weight", "owners[0].weight"),
    ({"owners": [{"party": "U1", "weight": "-1"}]}, "owner.weight", "owners[0].weight"),
    ({"owners": [{"party": "U1", "weight": 1}] * 2}, "key.repeated", "owners[1].party"),
    ({"collection": "lead:U9"}, "collection.unknown", "collection"),
    ({"collection": "somebody"}, "collection.unknown", "collection"),
    ({"streams": []}, "streams.empty", "streams"),
    ({"streams": [stream(), stream()]}, "key.repeated", "streams[1].key"),
    ({"streams": [stream(tiers={"mode": None})]}, "key.missing", f"{TIERS}.mode"),
    ({"streams": [stream(tiers={"window": None})]}, "key.missing", f"{TIERS}.window"),
    ({"streams": [stream(tiers={"rows": []})]}, "tiers.empty", f"{TIERS}.rows"),
    ({"streams": [stream(basis="sales")]}, "choice.unknown", "streams[0].basis"),
    (
        rows({"up_to": "2.00", "rate": "0"}, {"up_to": "2.00", "rate": "0"}, OPEN),
        "tiers.order",
        f"{TIERS}.rows[1].up_to",
    ),
    (rows({"up_to": "2.00", "rate": "0"}), "tiers.open", f"{TIERS}.rows[0].up_to"),
    (rows({"up_to": None, "rate": "1.0000000001"}), "number.range", f"{TIERS}.rows[0].rate"),
    (rows({"up_to": None, "rate": "-0.01"}), "number.range", f"{TIERS}.rows[0].rate"),
    (rows({"up_to": None, "rate": 0.05}), "number.malformed", f"{TIERS}.rows[0].rate"),
    (rows({**OPEN, "flat": "1.001"}), "number.decimals", f"{TIERS}.rows[0].flat"),
    (rows({**OPEN, "flat": "-1.00"}), "amount.negative", f"{TIERS}.rows[0].flat"),
    (rows({**OPEN, "flat": "90000000000000.01"}), "amount.too_large", f"{TIERS}.rows[0].flat"),
    (rows({**OPEN, "unit": "1.00"}), "tiers.price", f"{TIERS}.rows[0].unit"),
    ({"fixed": [{**SUM, "due_days": -1}]}, "number.range", "fixed[0].due_days"),
    ({"fixed": [SUM, SUM]}, "key.repeated", "fixed"),
    ({"milestones": [{**MILESTONE, "date": "2026-01-01"}]}, "limit.one", "milestones[0]"),
    ({"minimum": {"scope": "contract_year"}}, "limit.one", "minimum"),
    ({"minimum": {"scope": "quarter", "schedule": []}}, "minimum.schedule", "minimum.schedule"),
    (
        {"minimum": {"scope": "quarter", "amount": "1.00"}, "periods": {"kind": "year"}},
        "minimum.scope",
        "minimum.scope",
    ),
    (
        {
            "minimum": {"scope": "calendar_year", "schedule": ["1.00", "100.00"]},
            "caps": {"calendar_year": "99.99", "includes": []},
        },
        "cap.below_minimum",
        "caps.calendar_year",
    ),
    ({"caps": {"lifetime": "1.00"}}, "key.missing", "caps.includes"),
    ({"caps": {"includes": ["interest"]}}, "choice.unknown", "caps.includes[0]"),
    ({"long_stop": {"date": "2030-01-01", "balance": "due"}}, "long_stop.cap", "long_stop"),
    ({"late": {**LATE, "basis": 364, "rate": {"fixed": "0.1"}}}, "number.range", "late.basis"),
    ({"late": {**LATE, "rate": {}}}, "limit.one", "late.rate"),
    (
        {"late": {**LATE, "rate": {"fixed": "0.1", "multiple": "2"}}},
        "key.unknown",
        "late.rate.multiple",
    ),
    ({"tax": {"vat": {"treatment": "exempt"}}}, "tax.certificate", "tax.vat.certificate"),
    (
        {"tax": {"vat": {"treatment": "exempt", "certificate": "1", "rate": "0.06"}}},
        "tax.exempt_rate",
        "tax.vat.rate",
    ),
    (
        {"stages": {"trial": {"from": "2026-01-01"}, **USE_FIRST}},
        "key.missing",
        "stages.trial.unconverted_use",
    ),
    (trial(to="2025-12-31"), "dates.reversed", "stages.trial.to"),
    (trial(ends_on=[{}]), "limit.one", "stages.trial.ends_on[0]"),
    (
        {**trial(nothing_due_before="trial_end"), "fixed": [{**SUM, "on": "2026-06-01"}]},
        "due.too_early",
        "fixed[0].on",
    ),
    (
        {**trial(nothing_due_before="trial_end"), "milestones": [MILESTONE]},
        "due.too_early",
        "milestones[0]",
    ),
    (
        {
            **trial(nothing_due_before="first_revenue"),
            "minimum": {"scope": "contract_year", "amount": "1.00"},
        },
        "due.too_early",
        "minimum",
    ),
]


@pytest.mark.parametrize(("changes", "code", "where"), FAULTS)
def test_terms_that_must_not_be_are_refused_with_code_and_place(changes, code, where):
    found, faults, _ = validate(terms(**copy.deepcopy(changes)))
    assert found is None
    assert (code, where) in [(fault.code, fault.where) for fault in faults]


def given_in(*names):
    """The codes that these files of the calculation give."""
    files = [path for name in names for path in sorted(SOURCE.glob(name))]
    return {code for path in files for code in GIVEN.findall(path.read_text(encoding="utf-8"))}


def test_every_reason_that_terms_can_be_refused_for_is_among_them():
    made = given_in("terms/*.py", "reading.py")
    shown = {code for _, code, _ in FAULTS} | {code for _, code, _ in CAUTIONS}
    assert made - shown == set()


MANDATORY = [
    "schema", "contract", "version", "effective_from", "currency", "rounding", "stages", "periods",
    "streams", "owners", "rounding.mode", "rounding.unit_minor", "stages.paying",
    "stages.paying.from", "periods.kind", "periods.anchor", "periods.report_days",
    "periods.pay_days", "periods.roll", "streams[0].key", "streams[0].basis",
    "streams[0].deductions", "streams[0].negative_net", "streams[0].tiers", f"{TIERS}.mode",
    f"{TIERS}.window", f"{TIERS}.rows", "owners[0].party", "owners[0].weight",
]  # fmt: skip


@pytest.mark.parametrize("where", MANDATORY)
def test_what_is_mandatory_must_be_stated(where):
    made = terms()
    inner = made
    *steps, last = re.findall(r"[a-z_]+|[0-9]+", where)
    for step in steps:
        inner = inner[int(step)] if step.isdigit() else inner[step]
    del inner[last]
    _, faults, _ = validate(made)
    assert ("key.missing", where) in [(fault.code, fault.where) for fault in faults]


CAUTIONS = [
    (
        rows({"up_to": "9.00", "rate": "0.1"}, {"up_to": None, "rate": "0.05"}, mode="whole"),
        "tiers.whole_falling",
        TIERS,
    ),
    (rows({"up_to": None, "rate": "0.2000000001"}), "rate.high", TIERS),
    ({"fixed": [{**SUM, "amount": "20000000.01"}]}, "fixed.high", "fixed"),
    ({"fixed": [{**SUM, "creditable": True}]}, "fixed.creditable", "fixed[0].creditable"),
    (trial(to="2029-01-01"), "trial.long", "stages.trial.to"),
    ({"tax": {"vat": {"treatment": "taxed"}}}, "tax.rate_missing", "tax.vat"),
    ({"waterfalls": {"U9": "policy"}}, "party.idle", "waterfalls.U9"),
]


@pytest.mark.parametrize(("changes", "code", "where"), CAUTIONS)
def test_terms_that_are_unusual_are_warned_of_with_code_and_place(changes, code, where):
    found, faults, cautions = validate(terms(**copy.deepcopy(changes)))
    assert (found is not None, faults) == (True, ())
    assert [(one.code, one.where) for one in cautions] == [(code, where)]


@pytest.mark.parametrize(
    "changes",
    [
        rows({"up_to": "9.00", "rate": "0.1"}, {"up_to": None, "rate": "0.05"}),
        rows({"up_to": "9.00", "rate": "0.1"}, {"up_to": None, "rate": "0.1"}, mode="whole"),
        rows({"up_to": None, "rate": "0.2"}),
        {"fixed": [{**SUM, "amount": "20000000.00"}]},
        trial(to="2028-12-31"),
        {"waterfalls": {"U1": "policy"}},
    ],
)
def test_what_is_just_usual_draws_no_warning(changes):
    assert validate(terms(**copy.deepcopy(changes)))[2] == ()


def test_a_version_that_rises_in_number_but_not_in_date_is_refused():
    for second in ({"version": 2}, {"version": 2, "effective_from": "2025-12-31"}):
        with pytest.raises(Refused) as refusal:
            load(contract([terms(), terms(**second)]))
        assert [fault.code for fault in refusal.value.faults] == ["terms.order"]


def test_a_trial_without_a_first_day_starts_with_the_contract():
    open_start = {name: TRIAL[name] for name in ("to", "unconverted_use")}
    found, _, _ = validate(terms(stages={"trial": open_start, **USE_FIRST}))
    assert found.contract_start.isoformat() == "2026-01-01"


def test_a_creditable_sum_without_days_of_its_own_gives_no_credit():
    made = terms(fixed=[{**SUM, "on": "2026-01-05", "amount": "9.00", "creditable": True}])
    assert results(contract([made]))["totals"]["credit_balance"] == "0.00"


def test_a_due_date_that_may_roll_back_into_the_trial_is_too_early():
    """Fourteen days later is Sunday, 3 January 2027; the workday before is Friday the 1st."""
    fixed = [{**SUM, "on": "2026-12-20", "due_days": 14}]
    promised = trial(nothing_due_before="trial_end", to="2027-01-01")
    assert validate(terms(**promised, fixed=fixed))[1] == ()
    back = validate(terms(**promised, fixed=fixed, periods={"roll": "preceding"}))[1]
    assert [fault.code for fault in back] == ["due.too_early"]
