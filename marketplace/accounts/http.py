"""The actor on every request: the signed-in person in his or her active membership."""

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, resolve_url
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from marketplace.accounts.actors import ANONYMOUS, Actor, actor_for
from marketplace.accounts.models import Membership, User
from marketplace.accounts.rules import Kind, needs_second_factor
from marketplace.base import audit, clock
from marketplace.base.http import refusal
from marketplace.base.policy import Who, declared_on, policy_of_others

SESSION_KEY = "membership"


class AccountRequest(HttpRequest):
    """A request as our views see it: with the actor that the middleware puts on it."""

    actor: Actor


class ActorMiddleware:
    """Put the actor on the request, and hold views of others to their policy.

    The actor is loaded when something first asks. Our own views hold their policy by themselves.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: _load(request))  # type: ignore[attr-defined]
        response = self.get_response(request)
        if getattr(request, "is_personal", False):
            # Not no-store: with it a browser forgets, on the way back, what was typed into a form.
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Ask for the second factor where it is missing; refuse on behalf of others' views."""
        own = declared_on(view)
        route = _plain_route(request)
        declared = own or policy_of_others(route)
        if declared is None:
            raise PermissionDenied  # The start-up check names it; until then nobody enters.
        if declared.who is Who.PUBLIC:
            return None
        is_security_page = own is None and route.startswith("accounts/")
        if request.actor.is_locked and not is_security_page:  # type: ignore[attr-defined]
            return redirect("mfa_activate_totp")
        return refusal(request, declared) if own is None else None


def switch_membership(request: AccountRequest, *, public_id: str) -> Membership:
    """Act in another of one's active memberships from now on; 404 for one that is not."""
    own = Membership.objects.of_person(request.actor.person)
    membership = get_object_or_404(own, public_id=public_id)
    act_in(request, membership)
    return membership


def act_in(request: HttpRequest, membership: Membership) -> None:
    """Let the session's next requests act in this membership."""
    request.session[SESSION_KEY] = membership.public_id


def _load(request: HttpRequest) -> Actor:
    user = request.user
    if not isinstance(user, User):
        return ANONYMOUS
    request.is_personal = True  # type: ignore[attr-defined]
    actor = actor_for(user, request.session.get(SESSION_KEY))
    if settings.MFA_REQUIRED and _lacks_second_factor(actor):
        return Actor(user, is_locked=True)
    return actor


def _lacks_second_factor(actor: Actor) -> bool:
    membership = actor.membership
    if membership is None:
        return False
    kind = Kind(membership.organisation.kind)
    return needs_second_factor(kind, membership.roles) and not is_mfa_enabled(membership.user)


def _plain_route(request: HttpRequest) -> str:
    """The route as marketplace.base.checks writes it."""
    route = request.resolver_match.route if request.resolver_match else ""
    return route.removeprefix(f"{translation.get_language()}/").replace("^", "", 1)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Where allauth asks us."""

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The first page after sign-in, in the person's own language."""
        language = request.user.language if isinstance(request.user, User) else ""
        with translation.override(language or translation.get_language()):
            return resolve_url(settings.LOGIN_REDIRECT_URL)

    def post_login(self, request: HttpRequest, user: User, **further: Any) -> HttpResponse:
        """Write the sign-in into the person's history."""
        with transaction.atomic():
            locked = User.objects.select_for_update().get(pk=user.pk)
            audit.record(locked, verb="signed_in", by=locked, at=clock.now())
        answer: HttpResponse = super().post_login(request, user, **further)
        return answer
