"""Whether this process lives, and whether it can serve: asked by proxies and schedulers."""

from django.conf import settings
from django.core import checks
from django.db import DEFAULT_DB_ALIAS, DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from redis import Redis, RedisError

from marketplace.base.http import guarded
from marketplace.base.policy import PUBLIC


@never_cache
@guarded(PUBLIC)
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; it says nothing of anybody else."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@guarded(PUBLIC)
def readyz(request: HttpRequest) -> HttpResponse:
    """PostgreSQL must work; without Redis pages and reports still do, and computing waits."""
    database = database_state()
    state = {"database": database, "redis": redis_state()}
    if database == "ok":
        return JsonResponse(state)
    return JsonResponse(state, status=503, headers={"Retry-After": "10"})


def database_state() -> str:
    """`ok`, `away`, or `unfit` when a check of the database finds an error."""
    try:
        found = checks.run_checks(tags=[checks.Tags.database], databases=[DEFAULT_DB_ALIAS])
    except DatabaseError:
        return "away"
    return "unfit" if any(message.is_serious() for message in found) else "ok"


def redis_state() -> str:
    """`ok`, or `degraded` when it does not answer within a second."""
    try:
        with Redis.from_url(
            settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1
        ) as client:
            client.ping()
    except RedisError:
        return "degraded"
    return "ok"
