"""How many writes a minute one caller may make. allauth counts sign-in attempts by itself."""

from datetime import datetime
from typing import Any

from allauth.account.adapter import get_adapter
from django.core.cache import cache

WRITES_A_MINUTE = 120
MINUTE = 60


def counts_as_write(method: str | None) -> bool:
    """Whether a request by this method may change something."""
    return method not in ("GET", "HEAD", "OPTIONS")


def take(request: Any, *, at: datetime, kind: str = "write") -> bool:
    """Count one write by the request's person, else by its address; False once there are too many.

    Writes of another `kind` are counted apart, so that playing never uses up what work needs.
    The count lives in the cache in PostgreSQL, per calendar minute. Two requests at one instant may
    count as one: this stops a loop, it is no lock.
    """
    key = f"{kind}:{_caller(request)}:{int(at.timestamp()) // MINUTE}"
    if cache.add(key, 1, timeout=2 * MINUTE):
        return True
    try:
        return cache.incr(key) <= WRITES_A_MINUTE
    except ValueError:
        return True  # It expired between the two.


def _caller(request: Any) -> str:
    if request.user.is_authenticated:
        return f"user-{request.user.pk}"
    return f"address-{get_adapter().get_client_ip(request)}"
