"""Computing deals and posting what differs from what is posted already.

The target is recomputed from all facts; only the difference is written, so that running twice,
late or after a crash leaves the same rows. One deal or a thousand: everything is read in a fixed
number of queries, computed, compared in memory, and written with COPY.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.utils import timezone

from deals.models import Deal
from deals.rules import facts, statement
from deals.rules.faults import Refused
from deals.rules.states import DealState
from deals.services import (
    bookings,
    dossiers,
    instalment_rows,
    interest,
    moves,
    parking,
    shared_facts,
    standing,
    statement_rows,
)
from deals.services.dossiers import Dossier
from deals.services.standing import LockedDeal
from deals.services.statement_rows import Computation, Draft, Posted
from marketplace.accounts.actors import MACHINE
from marketplace.base import audit
from marketplace.base.memory import without_collecting

# What is held in memory at once, in facts: 500 deals with their first report, 30 after ten years.
FACTS_AT_ONCE = 1_500
REMEMBER = """
INSERT INTO deals_computedinput (deal_id, input_hash, as_of_date, computed_at)
SELECT unnest(%s::bigint[]), unnest(%s::text[]), %s, %s
ON CONFLICT (deal_id) DO UPDATE
SET input_hash = EXCLUDED.input_hash, as_of_date = EXCLUDED.as_of_date,
    computed_at = EXCLUDED.computed_at
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a group of computations did: statements posted or changed, and a digest of them."""

    statements: int = 0
    checksum: str = ""


@dataclass(frozen=True, slots=True)
class _Parking:
    """A deal that is to be set aside, and why."""

    deal: LockedDeal
    reason: parking.Reason


def compute_deal(deal_id: int, *, at: datetime) -> None:
    """Compute one deal as of the day of `at` and post the difference (see `compute_deals`)."""
    compute_deals([deal_id], at=at)


@transaction.atomic
def compute_deals(ids: Iterable[int], *, at: datetime) -> Outcome:
    """Compute deals as of the day of `at` and post the differences; nothing for a known input.

    One transaction. A contract that the calculation refuses, or whose final statements would
    change, parks its deal with the reason while the others go on. An unknown id is no work.
    Source: docs/rules.md#corrections, docs/decisions/007-the-run.md.
    """
    as_of = timezone.localdate(at)
    outcomes: list[Outcome] = []
    for deals in _groups(standing.lock(ids)):
        with without_collecting():
            dossier = dossiers.read([deal.pk for deal in deals], as_of=as_of)
            documents = {pk: found.document for pk, found in dossier.items()}
            gained = shared_facts.bring(documents, on=as_of, at=at)
            dossier |= dossiers.read(sorted(gained), as_of=as_of)
            outcomes.append(_compute(deals, dossier, at))
    return _together(outcomes)


@transaction.atomic
def recompute_deals(ids: Iterable[int], *, at: datetime) -> Outcome:
    """Compute deals from the facts they hold and none besides, and post; for a rebuild.

    The same code as `compute_deals`, which first copies rates and policies that were published
    since into the facts.
    """
    as_of = timezone.localdate(at)
    outcomes: list[Outcome] = []
    for deals in _groups(standing.lock(ids)):
        with without_collecting():
            dossier = dossiers.read([deal.pk for deal in deals], as_of=as_of)
            outcomes.append(_compute(deals, dossier, at))
    return _together(outcomes)


def _groups(deals: Sequence[LockedDeal]) -> Iterator[Sequence[LockedDeal]]:
    """Cut deals into groups with about as many facts each, so that memory stays within bounds."""
    counts = dossiers.counts([deal.pk for deal in deals])
    group: list[LockedDeal] = []
    held = 0
    for deal in deals:
        held += counts.get(deal.pk, 0)
        if group and held > FACTS_AT_ONCE:
            yield group
            group, held = [], counts.get(deal.pk, 0)
        group.append(deal)
    if group:
        yield group


def _compute(deals: Sequence[LockedDeal], dossier: dict[int, Dossier], at: datetime) -> Outcome:
    known = standing.computed_inputs([deal.pk for deal in deals])
    due = {deal: input_key(dossier[deal.pk].head, timezone.localdate(at)) for deal in deals}
    changed = [
        (deal, key) for deal, key in due.items() if known.get(deal.pk) != key or deal.parked_reason
    ]
    runs, parked = _computed(changed, dossier, at)
    rows = standing.read([run.deal.pk for run in runs])
    drafts = statement_rows.draft([(run, rows[run.deal.pk]) for run in runs])
    sound, broken = _sorted_out(drafts)
    outcome = _post(sound, at=at)
    for aside in (*parked, *broken):
        parking.park_deal(Deal.objects.get(pk=aside.deal.pk), aside.reason, at=at)
    return outcome


def _together(outcomes: Sequence[Outcome]) -> Outcome:
    if len(outcomes) == 1:
        return outcomes[0]
    checksums = "\n".join(outcome.checksum for outcome in outcomes)
    count = sum(outcome.statements for outcome in outcomes)
    return Outcome(count, hashlib.sha256(checksums.encode()).hexdigest())


def input_key(head: str, as_of: date) -> str:
    """The SHA-256 of what a computation reads: the head of the facts' chain, and the day."""
    return hashlib.sha256(f"{head}:{as_of.isoformat()}".encode()).hexdigest()


def _computed(
    due: Iterable[tuple[LockedDeal, str]], dossier: dict[int, Dossier], at: datetime
) -> tuple[list[Computation], list[_Parking]]:
    as_of = timezone.localdate(at)
    runs: list[Computation] = []
    parked: list[_Parking] = []
    for deal, key in due:
        found = dossier[deal.pk]
        try:
            result = statement.compute(facts.load(found.document))
        except Refused as refused:
            parked.append(_Parking(deal, parking.because_of(refused.faults[0])))
            continue
        runs.append(Computation(deal, result, as_of, at, key, found.sequence))
    return runs, parked


def _sorted_out(drafts: Iterable[Draft]) -> tuple[list[Draft], list[_Parking]]:
    """Tell the computations that may be posted from those that would change a final statement."""
    sound: list[Draft] = []
    parked: list[_Parking] = []
    for entry in drafts:
        period = statement_rows.changed_although_final(entry)
        if period:
            reason = parking.because_final_would_change(period)
            parked.append(_Parking(entry.run.deal, reason))
        else:
            sound.append(entry)
    return sound, parked


def _post(drafts: Sequence[Draft], *, at: datetime) -> Outcome:
    if not drafts:
        return Outcome()
    posted = statement_rows.post_statements(drafts)
    instalment_rows.post_instalments(drafts)
    found = list(zip(drafts, posted, strict=True))
    bookings.book(found)
    interest.post_interest({entry.run.deal.pk: entry.run.result for entry in drafts})
    _release(entry.run.deal for entry in drafts)
    # Listings are locked after the deals, and always in the order of their ids.
    for entry in sorted(drafts, key=lambda entry: entry.run.deal.listing_id):
        _settle_or_reopen(entry.run)
    _record(found, at=at)
    _remember([entry.run for entry in drafts])
    return _outcome(found)


def _record(found: Iterable[tuple[Draft, Sequence[Posted]]], *, at: datetime) -> None:
    chains = {}
    for entry, posted in found:
        changed = [row.pk for row in posted if row.is_changed]
        if changed:
            data = {"input": entry.run.key, "statements": changed}
            chains[f"deal:{entry.run.deal.pk}"] = data
    audit.record_each(chains, verb="statement.posted", by=MACHINE.user, at=at)


def _remember(runs: Sequence[Computation]) -> None:
    ids, keys = [run.deal.pk for run in runs], [run.key for run in runs]
    with connection.cursor() as cursor:
        cursor.execute(REMEMBER, [ids, keys, runs[0].as_of, runs[0].at])


def _outcome(found: Iterable[tuple[Draft, Sequence[Posted]]]) -> Outcome:
    posted = list(_digests(found))
    return Outcome(len(posted), hashlib.sha256("\n".join(posted).encode()).hexdigest())


def _digests(found: Iterable[tuple[Draft, Sequence[Posted]]]) -> Iterator[str]:
    for entry, posted in found:
        changed = {row.pk for row in posted if row.is_changed}
        for period, content in entry.contents.items():
            if entry.ids[period] in changed:
                yield f"{entry.run.deal.pk}:{period}:{content.digest}"


def _release(deals: Iterable[LockedDeal]) -> None:
    """Deals whose figures can be computed again wait for nobody."""
    released = [deal.pk for deal in deals if deal.parked_reason]
    if released:
        parking.release_deals(released)


def _settle_or_reopen(run: Computation) -> None:
    """Nothing can follow and nothing is open: settled. Room under the cap again: reopened."""
    is_settled = run.result.is_settled and run.result.totals.outstanding == 0
    if is_settled and run.deal.state == DealState.PAYING:
        deal = moves.locked(Deal(pk=run.deal.pk))
        deal.settled_date, deal.reopened_date = run.as_of, None
        moves.move(deal, "settle", by=MACHINE, at=run.at)
    elif not is_settled and run.deal.state == DealState.SETTLED:
        deal = moves.locked(Deal(pk=run.deal.pk))
        deal.settled_date, deal.reopened_date = None, run.as_of
        moves.move(deal, "reopen", by=MACHINE, at=run.at)
