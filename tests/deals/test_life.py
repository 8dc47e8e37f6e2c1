"""A deal's whole life in random order, its money records checked after each step.

Two thousand steps in the normal run; `SOAK=250000` in the environment walks that many. The same
seed walks the same way: a failure names its agreement, its seed and the steps up to it.
"""

import os
import random

import pytest
from celery import current_app
from django.db import transaction

from marketplace.base.models import Outbox
from tests.deals import records, reporting
from tests.deals.agreements import AGREEMENTS
from tests.deals.life import Life, Turn
from tests.deals.steps import STEPS, draw_turn

pytestmark = pytest.mark.django_db

STEPS_A_LIFE = 25
LIVES = -(-int(os.environ.get("SOAK", "2000")) // STEPS_A_LIFE // len(AGREEMENTS))


@pytest.fixture
def _broker_without_room(settings, monkeypatch):
    """Nothing is sent to a real worker."""
    settings.OUTBOX_BROKER_DEPTH = 0
    monkeypatch.setattr(current_app.conf, "broker_url", "memory://")


@pytest.mark.usefixtures("_broker_without_room")
@pytest.mark.parametrize("name", AGREEMENTS)
def test_a_deals_records_stay_true_whatever_happens(cast, name):
    deal = reporting.make_paying_deal(cast, **AGREEMENTS[name])
    for seed in range(LIVES):
        live(Life(deal, cast), seed)


def live(life: Life, seed: int) -> None:
    """Walk one life in a transaction that is rolled back when it ends."""
    chance = random.Random(seed)
    told: list[str] = [f"seed {seed}"]
    with transaction.atomic():
        memory = records.Memory()
        try:
            for _ in range(STEPS_A_LIFE):
                take_step(life, chance, told)
                look(life, memory)
            life.work_off(Turn())
            records.assert_sound(life)
        except BaseException as error:
            error.add_note("\n".join(told))
            raise
        transaction.set_rollback(True)


def take_step(life: Life, chance: random.Random, told: list[str]) -> None:
    """One of the steps that are possible now, and then the worker's turn."""
    possible = [step for step, is_possible in STEPS.items() if is_possible(life)]
    step = chance.choice(possible)
    turn = draw_turn(chance)
    told.append(f"{life.at:%Y-%m-%d} {step.__name__} {turn}")
    told.append(f"    {step(life, chance)}")
    life.work_off(turn)


def look(life: Life, memory: records.Memory) -> None:
    """What was written is kept; with nothing owed, all is true and nothing is left to do."""
    memory.assert_kept(life.deal)
    if not Outbox.objects.waiting().exists():
        records.assert_true(life)
        memory.assert_idle(life.work_again)
