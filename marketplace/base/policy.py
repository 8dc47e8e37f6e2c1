"""Who may call a view: declared on each, checked before it runs, and complete or no start.

A view says `@guarded(PUBLIC)`, `@guarded(SIGNED_IN)` or `@guarded(needs("deal.approve"))`. Which
rows it may touch is the QuerySet's `visible_to`; this is only the door. The access matrix in the
tests is generated from the same declarations.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


class Who(StrEnum):
    """The least that a caller must be."""

    PUBLIC = "public"
    SIGNED_IN = "signed in"
    PERMITTED = "permitted"


class Rate(StrEnum):
    """Whether what it receives by POST counts as a write (marketplace.base.limits)."""

    # Nothing counts: for a form that only calculates, or where the view counts by itself.
    READ = "read"
    WRITE = "write"
    # Writes that touch nothing but the writer's own rehearsal count apart from all others.
    REHEARSAL = "rehearsal"


class Caller(Protocol):
    """What the door asks of the actor that accounts puts on every request."""

    @property
    def is_signed_in(self) -> bool: ...

    def may(self, permission: str) -> bool: ...


@dataclass(frozen=True)
class Policy:
    """One view's declaration."""

    who: Who
    permissions: tuple[str, ...] = ()
    rate: Rate = Rate.WRITE

    def admits(self, caller: Caller) -> bool:
        """Whether the caller passes the door; any one of the permissions is enough."""
        if self.who is Who.PUBLIC:
            return True
        if self.who is Who.SIGNED_IN:
            return caller.is_signed_in
        return any(caller.may(permission) for permission in self.permissions)


PUBLIC = Policy(Who.PUBLIC)
SIGNED_IN = Policy(Who.SIGNED_IN)


def needs(*permissions: str, rate: Rate = Rate.WRITE) -> Policy:
    """Signed in, with at least one of these permissions in the active membership."""
    return Policy(Who.PERMITTED, permissions, rate)


def declare(view: View, declared: Policy) -> View:
    """Attach the declaration to a view function or class."""
    view.policy = declared  # type: ignore[attr-defined]
    return view


def declared_on(view: Callable[..., Any]) -> Policy | None:
    """The declaration of a URL's callback, found on the function or on its class."""
    for candidate in (view, getattr(view, "view_class", None), getattr(view, "cls", None)):
        found = getattr(candidate, "policy", None)
        if isinstance(found, Policy):
            return found
    return None


# allauth counts attempts by itself, per address and per account.
_SIGN_IN_PAGE = Policy(Who.PUBLIC, rate=Rate.READ)
_OWN_SECURITY_PAGE = Policy(Who.SIGNED_IN, rate=Rate.READ)

# Views of others get theirs here, by the start of their route, the first match counts; an unlisted
# one fails the check, so that an upgrade cannot bring in a page that nobody decided about.
THIRD_PARTY: tuple[tuple[str, Policy], ...] = (
    ("admin/", Policy(Who.PERMITTED, ("platform.administer",))),
    ("accounts/login/", _SIGN_IN_PAGE),
    ("accounts/logout/", _SIGN_IN_PAGE),
    ("accounts/signup/", _SIGN_IN_PAGE),
    ("accounts/inactive/", _SIGN_IN_PAGE),
    ("accounts/confirm-email/", _SIGN_IN_PAGE),
    ("accounts/password/reset/", _SIGN_IN_PAGE),
    ("accounts/password/", _OWN_SECURITY_PAGE),
    ("accounts/email/", _OWN_SECURITY_PAGE),
    ("accounts/reauthenticate/", _OWN_SECURITY_PAGE),
    ("accounts/2fa/authenticate/", _SIGN_IN_PAGE),
    ("accounts/2fa/", _OWN_SECURITY_PAGE),
    ("api/v1/schema/", PUBLIC),
    ("api/v1/docs/", PUBLIC),
    ("static/", PUBLIC),
    ("i18n/", PUBLIC),
)


def policy_of(route: str, view: Callable[..., Any]) -> Policy | None:
    """The view's own declaration, else the table's for its route, else None."""
    return declared_on(view) or policy_of_others(route)


def policy_of_others(route: str) -> Policy | None:
    """The table's policy for a route, written without language prefix and without "^"."""
    return next((found for start, found in THIRD_PARTY if route.startswith(start)), None)
