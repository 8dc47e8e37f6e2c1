"""Credits that a licensor grants: finance proposes, the head of office confirms; and the refund."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from deals.models import CreditGrant, Deal
from deals.rules.money import format_amount
from deals.rules.states import GrantState
from deals.services import moves, previews
from deals.services.dossiers import append_fact
from deals.services.positions import position
from marketplace.accounts.actors import Actor
from marketplace.accounts.rules import Permission
from marketplace.base import outbox
from marketplace.base.errors import ConflictError, RuleError

REASONS = ("prepaid", "goodwill", "settlement", "other")


@dataclass(frozen=True)
class Grant:
    """A credit as proposed: minor units, and the first day on which it can pay."""

    amount_minor: int
    usable_from_date: date
    reason: str
    note: str = ""


@transaction.atomic
def propose_credit(deal: Deal, *, grant: Grant, by: Actor, at: datetime) -> CreditGrant:
    """Propose a credit to the head of office; the calculation does not know it yet.

    Raises RuleError("amount.not_positive"), "credit.past" for a day gone by, "reason.unknown",
    "note.missing", "terms.not_accepted", and ConflictError("credit.waiting") while another
    proposal of the deal waits. Source: docs/rules.md#credits.
    """
    deal = moves.locked(deal)
    _require(deal, by, Permission.RECEIPT_RECORD)
    agreed = previews.agreed_terms(deal)
    earlier = CreditGrant.objects.filter(deal=deal)
    if earlier.filter(state=GrantState.PROPOSED).exists():
        raise ConflictError("credit.waiting")
    _check(grant, today=timezone.localdate(at))
    row = CreditGrant.objects.create(
        deal=deal,
        key=f"granted-{earlier.count() + 1:03d}",
        amount_minor=grant.amount_minor,
        currency=agreed.currency,
        usable_from_date=grant.usable_from_date,
        reason=grant.reason,
        note=grant.note.strip(),
        proposed_by=by.person,
        proposed_at=at,
    )
    _record(row, "credit.proposed", by=by, at=at)
    return row


@transaction.atomic
def confirm_credit(row: CreditGrant, *, by: Actor, at: datetime) -> CreditGrant:
    """Grant a proposed credit: it becomes a fact, usable from its day or today, the later one.

    Raises RuleError("decider.is_proposer"), "role.missing", and ConflictError("credit.decided").
    """
    row = _decide(row, GrantState.CONFIRMED, by=by, at=at)
    usable = max(row.usable_from_date, timezone.localdate(at))
    payload = {
        "key": row.key,
        "date": usable.isoformat(),
        "amount": format_amount(row.amount_minor, row.currency),
    }
    append_fact(row.deal, kind="credit", payload=payload, effective_date=usable, at=at)
    _record(row, "credit.granted", by=by, at=at)
    outbox.record("deals.compute_deal", row.deal_id, at=at)
    return row


@transaction.atomic
def refuse_credit(row: CreditGrant, *, by: Actor, at: datetime) -> CreditGrant:
    """Turn a proposed credit down. Raises what `confirm_credit` raises."""
    row = _decide(row, GrantState.REFUSED, by=by, at=at)
    _record(row, "credit.refused", by=by, at=at)
    return row


@transaction.atomic
def refund_credits(deal: Deal, *, amount_minor: int, by: Actor, at: datetime) -> int:
    """Record that the university paid credits back at the end; what is left of them.

    Raises RuleError("refund.not_agreed") when the terms do not say so, "refund.too_early" before
    the paying stage is over, "amount.not_positive", and "refund.too_large" above what is left.
    """
    deal = moves.locked(deal)
    _require(deal, by, Permission.RECEIPT_RECORD)
    today = timezone.localdate(at)
    if amount_minor <= 0:
        raise RuleError("amount.not_positive", where="amount")
    _refuse_early_refund(deal, today=today)
    left = position(deal, on=today).totals.credit_balance
    if amount_minor > left:
        raise RuleError("refund.too_large", where="amount")
    agreed = previews.agreed_terms(deal)
    payload = {
        "type": "refund",
        "date": today.isoformat(),
        "amount": format_amount(amount_minor, agreed.currency),
    }
    append_fact(deal, kind="event", payload=payload, effective_date=today, at=at)
    moves.record(deal, "credit.refunded", by=by, at=at, data={"amount_minor": amount_minor})
    outbox.record("deals.compute_deal", deal.pk, at=at)
    return left - amount_minor


def _check(grant: Grant, *, today: date) -> None:
    if grant.amount_minor <= 0:
        raise RuleError("amount.not_positive", where="amount")
    if grant.usable_from_date < today:
        raise RuleError("credit.past", where="usable_from_date")
    if grant.reason not in REASONS:
        raise RuleError("reason.unknown", where="reason")
    if grant.reason == "other" and not grant.note.strip():
        raise RuleError("note.missing", where="note")


def _refuse_early_refund(deal: Deal, *, today: date) -> None:
    agreed = previews.agreed_terms(deal)
    if not agreed.credits.refund_on_end:
        raise RuleError("refund.not_agreed")
    is_over = deal.settled_date is not None or agreed.paying.last is not None
    if not is_over or (deal.settled_date is None and today <= (agreed.paying.last or today)):
        raise RuleError("refund.too_early")


def _require(deal: Deal, by: Actor, permission: Permission) -> None:
    by.require(permission)
    if not by.belongs_to(deal.licensor):
        raise RuleError("role.missing", permission=str(permission))


def _decide(row: CreditGrant, state: GrantState, *, by: Actor, at: datetime) -> CreditGrant:
    deal = moves.locked(row.deal)
    _require(deal, by, Permission.MONEY_CONFIRM)
    row = CreditGrant.objects.select_related("deal").get(pk=row.pk)
    if row.state != GrantState.PROPOSED:
        raise ConflictError("credit.decided", state=row.state)
    if by.user == row.proposed_by:
        raise RuleError("decider.is_proposer")
    row.state = state
    row.decided_by = by.person
    row.decided_at = at
    row.save(update_fields=["state", "decided_by", "decided_at"])
    return row


def _record(row: CreditGrant, verb: str, *, by: Actor, at: datetime) -> None:
    data = {"credit": row.pk, "amount_minor": row.amount_minor}
    moves.record(row.deal, verb, by=by, at=at, data=data)
