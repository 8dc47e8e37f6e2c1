"""Minimums, milestones, reversals and promises of the trial, on random contracts."""

from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deals.rules.facts import Refused
from tests.rules import strategies
from tests.rules.contracts import contract, report, results, stream, terms

SETTINGS = settings(
    max_examples=50, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
YEARS = st.lists(strategies.AMOUNTS, min_size=1, max_size=6)


def yearly(amounts, **changes):
    made = terms(periods={"kind": "year"}, streams=[stream(window="contract_year")], **changes)
    reports = [report(str(2026 + index), [amount]) for index, amount in enumerate(amounts)]
    last = 2026 + len(amounts)
    return results(contract([made], reports, as_of=f"{last}-02-01"))


@SETTINGS
@given(YEARS, st.sampled_from(["0.00", "50.00", "300.01"]))
def test_a_year_owes_the_greater_of_minimum_and_royalty(amounts, minimum):
    """Property 9."""
    found = yearly(amounts, minimum={"scope": "contract_year", "amount": minimum})
    for one in found["statements"]:
        assert Decimal(one["accrued"]) == max(Decimal(minimum), Decimal(one["earned"]))


@SETTINGS
@given(YEARS, st.sampled_from(["first_years", "following_years"]), st.integers(1, 3))
def test_every_shortfall_is_taken_back_or_lapses_or_is_carried(amounts, kind, years):
    """Property 23."""
    recoup = {"kind": kind, "years": years}
    minimum = {"scope": "contract_year", "amount": "100.00", "recoup": recoup}
    found = yearly(amounts, minimum=minimum)["statements"]
    sums = {
        name: sum(Decimal(one[name]) for one in found)
        for name in ("minimum_top_up", "recouped", "shortfall_lapsed")
    }
    carried = Decimal(found[-1]["shortfall_carried"])
    assert sums["recouped"] + sums["shortfall_lapsed"] + carried == sums["minimum_top_up"]
    for one in found:
        assert Decimal(one["accrued"]) >= min(Decimal("100.00"), Decimal(one["earned"]))


@SETTINGS
@given(strategies.contracts())
def test_a_milestone_is_reached_at_most_once(document):
    """Property 24."""
    milestones = [{"key": "m", "cumulative_net": "1000.00", "amount": "70.00"}]
    document["terms"][0]["milestones"] = milestones
    document["terms"][0].pop("caps", None)
    found = results(document)["statements"]
    rows = [row for one in found for row in one["lines"] if row["code"] == "milestone"]
    moved = [row for one in found for row in one["lines"] if row["code"] == "correction.milestone"]
    total = sum(Decimal(row["amount"]) for row in [*rows, *moved])
    assert total in (0, 70)


@SETTINGS
@given(strategies.contracts(), st.sampled_from(["60.00", "900.00", "5000.00"]))
def test_a_reversed_receipt_leaves_every_balance_as_it_was(document, amount):
    """Property 16."""
    paid = {"reference": "X", "date": "2028-07-01", "amount": amount}
    back = {"reference": "Y", "reverses": "X", "date": "2028-07-02"}
    without = results(document)
    document["receipts"] = [*document["receipts"], paid, back]
    found = results(document)
    assert found["totals"] == without["totals"]
    assert found["instalments"] == without["instalments"]
    mirrored = [row["owners"] for row in found["allocations"] if row["reference"] in ("X", "Y")]
    sums = [sum(Decimal(amount) for amount in owners.values()) for owners in mirrored]
    assert sum(sums) == 0


@SETTINGS
@given(strategies.contracts(), st.sampled_from(["trial_end", "first_revenue"]))
def test_nothing_falls_due_before_the_promised_point(document, promise):
    """Property 26."""
    made = document["terms"][0]
    trial = {
        "from": "2026-01-01",
        "to": "2026-12-31",
        "unconverted_use": "paying_rates",
        "nothing_due_before": promise,
    }
    made["stages"] = {
        "trial": trial,
        "paying": {"from": "conversion", "to": "2035-12-31"},
    }
    try:
        found = results(document)["instalments"]
    except Refused as refusal:
        found = []
        codes = {fault.code for fault in refusal.faults}
    else:
        codes = {"due.too_early"}
    assert codes == {"due.too_early"}
    sold = [row["sale_date"] for one in document["reports"] for row in one["lines"]]
    point = "2026-12-31" if promise == "trial_end" else min(sold, default="")
    assert all(one["due"] > point for one in found)


@SETTINGS
@given(strategies.contracts(), st.integers(1, 60))
def test_a_silent_licensor_never_makes_the_company_overdue(document, days):
    """Property 27."""
    document["terms"][0]["periods"]["min_days_after_final"] = days
    document["terms"][0].pop("fixed", None)
    document["terms"][0].pop("minimum", None)
    result = results(document)
    # A correction of an earlier period has a due date of its own, whenever this one is accepted.
    corrected = {one["period"] for one in result["statements"] if one["corrections"] != "0.00"}
    found = [row for row in result["instalments"] if row["period"] not in corrected]
    accepted = {}
    for one in document["reports"]:
        day = one["accepted_on"]
        accepted[one["period"]] = min(accepted.get(one["period"], day), day)
    for one in found:
        assert one["period"] not in accepted or one["due"] > accepted[one["period"]]
