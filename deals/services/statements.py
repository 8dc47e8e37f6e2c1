"""Computing a deal and posting what differs from what is posted already.

The target is recomputed from all facts; only the difference is written, so that running twice,
late or after a crash leaves the same rows.
"""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from deals.models import Deal, Statement
from deals.rules import facts, statement
from deals.rules.faults import Refused
from deals.rules.states import DealState, StatementState
from deals.services import bookings, dossiers, moves, statement_rows
from deals.services.statement_rows import Computation
from marketplace.accounts.actors import MACHINE

# What a final statement may still show differently: later corrections, and how it is paid.
MOVING = frozenset({"corrections", "credits", "payable"})
LONGEST_REASON = 300


def compute_deal(deal_id: int, *, at: datetime) -> None:
    """Compute the deal as of the day of `at` and post the difference; nothing for a known input.

    A contract that the calculation refuses parks the deal with its reason, so that the others of
    a run go on. An unknown id is no work. Source: docs/rules.md#corrections.
    """
    with transaction.atomic():
        known = Deal.objects.filter(pk=deal_id).first()
        if known is None:
            return
        deal = moves.locked(known)
        as_of = timezone.localdate(at)
        key = input_key(deal, as_of)
        if deal.statements.filter(input_hash=key).exists():
            return
        try:
            dossier = dossiers.read([deal.pk], as_of=as_of)[deal.pk]
            result = statement.compute(facts.load(dossier.document))
        except Refused as refused:
            fault = refused.faults[0]
            _park(deal, f"{fault.where}: {fault.message}", at=at)
            return
        _post(Computation(deal, result, as_of, at, key, dossier.sequence))


def input_key(deal: Deal, as_of: date) -> str:
    """The SHA-256 of what a computation reads: the head of the facts' chain, and the day."""
    return hashlib.sha256(f"{dossiers.head_of(deal)}:{as_of.isoformat()}".encode()).hexdigest()


def _post(run: Computation) -> None:
    rows = {row.period: row for row in run.deal.statements.order_by("position")}
    documents = _documents(run)
    broken = _changed_although_final(rows, documents)
    if broken:
        _park(run.deal, f"{broken}: a final statement would change", at=run.at)
        return
    posted = statement_rows.post_statements(run, rows, documents)
    statement_rows.post_instalments(run, posted)
    bookings.book(run, posted)
    _release(run.deal)
    _settle_or_reopen(run)
    changed = [entry.row.pk for entry in posted if entry.is_changed]
    if changed:
        data = {"input": run.key, "statements": changed}
        moves.record(run.deal, "statement.posted", by=MACHINE, at=run.at, data=data)


def _documents(run: Computation) -> dict[str, dict[str, Any]]:
    """What the calculation prints of each statement, by period; the lines come apart from it."""
    printed: Any = statement.to_document(run.result)["statements"]
    return {figures["period"]: figures for figures in printed}


def _changed_although_final(
    rows: Mapping[str, Statement], documents: Mapping[str, Mapping[str, Any]]
) -> str:
    for period, row in rows.items():
        if row.state != StatementState.FINAL:
            continue
        target = documents.get(period, {})
        if any(target.get(name) != row.figures[name] for name in row.figures.keys() - MOVING):
            return period
    return ""


def _park(deal: Deal, reason: str, *, at: datetime) -> None:
    """Set the deal aside for staff, once for each reason."""
    reason = reason[:LONGEST_REASON]
    if deal.parked_reason == reason:
        return
    deal.parked_reason = reason
    deal.save(update_fields=["parked_reason"])
    moves.record(deal, "deal.parked", by=MACHINE, at=at, data={"reason": reason})


def _release(deal: Deal) -> None:
    """A deal whose figures can be computed again waits for nobody."""
    if deal.parked_reason:
        deal.parked_reason = ""
        deal.save(update_fields=["parked_reason"])


def _settle_or_reopen(run: Computation) -> None:
    """Nothing can follow and nothing is open: settled. Room under the cap again: reopened."""
    deal = run.deal
    is_settled = run.result.is_settled and run.result.totals.outstanding == 0
    if is_settled and deal.state == DealState.PAYING:
        deal.settled_date = run.as_of
        moves.move(deal, "settle", by=MACHINE, at=run.at)
    elif not is_settled and deal.state == DealState.SETTLED:
        deal.settled_date = None
        moves.move(deal, "reopen", by=MACHINE, at=run.at)
