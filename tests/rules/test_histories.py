"""What must hold over the whole life of a contract with everything in it."""

from decimal import Decimal

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from deals.rules.facts import Refused, load
from deals.rules.statement.replay import Replay
from deals.rules.statement.target import TargetRun
from tests.rules import strategies
from tests.rules.contracts import compute, results

LIVES = strategies.whole_lives()
DAYS = st.sampled_from(
    ["2026-04-14", "2026-06-30", "2026-10-14", "2027-01-14", "2027-07-14", "2028-02-10"]
)
MOVING = {"corrections", "credits", "payable", "lines"}
SETTINGS = settings(
    max_examples=50, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)


def outcome(document):
    """Compute a random life; one whose amendment is refused says nothing here."""
    try:
        return results(document)
    except Refused:
        assume(False)


def statements(found):
    return {one["period"]: one for one in found["statements"]}


@SETTINGS
@given(LIVES, DAYS)
def test_a_final_statement_never_changes(document, day):
    late = statements(outcome(document))
    early = compute({**document, "as_of": day})
    printed = statements(results({**document, "as_of": day}))
    for one in early.statements:
        if one.final_on is None:
            continue
        name = one.period.name
        for field in printed[name].keys() - MOVING:
            assert printed[name][field] == late[name][field], (name, field)


@SETTINGS
@given(LIVES, DAYS)
def test_what_was_asked_for_stays_asked_for(document, day):
    def asked(found):
        return {(one["period"], one["due"]): Decimal(one["amount"]) for one in found}

    late = asked(outcome(document)["instalments"])
    early = asked(results({**document, "as_of": day})["instalments"])
    assert all(late[key] >= amount for key, amount in early.items())


@SETTINGS
@given(LIVES)
def test_statements_add_up_to_the_target(document):
    found = outcome(document)
    posted = sum(
        Decimal(one["accrued"]) + Decimal(one["corrections"]) for one in found["statements"]
    )
    assert posted == Decimal(found["totals"]["accrued"])


@SETTINGS
@given(LIVES)
def test_every_yuan_is_owed_paid_credited_or_deferred(document):
    found = outcome(document)
    totals = {name: Decimal(amount) for name, amount in found["totals"].items()}
    reversed_ones = {one.get("reverses") for one in document["receipts"]}
    given_already = sum(Decimal(one["amount"]) for one in document["credits"])
    given_already += sum(
        Decimal(one["amount"])
        for one in document["receipts"]
        if "amount" in one and one["reference"] not in reversed_ones
    )
    fees = sum(
        Decimal(row["amount"])
        for one in found["statements"]
        for row in one["lines"]
        if row["code"] == "fixed" and row["inputs"]["item"] == "fee"
    )
    clipped = any(Decimal(one["clipped"]) for one in found["statements"])
    assume(not clipped)
    deferred = totals["accrued"] - given_already - fees
    deferred -= totals["outstanding"] - totals["credit_balance"]
    assert 0 <= deferred < (40 if "min_payable" in document["terms"][0] else 1)


@SETTINGS
@given(LIVES)
def test_nothing_is_negative_that_must_not_be(document):
    found = outcome(document)
    for one in found["statements"]:
        assert Decimal(one["credits"]) >= 0
        assert Decimal(one["payable"]) >= 0
    for one in found["instalments"]:
        assert 0 <= Decimal(one["paid"]) <= Decimal(one["amount"])
    assert Decimal(found["totals"]["credit_balance"]) >= 0


@SETTINGS
@given(LIVES)
def test_lines_add_up_to_their_fields(document):
    for one in outcome(document)["statements"]:
        sums = {}
        for row in one["lines"]:
            sums[row["code"]] = sums.get(row["code"], 0) + Decimal(row["amount"])
        assert sums["accrued"] == Decimal(one["accrued"])
        assert sums.get("vat", 0) == Decimal(one["vat"])
        tiers = sums.get("earned.tier", 0) + sums.get("earned.rounding", 0)
        assert tiers == sums.get("earned", 0) == Decimal(one["earned"])
        kinds = ("credit.granted", "credit.overpaid", "credit.surplus")
        assert sum(sums.get(kind, 0) for kind in kinds) == Decimal(one["credits"])


@SETTINGS
@given(LIVES)
def test_walking_on_from_the_day_before_gives_the_same_as_starting_anew(document):
    """Property 13."""
    outcome(document)
    contract = load(document)
    replay = Replay(contract)
    replay.run()
    _, fresh = TargetRun(contract).on(contract.as_of)
    assert {period: one.parts() for period, one in replay.target.items()} == {
        period: one.parts() for period, one in fresh.items()
    }
