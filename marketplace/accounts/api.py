"""Tokens for the API, and the declared policy as DRF's permission."""

from datetime import datetime
from hashlib import sha256
from typing import Any

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from marketplace.accounts.actors import Actor
from marketplace.accounts.models import ApiToken, User
from marketplace.base import clock
from marketplace.base.policy import declared_on


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
    return (
        ApiToken.objects.filter(
            token_hash=sha256(key).hexdigest(),
            revoked_at=None,
            expires_at__gt=at,
            membership__is_active=True,
            membership__user__is_active=True,
        )
        .select_related("membership__user", "membership__organisation")
        .first()
    )


class DeclaredPolicy(BasePermission):
    """Hold an API view to the policy that it declares."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether the actor passes; a view without a declaration admits nobody."""
        declared = declared_on(type(view)) or getattr(view, "policy", None)
        actor: Actor = request._request.actor  # type: ignore[attr-defined]  # noqa: SLF001
        return declared is not None and declared.admits(actor)
