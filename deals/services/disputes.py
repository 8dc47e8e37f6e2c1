"""Disputes about a statement's lines: opened while it can change, resolved by the two sides.

Only the disputed part stops; the rest falls due as before. Each opening and each end is a fact, so
that the calculation leaves the disputed days out of late interest.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from deals.models import Deal, Dispute, Statement, StatementLine
from deals.rules.money import format_amount
from deals.rules.states import DisputeState, Side, StatementState, statement_state
from deals.services import dossiers, moves, statement_rows
from marketplace.accounts.actors import Actor
from marketplace.accounts.rules import Permission
from marketplace.base import outbox
from marketplace.base.errors import ConflictError, RuleError

REASONS = ("sales", "deduction", "rate", "minimum", "correction", "payment", "other")


@dataclass(frozen=True)
class Objection:
    """What somebody disputes: a line by code and key, minor units of what is payable, and why."""

    code: str
    key: str
    amount_minor: int
    reason: str
    text: str


@transaction.atomic
def dispute_line(statement: Statement, objection: Objection, *, by: Actor, at: datetime) -> Dispute:
    """Dispute a line of a statement that is not final, for the side that one belongs to.

    From today the disputed part stops: no late interest, not overdue. Raises "role.missing",
    ConflictError("statement.final") after its last day, ConflictError("dispute.open") while the
    line is disputed already, RuleError("dispute.line_unknown"), "dispute.too_much" above what is
    payable and not disputed, "reason.unknown" and "note.missing". Source: docs/rules.md#disputes.
    """
    deal = moves.locked(statement.deal)
    side = side_for(deal, by)
    statement = deal.statements.get(pk=statement.pk)
    if statement_state(statement.final_date, on=timezone.localdate(at)) is StatementState.FINAL:
        raise ConflictError("statement.final")
    _check(statement, objection)
    dispute = Dispute.objects.create(
        statement=statement,
        code=objection.code,
        key=objection.key,
        amount_minor=objection.amount_minor,
        reason=objection.reason,
        text=objection.text.strip(),
        side=side,
        sequence=_open_event(deal, statement, objection.amount_minor, at=at),
        opened_by=by.person,
        opened_at=at,
    )
    _stop(statement, dispute.amount_minor)
    _record(deal, dispute, "statement.disputed", by=by, at=at)
    return dispute


@transaction.atomic
def withdraw_dispute(dispute: Dispute, *, by: Actor, at: datetime) -> Dispute:
    """Give a dispute up, for the side that opened it; its part falls due again.

    Raises RuleError("dispute.not_yours") for the other side, ConflictError("dispute.closed").
    """
    deal, dispute = _locked(dispute)
    if side_for(deal, by) != dispute.side:
        raise RuleError("dispute.not_yours")
    return _close(deal, dispute, DisputeState.WITHDRAWN, by=by, at=at)


@transaction.atomic
def agree_correction(dispute: Dispute, *, by: Actor, at: datetime) -> Dispute:
    """Say for one's side that a restated report put the line right; the second side ends it.

    Raises RuleError("dispute.not_corrected") before a report of the period was accepted anew,
    RuleError("dispute.same_person") for whoever spoke for the other side, ConflictError
    ("dispute.agreed") for a side that said so already, and ConflictError("dispute.closed").
    """
    deal, dispute = _locked(dispute)
    side = side_for(deal, by)
    restated = deal.facts.filter(
        kind="report", payload__period=dispute.statement.period, sequence__gt=dispute.sequence
    )
    if not restated.exists():
        raise RuleError("dispute.not_corrected")
    if dispute.agreed_by(side) is not None:
        raise ConflictError("dispute.agreed")
    other = dispute.agreed_by(_other(side))
    if by.user in (other, dispute.opened_by if side != dispute.side else None):
        raise RuleError("dispute.same_person")
    setattr(dispute, f"{side}_agreed_by", by.person)
    if other is not None:
        return _close(deal, dispute, DisputeState.CORRECTED, by=by, at=at)
    dispute.save()
    _record(deal, dispute, "dispute.agreed", by=by, at=at)
    return dispute


def side_for(deal: Deal, by: Actor) -> Side:
    """The party that somebody disputes for; RuleError("role.missing") for everyone else."""
    by.require(Permission.STATEMENT_DISPUTE)
    if by.belongs_to(deal.licensor):
        return Side.LICENSOR
    if by.belongs_to(deal.licensee):
        return Side.LICENSEE
    raise RuleError("role.missing", permission=str(Permission.STATEMENT_DISPUTE))


def name_of(line: StatementLine) -> tuple[str, str]:
    """What names a line for good: its code, and its key among several of one code."""
    return line.code, line.inputs.get("line", "")


def _other(side: Side) -> Side:
    return Side.LICENSEE if side is Side.LICENSOR else Side.LICENSOR


def _locked(dispute: Dispute) -> tuple[Deal, Dispute]:
    deal = moves.locked(dispute.statement.deal)
    dispute = Dispute.objects.select_related("statement").get(pk=dispute.pk)
    if dispute.state != DisputeState.OPEN:
        raise ConflictError("dispute.closed")
    return deal, dispute


def _check(statement: Statement, objection: Objection) -> None:
    lines = statement_rows.current_lines(statement)
    if (objection.code, objection.key) not in {name_of(line) for line in lines}:
        raise RuleError("dispute.line_unknown", where="line")
    if objection.reason not in REASONS:
        raise RuleError("reason.unknown", where="reason")
    if not objection.text.strip():
        raise RuleError("note.missing", where="text")
    if statement.disputes.open().filter(code=objection.code, key=objection.key).exists():
        raise ConflictError("dispute.open", where="line")
    most = statement.payable_minor - statement.disputed_minor
    if not 0 < objection.amount_minor <= most:
        amount = format_amount(max(0, most), statement.currency)
        raise RuleError("dispute.too_much", where="amount", most=amount)


def _open_event(deal: Deal, statement: Statement, amount: int, *, at: datetime) -> int:
    today = timezone.localdate(at)
    payload = {
        "type": "dispute",
        "date": today.isoformat(),
        "period": statement.period,
        "amount": format_amount(amount, statement.currency),
    }
    fact = dossiers.append_fact(deal, kind="event", payload=payload, effective_date=today, at=at)
    return fact.sequence


def _close(
    deal: Deal, dispute: Dispute, state: DisputeState, *, by: Actor, at: datetime
) -> Dispute:
    today = timezone.localdate(at)
    dispute.state = state
    dispute.closed_by = by.person
    dispute.closed_at = at
    dispute.save()
    payload = {"event": dispute.sequence, "to": today.isoformat()}
    dossiers.append_fact(
        deal, kind=dossiers.RESOLUTION, payload=payload, effective_date=today, at=at
    )
    _stop(dispute.statement, -dispute.amount_minor)
    _record(deal, dispute, f"dispute.{state}", by=by, at=at)
    return dispute


def _stop(statement: Statement, change: int) -> None:
    statement.disputed_minor += change
    statement.save(update_fields=["disputed_minor"])


def _record(deal: Deal, dispute: Dispute, verb: str, *, by: Actor, at: datetime) -> None:
    data = {"dispute": dispute.pk, "amount_minor": dispute.amount_minor}
    moves.record(deal, verb, by=by, at=at, data=data)
    outbox.record("deals.compute_deal", deal.pk, at=at)
