"""Who acts, and for whom: what reads are narrowed by and services check."""

from dataclasses import dataclass
from functools import cached_property

from marketplace.accounts.models import Membership, Organisation, User
from marketplace.accounts.rules import Permission, permissions_of
from marketplace.base.errors import RuleError


@dataclass(frozen=True)
class Actor:
    """Who acts, for whom. Reads are narrowed by it, services check it; the rest never counts."""

    user: User | None = None
    membership: Membership | None = None
    # The membership waits until the person has set up a second factor.
    is_locked: bool = False

    @property
    def is_signed_in(self) -> bool:
        """Whether somebody is behind it."""
        return self.user is not None

    @property
    def person(self) -> User:
        """Who acts; raises RuleError("sign_in.missing") when nobody is signed in."""
        if self.user is None:
            raise RuleError("sign_in.missing")
        return self.user

    @property
    def member(self) -> Membership:
        """The active membership; raises RuleError("role.missing") when it acts for nobody."""
        if self.membership is None:
            raise RuleError("role.missing", permission="membership")
        return self.membership

    @property
    def organisation(self) -> Organisation | None:
        """The organisation that is acted for."""
        return self.membership.organisation if self.membership else None

    @property
    def organisation_id(self) -> int:
        """The key of the organisation that is acted for, 0 (nobody's) without one."""
        return self.membership.organisation_id if self.membership else 0

    @cached_property
    def permissions(self) -> frozenset[Permission]:
        """What the active membership allows."""
        return permissions_of(self.membership.roles) if self.membership else frozenset()

    def may(self, permission: str) -> bool:
        """Whether the active membership allows this."""
        return permission in self.permissions

    def require(self, permission: Permission) -> None:
        """Raise RuleError("role.missing") unless the active membership allows this."""
        if not self.may(permission):
            raise RuleError("role.missing", permission=str(permission))

    def belongs_to(self, organisation: Organisation) -> bool:
        """Whether it acts for this organisation."""
        return self.membership is not None and self.membership.organisation_id == organisation.pk

    @property
    def is_platform(self) -> bool:
        """Whether it acts for the platform."""
        return self.organisation is not None and self.organisation.kind == "platform"


ANONYMOUS = Actor()
MACHINE = Actor()


def actor_for(user: User, membership_public_id: str | None = None) -> Actor:
    """The person in the chosen active membership, else in the oldest, else in none."""
    memberships = list(Membership.objects.of_person(user).select_related("user"))
    chosen = [m for m in memberships if m.public_id == membership_public_id]
    return Actor(user, next(iter(chosen or memberships), None))
