"""A selection at once: each listing on its own, so that one refusal holds up no other."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from listings.models import Listing
from listings.services.listings.moves import approve_listing, publish_listing, submit_listing
from marketplace.accounts.actors import Actor
from marketplace.base.errors import RuleError


@dataclass
class Outcome:
    """What became of a selection: those done, and the others with the reason for each."""

    done: list[Listing] = field(default_factory=list)
    refused: list[tuple[Listing, RuleError]] = field(default_factory=list)


class _Service(Protocol):
    def __call__(self, listing: Listing, *, by: Actor, at: datetime) -> Listing: ...


def submit_many(listings: Iterable[Listing], *, by: Actor, at: datetime) -> Outcome:
    """Submit each; a refusal is reported and stops no other."""
    return _each(submit_listing, listings, by=by, at=at)


def approve_many(listings: Iterable[Listing], *, by: Actor, at: datetime) -> Outcome:
    """Approve each for the office; a refusal is reported and stops no other."""
    return _each(approve_listing, listings, by=by, at=at)


def publish_many(listings: Iterable[Listing], *, by: Actor, at: datetime) -> Outcome:
    """Publish each for the platform; a refusal is reported and stops no other."""
    return _each(publish_listing, listings, by=by, at=at)


def _each(service: _Service, listings: Iterable[Listing], *, by: Actor, at: datetime) -> Outcome:
    outcome = Outcome()
    for listing in listings:
        try:
            outcome.done.append(service(listing, by=by, at=at))
        except RuleError as error:
            outcome.refused.append((listing, error))
    return outcome
