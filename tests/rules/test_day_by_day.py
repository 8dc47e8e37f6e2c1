"""The target that is kept from day to day is the one that starting anew gives, at less work."""

import json
import random
import sys

import pytest

from deals.rules.facts import Refused, load
from deals.rules.statement import compute, to_document
from deals.rules.statement.replay import posting_days
from deals.rules.statement.target import TargetRun
from tests.rules.contracts import contract, report, stream, terms
from tests.rules.slow.generator import draw_contract

BATCH = 100
CONTRACTS = 2_000
MONTHS = [f"{year}-{month:02d}" for year in range(2026, 2038) for month in range(1, 13)]


def figures_of(targets):
    """Everything that a statement or a later day could read from a target."""
    return [
        (
            period, found.terms.version, found.portions, found.earned, found.claims,
            found.stacking, found.fixed, found.milestones, found.closing, found.carried,
            found.capped,
        )
        for period, found in targets.items()
    ]  # fmt: skip


def contracts_from(first):
    for seed in range(first, first + BATCH):
        try:
            yield seed, load(draw_contract(seed))
        except Refused:
            continue


@pytest.mark.parametrize("first", range(0, CONTRACTS, BATCH))
def test_going_on_from_the_day_before_gives_what_starting_anew_gives(first):
    for seed, facts in contracts_from(first):
        run = TargetRun(facts)
        for day in sorted(posting_days(facts)):
            try:
                _, targets = run.on(day)
            except Refused:
                break
            _, fresh = TargetRun(facts).on(day)
            assert figures_of(targets) == figures_of(fresh), (seed, day)


@pytest.mark.parametrize("first", range(0, CONTRACTS, BATCH))
def test_figures_that_a_day_does_not_name_as_changed_are_the_same_as_before(first):
    for seed, facts in contracts_from(first):
        run, before = TargetRun(facts), {}
        for day in sorted(posting_days(facts)):
            try:
                _, targets = run.on(day)
            except Refused:
                break
            named = set(run.changed)
            kept = {period: one for period, one in targets.items() if period not in named}
            assert kept == {period: before[period] for period in kept}, (seed, day)
            assert before.keys() - named <= targets.keys(), (seed, day)
            before = dict(targets)


@pytest.mark.parametrize("first", range(0, 600, BATCH))
def test_what_is_recorded_later_changes_nothing_on_an_earlier_day(first):
    for seed in range(first, first + BATCH):
        document = draw_contract(seed)
        days = sorted(one["accepted_on"] for one in document["reports"])
        if not days:
            continue
        day = random.Random(seed).choice(days)
        known = {
            **document,
            "as_of": day,
            "reports": [one for one in document["reports"] if one["accepted_on"] <= day],
            "receipts": [one for one in document["receipts"] if one["date"] <= day],
        }
        assert outcome({**document, "as_of": day}) == outcome(known), seed


@pytest.mark.parametrize("first", range(0, 600, BATCH))
def test_the_order_of_the_facts_changes_no_figure(first):
    for seed in range(first, first + BATCH):
        document = draw_contract(seed)
        pick = random.Random(seed)
        turned = json.loads(json.dumps(document))
        for name in ("reports", "events", "receipts", "credits", "finals"):
            pick.shuffle(turned.get(name, []))
        for one in turned["reports"]:
            pick.shuffle(one["lines"])
        assert outcome(turned) == outcome(document), seed


def outcome(document):
    try:
        found = to_document(compute(load(document)))
    except Refused as refusal:
        return {fault.code for fault in refusal.faults}
    return json.dumps({name: part for name, part in found.items() if name != "warnings"})


def a_life(count):
    """Months with a report and a receipt each, under a yearly minimum, a cap and deductions."""
    agreed = terms(
        stages={"paying": {"from": "2026-01-01", "to": "2050-12-31"}},
        periods={"kind": "month"},
        streams=[stream([{"up_to": "500000.00", "rate": "0.05"}, {"up_to": None, "rate": "0.03"}])],
        minimum={"scope": "contract_year", "amount": "30000.00"},
        caps={"lifetime": "9000000.00", "includes": ["earned", "minimum"]},
    )
    reports, receipts = [], []
    for number, name in enumerate(MONTHS[: count + 1]):
        if number == count:
            break
        after = MONTHS[number + 1]
        sold = {"gross": f"{90_000 + number}.00", "sale_date": f"{name}-10"}
        made = report(name, [sold], accepted_on=f"{after}-10")
        reports.append(made)
        receipts.append({"reference": f"B{number}", "date": f"{after}-28", "amount": "4000.00"})
    return contract([agreed], reports, receipts=receipts, as_of=f"{MONTHS[count]}-28")


def calls_of(count):
    """How many functions a computation calls, which unlike its time is always the same."""
    document = a_life(count)
    compute(load(document))
    calls = 0

    def note(_frame, event, _argument):
        nonlocal calls
        calls += event in {"call", "c_call"}

    facts = load(document)
    sys.setprofile(note)
    try:
        compute(facts)
    finally:
        sys.setprofile(None)
    return calls


def test_a_period_costs_the_same_however_many_came_before():
    short, middle, long = calls_of(24), calls_of(48), calls_of(96)
    early, late = (middle - short) / 24, (long - middle) / 48
    assert late < 1.15 * early
