"""From issued to final: for some days a statement can be questioned and changed, then it stays."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from deals.models import Deal, Statement
from deals.rules.states import StatementState
from deals.services import moves, publicity
from deals.services.dossiers import append_fact
from marketplace.accounts.actors import MACHINE
from marketplace.base.models import Outbox

COMPUTE = "deals.compute_deal"


def set_final_day(deal: Deal, period: str, *, at: datetime) -> None:
    """Settle, with the first acceptance of a period's report, until when its statement can change.

    The day becomes a fact, so that pages, calculation and `royalty` agree on it; a later revision
    does not move it. The caller holds the deal's row lock. Raises RuleError("policy.missing").
    Source: docs/rules.md#corrections.
    """
    if deal.facts.filter(kind="finality", payload__period=period).exists():
        return
    today = timezone.localdate(at)
    last = today + timedelta(days=publicity.policy_on(at).grace_days)
    payload = {"period": period, "date": last.isoformat(), "known_from": today.isoformat()}
    append_fact(deal, kind="finality", payload=payload, effective_date=today, at=at)


def finish_due_statements(at: datetime) -> int:
    """Make every statement final whose days for questions are over; how many there were.

    A deal with a computation still owed, or parked, waits for it: what was accepted in time changes
    the statement first.
    """
    today = timezone.localdate(at)
    due = Statement.objects.due_to_be_final(today).filter(deal__parked_reason="")
    deals = Deal.objects.filter(
        pk__in=due.exclude(deal__in=_owed().values("subject_id")).values("deal")
    )
    return sum(_finish(deal, at=at) for deal in deals.order_by("pk"))


@transaction.atomic
def _finish(deal: Deal, *, at: datetime) -> int:
    deal = moves.locked(deal)
    due = deal.statements.due_to_be_final(timezone.localdate(at))
    ids = list(due.order_by("position").values_list("pk", flat=True))
    if not ids or deal.parked_reason or _owed().filter(subject_id=deal.pk).exists():
        return 0
    deal.statements.filter(pk__in=ids).update(state=StatementState.FINAL)
    moves.record(deal, "statement.final", by=MACHINE, at=at, data={"statements": ids})
    return len(ids)


def _owed() -> QuerySet[Outbox]:
    return Outbox.objects.waiting().filter(task=COMPUTE)
