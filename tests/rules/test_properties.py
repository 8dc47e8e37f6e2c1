"""What must hold for every contract, tried on random ones."""

import copy
import json
from decimal import Decimal
from fractions import Fraction

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from deals.rules.files import only_new
from deals.rules.money import largest_remainder
from tests.rules import strategies
from tests.rules.contracts import contract, line, report, results, stream, terms

settings.register_profile(
    "rules", max_examples=40, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
settings.load_profile("rules")

CONTRACTS = strategies.contracts()


def total(rows, name):
    return sum(Decimal(row[name]) for row in rows)


def owed(document):
    totals = results(document)["totals"]
    return Decimal(totals["outstanding"]) - Decimal(totals["credit_balance"])


@given(CONTRACTS)
def test_the_same_facts_give_the_same_bytes(document):
    """Property 1."""
    before = json.dumps(document)
    assert json.dumps(results(document)) == json.dumps(results(document))
    assert json.dumps(document) == before


@given(CONTRACTS, st.randoms(use_true_random=False))
def test_the_order_in_which_facts_arrive_changes_nothing(document, random):
    """Property 2."""
    shuffled = copy.deepcopy(document)
    for name in ("reports", "receipts", "credits"):
        random.shuffle(shuffled[name])
    for one in shuffled["reports"]:
        random.shuffle(one["lines"])
    assert results(shuffled) == results(document)


@given(CONTRACTS, st.integers(0, 1_000_000))
def test_splitting_a_line_changes_no_total(document, first):
    """Property 3."""
    split = copy.deepcopy(document)
    found = [one for one in split["reports"] if one["lines"]]
    assume(found)
    sold = found[0]["lines"][0]
    rest = Decimal(sold["gross"]) - Decimal(first) / 100
    twin = {**sold, "gross": f"{rest:.2f}", "deductions": {}}
    sold["gross"] = f"{Decimal(first) / 100:.2f}"
    found[0]["lines"].append(twin)
    assert results(split)["totals"] == results(document)["totals"]


@given(
    strategies.versions(plain=True),
    st.lists(st.integers(0, 300_000), min_size=4, max_size=4),
    st.sampled_from(["marginal", "whole"]),
)
def test_periods_add_up_to_the_whole_window(versions, amounts, mode):
    """Property 4."""
    tiers = versions[0]["streams"][0]["tiers"]
    tiers.update(mode=mode, window="contract_year")
    versions[0]["streams"][0]["negative_net"] = "carry_forward"
    quarters = [
        report(f"2026-Q{index + 1}", [f"{fen / 100:.2f}"]) for index, fen in enumerate(amounts)
    ]
    yearly = copy.deepcopy(versions)
    yearly[0]["periods"]["kind"] = "year"
    whole = report("2026", [f"{sum(amounts) / 100:.2f}"])
    assert (
        results(contract(versions, quarters))["totals"]["earned"]
        == results(contract(yearly, [whole]))["totals"]["earned"]
    )


@given(strategies.rows(), st.integers(0, 1_000_000), st.integers(0, 100_000))
def test_more_net_never_earns_less_and_never_more_than_the_best_rate(rows, net, more):
    """Property 5."""
    made = terms(streams=[stream(rows)])

    def earned(fen):
        sold = report("2026-Q1", [f"{fen // 100}.{fen % 100:02d}"])
        return Decimal(results(contract([made], [sold]))["totals"]["earned"]) * 100

    before, after = earned(net), earned(net + more)
    best = max(Decimal(row["rate"]) for row in rows)
    flats = sum(Decimal(row.get("flat", "0")) for row in rows) * 100
    assert before <= after <= before + best * more + flats + 1


def test_whole_mode_with_a_falling_rate_earns_less_on_more():
    """Property 6."""
    rows = [{"up_to": "1000.00", "rate": "0.05"}, {"up_to": None, "rate": "0.03"}]
    made = terms(streams=[stream(rows, mode="whole")])

    def earned(gross):
        return results(contract([made], [report("2026-Q1", [gross])]))["totals"]["earned"]

    assert (earned("1000.00"), earned("1000.01")) == ("50.00", "30.00")


@given(CONTRACTS, strategies.caps())
def test_what_is_accrued_never_passes_the_lifetime_cap(document, caps):
    """Property 7."""
    caps["lifetime"] = "400.00"
    caps["includes"] = ["earned", "minimum", "milestone", "fixed"]
    document["terms"][0].pop("minimum", None)
    document["terms"][0]["caps"] = caps
    days = sorted(one["accepted_on"] for one in document["reports"])
    for day in days:
        found = results({**document, "as_of": day})
        assert Decimal(found["totals"]["accrued"]) <= 400


@given(CONTRACTS)
def test_a_closed_window_without_cap_owes_at_least_its_minimum(document):
    """Property 8."""
    made = document["terms"][0]
    made.pop("caps", None)
    made["minimum"] = {"scope": "contract_year", "amount": "300.00"}
    found = results({**document, "as_of": "2035-01-01"})
    assert Decimal(found["totals"]["accrued"]) >= 300 * 8


@given(CONTRACTS)
def test_restating_the_same_figures_posts_nothing(document):
    """Property 10."""
    again = copy.deepcopy(document)
    latest = {}
    for one in again["reports"]:
        latest[one["period"]] = max(
            latest.get(one["period"], one), one, key=lambda found: found["revision"]
        )
    again["reports"] += [
        {**one, "revision": one["revision"] + 1, "accepted_on": "2028-06-01"}
        for one in latest.values()
    ]
    assert results(again) == results(document)


@given(CONTRACTS, strategies.lines())
def test_restating_there_and_back_owes_what_it_did_before(document, other):
    """Property 11."""
    first = document["reports"][0]
    document["reports"] = [one for one in document["reports"] if one["revision"] == 1]
    there = report(first["period"], other, "2028-06-01", 2)
    back = {**first, "revision": 3, "accepted_on": "2028-07-01"}
    changed = {**document, "reports": [*document["reports"], there, back]}
    assert owed(changed) == owed(document)


@given(CONTRACTS)
def test_posting_twice_gives_nothing_new(document):
    """Property 12."""
    found = results(document)
    again = only_new(found, json.loads(json.dumps(found)))
    assert [again[name] for name in ("statements", "instalments", "allocations")] == [[], [], []]


@given(CONTRACTS, st.sampled_from(["2026-07-14", "2027-01-14", "2028-02-15"]))
def test_what_was_posted_and_what_is_new_add_up(document, day):
    early, late = results({**document, "as_of": day}), results(document)
    new = only_new(late, early)

    def lines(*parts):
        sums = {}
        for one in (one for part in parts for one in part["statements"]):
            for row in one["lines"]:
                key = json.dumps([one["period"], row["code"], row["inputs"].get("line")])
                sums[key] = sums.get(key, 0) + Decimal(row["amount"])
        return {key: amount for key, amount in sums.items() if amount}

    assert lines(early, new) == lines(late)


@given(CONTRACTS, st.sampled_from(["2026-05-10", "2026-12-31", "2027-07-14", "2028-02-15"]))
def test_later_facts_do_not_change_an_earlier_day(document, day):
    """Property 14."""
    early = copy.deepcopy(document)
    early["reports"] = [one for one in early["reports"] if one["accepted_on"] <= day]
    early["receipts"] = [one for one in early["receipts"] if one["date"] <= day]
    early["credits"] = [one for one in early["credits"] if one["date"] <= day]
    assert results({**document, "as_of": day}) == results({**early, "as_of": day})


@given(
    st.integers(-10_000, 10_000),
    st.lists(st.sampled_from([0, 1, 2, 60, 40, Fraction(1, 3)]), min_size=1, max_size=6),
)
def test_a_split_adds_up_and_stays_within_one_unit(amount, weights):
    """Property 15."""
    assume(sum(weights) > 0)
    parts = largest_remainder(amount, weights)
    assert sum(parts) == amount
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(amount) * weight / sum(weights)) < 1
        assert weight or part == 0


@given(CONTRACTS)
def test_lines_without_rate_and_nil_reports_change_no_amount(document):
    """Property 19."""
    made = document["terms"][0]
    for name in ("minimum", "milestones"):
        made.pop(name, None)
    made["streams"].append(stream([{"up_to": None, "rate": "0"}], key="samples"))
    document["reports"] = [one for one in document["reports"] if one["period"] != "2026-Q2"]
    more = copy.deepcopy(document)
    for one in more["reports"]:
        last = f"{one['period'][:4]}-{(int(one['period'][6]) * 3):02d}-28"
        one["lines"].append(line("777.00", stream="samples", sale_date=last))
    more["reports"].append(report("2026-Q2", [], "2028-11-30"))
    assert results(more)["totals"] == results(document)["totals"]


@given(CONTRACTS)
def test_free_sales_never_earn(document):
    """Property 20."""
    made = document["terms"][0]
    made["stages"] = {
        "trial": {"from": "2026-01-01", "to": "2027-12-31", "unconverted_use": "paying_rates"},
        "paying": {"from": "conversion", "to": "2035-12-31"},
    }
    assert results(document)["totals"]["earned"] == "0.00"


@given(CONTRACTS)
def test_nothing_asked_for_or_credited_is_negative(document):
    """Property 22."""
    found = results(document)
    assert all(Decimal(row["amount"]) > 0 for row in found["instalments"])
    assert all(Decimal(row["outstanding"]) >= 0 for row in found["instalments"])
    assert all(Decimal(row["credits"]) >= 0 for row in found["statements"])
    assert Decimal(found["totals"]["credit_balance"]) >= 0


@given(CONTRACTS, st.integers(1, 50))
def test_names_and_the_scale_of_weights_change_no_amount(document, scale):
    """Property 25."""
    document["receipts"] = [{"reference": "B1", "date": "2028-10-01", "amount": "333.33"}]
    made = document["terms"][0]
    made["owners"] = [{"party": "U1", "weight": 60}, {"party": "U2", "weight": 41}]
    before = results(document)
    made["owners"] = [{"party": "Z", "weight": 60 * scale}, {"party": "A", "weight": 41 * scale}]
    after = results(document)
    for one, other in zip(before["allocations"], after["allocations"], strict=True):
        assert list(one["owners"].values()) == list(other["owners"].values())
    assert before["totals"] == after["totals"]


@given(CONTRACTS, st.sampled_from(["2027-01-01", "2027-04-01"]))
def test_an_amendment_leaves_earlier_periods_alone(document, day):
    """Property 21."""
    document["reports"] = [
        one for one in document["reports"] if one["revision"] == 1 and one["period"] < day
    ]
    second = copy.deepcopy(document["terms"][0])
    second.update(version=2, effective_from=day)
    second["streams"][0]["tiers"]["rows"] = [{"up_to": None, "rate": "0.9"}]
    amended = {**document, "terms": [*document["terms"], second]}
    names = ("net", "base", "earned", "accrued")
    for before, after in zip(
        results(document)["statements"], results(amended)["statements"], strict=False
    ):
        if before["period"] < day[:4] or (before["period"] == "2027-Q1" and day == "2027-04-01"):
            assert [before[name] for name in names] == [after[name] for name in names]
