"""Terms for the state machine: small sums, so that bounds and caps are reached in a few reports."""

from tests.deals.reporting import PERIODS

PROMPT = {name: value for name, value in PERIODS.items() if name != "min_days_after_final"}
ALL = ["earned", "minimum", "milestone", "fixed"]
FALLING = [{"up_to": "100000.00", "rate": "0.05"}, {"up_to": None, "rate": "0.03"}]
RISING = [
    {"up_to": "100000.00", "rate": "0.03"},
    {"up_to": "250000.00", "rate": "0"},
    {"up_to": None, "rate": "0.06"},
]
# Milestones may fall due at once, so this deal does not promise otherwise.
STAGES = {
    "trial": {
        "from": "2026-01-05",
        "to": "2026-07-04",
        "unconverted_use": "paying_rates",
        "reports_required": True,
    },
    "paying": {"from": "conversion", "to": "2031-01-05"},
}


def stream(rows, *, mode="marginal", window="period", **changes):
    made = {
        "key": "product",
        "basis": "net_sales",
        "deductions": [{"type": "returns"}],
        "negative_net": "carry_forward",
        "tiers": {"mode": mode, "window": window, "rows": rows},
    }
    return {**made, **changes}


def minimum(scope, amount, **changes):
    recoup = {"kind": "none"}
    return {"scope": scope, "amount": amount, "first_year": "prorate_days", "recoup": recoup} | (
        changes
    )


def caps(lifetime, **more):
    return {"lifetime": lifetime, "includes": ALL, **more}


PER_PERIOD = {"per": "period", "amount": "50000.00"}
PER_YEAR = {"per": "contract_year", "amount": "80000.00"}
FOLLOWING = {"recoup": {"kind": "following_years", "years": 1}}

# Name: the keys that replace those of the standard terms.
AGREEMENTS = {
    "standard": {
        "streams": [stream(FALLING, free_allowance=PER_PERIOD)],
        "caps": caps("30000.00"),
    },
    "price in instalments": {
        "streams": [stream([{"up_to": None, "rate": "0.06"}], window="lifetime")],
        "caps": caps("9000.00"),
        "periods": PROMPT,
    },
    "whole tiers a year": {
        "streams": [stream(FALLING, mode="whole", window="contract_year", negative_net="zero")],
        "caps": caps("80000.00", contract_year="12000.00"),
        "periods": PROMPT,
    },
    "minimum a year": {
        "streams": [stream(RISING, window="contract_year", free_allowance=PER_YEAR)],
        "minimum": minimum("contract_year", "4000.00", **FOLLOWING),
        "caps": caps("30000.00", contract_year="9000.00"),
    },
    "minimum a quarter by the month": {
        "streams": [stream(RISING, window="calendar_year")],
        "minimum": minimum("quarter", "1000.00", quarter_excess_counts=True),
        "caps": caps("20000.00"),
        "periods": {**PERIODS, "kind": "month", "report_days": 10, "pay_days": 20},
    },
    "fixed sums and milestones": {
        "stages": STAGES,
        "streams": [stream(FALLING, window="lifetime")],
        "fixed": [
            {"key": "entry", "amount": "2000.00", "on": "conversion", "due_days": 10,
             "creditable": True},
            {"key": "later", "amount": "1000.00", "on": "2027-02-10", "due_days": 5},
        ],
        "milestones": [{"key": "m1", "cumulative_net": "200000.00", "amount": "3000.00"}],
        "credits": {"order": "fifo", "max_share_per_period": "0.5"},
        "caps": caps("25000.00"),
    },
    "small sums wait": {
        "streams": [stream(RISING, mode="whole", window="lifetime", negative_net="carry_forward")],
        "min_payable": "500.00",
        "caps": caps("30000.00"),
        "periods": {**PERIODS, "anchor": "contract"},
    },
    "late interest": {
        "streams": [stream(FALLING, free_allowance=PER_YEAR)],
        "caps": {"lifetime": "15000.00", "period": "4000.00", "includes": ALL},
        "late": {"method": "simple", "basis": 365, "rate": {"fixed": "0.045"}},
        "correction": {"interest_from": "original_due"},
    },
}  # fmt: skip
