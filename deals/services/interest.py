"""Late interest: the calculation proposes, the licensor's finance office charges or waives."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from deals.models import Deal, InterestDecision, InterestProposal
from deals.rules.money import format_amount
from deals.rules.statement import Interest, Result
from deals.services import moves
from deals.services.dossiers import append_fact
from deals.services.positions import position
from marketplace.accounts.actors import Actor
from marketplace.accounts.rules import Permission
from marketplace.base import outbox
from marketplace.base.errors import ConflictError, RuleError

CHARGE, WAIVE = "charge", "waive"
REASONS: Mapping[str, tuple[str, ...]] = {
    CHARGE: ("agreed", "reminded", "repeated", "other"),
    WAIVE: ("small", "our_delay", "first_time", "settled_otherwise", "other"),
}
EVENTS = {CHARGE: "interest_charged", WAIVE: "interest_waived"}

# Period, due date, settlement day: what makes a proposal the same one.
Key = tuple[str, date, date]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A proposal as the calculation has it; minor units."""

    days: int
    amount: int
    charged: int
    waived: int


def post_interest(results: Mapping[int, Result]) -> None:
    """Bring the proposals of many deals to their results, by deal id, in a fixed number of queries.

    A proposal that the calculation has no more goes; what staff decided stays in its own rows.
    The caller holds the deals' row locks.
    """
    rows: defaultdict[int, dict[Key, InterestProposal]] = defaultdict(dict)
    for row in InterestProposal.objects.filter(deal__in=results):
        rows[row.deal_id][row.period, row.due_date, row.until_date] = row
    busy = {pk: found for pk, found in results.items() if found.interest or pk in rows}
    if not busy:
        return
    decisions = _decisions(busy)
    fresh: list[InterestProposal] = []
    changed: list[InterestProposal] = []
    for pk, result in busy.items():
        for key, wanted in proposals_of(result, decisions[pk]).items():
            if key not in rows[pk]:
                fresh.append(_row(pk, result.currency, key, wanted))
                continue
            row = rows[pk].pop(key)
            if _bring(row, wanted):
                changed.append(row)
    InterestProposal.objects.bulk_create(fresh)
    fields = ["days", "amount_minor", "charged_minor", "waived_minor"]
    InterestProposal.objects.bulk_update(changed, fields)
    gone = [row.pk for left in rows.values() for row in left.values()]
    InterestProposal.objects.filter(pk__in=gone).delete()


def proposals_of(result: Result, decisions: Iterable[InterestDecision]) -> dict[Key, Wanted]:
    """The proposals of a result, settled days only, with what was decided about each.

    The calculation knows decisions by period and amount alone. Where every decision of a period
    still meets the proposal it was made about, that proposal shows it; else the oldest do.
    """
    parts: defaultdict[Key, list[Interest]] = defaultdict(list)
    for row in result.interest:
        if row.state != "accruing":
            parts[row.period.name, row.due, row.until].append(row)
    found = {key: _sum(rows) for key, rows in parts.items()}
    by_period: defaultdict[str, list[InterestDecision]] = defaultdict(list)
    for decision in decisions:
        by_period[decision.period].append(decision)
    for period, made in by_period.items():
        if all(_meets(found, decision) for decision in made):
            found |= dict(_as_decided(found, period, made))
    return found


def charge_interest(
    proposal: InterestProposal, *, reason: str, note: str, by: Actor, at: datetime
) -> InterestDecision:
    """Charge what is open of a proposal: from today the company owes it, and receipts may pay it.

    Raises ConflictError("interest.decided") when nothing is open, "interest.moved" when the
    figures changed since, RuleError("interest.older_first") while an older one of the period is
    open, "reason.unknown", and "role.missing". Source: docs/rules.md#late-interest.
    """
    return _decide(proposal, CHARGE, reason=reason, note=note, by=by, at=at)


def waive_interest(
    proposal: InterestProposal, *, reason: str, note: str, by: Actor, at: datetime
) -> InterestDecision:
    """Let go of what is open of a proposal, for good. Raises what `charge_interest` raises."""
    return _decide(proposal, WAIVE, reason=reason, note=note, by=by, at=at)


@transaction.atomic
def _decide(
    proposal: InterestProposal, decision: str, *, reason: str, note: str, by: Actor, at: datetime
) -> InterestDecision:
    deal = moves.locked(proposal.deal)
    _require_finance(deal, by)
    if reason not in REASONS[decision]:
        raise RuleError("reason.unknown", where="reason")
    if reason == "other" and not note.strip():
        raise RuleError("note.missing", where="note")
    row = InterestProposal.objects.filter(pk=proposal.pk).first()
    if row is None:
        raise ConflictError("interest.moved")
    today = timezone.localdate(at)
    _refuse_stale(deal, row, today=today)
    made = InterestDecision.objects.create(
        deal=deal,
        period=row.period,
        due_date=row.due_date,
        until_date=row.until_date,
        decision=decision,
        amount_minor=row.open_minor,
        reason=reason,
        note=note.strip(),
        decided_by=by.person,
        decided_at=at,
    )
    _make_fact(made, row.currency, today=today, at=at)
    data = {"decision": made.pk, "amount_minor": made.amount_minor, "period": made.period}
    moves.record(deal, EVENTS[decision].replace("_", "."), by=by, at=at, data=data)
    outbox.record("deals.compute_deal", deal.pk, at=at)
    post_interest({deal.pk: position(deal, on=today)})
    return made


def _refuse_stale(deal: Deal, row: InterestProposal, *, today: date) -> None:
    """A decision is about the figure of today, and about the oldest open one of its period."""
    if row.open_minor <= 0:
        raise ConflictError("interest.decided")
    now = proposals_of(position(deal, on=today), InterestDecision.objects.filter(deal=deal))
    wanted = now.get((row.period, row.due_date, row.until_date))
    if wanted is None or wanted.amount != row.amount_minor:
        raise ConflictError("interest.moved")
    older = (
        found
        for (period, _, until), found in now.items()
        if period == row.period and until < row.until_date
    )
    if any(found.amount > found.charged + found.waived for found in older):
        raise RuleError("interest.older_first")


def _require_finance(deal: Deal, by: Actor) -> None:
    by.require(Permission.INTEREST_DECIDE)
    if not by.belongs_to(deal.licensor):
        raise RuleError("role.missing", permission=str(Permission.INTEREST_DECIDE))


def _make_fact(made: InterestDecision, currency: str, *, today: date, at: datetime) -> None:
    payload = {
        "type": EVENTS[made.decision],
        "date": today.isoformat(),
        "period": made.period,
        "amount": format_amount(made.amount_minor, currency),
    }
    append_fact(made.deal, kind="event", payload=payload, effective_date=today, at=at)


def _decisions(ids: Iterable[int]) -> Mapping[int, list[InterestDecision]]:
    found: defaultdict[int, list[InterestDecision]] = defaultdict(list)
    for decision in InterestDecision.objects.filter(deal__in=ids).order_by("pk"):
        found[decision.deal_id].append(decision)
    return found


def _sum(rows: Sequence[Interest]) -> Wanted:
    charged = sum(row.amount for row in rows if row.state == "charged")
    waived = sum(row.amount for row in rows if row.state == "waived")
    return Wanted(rows[0].days, sum(row.amount for row in rows), charged, waived)


def _meets(found: Mapping[Key, Wanted], made: InterestDecision) -> bool:
    wanted = found.get((made.period, made.due_date, made.until_date))
    return wanted is not None and wanted.amount == made.amount_minor


def _as_decided(
    found: Mapping[Key, Wanted], period: str, made: Iterable[InterestDecision]
) -> Iterator[tuple[Key, Wanted]]:
    kinds = {(one.period, one.due_date, one.until_date): one.decision for one in made}
    for key, wanted in found.items():
        if key[0] != period:
            continue
        charged = wanted.amount if kinds.get(key) == CHARGE else 0
        waived = wanted.amount if kinds.get(key) == WAIVE else 0
        yield key, Wanted(wanted.days, wanted.amount, charged, waived)


def _row(deal_id: int, currency: str, key: Key, wanted: Wanted) -> InterestProposal:
    period, due, until = key
    row = InterestProposal(
        deal_id=deal_id, period=period, due_date=due, until_date=until, currency=currency
    )
    _bring(row, wanted)
    return row


def _bring(row: InterestProposal, wanted: Wanted) -> bool:
    """Set the row's figures; whether that changed anything."""
    before = (row.days, row.amount_minor, row.charged_minor, row.waived_minor)
    after = (wanted.days, wanted.amount, wanted.charged, wanted.waived)
    row.days, row.amount_minor, row.charged_minor, row.waived_minor = after
    return before != after
