"""Money received: what the university's finance office confirms from its own bank account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from deals.models import Deal, Receipt
from deals.rules.filing import period_plan
from deals.rules.money import format_amount
from deals.rules.terms.model import Terms
from deals.services import moves, previews
from deals.services.dossiers import append_fact
from marketplace.accounts.actors import Actor
from marketplace.accounts.rules import Permission
from marketplace.base import outbox
from marketplace.base.errors import ConflictError, RuleError

REVERSAL_REASONS = ("bounced", "not_ours", "mistyped", "other")


@dataclass(frozen=True)
class Transfer:
    """One line of a bank statement: minor units of the deal's currency, and the bank's day.

    `for_period` is the period that the payer named, "" when the oldest due is paid first.
    """

    reference: str
    amount_minor: int
    received_date: date
    for_period: str = ""


@dataclass(frozen=True)
class Reversal:
    """A line of a bank statement that takes an earlier one back, and why."""

    reference: str
    reversed_date: date
    reason: str
    note: str = ""


@dataclass(frozen=True)
class Entry:
    """A transfer and the deal that it pays."""

    deal: Deal
    transfer: Transfer


def record_receipt(deal: Deal, transfer: Transfer, *, by: Actor, at: datetime) -> Receipt:
    """Record a transfer once: it becomes a fact, and the deal's computation is owed.

    The same reference with the same figures again gives the same row. Raises
    ConflictError("receipt.duplicate") when the licensor used the reference otherwise,
    RuleError("receipt.future") for a day that has not come, "receipt.too_early" for one before
    the contract, "receipt.not_positive", and "report.period_unknown" for a period that is none.
    """
    _check(transfer, today=timezone.localdate(at))
    with transaction.atomic():
        deal = moves.locked(deal)
        _require_finance(deal, by)
        agreed = previews.agreed_terms(deal)
        _refuse_too_early(transfer, agreed)
        _refuse_unknown_period(transfer, agreed)
        receipt, is_new = Receipt.objects.get_or_create(
            licensor=deal.licensor,
            reference=transfer.reference,
            defaults={
                "deal": deal,
                "amount_minor": transfer.amount_minor,
                "currency": agreed.currency,
                "received_date": transfer.received_date,
                "for_period": transfer.for_period,
                "recorded_by": by.person,
                "recorded_at": at,
            },
        )
        if is_new:
            _make_fact(deal, receipt, by=by, at=at)
        elif not _is_same(receipt, deal, transfer):
            raise ConflictError("receipt.duplicate", where="reference")
    return receipt


@transaction.atomic
def record_receipts(entries: Sequence[Entry], *, by: Actor, at: datetime) -> list[Receipt]:
    """Record the transfers of one bank statement, all of them or none.

    The deals are locked in the order of their ids. Raises what `record_receipt` raises.
    """
    ordered = sorted(entries, key=lambda entry: entry.deal.pk)
    return [record_receipt(entry.deal, entry.transfer, by=by, at=at) for entry in ordered]


def reverse_receipt(receipt: Receipt, *, reversal: Reversal, by: Actor, at: datetime) -> Receipt:
    """Take a recorded transfer back by a row and a fact of its own; the reversal's row.

    What the transfer had paid is due again, its split and its surplus are mirrored by the next
    computation. The same reversal again gives the same row. Raises
    ConflictError("receipt.reversed_already"), "receipt.duplicate" for a reference that is used,
    RuleError("receipt.is_reversal"), "receipt.future", "receipt.before_original" and
    "reason.unknown". Source: docs/rules.md#receipts-and-owners.
    """
    _check_reversal(receipt, reversal, today=timezone.localdate(at))
    with transaction.atomic():
        deal = moves.locked(receipt.deal)
        _require_finance(deal, by)
        known = Receipt.objects.filter(licensor=deal.licensor, reference=reversal.reference).first()
        if known is not None:
            return _same_reversal(known, receipt, reversal)
        _refuse_second(receipt)
        row = Receipt.objects.create(
            deal=deal,
            licensor=deal.licensor,
            reference=reversal.reference,
            amount_minor=-receipt.amount_minor,
            currency=receipt.currency,
            received_date=reversal.reversed_date,
            reverses=receipt,
            reason=reversal.reason,
            note=reversal.note.strip(),
            recorded_by=by.person,
            recorded_at=at,
        )
        _make_fact(deal, row, by=by, at=at)
    return row


def _check(transfer: Transfer, *, today: date) -> None:
    if transfer.received_date > today:
        raise RuleError("receipt.future", where="received_date")
    if transfer.amount_minor <= 0:
        raise RuleError("receipt.not_positive", where="amount")


def _check_reversal(receipt: Receipt, reversal: Reversal, *, today: date) -> None:
    if receipt.reverses_id is not None:
        raise RuleError("receipt.is_reversal")
    if reversal.reason not in REVERSAL_REASONS:
        raise RuleError("reason.unknown", where="reason")
    if reversal.reversed_date > today:
        raise RuleError("receipt.future", where="reversed_date")
    if reversal.reversed_date < receipt.received_date:
        raise RuleError("receipt.before_original", where="reversed_date")


def _refuse_second(receipt: Receipt) -> None:
    if Receipt.objects.filter(reverses=receipt).exists():
        raise ConflictError("receipt.reversed_already")


def _same_reversal(known: Receipt, receipt: Receipt, reversal: Reversal) -> Receipt:
    if (known.reverses_id, known.received_date) != (receipt.pk, reversal.reversed_date):
        raise ConflictError("receipt.duplicate", where="reference")
    return known


def _refuse_too_early(transfer: Transfer, agreed: Terms) -> None:
    """A fact stays for ever: a mistyped year would park the deal's computations for good."""
    begins = min(agreed.effective_from, agreed.contract_start)
    if transfer.received_date < begins:
        raise RuleError("receipt.too_early", where="received_date", begins=begins.isoformat())


def _refuse_unknown_period(transfer: Transfer, agreed: Terms) -> None:
    name = transfer.for_period
    if name and period_plan(agreed).named(name) is None:
        raise RuleError("report.period_unknown", where="for_period", period=name)


def _require_finance(deal: Deal, by: Actor) -> None:
    by.require(Permission.RECEIPT_RECORD)
    if not by.belongs_to(deal.licensor):
        raise RuleError("role.missing", permission=str(Permission.RECEIPT_RECORD))


def _is_same(receipt: Receipt, deal: Deal, transfer: Transfer) -> bool:
    return (
        receipt.deal_id,
        receipt.amount_minor,
        receipt.received_date,
        receipt.for_period,
    ) == (deal.pk, transfer.amount_minor, transfer.received_date, transfer.for_period)


def _make_fact(deal: Deal, receipt: Receipt, *, by: Actor, at: datetime) -> None:
    payload = _payload(receipt)
    append_fact(deal, kind="receipt", payload=payload, effective_date=receipt.received_date, at=at)
    verb = "receipt.reversed" if receipt.reverses_id else "receipt.recorded"
    data = {"receipt": receipt.pk, "amount_minor": receipt.amount_minor}
    moves.record(deal, verb, by=by, at=at, data=data)
    outbox.record("deals.compute_deal", deal.pk, at=at)


def _payload(receipt: Receipt) -> dict[str, object]:
    payload: dict[str, object] = {
        "reference": receipt.reference,
        "date": receipt.received_date.isoformat(),
    }
    if receipt.reverses is not None:
        return payload | {"reverses": receipt.reverses.reference}
    payload["amount"] = format_amount(receipt.amount_minor, receipt.currency)
    return payload | ({"for": receipt.for_period} if receipt.for_period else {})
