"""From the wish to try a result to the choice between paying and leaving."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from deals.models import Deal, Signature, TermsVersion
from deals.rules.states import TRYING, DealState
from deals.services import dossiers, grants, moves, publicity
from deals.services.terms import refuse_inventor, validated
from listings.models import Listing
from marketplace.accounts.actors import MACHINE, Actor
from marketplace.accounts.models import Organisation
from marketplace.accounts.rules import Kind, Permission
from marketplace.base import audit, outbox
from marketplace.base.errors import ConflictError, RuleError


@dataclass(frozen=True, slots=True)
class TrialRequest:
    """What a company wants to do with a result: the use, where, measured by what, from when.

    `estimate` is what it tried in the simulator, as the query of the result's page, or "".
    """

    use: str
    site: str
    indicators: str
    wished_start_date: date
    estimate: str = ""


@dataclass(frozen=True, slots=True)
class ExitDeclaration:
    """What a company declares when it leaves: that it stopped, since when, and why."""

    has_stopped: bool
    last_use_date: date
    note: str = ""


@transaction.atomic
def request_trial(listing: Listing, *, request: TrialRequest, by: Actor, at: datetime) -> Deal:
    """Ask for a trial of a listing for the actor's company; the deal is born with the request.

    Raises RuleError "role.missing", "organisation.not_verified", "listing.not_open",
    "listing.no_places" or "trial.start_past", and ConflictError("trial.exists") while the company
    has a deal on this listing that is not over.
    """
    company = _verified_company(by)
    listing = Listing.objects.select_for_update(of=("self",), no_key=True).get(pk=listing.pk)
    _refuse_closed(listing)
    today = timezone.localdate(at)
    if request.wished_start_date < today:
        raise RuleError("trial.start_past", where="wished_start_date")
    if Deal.objects.open().filter(listing=listing, licensee=company).exists():
        raise ConflictError("trial.exists")
    deal = Deal.objects.create(
        listing=listing,
        licensor=listing.organisation,
        licensee=company,
        state_since=at,
        use=request.use,
        site=request.site,
        indicators=request.indicators,
        wished_start_date=request.wished_start_date,
        estimate=request.estimate,
        requested_by=by.person,
        requested_at=at,
    )
    audit.record(deal, verb="request", by=by.user, at=at, data={"listing": listing.pk})
    return deal


@transaction.atomic
def decline_deal(deal: Deal, *, note: str, by: Actor, at: datetime) -> Deal:
    """The university says no, and why. Raises RuleError("note.missing") and what `check` raises."""
    deal = moves.locked(deal)
    moves.check(deal, "decline", by=by)
    if not note.strip():
        raise RuleError("note.missing", where="note")
    deal.state_note = note
    return moves.move(deal, "decline", by=by, at=at)


@transaction.atomic
def withdraw_deal(deal: Deal, *, by: Actor, at: datetime) -> Deal:
    """The company takes its request back, at any step before the signatures."""
    deal = moves.locked(deal)
    moves.move(deal, "withdraw", by=by, at=at)
    publicity.cancel_notice(deal, at=at)
    return deal


@transaction.atomic
def sign_deal(deal: Deal, *, sha256: str, by: Actor, at: datetime) -> Deal:
    """Sign the approved version for the actor's side; the second signature starts the trial.

    `sha256` repeats the hash of what is signed. Raises RuleError "terms.hash_differs",
    "approver.is_inventor", "grant.overlaps", "listing.no_places" or "terms.trial_over";
    ConflictError("signature.given") for a side that signed; and what `moves.check` raises.
    """
    deal = moves.locked(deal)
    moves.check(deal, "sign", by=by)
    version = _agreed(deal)
    if version.sha256 != sha256:
        raise RuleError("terms.hash_differs", where="sha256")
    refuse_inventor(deal, by=by)
    side = deal.licensor if by.belongs_to(deal.licensor) else deal.licensee
    if version.signatures.filter(organisation=side).exists():
        raise ConflictError("signature.given")
    grants.refuse_overlap_for_good(version)
    Signature.objects.create(
        terms=version,
        organisation=side,
        signed_by=by.person,
        signed_at=at,
        sha256=sha256,
    )
    moves.move(deal, "sign", by=by, at=at, data={"sha256": sha256})
    return _start_trial(deal, version, at=at) if version.signatures.count() == 2 else deal


def end_due_trials(at: datetime) -> int:
    """Ask for a decision in every trial whose last day is past; how many there were."""
    today = timezone.localdate(at)
    due = Deal.objects.filter(
        state__in=[DealState.IN_TRIAL, DealState.EXTENDED], trial_to_date__lt=today
    )
    return sum(_end_trial_if_due(deal, at=at) for deal in due.order_by("trial_to_date", "pk"))


def expire_due_decisions(at: datetime) -> int:
    """End every deal whose company let the time for its decision pass; silence is not consent."""
    days = timedelta(days=publicity.policy_on(at).trial_decision_days)
    due = Deal.objects.filter(
        state=DealState.AWAITING_DECISION, trial_to_date__lt=timezone.localdate(at) - days
    )
    return sum(_expire_if_due(deal, at=at) for deal in due.order_by("trial_to_date", "pk"))


@transaction.atomic
def convert_deal(deal: Deal, *, by: Actor, at: datetime) -> Deal:
    """Go on for money: from today on the terms' paying stage holds.

    Raises RuleError("trial.not_begun") before the trial's first day, "terms.over" after the last
    day of the paying stage, and what `moves.check` raises.
    """
    deal = moves.locked(deal)
    moves.check(deal, "convert", by=by)
    today = timezone.localdate(at)
    agreed = validated(_agreed(deal).document)
    if agreed.trial is not None and today < agreed.trial.start:
        raise RuleError("trial.not_begun")
    if agreed.paying.last is not None and agreed.paying.last < today:
        raise RuleError("terms.over")
    deal.converted_date = today
    moves.move(deal, "convert", by=by, at=at, data={"date": today.isoformat()})
    _append_event(deal, "conversion", on=today, at=at)
    return deal


@transaction.atomic
def exit_deal(deal: Deal, *, declaration: ExitDeclaration, by: Actor, at: datetime) -> Deal:
    """Leave after the trial, declaring that the result is no longer used.

    Raises RuleError("exit.not_declared"), "exit.use_in_future", and what `moves.check` raises.
    """
    deal = moves.locked(deal)
    moves.check(deal, "exit", by=by)
    today = timezone.localdate(at)
    if not declaration.has_stopped:
        raise RuleError("exit.not_declared", where="has_stopped")
    if declaration.last_use_date > today:
        raise RuleError("exit.use_in_future", where="last_use_date")
    deal.state_note = declaration.note
    data = {"last_use_date": declaration.last_use_date.isoformat()}
    moves.move(deal, "exit", by=by, at=at, data=data)
    _append_event(deal, "termination", on=today, at=at)
    return deal


@transaction.atomic
def _end_trial_if_due(deal: Deal, *, at: datetime) -> bool:
    deal = moves.locked(deal)
    is_due = deal.trial_to_date is not None and deal.trial_to_date < timezone.localdate(at)
    if deal.state not in TRYING - {DealState.AWAITING_DECISION} or not is_due:
        return False
    moves.move(deal, "end_trial", by=MACHINE, at=at)
    return True


@transaction.atomic
def _expire_if_due(deal: Deal, *, at: datetime) -> bool:
    deal = moves.locked(deal)
    if deal.state != DealState.AWAITING_DECISION:
        return False
    moves.move(deal, "expire", by=MACHINE, at=at)
    _append_event(deal, "termination", on=timezone.localdate(at), at=at)
    return True


def _start_trial(deal: Deal, version: TermsVersion, *, at: datetime) -> Deal:
    trial = validated(version.document).trial
    assert trial is not None, "terms without a trial are never proposed"
    assert trial.last is not None, "terms with an open trial are never proposed"
    if trial.last < timezone.localdate(at):
        raise RuleError("terms.trial_over", where="stages.trial.to")
    if not moves.lock_listing(deal).places_left:
        raise RuleError("listing.no_places")
    deal.trial_from_date = trial.start
    deal.trial_to_date = trial.last
    dossiers.append_fact(
        deal,
        kind="terms",
        payload=version.document,
        effective_date=date.fromisoformat(version.document["effective_from"]),
        at=at,
    )
    data = {"from_date": trial.start.isoformat(), "to_date": trial.last.isoformat()}
    return moves.move(deal, "start_trial", by=MACHINE, at=at, data=data)


def _append_event(deal: Deal, kind: str, *, on: date, at: datetime) -> None:
    """Add an event to the contract, and owe the computation that it may change."""
    payload = {"type": kind, "date": on.isoformat()}
    dossiers.append_fact(deal, kind="event", payload=payload, effective_date=on, at=at)
    outbox.record("deals.compute_deal", deal.pk, at=at)


def _verified_company(by: Actor) -> Organisation:
    by.require(Permission.TRIAL_REQUEST)
    company = by.organisation
    if company is None or company.kind != Kind.COMPANY:
        raise RuleError("role.missing", permission=Permission.TRIAL_REQUEST)
    if not company.is_verified:
        raise RuleError("organisation.not_verified")
    return company


def _refuse_closed(listing: Listing) -> None:
    if not listing.is_open:
        raise RuleError("listing.not_open")
    if not listing.places_left:
        raise RuleError("listing.no_places")


def _agreed(deal: Deal) -> TermsVersion:
    assert deal.terms is not None, "nobody signs before terms are agreed"
    return deal.terms
