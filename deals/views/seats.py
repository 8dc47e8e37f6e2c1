"""From where somebody looks at a deal: the side, the frame of the page, whose turn it is."""

from dataclasses import dataclass
from datetime import datetime

from deals.models import Deal, TermsVersion
from deals.rules.states import DealState, Side
from deals.rules.turns import waiting_for
from marketplace.accounts.actors import Actor
from marketplace.accounts.models import Organisation


@dataclass(frozen=True)
class Turn:
    """Which sides a deal waits for, since when, and the proposal on the table if there is one."""

    sides: tuple[Side, ...]
    since: datetime
    version: TermsVersion | None

    def is_for(self, side: Side) -> bool:
        """Whether this side must act."""
        return side in self.sides


@dataclass(frozen=True)
class Progress:
    """What one party has done with a version: when it accepted and signed it, if it has."""

    organisation: Organisation
    accepted_at: datetime | None
    signed_at: datetime | None


def side_of(deal: Deal, actor: Actor) -> Side:
    """The side that a person who sees the deal looks from."""
    if actor.belongs_to(deal.licensor):
        return Side.LICENSOR
    return Side.LICENSEE if actor.belongs_to(deal.licensee) else Side.PLATFORM


def organisation_of(deal: Deal, side: Side) -> Organisation:
    """The party on a side."""
    return deal.licensor if side is Side.LICENSOR else deal.licensee


def frame_of(actor: Actor) -> str:
    """Companies see the market's frame, universities and the platform their console."""
    kind = actor.organisation.kind if actor.organisation else "company"
    return "base.html" if kind == "company" else "console.html"


def progress_of(deal: Deal, version: TermsVersion) -> list[Progress]:
    """Both parties' acceptances and signatures of a version."""
    signed = {row.organisation_id: row.signed_at for row in version.signatures.all()}
    parties = [(side, organisation_of(deal, side)) for side in _PARTIES]
    return [
        Progress(party, accepted_at(version, side), signed.get(party.pk)) for side, party in parties
    ]


def turn_of(deal: Deal) -> Turn:
    """Whose turn it is in a deal that was loaded with `for_turns`."""
    version = on_the_table(deal)
    done: list[Side] = []
    if deal.state == DealState.READY_TO_SIGN and deal.terms is not None:
        signed = {signature.organisation_id for signature in deal.terms.signatures.all()}
        done = [side for side in _PARTIES if organisation_of(deal, side).pk in signed]
    elif version is not None:
        done = [side for side in _PARTIES if accepted_at(version, side) is not None]
    sides = waiting_for(deal.state, on_the_table=version is not None, done=done)
    since = version.proposed_at if version is not None else deal.state_since
    return Turn(sides, since, version)


def on_the_table(deal: Deal) -> TermsVersion | None:
    """The newest version while it waits for an acceptance; one that was sent back is off it."""
    if deal.state != DealState.IN_TALKS:
        return None
    newest = max(deal.terms_versions.all(), key=lambda row: row.number, default=None)
    return None if newest is None or newest.is_accepted else newest


def accepted_at(version: TermsVersion, side: Side) -> datetime | None:
    """When a side accepted the version."""
    if side is Side.LICENSOR:
        return version.licensor_accepted_at
    return version.licensee_accepted_at


_PARTIES = (Side.LICENSOR, Side.LICENSEE)
