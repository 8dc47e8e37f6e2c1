"""The actor on every request: the signed-in person in his or her active membership."""

from collections.abc import Callable

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from marketplace.accounts.actors import ANONYMOUS, Actor, actor_for
from marketplace.accounts.models import User

SESSION_KEY = "membership"


class ActorMiddleware:
    """Put the actor on the request, loaded when something first asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: _load(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def _load(request: HttpRequest) -> Actor:
    user = request.user
    if not isinstance(user, User):
        return ANONYMOUS
    return actor_for(user, request.session.get(SESSION_KEY))


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Where allauth asks us."""
