"""What a request must be before anything reads it: text that Python and PostgreSQL can hold."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.http.request import QueryDict
from django.utils.http import parse_header_parameters
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

NUL = "\0"
Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def only_utf_8(application: Application) -> Application:
    """The application behind a door that answers 400 to every other charset.

    Python knows more charsets than text has (zlib, base64), and Django, told one of them, fails
    while it makes its request: before any middleware could answer.
    """

    def serve(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if _is_utf_8(environ.get("CONTENT_TYPE", "")):
            return application(environ, start_response)
        start_response("400 Bad Request", [("Content-Type", "text/plain")])
        return [b"Only UTF-8 is read here.\n"]

    return serve


def _is_utf_8(content_type: str) -> bool:
    try:
        _kind, parameters = parse_header_parameters(content_type)
    except ValueError:
        return False
    return parameters.get("charset", "utf-8").lower() in ("utf-8", "utf8")


class LegibleMiddleware:
    """400 for NUL characters, which PostgreSQL cannot hold.

    Forms refuse them by themselves; query strings, keys and cookies reach queries without a form.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> None:
        """Look at what was sent, once the check of the form's token has read it."""
        sent = [*_values(request.GET), *_values(request.POST), *request.COOKIES.values()]
        if any(NUL in value for value in sent):
            raise BadRequest("A NUL character was sent.")


def _values(query: QueryDict) -> Iterable[str]:
    return (value for _name, values in query.lists() for value in values)


class LegibleJsonParser(JSONParser):
    """JSON of limited depth, without characters that cannot be stored or sent back."""

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The value; raises ParseError for what is too deep or no text."""
        try:
            found = super().parse(stream, media_type, parser_context)
            written = json.dumps(found, ensure_ascii=False)
            written.encode()
        except RecursionError as error:
            raise ParseError("The body is nested too deeply.") from error
        except UnicodeEncodeError as error:
            raise ParseError("A character stands for half of another.") from error
        if r"\u0000" in written.replace(r"\\", ""):
            raise ParseError("A NUL character was sent.")
        return found
