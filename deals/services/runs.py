"""What the calendar owes: computations that come due by date, planned and never done here."""

from datetime import date, datetime

from django.db.models import Q

from deals.models import Deal, DealQuerySet
from deals.rules.states import DealState
from deals.services import publicity, statement_life, trials
from marketplace.base import outbox

COMPUTE = "deals.compute_deal"
PLAN = "deals.plan_day"

_COMPUTED = [str(state) for state in (DealState.PAYING, DealState.SETTLED)]
# Clauses by which the mere passing of days changes what is owed.
_DATED = ("minimum", "fixed", "milestones", "long_stop")


def plan_all(*, on: date, at: datetime) -> int:
    """Owe the computation of every paying deal as of a day, once each; how many there are."""
    return _plan(_computed(), on=on, at=at)


def plan_day(*, on: date, at: datetime) -> int:
    """Owe the computation of the deals whose terms speak of dates, once each a day."""
    speaks_of_dates = Q()
    for clause in _DATED:
        speaks_of_dates |= Q(terms__document__has_key=clause)
    return _plan(_computed().filter(speaks_of_dates), on=on, at=at)


def fire_due(*, on: date, at: datetime) -> None:
    """Let everything happen whose time has come: notices, trials and grace end, the day is planned.

    Safe to run twice and at the same time: each step looks again under its deal's lock, and the
    day's plan is one row.
    """
    publicity.close_due_notices(at)
    trials.end_due_trials(at)
    trials.expire_due_decisions(at)
    statement_life.finish_due_statements(at)
    outbox.record(PLAN, on.toordinal(), at=at, key=on.isoformat())


def _computed() -> DealQuerySet:
    return Deal.objects.filter(state__in=_COMPUTED)


def _plan(deals: DealQuerySet, *, on: date, at: datetime) -> int:
    ids = list(deals.order_by("pk").values_list("pk", flat=True))
    outbox.record_many(COMPUTE, {pk: f"{pk}:{on.isoformat()}" for pk in ids}, at=at)
    return len(ids)
