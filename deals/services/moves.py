"""The one way in which a deal changes state, and the lock that comes before everything."""

from collections.abc import Mapping
from datetime import datetime

from django.db import connection

from deals.models import Deal
from deals.rules.agreement import NON_EXCLUSIVE
from deals.rules.states import RUNNING, TRYING, Move, Side, move_named
from listings.models import Listing
from marketplace.accounts.actors import Actor
from marketplace.base import audit
from marketplace.base.errors import ConflictError, RuleError


def locked(deal: Deal) -> Deal:
    """The deal as it is now, its row locked until the transaction ends.

    Every service that changes anything of a deal begins here; guards come after it. Raises
    Deal.DoesNotExist when the row is gone.
    """
    row = (
        Deal.objects.select_for_update(of=("self",), no_key=True)
        .select_related("listing", "licensor", "licensee", "terms")
        .get(pk=deal.pk)
    )
    row.is_locked = True
    return row


def check(deal: Deal, verb: str, *, by: Actor) -> Move:
    """The edge that this verb stands for, if this actor may go it from the deal's state.

    Raises RuleError("role.missing") for somebody of another side or without the permission, and
    ConflictError("state.moved") when the deal is no longer where the edge begins.
    """
    edge = move_named(verb)
    if not _acts_for(edge.side, deal, by) or (edge.permission and not by.may(edge.permission)):
        raise RuleError("role.missing", permission=edge.permission)
    if deal.state not in edge.sources:
        raise ConflictError("state.moved", state=deal.state)
    return edge


def move(
    deal: Deal, verb: str, *, by: Actor, at: datetime, data: Mapping[str, object] | None = None
) -> Deal:
    """Take the deal along an edge of the table: check, write every changed field, record it.

    `deal` comes from `locked` in the same transaction. `data` goes into the history beside the
    two states: ids, codes and amounts only. Raises what `check` raises.
    """
    assert deal.is_locked, "a deal moves under its lock only"
    assert connection.in_atomic_block, "the lock ended with its transaction"
    edge = check(deal, verb, by=by)
    before = deal.state
    if edge.target != before:
        deal.state = edge.target
        deal.state_since = at
    deal.save()
    record(deal, verb, by=by, at=at, data={"from": before, "to": deal.state, **(data or {})})
    if RUNNING & {before, deal.state} and before != deal.state:
        _refresh_listing(deal)
    return deal


def record(
    deal: Deal, verb: str, *, by: Actor, at: datetime, data: Mapping[str, object] | None = None
) -> None:
    """Append a step that moves nothing to the deal's history."""
    audit.record(deal, verb=verb, by=by.user, at=at, data=data)


def lock_listing(deal: Deal) -> Listing:
    """The deal's listing, locked: always after the deal, so that two deals never wait in a ring."""
    return Listing.objects.select_for_update(of=("self",), no_key=True).get(pk=deal.listing_id)


def _acts_for(side: Side, deal: Deal, by: Actor) -> bool:
    if side is Side.MACHINE:
        return by.user is None
    if side is Side.PLATFORM:
        return by.is_platform
    if side is Side.LICENSOR:
        return by.belongs_to(deal.licensor)
    if side is Side.LICENSEE:
        return by.belongs_to(deal.licensee)
    return by.belongs_to(deal.licensor) or by.belongs_to(deal.licensee)


def _refresh_listing(deal: Deal) -> None:
    """Count again what the listing shows of its deals, from the deals themselves."""
    listing = lock_listing(deal)
    deals = Deal.objects.filter(listing=listing)
    listing.trials_running = deals.filter(state__in=TRYING).count()
    # A sole licence closes the listing to other companies just as an exclusive one does.
    listing.is_licensed_exclusively = (
        deals.filter(state__in=RUNNING).exclude(terms__licence_kind=NON_EXCLUSIVE).exists()
    )
    listing.save(update_fields=["trials_running", "is_licensed_exclusively"])
