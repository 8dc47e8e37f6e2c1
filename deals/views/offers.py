"""What somebody may do with a deal now, and why not: the words beside a missing button."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from deals.models import Deal
from deals.rules.states import Move, Side, moves_from
from deals.services import moves
from marketplace.accounts.actors import Actor
from marketplace.accounts.rules import GRANTS, ROLES_OF, Kind
from marketplace.accounts.words import ROLES
from marketplace.base.errors import RuleError

_KINDS = {
    Side.LICENSOR: Kind.UNIVERSITY,
    Side.LICENSEE: Kind.COMPANY,
    Side.PLATFORM: Kind.PLATFORM,
}


@dataclass(frozen=True)
class Step:
    """One edge of the table for one person: open, or closed with the reason in words."""

    is_open: bool
    words: str = ""


def steps_of(deal: Deal, side: Side, actor: Actor) -> Mapping[str, Step]:
    """Every step that this side can take from the deal's state, by verb."""
    return {
        edge.verb: _step(deal, edge, side, actor)
        for edge in moves_from(deal.state)
        if edge.side is side or (edge.side is Side.PARTY and side is not Side.PLATFORM)
    }


def holders(permission: str, kind: Kind) -> str:
    """The roles of such an organisation that hold a permission, in words."""
    roles = [role for role in ROLES_OF[kind] if permission in GRANTS[role]]
    return _(" or ").join(str(ROLES[role]) for role in roles)


def _step(deal: Deal, edge: Move, side: Side, actor: Actor) -> Step:
    try:
        moves.check(deal, edge.verb, by=actor)
    except RuleError:
        words = _("Only this role can do it: %(roles)s.")
        return Step(False, words % {"roles": holders(edge.permission, _KINDS[side])})
    return Step(True)
