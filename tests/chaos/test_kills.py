"""kill -9 during an instalment run: nothing lost, nothing doubled, nothing out of balance.

PostgreSQL remembers what is owed, so a worker, one of its children, the broker or PostgreSQL itself
may die at any moment. Each kill is aimed at a moment when tasks are running.
"""

from collections import Counter
from collections.abc import Iterator

import pytest
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from deals.models import Deal, Instalment, LedgerMovement, Report, Statement, StatementLine
from deals.rules import facts, statement
from deals.rules.postings import Kind
from deals.services import dossiers, invariants
from marketplace.base.models import Outbox
from tests import databases
from tests.chaos.instalments import QUARTERS, Run
from tests.stack import stack

pytestmark = pytest.mark.servers

SEED = 20_260_721
DEALS = 12


@pytest.fixture(scope="module")
def run(
    tmp_path_factory: pytest.TempPathFactory,
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[Run]:
    """The whole run with its kills; the tests look at what it left."""
    with stack(tmp_path_factory.mktemp("chaos")) as installation, django_db_blocker.unblock():
        owner = installation.servers["postgres"].url("marketplace_owner")
        with databases.elsewhere(owner):
            found = Run(installation, SEED)
            cast = found.prepare(DEALS)
            installation.start("worker")
            installation.start("beat")
            found.carry_out(cast)
            yield found


def expected(deal: Deal) -> statement.Result:
    """What the pure calculation says of the deal's facts."""
    today = timezone.localdate()
    return statement.compute(facts.load(dossiers.contract_file(deal, as_of=today)))


def test_at_least_half_of_the_kills_hit_work_in_flight(run: Run) -> None:
    hits = [kill for kill in run.kills if kill.in_flight]
    assert len(run.kills) == QUARTERS
    assert len(hits) >= len(run.kills) / 2, run.kills


def test_all_work_is_done_within_a_minute_of_the_last_kill(run: Run) -> None:
    assert run.finished_after < 60, run.stack.log("worker")


def test_nothing_was_given_up(run: Run) -> None:
    assert not Outbox.objects.exclude(dead_at=None).exists()


def test_every_accepted_report_is_there(run: Run) -> None:
    assert Report.objects.filter(state="accepted").count() == run.accepted == DEALS * QUARTERS


def test_every_deal_shows_what_its_facts_say(run: Run) -> None:
    for deal in run.deals:
        rows = Statement.objects.filter(deal=deal).order_by("position")
        posted = [(row.period, row.accrued_minor, row.payable_minor) for row in rows]
        target = [(s.period.name, s.accrued, s.payable) for s in expected(deal).statements]
        assert posted == target


def test_every_instalment_is_asked_for_once(run: Run) -> None:
    for deal in run.deals:
        rows = Instalment.objects.filter(statement__deal=deal).order_by("due_date", "statement")
        posted = [(row.due_date, row.amount_minor) for row in rows]
        target = sorted((i.due, i.amount) for i in expected(deal).instalments if i.amount)
        assert sorted(posted) == target


def test_no_step_of_a_statement_is_written_twice(run: Run) -> None:
    lines = Counter(
        (line.statement_id, line.stage, line.code, str(line.inputs), line.amount_minor)
        for line in StatementLine.objects.all()
    )
    assert [key for key, count in lines.items() if count > 1] == []


def test_every_accrual_is_booked_once(run: Run) -> None:
    booked = Counter(
        LedgerMovement.objects.filter(kind=Kind.ACCRUAL).values_list("source", "amount_minor")
    )
    owed = Statement.objects.filter(accrued_minor__gt=0)
    assert booked == Counter((f"statement:{row.pk}", row.accrued_minor) for row in owed)


def test_the_ledger_balances_with_the_rows(run: Run) -> None:
    assert dict(invariants.broken(Deal.objects.all())) == {}


def test_no_deal_was_parked_and_every_history_is_whole(run: Run) -> None:
    assert not Deal.objects.exclude(parked_reason="").exists()
    assert dict(invariants.with_broken_chains(Deal.objects.all())) == {}
