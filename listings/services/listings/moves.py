"""Moving a listing between its states: each verb locks, checks, changes and leaves history."""

from datetime import datetime

from django.db import connection, transaction

from listings.models import Listing, ShelfCounter
from listings.rules import quality
from listings.rules.states import Move, move_named
from listings.services import search
from listings.services.listings.drafts import draft_facts, missing_words, show_terms
from marketplace.accounts.actors import Actor
from marketplace.accounts.models import Membership, User
from marketplace.base import audit
from marketplace.base.errors import ConflictError, RuleError

LAST_SHELF_NUMBER = 999_999


@transaction.atomic
def submit_listing(listing: Listing, *, by: Actor, at: datetime) -> Listing:
    """Hand a complete draft to the head of the university's office.

    Raises RuleError("listing.incomplete") with what is missing, ConflictError("state.moved"),
    RuleError("role.missing").
    """
    listing = _locked(listing)
    move = _may_move(listing, "submit", by)
    _check_complete(listing)
    listing.submitted_by = by.user
    listing.approved_by = listing.reviewed_by = None
    return _move(listing, move, by=by, at=at)


@transaction.atomic
def approve_listing(listing: Listing, *, by: Actor, at: datetime) -> Listing:
    """Pass a submission on to the platform; never by its author, submitter or an inventor.

    Raises RuleError("approver.is_author"), ConflictError("state.moved"), RuleError("role.missing").
    """
    listing = _locked(listing)
    move = _may_move(listing, "approve", by)
    _check_not_author(listing, by.user)
    listing.approved_by = by.user
    return _move(listing, move, by=by, at=at)


@transaction.atomic
def send_back_listing(listing: Listing, *, note: str, by: Actor, at: datetime) -> Listing:
    """Give a submission back to its author with what to correct.

    Raises RuleError("note.missing"), ConflictError("state.moved"), RuleError("role.missing").
    """
    listing = _locked(listing)
    move = _may_move(listing, "send_back", by)
    return _move(listing, move, by=by, at=at, note=_required(note))


@transaction.atomic
def publish_listing(listing: Listing, *, by: Actor, at: datetime) -> Listing:
    """Put an approved listing on the shelf: a shelf code for ever, its label, and into search.

    Raises RuleError("organisation.not_verified"), RuleError("reviewer.is_approver") for whoever
    approved, submitted or wrote it, RuleError("reviewer.is_colleague") for a member of the
    university, ConflictError("state.moved"), RuleError("role.missing").
    """
    listing = _locked(listing)
    move = _may_move(listing, "publish", by)
    _check_not_involved(listing, by.user)
    _check_verified(listing)
    listing.reviewed_by = by.user
    listing.published_at = listing.published_at or at
    listing.shelf_code = listing.shelf_code or _next_shelf_code(listing)
    if listing.terms_template:
        show_terms(listing, listing.terms_template)
    _move(listing, move, by=by, at=at)
    search.index(listing)
    return listing


@transaction.atomic
def return_listing(listing: Listing, *, note: str, by: Actor, at: datetime) -> Listing:
    """Give an approved listing back to its university with what to correct.

    Raises RuleError("note.missing"), ConflictError("state.moved"), RuleError("role.missing"), and
    for whoever had a part in it what `publish_listing` raises.
    """
    listing = _locked(listing)
    move = _may_move(listing, "return", by)
    _check_not_involved(listing, by.user)
    return _move(listing, move, by=by, at=at, note=_required(note))


@transaction.atomic
def withdraw_listing(listing: Listing, *, note: str, by: Actor, at: datetime) -> Listing:
    """Take a listing off the shelf; its code stays its own and its trials go on.

    Raises RuleError("note.missing"), ConflictError("state.moved"), RuleError("role.missing").
    """
    listing = _locked(listing)
    move = _may_move(listing, "withdraw", by)
    listing.withdrawn_at = at
    _move(listing, move, by=by, at=at, note=_required(note))
    search.unindex(listing)
    return listing


def why_not(listing: Listing, verb: str, *, by: Actor) -> RuleError | None:
    """Why the actor cannot make this move now, None when nothing speaks against it.

    What a page shows beside a button; the service asks again under the lock.
    """
    try:
        _may_move(listing, verb, by)
        if verb == "submit":
            _check_complete(listing)
        elif verb in ("approve", "send_back"):
            _check_not_author(listing, by.user)
        elif verb in ("publish", "return"):
            _check_not_involved(listing, by.user)
            _check_verified(listing)
    except RuleError as error:
        return error
    return None


def _locked(listing: Listing) -> Listing:
    """The row as it is now, ours until the transaction ends."""
    rows = Listing.objects.select_for_update(of=("self",))
    return rows.select_related("organisation", "industry", "terms_template").get(pk=listing.pk)


def _may_move(listing: Listing, verb: str, by: Actor) -> Move:
    """The move, once the actor may make it here and the state allows it."""
    move = move_named(verb)
    if not (by.is_platform or by.belongs_to(listing.organisation)):
        raise RuleError("role.missing")
    if not by.may(move.permission):
        raise RuleError("role.missing", permission=move.permission)
    if listing.state not in move.sources:
        raise ConflictError("state.moved", state=listing.state)
    return move


def _move(listing: Listing, move: Move, *, by: Actor, at: datetime, note: str = "") -> Listing:
    """Write the move and its history; every change of a listing's state passes here."""
    if not connection.in_atomic_block:
        raise AssertionError("A listing moves only under its row lock.")
    source = listing.state
    listing.state = move.target
    listing.state_since = at
    listing.state_note = note
    listing.version += 1
    listing.save()
    data = {"from": str(source), "to": str(move.target)}
    audit.record(listing, verb=move.verb, by=by.user, at=at, data=data)
    return listing


def _required(note: str) -> str:
    if not note.strip():
        raise RuleError("note.missing", where="note")
    return note.strip()


def _check_complete(listing: Listing) -> None:
    missing = quality.missing(draft_facts(listing))
    if missing:
        raise RuleError("listing.incomplete", missing=missing_words(missing), codes=missing)


def _check_verified(listing: Listing) -> None:
    if not listing.organisation.is_verified:
        raise RuleError("organisation.not_verified")


def _check_not_author(listing: Listing, person: User | None) -> None:
    authors = {listing.created_by_id, listing.submitted_by_id}
    authors.update(listing.inventors.values_list("user_id", flat=True))
    if person is None or person.pk in authors:
        raise RuleError("approver.is_author")


def _check_not_involved(listing: Listing, person: User | None) -> None:
    """Who reviews for the platform had no part in it and is no member of the university."""
    involved = {listing.approved_by_id, listing.submitted_by_id, listing.created_by_id}
    if person is None or person.pk in involved:
        raise RuleError("reviewer.is_approver")
    colleagues = Membership.objects.active().filter(organisation=listing.organisation)
    if colleagues.filter(user=person).exists():
        raise RuleError("reviewer.is_colleague")


def _next_shelf_code(listing: Listing) -> str:
    """The next code of the industry's aisle, `A-0312-07`: given once, never again."""
    if listing.industry is None:
        raise RuleError("listing.incomplete", missing=missing_words(["industry"]))
    aisle = listing.industry.aisle
    ShelfCounter.objects.get_or_create(aisle=aisle)
    counter = ShelfCounter.objects.select_for_update().get(aisle=aisle)
    counter.last += 1
    if counter.last > LAST_SHELF_NUMBER:
        raise RuleError("shelf.full", aisle=aisle)
    counter.save(update_fields=["last"])
    digits = f"{counter.last:06d}"
    return f"{aisle}-{digits[:4]}-{digits[4:]}"
