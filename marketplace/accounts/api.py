"""Tokens for the API, and the declared policy as DRF's permission."""

from datetime import datetime, timedelta
from typing import Any

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from marketplace.accounts.actors import Actor
from marketplace.accounts.models import ApiToken, User
from marketplace.base import clock, limits
from marketplace.base.policy import Policy, Rate, declared_on

# A key's last use is written once an hour at most, so that reading stays reading.
USE_IS_NOTED_EVERY = timedelta(hours=1)


def actor_of(request: Request) -> Actor:
    """Who calls: what the middleware or a key put on the request underneath."""
    # DRF's request has no public way to the one it wraps.
    actor: Actor = request._request.actor  # type: ignore[attr-defined]  # noqa: SLF001
    return actor


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Token <key>`; the key acts in the one membership that it was made for."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """The user and token of the header, None without one; raises when it is no good."""
        parts = get_authorization_header(request).split()
        if len(parts) != 2 or parts[0].lower() != b"token":
            return None
        token = _live_token(parts[1], clock.now())
        if token is None:
            raise AuthenticationFailed("This token is unknown, expired or revoked.")
        if request.method not in SAFE_METHODS and not token.may_write:
            raise AuthenticationFailed("This token may only read.")
        user = token.membership.user
        request._request.actor = Actor(user, token.membership)  # type: ignore[attr-defined]  # noqa: SLF001
        return user, token

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return "Token"


def _live_token(key: bytes, at: datetime) -> ApiToken | None:
    token = (
        ApiToken.objects.live(at)
        .with_key(key.decode(errors="replace"))
        .select_related("membership__user", "membership__organisation")
        .first()
    )
    if token and (token.last_used_at is None or at - token.last_used_at > USE_IS_NOTED_EVERY):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=at)
    return token


class DeclaredPolicy(BasePermission):
    """Hold an API view to the policy that it declares."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether the actor passes; a view without a declaration admits nobody.

        Raises Throttled after too many writes.
        """
        declared = declared_on(type(view)) or getattr(view, "policy", None)
        if not isinstance(declared, Policy) or not declared.admits(actor_of(request)):
            return False
        _count_write(request, declared)
        return True


def _count_write(request: Request, declared: Policy) -> None:
    if declared.rate is Rate.READ or not limits.counts_as_write(request.method):
        return
    if not limits.take(request, at=clock.now()):
        raise Throttled(wait=limits.MINUTE)
