"""From draft to issued to final: what a statement's days of grace allow, and when they end."""

from datetime import date

import pytest

from deals.models import Instalment, PolicyProfile
from deals.rules.states import statement_state
from deals.services import runs, statement_life, statements
from marketplace.base import audit
from marketplace.base.models import Outbox
from tests.deals import reporting
from tests.deals.reporting import noon, sale

pytestmark = pytest.mark.django_db

Q3 = "2026-Q3"
ACCEPTED, LAST, AFTER = "2026-10-16", "2026-10-26", "2026-10-27"


@pytest.fixture
def deal(cast):
    return reporting.make_paying_deal(cast)


@pytest.fixture
def billed(deal, cast):
    report(deal, cast, [sale(180_800_000, on="2026-08-03")], ACCEPTED)
    return deal.statements.get()


def report(deal, cast, lines, day, period=Q3):
    reporting.accept(deal, cast, period, lines, at=noon(day))
    reporting.work_off(noon(day))


@pytest.mark.parametrize(
    ("final", "state"),
    [(None, "draft"), (date(2026, 10, 26), "issued"), (date(2026, 10, 25), "final")],
)
def test_the_state_follows_from_the_final_day(final, state):
    assert statement_state(final, on=date(2026, 10, 26)) == state


def test_acceptance_settles_the_final_day_as_a_fact(billed, deal):
    assert deal.facts.get(kind="finality").payload == {
        "period": Q3, "date": LAST, "known_from": ACCEPTED,
    }  # fmt: skip
    assert (billed.state, billed.final_date.isoformat()) == ("issued", LAST)


def test_the_policy_profile_says_how_long(deal, cast):
    PolicyProfile.objects.update(grace_days=0)
    report(deal, cast, [sale(180_800_000, on="2026-08-03")], ACCEPTED)
    assert deal.statements.get().final_date.isoformat() == ACCEPTED


def test_a_later_revision_does_not_move_the_final_day(billed, deal, cast):
    report(deal, cast, [sale(150_000_000, on="2026-08-03")], "2026-10-20")
    assert deal.facts.filter(kind="finality").count() == 1
    assert deal.statements.get().final_date.isoformat() == LAST


def test_a_restatement_on_the_last_day_changes_the_statement_itself(billed, deal, cast):
    report(deal, cast, [sale(237_300_000, on="2026-08-03")], LAST)
    billed.refresh_from_db()
    assert (billed.payable_minor, billed.corrections_minor) == (6_400_000, 0)
    assert deal.statements.count() == 1


def test_a_restatement_a_day_later_is_a_correction(billed, deal, cast):
    report(deal, cast, [sale(237_300_000, on="2026-08-03")], AFTER)
    first, second = deal.statements.order_by("position")
    assert (first.state, first.payable_minor) == ("final", 4_400_000)
    assert (second.state, second.final_date, second.corrections_minor) == ("draft", None, 2_000_000)


def test_a_draft_is_issued_with_the_acceptance_of_its_own_report(billed, deal, cast):
    report(deal, cast, [sale(237_300_000, on="2026-08-03")], AFTER)
    report(deal, cast, [], "2027-01-05", period="2026-Q4")
    second = deal.statements.get(period="2026-Q4")
    assert (second.state, second.issued_at) == ("issued", noon("2027-01-05"))


def test_the_last_day_passes_and_the_statement_is_final_without_a_computation(billed, deal):
    runs.fire_due(on=date(2026, 10, 26), at=noon(LAST))
    reporting.work_off(noon(LAST))
    assert deal.statements.get().state == "issued"
    runs.fire_due(on=date(2026, 10, 27), at=noon(AFTER))
    reporting.work_off(noon(AFTER))
    assert deal.statements.get().state == "final"
    newest = audit.entries_of(deal).first()
    assert (newest.verb, newest.data) == ("statement.final", {"statements": [billed.pk]})


def test_finishing_twice_is_once(billed):
    assert statement_life.finish_due_statements(noon(AFTER)) == 1
    assert statement_life.finish_due_statements(noon(AFTER)) == 0


def test_beat_owes_the_days_finishing_once(billed):
    for _ in range(3):
        runs.fire_due(on=date(2026, 10, 27), at=noon(AFTER))
    assert Outbox.objects.waiting().filter(task=statement_life.FINISH).count() == 1


def test_a_full_batch_owes_the_next_one(billed, deal, monkeypatch):
    monkeypatch.setattr(statement_life, "A_BATCH", 1)
    assert statement_life.finish_due_statements(noon(AFTER)) == 1
    [row] = Outbox.objects.waiting().filter(task=statement_life.FINISH)
    assert row.subject_id == deal.pk
    assert statement_life.finish_due_statements(noon(AFTER), after=deal.pk) == 0


def test_a_restatement_accepted_in_time_but_not_computed_yet_comes_first(billed, deal, cast):
    reporting.accept(deal, cast, Q3, [sale(237_300_000, on="2026-08-03")], at=noon(LAST))
    assert statement_life.finish_due_statements(noon(AFTER)) == 0
    reporting.work_off(noon(AFTER))
    billed.refresh_from_db()
    assert (billed.state, billed.payable_minor) == ("final", 6_400_000)


def test_a_parked_deals_statement_waits(billed, deal):
    type(deal).objects.update(parked_reason="ledger: cash")
    assert statement_life.finish_due_statements(noon(AFTER)) == 0


def test_a_promised_due_date_stays_while_days_pass(deal, cast):
    report(deal, cast, [sale(180_800_000, on="2026-08-03")], "2026-12-01")
    promised = Instalment.objects.get().due_date
    for day in ("2026-12-05", "2026-12-11", "2026-12-12", "2027-01-20"):
        statements.compute_deal(deal.pk, at=noon(day))
        assert Instalment.objects.get().due_date == promised
    assert promised == date(2026, 12, 21)
