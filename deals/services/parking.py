"""Deals set aside: one whose figures break a rule waits for staff while the others go on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from deals.models import Deal
from deals.rules.faults import Fault
from deals.services import moves
from marketplace.accounts.actors import MACHINE, Actor
from marketplace.accounts.rules import Permission
from marketplace.base import outbox
from marketplace.base.errors import ConflictError

# What the machine finds besides the faults of the calculation itself.
FINAL_CHANGED = "final.changed"
LEDGER_BROKEN = "ledger.broken"
LONGEST_REASON, LONGEST_WHERE = 300, 200


@dataclass(frozen=True)
class Reason:
    """Why a deal is set aside: a code for words and advice, where, and the plain English of it."""

    code: str
    where: str
    text: str


def because_of(fault: Fault) -> Reason:
    """The calculation refuses the deal's contract file."""
    return Reason(fault.code, fault.where, f"{fault.where}: {fault.message}")


def because_final_would_change(period: str) -> Reason:
    """A computation comes to other figures than a final statement shows."""
    return Reason(FINAL_CHANGED, period, f"{period}: a final statement would change")


def because_ledger_differs(rules: Iterable[str]) -> Reason:
    """The ledger does not show the deal's rows; `rules` are the codes of what does not hold."""
    broken = ", ".join(rules)
    return Reason(LEDGER_BROKEN, broken, f"ledger: {broken}")


def park_deal(deal: Deal, reason: Reason, *, at: datetime) -> bool:
    """Set a deal aside for staff, once for each reason; the caller holds its row's lock.

    Tells whether the reason is a new one. The first day of an unbroken stay is kept.
    """
    text = reason.text[:LONGEST_REASON]
    if deal.parked_reason == text:
        return False
    deal.parked_reason = text
    deal.parked_code = reason.code
    deal.parked_where = reason.where[:LONGEST_WHERE]
    deal.parked_at = deal.parked_at or at
    deal.save(update_fields=["parked_reason", "parked_code", "parked_where", "parked_at"])
    data = {"reason": text, "code": reason.code}
    moves.record(deal, "deal.parked", by=MACHINE, at=at, data=data)
    return True


def release_deals(ids: Iterable[int]) -> None:
    """Deals whose figures can be computed again wait for nobody; their rows are locked."""
    Deal.objects.filter(pk__in=list(ids)).update(
        parked_reason="", parked_code="", parked_where="", parked_at=None
    )


@transaction.atomic
def compute_again(deal: Deal, *, by: Actor, at: datetime) -> None:
    """Owe a parked deal's computation once more; it is released when the figures come out.

    Raises "role.missing" for everyone but the platform's finance, and
    ConflictError("deal.not_parked") when it waits for nobody any more.
    """
    by.require(Permission.DEAL_RECOMPUTE)
    deal = moves.locked(deal)
    if not deal.parked_reason:
        raise ConflictError("deal.not_parked")
    moves.record(deal, "deal.recomputed", by=by, at=at, data={"code": deal.parked_code})
    outbox.record("deals.compute_deal", deal.pk, at=at)
