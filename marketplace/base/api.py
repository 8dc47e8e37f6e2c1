"""What every write of the API has: an idempotency key that answers a repeated call the same."""

import hashlib
from abc import ABC, abstractmethod
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.base import clock
from marketplace.base.errors import RuleError
from marketplace.base.models import IdempotencyKey

HEADER = "Idempotency-Key"
LONGEST_KEY = 100


class WriteView(APIView, ABC):
    """A POST whose effect and remembered answer commit together.

    With an `Idempotency-Key` header the first call works and every later one with the same body
    gets its answer again; another body under the same key is 422. A refused call is not
    remembered, so it may be repeated. Without the header each call works.
    """

    def initial(self, request: Request, *arguments: Any, **named: Any) -> None:
        """Answer in the caller's language; the address of an API names none."""
        language = translation.get_language_from_request(request)
        translation.activate(language)
        super().initial(request, *arguments, **named)

    def post(self, request: Request, **arguments: str) -> Response:
        # Without a docstring of its own each operation is described by its class.
        at = clock.now()
        key = request.headers.get(HEADER, "")
        if not key:
            return self.work(request, at, **arguments)
        if len(key) > LONGEST_KEY:
            raise RuleError("idempotency.too_long", where=HEADER)
        with transaction.atomic():
            return self._once(request, key, at, **arguments)

    @abstractmethod
    def work(self, request: Request, at: datetime, **arguments: str) -> Response:
        """The effect; subclasses call one service here."""

    def _once(self, request: Request, key: str, at: datetime, **arguments: str) -> Response:
        body_hash = hashlib.sha256(request.path.encode() + b"\n" + request.body).hexdigest()
        # The insert waits for a call with the same key that is still at work.
        row, is_new = IdempotencyKey.objects.get_or_create(
            user=_person(request),
            key=key,
            defaults={"body_hash": body_hash, "status": 0, "created_at": at},
        )
        if is_new:
            response = self.work(request, at, **arguments)
            row.status, row.answer = response.status_code, response.data
            row.save(update_fields=["status", "answer"])
            return response
        if row.body_hash != body_hash:
            error: dict[str, Any] = {
                "code": "idempotency.differs",
                "where": HEADER,
                "message": "This idempotency key was used with another body.",
            }
            return Response({"errors": [error]}, status=422)
        return Response(row.answer, status=row.status, headers={"Idempotency-Replayed": "true"})


def _person(request: Request) -> Any:
    """The signed-in user; the policy let nobody else in."""
    return request.user
