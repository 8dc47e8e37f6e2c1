"""What keeps the site from starting: an undecided view, a database that cannot search Chinese."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.core import checks
from django.db import connections
from django.urls import URLPattern, URLResolver, get_resolver

from marketplace.base.policy import policy_of

CREATE_AS_UTF8 = "Create it with --locale-provider=builtin --locale=C.UTF-8 --encoding=UTF8."


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


@checks.register(checks.Tags.database)
def chinese_has_trigrams(
    databases: Sequence[str] | None = None, **_: object
) -> list[checks.CheckMessage]:
    """An error for each database whose locale makes trigrams of Chinese silently empty."""
    return [
        checks.Error(
            f"Database {alias!r} has no trigrams of Chinese.", CREATE_AS_UTF8, id="base.E002"
        )
        for alias in databases or ()
        if not _has_chinese_trigrams(alias)
    ]


def _has_chinese_trigrams(alias: str) -> bool:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT FROM pg_extension WHERE extname = 'pg_trgm'")
        if cursor.fetchone() is None:
            return True  # Before the first migration there is nothing to ask.
        cursor.execute("SELECT cardinality(show_trgm('先用后付'))")
        row = cursor.fetchone()
    return bool(row and row[0])
