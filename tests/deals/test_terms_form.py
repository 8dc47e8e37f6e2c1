"""The terms editor's form: every clause of a document goes into it and comes out as it was."""

import json
import re
from dataclasses import replace

import pytest
from django.utils import translation
from django.utils.datastructures import MultiValueDict

from deals.forms.terms import ProposalForm
from deals.forms.terms.flat import assemble, flatten, leaves
from deals.forms.terms.sections import ALL
from deals.forms.terms.values import Setting
from deals.rules.terms import validate
from deals.rules.terms.reading import KEYS
from tests.rules.slow.generator import draw_contract

SETTING = Setting()
# Every key of a terms document that a form can hold, each with a value of its own.
WHOLE = {
    "schema": 1,
    "contract": "C-17",
    "version": 3,
    "effective_from": "2026-07-01",
    "retroactive_from": "2026-06-01",
    "reset_windows": True,
    "currency": "CNY",
    "zone": "Asia/Shanghai",
    "rounding": {"mode": "half_even", "unit_minor": 10},
    "stages": {
        "trial": {
            "from": "2026-01-01",
            "to": "2026-12-31",
            "ends_on": [{"cumulative_net": "500000.00"}, {"cumulative_units": "12.5"}],
            "trigger_granularity": "line",
            "free_counts_toward_tiers": True,
            "unconverted_use": "claim",
            "reports_required": True,
            "nothing_due_before": "trial_end",
        },
        "paying": {"from": "conversion", "to": "2036-12-31"},
    },
    "periods": {
        "kind": "quarter",
        "anchor": "contract",
        "report_days": 25,
        "pay_days": 300,
        "min_days_after_final": 0,
        "roll": "preceding",
    },
    "streams": [
        {
            "key": "product",
            "basis": "net_sales",
            "deductions": [{"type": "returns"}, {"type": "freight", "cap_of_gross": "0.05"}],
            "deduction_cap_of_gross": "0.2",
            "negative_net": "carry_forward",
            "free_allowance": {"per": "contract_year", "amount": "500000.00"},
            "tiers": {
                "mode": "marginal",
                "window": "contract_year",
                "rows": [
                    {"up_to": "1000000.00", "rate": "0.05", "flat": "10.00"},
                    {"up_to": "2000000.00", "rate": "0.0333333333"},
                ],
                "first_tier_flat_on_zero": True,
                "above_last": "use_last",
            },
            "factors": [
                {"reason": "expired", "from": "2030-03-01", "to": "2031-01-01", "factor": "0.5"}
            ],
            "stacking": {
                "offset_share": "0.5",
                "max_reduction": "0.4",
                "floor_share": "0.3",
                "carry_forward": True,
            },
        },
        {
            "key": "pieces",
            "basis": "units",
            "deductions": [],
            "negative_net": "zero",
            "free_allowance": {"per": "period", "amount": "100"},
            "tiers": {
                "mode": "whole",
                "window": "lifetime",
                "rows": [{"up_to": "1000.5", "unit": "5.125"}, {"unit": "4"}],
            },
        },
    ],
    "fixed": [
        {
            "key": "entry",
            "amount": "20000.00",
            "on": "conversion",
            "due_days": 10,
            "creditable": True,
        },
        {"key": "second", "amount": "1.00", "on": "2028-01-01"},
    ],
    "milestones": [
        {"key": "m1", "cumulative_net": "10000000.00", "amount": "100000.00"},
        {"key": "m2", "date": "2029-01-01", "amount": "0.01"},
    ],
    "minimum": {
        "scope": "quarter",
        "schedule": ["10000.00", "20000.00"],
        "first_year": "prorate_days",
        "quarter_excess_counts": True,
        "suspended": [{"from": "2028-01-01", "to": "2028-02-29"}],
        "on_termination": "waive",
        "recoup": {"kind": "following_years", "years": 2},
    },
    "caps": {
        "period": "500000.00",
        "contract_year": "600000.00",
        "calendar_year": "700000.00",
        "lifetime": "800000.00",
        "includes": ["earned", "minimum"],
    },
    "long_stop": {"date": "2035-12-31", "balance": "due"},
    "credits": {"order": "fifo", "max_share_per_period": "0.5", "refund_on_end": True},
    "late": {
        "method": "simple",
        "basis": 360,
        "rate": {"series": "LPR1Y", "multiple": "1.5"},
        "grace_days": 5,
        "retroactive": True,
        "stops_in_dispute": True,
    },
    "correction": {"interest_from": "original_due"},
    "tax": {
        "vat": {
            "treatment": "taxed",
            "certificate": "粤2026-1",
            "price": "includes",
            "rate": "0.06",
        },
        "withholding": {"rate": "0.1"},
    },
    "owners": [{"party": "U1", "weight": 60}, {"party": "U2", "weight": "1/3"}],
    "collection": "lead:U1",
    "waterfalls": {"U1": "policy-2025-v2", "U2": "policy-2024-v1"},
    "min_payable": "100.00",
}
OF_THE_DEAL = ("schema", "contract", "version")


def round_trip(document, base=None):
    return assemble(ALL, flatten(ALL, document, SETTING), base or {}, SETTING).document


def test_the_sample_of_every_key_is_valid():
    assert validate(WHOLE)[1] == ()


def test_every_key_of_a_document_goes_into_the_form_and_comes_back():
    assert WHOLE.keys() == KEYS
    expected = {key: value for key, value in WHOLE.items() if key not in OF_THE_DEAL}
    assert round_trip(WHOLE) == expected


def test_random_terms_mean_the_same_after_the_form():
    versions = [version for seed in range(400) for version in draw_contract(seed)["terms"]]
    valid = [version for version in versions if not validate(version)[1]]
    assert len(valid) > 300
    for version in valid:
        again = {key: version[key] for key in OF_THE_DEAL} | round_trip(version)
        assert meaning(again) == meaning(version)


def meaning(document):
    """What the calculation reads; caps without a limit are none."""
    terms = validate(document)[0]
    return replace(terms, caps=None) if terms.caps and not terms.caps.limits else terms


def test_a_value_that_says_what_the_base_says_keeps_its_writing():
    base = WHOLE | {"min_payable": "100", "reset_windows": False}
    made = round_trip(base | {"min_payable": "100.00"}, base)
    assert (made["min_payable"], made["reset_windows"]) == ("100", False)


def test_each_field_of_the_form_is_used_by_the_sample():
    flat = flatten(ALL, WHOLE, SETTING)
    names = {name for name, _leaf, _row in leaves(ALL, flat)}
    used = {"-".join(word for word in name.split("-") if not word.isdigit()) for name in flat}
    wanted = {"-".join(word for word in name.split("-") if not word.isdigit()) for name in names}
    assert wanted - used == {"late-rate-fixed", "minimum-amount"}


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_a_browser_sends_back_the_whole_document(cast, language):
    parties = {"U1": cast.university_a.public_id, "U2": cast.university_b.public_id}
    document = json.loads(re.sub("U[12]", lambda found: parties[found[0]], json.dumps(WHOLE)))
    beside = {
        "family": "staged",
        "licence_kind": "sole",
        "acts": "制造",
        "field_of_use": "电池",
        "territory": "全国",
    }
    frame = {"contract": "C-17", "version": 3}
    with translation.override(language):
        shown = ProposalForm(frame=frame, document=document, initial=beside)
        sent = {name: value for name, value in shown.typed().items() if value not in (False, "")}
        form = ProposalForm(MultiValueDict(as_lists(sent)), frame=frame)
        assert form.is_valid(), form.errors
    assert form.complete() == document


def as_lists(sent):
    return {name: value if isinstance(value, list) else [value] for name, value in sent.items()}
