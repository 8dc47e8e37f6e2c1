"""Rehearsals played at random: no step ends in a fault, and every figure is the command's."""

import json
import random
from datetime import timedelta

import pytest
from django.urls import reverse

from deals.models import Rehearsal
from deals.rules.files import answer
from deals.services import rehearsals
from listings.models import TermsTemplate
from tests.deals import makers, rehearsing
from tests.deals.rehearsing import report, step

pytestmark = pytest.mark.django_db

STEPS = 22
SEEDS = range(8)
TERMS = [
    {},
    {"minimum": {"scope": "contract_year", "amount": "30000.00", "first_year": "prorate_days",
                 "on_termination": "full", "recoup": {"kind": "following_years", "years": 2}}},
    {"min_payable": "5000.00", "milestones": [
        {"key": "m1", "cumulative_net": "2000000.00", "amount": "10000.00"}]},
    {"fixed": [{"key": "entry", "amount": "20000.00", "on": "conversion", "due_days": 10,
                "creditable": True}]},
]  # fmt: skip
AMOUNTS = ["0", "1", "999.99", "1130000", "90,000,000", "", "-3", "NaN", "1e9", "１２", "x" * 30]


class Walk:
    """Somebody who presses whatever is there, and writes what comes to mind."""

    def __init__(self, client, rehearsal: Rehearsal, seed: int) -> None:
        self.client = client
        self.row = rehearsal
        self.random = random.Random(seed)

    def play(self) -> None:
        """Press one button."""
        moves = [self.move, self.move, self.file, self.file, self.answer, self.pay, self.decide]
        answered = self.random.choice(moves)()
        assert answered.status_code in (200, 302, 400, 404, 409), answered.status_code
        self.row = Rehearsal.objects.get(pk=self.row.pk)

    def day(self) -> str:
        """A day around the rehearsal's, or none at all."""
        if self.random.random() < 0.1:
            return self.random.choice(["", "2027-02-30", "0001-01-01", "9999-12-31", "soon"])
        days = self.random.choice([-400, -1, 0, 1, 30, 90, 91, 200])
        return (self.row.today_date + timedelta(days=days)).isoformat()

    def move(self):
        """To some day."""
        return step(self.client, self.row, "move", to=self.day())

    def period(self) -> str:
        """A quarter near the rehearsal's date, or nonsense."""
        day = self.row.today_date - timedelta(days=self.random.choice([0, 60, 100, 200, 400]))
        quarter = f"{day.year}-Q{(day.month + 2) // 3}"
        return quarter if self.random.random() < 0.9 else self.random.choice(["P1", "0", "2027"])

    def file(self):
        """Some sales."""
        data = {
            "gross_0": self.random.choice(AMOUNTS),
            "vat_rate_0": self.random.choice(["0.13", "0", "2"]),
            "deduction_0_0": self.random.choice(AMOUNTS),
            "gross_1": self.random.choice(AMOUNTS),
            "vat_rate_1": "0.13",
        }
        pressed = self.random.choice(["accepted", "file", "nil", "recalculate"])
        return report(self.client, self.row, self.period(), pressed, **data)

    def answer(self):
        """As the university, where something waits."""
        waiting = [one.period for one in rehearsals.play_of(self.row).waiting]
        period = self.random.choice([*waiting, self.period()])
        pressed = self.random.choice(["accept", "question"])
        asked = self.random.choice(["", "?", "为" * 600])
        return report(self.client, self.row, period, pressed, question=asked)

    def pay(self):
        """Some money on some day."""
        amount = self.random.choice(AMOUNTS)
        return step(self.client, self.row, "pay", amount=amount, received_date=self.day())

    def decide(self):
        """Go on, leave, end, begin anew."""
        pressed = self.random.choice(["convert", "convert", "leave", "terminate", "again", "x"])
        return step(self.client, self.row, pressed, last_use_date=self.day())

    def assert_true(self) -> None:
        """The desk opens, and says what the command says of the downloaded file."""
        desk = self.client.get(reverse("rehearsal", args=[self.row.public_id]))
        assert desk.status_code == 200
        file = json.loads(rehearsing.download(self.client, self.row))
        assert rehearsing.shown(self.row) == answer(file)
        assert file["as_of"] == self.row.today_date.isoformat()
        for one in rehearsing.shown(self.row)["statements"]:
            address = reverse("rehearsal_statement", args=[self.row.public_id, one["period"]])
            assert self.client.get(address).status_code == 200


@pytest.mark.parametrize("seed", SEEDS)
def test_a_random_walk_meets_no_fault_and_only_true_figures(sign_in, cast, seed, monkeypatch):
    monkeypatch.setattr("marketplace.base.limits.WRITES_A_MINUTE", 10_000)
    makers.make_listing(cast)
    template = TermsTemplate.objects.get()
    template.document["stages"]["trial"].pop("nothing_due_before")
    template.document |= TERMS[seed % len(TERMS)]
    template.save()
    walk = Walk(sign_in(cast.finance_c), rehearsing.of_listing(cast), seed)
    for _ in range(STEPS):
        walk.play()
    walk.assert_true()
