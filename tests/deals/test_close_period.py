"""What the calendar owes: planned once a day and deal, and computed by the worker."""

import pytest
import time_machine
from celery import current_app
from django.core.management import call_command

import deals.tasks  # noqa: F401 - registers the tasks
from deals.models import Deal, RunChunk
from deals.services import runs
from marketplace.base.models import Outbox
from tests.deals import makers, reporting
from tests.deals.reporting import noon

pytestmark = pytest.mark.django_db

FIXED = [{"key": "entry", "amount": "20000.00", "on": "2026-09-01", "due_days": 10}]


@pytest.fixture
def deal(cast):
    return reporting.make_paying_deal(cast)


def test_close_period_owes_every_paying_deal_once(deal, capsys):
    with time_machine.travel(noon("2026-10-01"), tick=False):
        call_command("close_period")
        call_command("close_period")
    assert capsys.readouterr().out == "1 deals planned.\n" * 2
    chunk = RunChunk.objects.get()
    assert (chunk.first_deal_id, chunk.last_deal_id) == (deal.pk, deal.pk)
    row = Outbox.objects.waiting().get(task=runs.COMPUTE_CHUNK)
    assert (row.subject_id, row.key) == (chunk.pk, str(chunk.pk))


def test_close_period_leaves_deals_that_pay_nothing(cast):
    makers.make_deal(cast, "requested", noon("2026-01-05"))
    assert runs.plan_all(on=noon("2026-10-01").date(), at=noon("2026-10-01")) == 0


def test_a_sum_that_falls_due_by_date_is_posted_on_its_day(cast):
    deal = reporting.make_paying_deal(cast, fixed=FIXED)
    fire("2026-08-31")
    reporting.work_off(noon("2026-08-31"))
    assert not deal.statements.exists()
    fire("2026-09-01")
    reporting.work_off(noon("2026-09-01"))
    reporting.work_off(noon("2026-09-01"))
    assert deal.statements.get().instalments.get().amount_minor == 2_000_000


def test_deals_without_dated_sums_are_not_planned_every_day(deal):
    fire("2026-09-01")
    reporting.work_off(noon("2026-09-01"))
    assert not RunChunk.objects.exists()


def test_two_beats_plan_a_day_once(deal):
    fire("2026-09-01")
    fire("2026-09-01")
    assert Outbox.objects.filter(task=runs.PLAN, key="2026-09-01").count() == 1


def test_a_trial_ends_by_itself(cast):
    reporting.make_trial(cast)
    fire("2026-07-05")
    assert Deal.objects.get().state == "awaiting_decision"


def fire(day):
    """What beat does on this day."""
    with time_machine.travel(noon(day), tick=False):
        current_app.tasks["deals.fire_due"]()
