"""A hypothesis state machine over the whole life of a contract, at the level of facts.

Two thousand steps in the normal run; `SOAK=250000` in the environment walks that many.
"""

import os
from datetime import timedelta

from hypothesis import HealthCheck, Phase, assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.rules.walk import Walk

STEPS = int(os.environ.get("SOAK", "2000"))
STEPS_A_LIFE = 40
SEEDS = st.integers(0, 10**6)
DAYS = st.sampled_from([1, 1, 2, 10, 25, 40, 41, 90])
SUMS = st.sampled_from([1, 100, 5_000, 10_000, 25_000, 2_000_000])


class Life(RuleBasedStateMachine):
    """Facts of every kind, in any order, each on a day of its own."""

    @initialize(seed=SEEDS)
    def sign(self, seed):
        self.walk = Walk(seed)
        assume(self.walk.look(self.walk.document))

    @property
    def names(self):
        return sorted({one["period"] for one in self.walk.document["reports"]})

    @rule(days=DAYS)
    def wait(self, days):
        self.walk.pass_days(days)

    @rule(seed=SEEDS, days=DAYS)
    def report(self, seed, days):
        self.walk.pass_days(days)
        self.walk.report(seed, again=False)

    @precondition(lambda self: self.walk.document["reports"])
    @rule(seed=SEEDS, days=DAYS)
    def restate(self, seed, days):
        self.walk.pass_days(days)
        self.walk.report(seed, again=True)

    @precondition(lambda self: self.walk.totals["payable"])
    @rule(fen=SUMS, days=DAYS)
    def receive(self, fen, days):
        self.walk.pass_days(days)
        self.walk.receive(fen)

    @precondition(lambda self: self.walk.reversible())
    @rule(days=DAYS, place=SEEDS)
    def reverse(self, days, place):
        self.walk.pass_days(days)
        receipts = self.walk.reversible()
        self.walk.reverse(receipts[place % len(receipts)])

    @precondition(lambda self: len(self.walk.document["terms"]) < 3)
    @rule(seed=SEEDS, wait=st.sampled_from([0, 1, 45, 90]), resets=st.booleans())
    def amend(self, seed, wait, resets):
        self.walk.pass_days(1)
        self.walk.amend(seed, wait=wait, resets=resets)

    @precondition(lambda self: not self.happened("termination") and self.walk.reported())
    @rule(days=DAYS)
    def terminate(self, days):
        self.walk.pass_days(days)
        self.walk.event("termination")

    @precondition(lambda self: not self.happened("conversion"))
    @rule(days=DAYS)
    def convert(self, days):
        self.walk.pass_days(days)
        self.walk.event("conversion")

    @precondition(lambda self: self.walk.totals["outstanding"])
    @rule(fen=SUMS, days=DAYS)
    def call_the_guarantee(self, fen, days):
        self.walk.pass_days(days)
        self.walk.event("guarantee_call", amount=self.walk.amount(fen))

    @precondition(lambda self: self.walk.proposed())
    @rule(kind=st.sampled_from(["interest_charged", "interest_waived"]), place=SEEDS)
    def decide_about_interest(self, kind, place):
        self.walk.pass_days(1)
        rows = self.walk.proposed()
        if rows:
            row = rows[place % len(rows)]
            self.walk.event(kind, period=row["period"], amount=row["amount"])

    @rule(fen=SUMS, days=DAYS)
    def grant_a_credit(self, fen, days):
        self.walk.pass_days(days)
        key = f"credit {len(self.walk.document['credits']):02}"
        made = {"key": key, "date": self.walk.today.isoformat(), "amount": self.walk.amount(fen)}
        self.walk.add("credits", made)

    @precondition(lambda self: self.walk.totals["credit_balance"])
    @rule(fen=SUMS, days=DAYS)
    def refund(self, fen, days):
        self.walk.pass_days(days)
        self.walk.event("refund", amount=self.walk.amount(fen))

    @precondition(lambda self: len(self.walk.document["events"]) < 8)
    @rule(kind=st.sampled_from(["suspension", "delay"]), days=DAYS)
    def interrupt(self, kind, days):
        self.walk.pass_days(1)
        self.walk.event(kind, to=(self.walk.today + timedelta(days=days)).isoformat())

    @precondition(lambda self: self.names)
    @rule(days=DAYS, place=SEEDS, fen=SUMS)
    def dispute(self, days, place, fen):
        self.walk.pass_days(1)
        if not self.happened("dispute"):
            ends = (self.walk.today + timedelta(days=days)).isoformat()
            name = self.names[place % len(self.names)]
            self.walk.event("dispute", to=ends, period=name, amount=self.walk.amount(fen))

    @precondition(lambda self: "policies" in self.walk.document)
    @rule(days=DAYS, fen=SUMS)
    def put_a_cost_on_record(self, days, fen):
        self.walk.pass_days(days)
        self.walk.event("cost", amount=self.walk.amount(fen))

    def happened(self, kind):
        return any(event["type"] == kind for event in self.walk.document["events"])


TestLife = Life.TestCase
TestLife.settings = settings(
    max_examples=-(-STEPS // STEPS_A_LIFE),
    stateful_step_count=STEPS_A_LIFE,
    deadline=None,
    database=None,
    # Taking a walk of forty steps apart costs minutes; what failed is told step by step anyway.
    phases=[Phase.explicit, Phase.generate],
    derandomize="SOAK" not in os.environ,
    suppress_health_check=list(HealthCheck),
)
