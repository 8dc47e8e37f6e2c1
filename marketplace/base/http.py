"""The edge: middleware, the one table of refusals, and what every page is given."""

import hashlib
import logging
import sys
import uuid
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError, transaction
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.decorators import method_decorator
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response
from rest_framework.views import exception_handler

from marketplace.base import clock, limits, outbox, policy, relay
from marketplace.base.errors import ConflictError, RuleError
from marketplace.base.models import IdempotencyKey
from marketplace.base.words import words_for

logger = logging.getLogger(__name__)
Handler = Callable[[HttpRequest], HttpResponse]
View = TypeVar("View", bound=Callable[..., Any])

THEMES = ("auto", "light", "dark")
LONGEST_FORM_KEY = 80


class RequestIdMiddleware:
    """Give every request an id that its outbox rows, history and logs carry."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = uuid.uuid4().hex
        outbox.begin_request(request_id)
        response = self.get_response(request)
        response["X-Request-Id"] = request_id
        return response


class UnavailableMiddleware:
    """PostgreSQL away is 503 with a time to come back, never a traceback."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer for the view when the database is what failed."""
        if not isinstance(error, (OperationalError, InterfaceError)):
            return None
        logger.error("database away", exc_info=error)
        return unavailable()


def unavailable() -> HttpResponse:
    """503, drawn without the request: the frame of a page would ask the database again."""
    page = render_to_string("503.html", {"reference": outbox.current_request_id()})
    return HttpResponse(page, status=503, headers={"Retry-After": "10"})


def server_error(request: HttpRequest) -> HttpResponse:
    """The last word on what no view caught, middleware included."""
    if isinstance(sys.exception(), (OperationalError, InterfaceError)):
        return unavailable()
    reference = f"E-{outbox.current_request_id()[:8].upper()}"
    page = render_to_string("500.html", {"reference": reference})
    return HttpResponse(page, status=500)


class RuleErrorMiddleware:
    """A refusal that no form caught becomes a page with its reason: 400, or 409 for a conflict."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a RuleError with its words."""
        if not isinstance(error, RuleError):
            return None
        return render(request, "refused.html", {"words": words_for(error)}, status=status_of(error))


class RelayMiddleware:
    """After a request that recorded work, publish it at once instead of at the next beat."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if outbox.was_recorded():
            relay.nudge(at=clock.now())
        return response


def status_of(error: RuleError) -> int:
    """403 without the role, 409 when the state moved on, else 400."""
    if error.code in {"role.missing", "rehearsal.not_owner"}:
        return 403
    return 409 if isinstance(error, ConflictError) else 400


def show_refusal(form: BaseForm, error: RuleError) -> None:
    """Put a refusal's words beside the field that it is about, else above the whole form."""
    form.add_error(error.where if error.where in form.fields else None, words_for(error))


def refusal(request: HttpRequest, declared: policy.Policy) -> HttpResponse | None:
    """What a caller gets instead of the view: sign-in, or 429 after too many writes; else None.

    Raises PermissionDenied for a signed-in caller whom the policy does not admit.
    """
    actor = request.actor  # type: ignore[attr-defined]
    if not declared.admits(actor):
        if not actor.is_signed_in:
            return redirect_to_login(request.get_full_path())
        raise PermissionDenied
    if declared.rate is policy.Rate.READ or not limits.counts_as_write(request.method):
        return None
    return None if limits.take(request, at=clock.now(), kind=declared.rate) else _too_many(request)


def _too_many(request: HttpRequest) -> HttpResponse:
    response = render(request, "429.html", status=429)
    response["Retry-After"] = str(limits.MINUTE)
    return response


def _form_key(request: HttpRequest) -> str:
    """The key that was made when the form was shown, "" without one or without a person."""
    is_signed_in = request.actor.is_signed_in  # type: ignore[attr-defined]
    key = request.POST.get("form_key", "") if request.method == "POST" and is_signed_in else ""
    return key if len(key) <= LONGEST_FORM_KEY else ""


def _once(request: HttpRequest, key: str, work: Callable[[], HttpResponse]) -> HttpResponse:
    """Do what a form asks for once: sent again, it leads where the first one led.

    Only an answer that leads on (a redirect) is an effect; a form that is shown again may be sent
    again under the same key. The key commits with the effect, so a second sender waits for it.
    """
    path = hashlib.sha256(request.path.encode()).hexdigest()
    with transaction.atomic():
        row, is_new = IdempotencyKey.objects.get_or_create(
            user=request.actor.user,  # type: ignore[attr-defined]
            key=f"form:{key}",
            defaults={"body_hash": path, "status": 0, "created_at": clock.now()},
        )
        if not is_new and row.body_hash == path and row.answer:
            return HttpResponseRedirect(row.answer)
        answer = work()
        if is_new and 300 <= answer.status_code < 400:
            row.status, row.answer = answer.status_code, answer["Location"]
            row.save(update_fields=["status", "answer"])
        elif is_new:
            row.delete()
    return answer


def guarded(declared: policy.Policy) -> Callable[[View], View]:
    """Declare a view's policy and hold it: sign-in for strangers, 403 for the others."""

    def wrap(view: View) -> View:
        def run(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            key = _form_key(request) if declared.rate is policy.Rate.WRITE else ""
            refused = refusal(request, declared)
            if refused is not None or not key:
                return refused or view(request, *args, **kwargs)
            return _once(request, key, lambda: view(request, *args, **kwargs))

        run.__name__ = getattr(view, "__name__", "view")
        run.__doc__ = view.__doc__
        run.__module__ = view.__module__
        return policy.declare(run, declared)  # type: ignore[return-value]

    return wrap


def guarded_class(declared: policy.Policy) -> Callable[[View], View]:
    """`guarded` for a class-based view."""

    def wrap(view: View) -> View:
        decorated: View = method_decorator(guarded(declared), name="dispatch")(view)
        return policy.declare(decorated, declared)

    return wrap


def theme_of(request: HttpRequest) -> str:
    """The reader's chosen theme, "auto" when none or nonsense."""
    chosen = request.COOKIES.get("theme", "auto")
    return chosen if chosen in THEMES else "auto"


def frame(request: HttpRequest) -> Mapping[str, object]:
    """What the frame of every page is told."""
    return {
        "actor": getattr(request, "actor", None),
        "theme": theme_of(request),
        "is_demo": settings.DEMO,
        "today": clock.today(),
    }


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form whose token is missing or stale."""
    return render(request, "403.html", {"stale_form": True}, status=403)


class Pages(PageNumberPagination):
    """Twenty rows a page, a hundred at most."""

    page_size = 20
    page_size_query_param = "page_size"
    max_page_size = 100


def api_errors(error: Exception, context: Mapping[str, object]) -> Response | None:
    """Every refusal of the API in one shape: {errors: [{code, where, message}]}."""
    if isinstance(error, RuleError):
        body = [{"code": error.code, "where": error.where, "message": words_for(error)}]
        return Response({"errors": body}, status=status_of(error))
    response = exception_handler(error, dict(context))
    if response is None:
        return None
    response.data = {"errors": list(_faults(error))}
    return response


def _faults(error: Exception) -> list[dict[str, str]]:
    if isinstance(error, ValidationError):
        return list(_flattened(error.detail, ""))
    if isinstance(error, APIException):
        return [{"code": error.default_code, "where": "", "message": str(error.detail)}]
    if isinstance(error, Http404):
        return [{"code": "not_found", "where": "", "message": "Not found."}]
    return [{"code": "permission_denied", "where": "", "message": "Not allowed."}]


def _flattened(detail: Any, where: str) -> list[dict[str, str]]:
    if isinstance(detail, Mapping):
        return [
            fault
            for key, value in detail.items()
            for fault in _flattened(value, f"{where}.{key}" if where else str(key))
        ]
    if isinstance(detail, list):
        return [fault for value in detail for fault in _flattened(value, where)]
    return [{"code": getattr(detail, "code", "invalid"), "where": where, "message": str(detail)}]
