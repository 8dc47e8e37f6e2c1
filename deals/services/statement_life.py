"""From issued to final: for some days a statement can be questioned and changed, then it stays."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from deals.models import Deal, Statement
from deals.rules.states import StatementState
from deals.services import publicity
from deals.services.dossiers import append_fact
from marketplace.accounts.actors import MACHINE
from marketplace.base import audit, outbox
from marketplace.base.models import Outbox

COMPUTE = "deals.compute_deal"
FINISH = "deals.finish_statements"
A_BATCH = 500


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


@transaction.atomic
def finish_due_statements(at: datetime, *, after: int = 0) -> int:
    """Make the statements final whose days for questions are over; how many there were.

    One transaction does the next deals behind the id `after`, and owes the rest. A deal with a
    computation still owed, or parked, waits for that: what was accepted in time changes the
    statement first.
    """
    today = timezone.localdate(at)
    due = Statement.objects.due_to_be_final(today).filter(deal_id__gt=after)
    ids = list(due.order_by("deal_id").values_list("deal_id", flat=True).distinct()[:A_BATCH])
    if len(ids) == A_BATCH:
        owe_finishing(on=today, after=ids[-1], at=at)
    rows = Deal.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids)
    sound = list(rows.filter(parked_reason="").order_by("pk").values_list("pk", flat=True))
    owed = Outbox.objects.waiting().filter(task=COMPUTE, subject_id__in=sound)
    waiting = set(owed.values_list("subject_id", flat=True))
    return _finish([pk for pk in sound if pk not in waiting], today, at)


def owe_finishing(*, on: date, at: datetime, after: int = 0) -> None:
    """Owe the day's statements that become final, once for each place to begin."""
    outbox.record(FINISH, after, at=at, key=f"{on.isoformat()}:{after}")


def _finish(deal_ids: list[int], today: date, at: datetime) -> int:
    due = Statement.objects.due_to_be_final(today).filter(deal__in=deal_ids)
    found: dict[int, list[int]] = {}
    for deal_id, pk in due.order_by("deal_id", "position").values_list("deal_id", "pk"):
        found.setdefault(deal_id, []).append(pk)
    count = due.update(state=StatementState.FINAL)
    chains = {audit.chain_of(Deal(pk=pk)): {"statements": rows} for pk, rows in found.items()}
    audit.record_each(chains, verb="statement.final", by=MACHINE.user, at=at)
    return count
