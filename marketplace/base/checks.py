"""The site does not start with a view that nobody decided who may call."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.core import checks
from django.urls import URLPattern, URLResolver, get_resolver

from marketplace.base.policy import policy_of


def routes(
    patterns: Sequence[Any] | None = None, prefix: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """Every route of the URLconf with its pattern; language prefixes are left out."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            inner = prefix + _text(pattern)
            yield from routes(pattern.url_patterns, inner)
        else:
            yield prefix + _text(pattern), pattern


def _text(pattern: URLPattern | URLResolver) -> str:
    if pattern.pattern.__class__.__name__ == "LocalePrefixPattern":
        return ""
    return str(pattern.pattern).lstrip("^")


@checks.register(checks.Tags.security)
def every_view_has_a_policy(**_: object) -> list[checks.CheckMessage]:
    """An error for each route without a declared policy."""
    return [
        checks.Error(f"The view of {route!r} declares no policy.", id="base.E001")
        for route, pattern in routes()
        if policy_of(route, pattern.callback) is None
    ]
