"""Money received: what the university's finance office confirms from its own bank account."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from deals.models import Deal, Receipt
from deals.rules.money import format_amount
from deals.rules.terms.model import Terms
from deals.services import moves, previews
from deals.services.dossiers import append_fact
from marketplace.accounts.actors import Actor
from marketplace.accounts.rules import Permission
from marketplace.base import outbox
from marketplace.base.errors import ConflictError, RuleError


@dataclass(frozen=True)
class Transfer:
    """One line of a bank statement: minor units of the deal's currency, and the bank's day."""

    reference: str
    amount_minor: int
    received_date: date


def record_receipt(deal: Deal, transfer: Transfer, *, by: Actor, at: datetime) -> Receipt:
    """Record a transfer once: it becomes a fact, and the deal's computation is owed.

    The same reference with the same figures again gives the same row. Raises
    ConflictError("receipt.duplicate") when the licensor used the reference otherwise,
    RuleError("receipt.future") for a day that has not come, "receipt.too_early" for one before
    the contract, and RuleError("receipt.not_positive").
    """
    _check(transfer, today=timezone.localdate(at))
    with transaction.atomic():
        deal = moves.locked(deal)
        _require_finance(deal, by)
        agreed = previews.agreed_terms(deal)
        _refuse_too_early(transfer, agreed)
        receipt, is_new = Receipt.objects.get_or_create(
            licensor=deal.licensor,
            reference=transfer.reference,
            defaults={
                "deal": deal,
                "amount_minor": transfer.amount_minor,
                "currency": agreed.currency,
                "received_date": transfer.received_date,
                "recorded_by": by.person,
                "recorded_at": at,
            },
        )
        if is_new:
            _make_fact(deal, receipt, by=by, at=at)
        elif not _is_same(receipt, deal, transfer):
            raise ConflictError("receipt.duplicate", where="reference")
    return receipt


def _check(transfer: Transfer, *, today: date) -> None:
    if transfer.received_date > today:
        raise RuleError("receipt.future", where="received_date")
    if transfer.amount_minor <= 0:
        raise RuleError("receipt.not_positive", where="amount")


def _refuse_too_early(transfer: Transfer, agreed: Terms) -> None:
    """A fact stays for ever: a mistyped year would park the deal's computations for good."""
    begins = min(agreed.effective_from, agreed.contract_start)
    if transfer.received_date < begins:
        raise RuleError("receipt.too_early", where="received_date", begins=begins.isoformat())


def _require_finance(deal: Deal, by: Actor) -> None:
    by.require(Permission.RECEIPT_RECORD)
    if not by.belongs_to(deal.licensor):
        raise RuleError("role.missing", permission=str(Permission.RECEIPT_RECORD))


def _is_same(receipt: Receipt, deal: Deal, transfer: Transfer) -> bool:
    return (receipt.deal_id, receipt.amount_minor, receipt.received_date) == (
        deal.pk,
        transfer.amount_minor,
        transfer.received_date,
    )


def _make_fact(deal: Deal, receipt: Receipt, *, by: Actor, at: datetime) -> None:
    payload = {
        "reference": receipt.reference,
        "date": receipt.received_date.isoformat(),
        "amount": format_amount(receipt.amount_minor, receipt.currency),
    }
    append_fact(deal, kind="receipt", payload=payload, effective_date=receipt.received_date, at=at)
    data = {"receipt": receipt.pk, "amount_minor": receipt.amount_minor}
    moves.record(deal, "receipt.recorded", by=by, at=at, data=data)
    outbox.record("deals.compute_deal", deal.pk, at=at)
