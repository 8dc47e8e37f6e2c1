"""Public pages that have not changed since a visitor's last look are not drawn again."""

import hashlib
from collections.abc import Callable
from functools import lru_cache, wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language

from listings.models import CatalogueChange
from marketplace.base import clock
from marketplace.base.http import theme_of

View = Callable[..., HttpResponse]
WRITTEN = ("*.py", "*.html", "*.mo", "*.css", "*.svg")
PARTS = ("marketplace", "listings", "deals", "templates", "static")


def unless_unchanged(view: View) -> View:
    """Answer 304 to a visitor who holds this very page: same catalogue, address, language, theme.

    Only for pages made of the catalogue alone. Whoever is signed in, or has a session for another
    reason, always gets a fresh one.
    """

    @wraps(view)
    def look(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        if request.method not in {"GET", "HEAD"} or has_session:
            return view(request, *args, **kwargs)
        etag = _etag(request)
        response = get_conditional_response(request, etag=etag) or view(request, *args, **kwargs)
        if response.status_code == 200:
            response["ETag"] = etag
        response.headers.setdefault("Cache-Control", "no-cache")
        patch_vary_headers(response, ["Cookie", "HX-Request"])
        return response

    return look


def _etag(request: HttpRequest) -> str:
    """The page's state as a weak validator: compression may still change its bytes."""
    state = (
        CatalogueChange.objects.all().version(),
        request.get_full_path(),
        get_language(),
        theme_of(request),
        # A form on the page holds a token that belongs to this cookie.
        request.COOKIES.get(settings.CSRF_COOKIE_NAME, ""),
        request.headers.get("HX-Request", ""),
        request.headers.get("HX-History-Restore-Request", ""),
        clock.today().isoformat(),
        _release(),
    )
    return f'W/"{hashlib.sha256(repr(state).encode()).hexdigest()[:32]}"'


@lru_cache(maxsize=1)
def _release() -> int:
    """When the newest of our own files was written: a new release draws every page anew."""
    files = (
        path
        for part in PARTS
        for kind in WRITTEN
        for path in (settings.BASE_DIR / part).rglob(kind)
    )
    return max(path.stat().st_mtime_ns for path in files)
