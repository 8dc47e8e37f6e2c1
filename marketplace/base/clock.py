"""The only place that reads the time. Everything else is told."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone

from marketplace.base.models import ClockOffset


def now() -> datetime:
    """The aware instant that the product lives in: the demo's may run ahead of the real one."""
    return timezone.now() + timedelta(days=offset_days())


def today() -> date:
    """The contract day of `now`, in the site's zone."""
    return timezone.localdate(now())


def offset_days() -> int:
    """Days that the demo is ahead; always 0 outside a demo."""
    if not settings.DEMO:
        return 0
    return ClockOffset.objects.values_list("days", flat=True).first() or 0


def advance(*, days: int) -> None:
    """Move the demo's date forward by a positive number of days.

    Raises PermissionError outside a demo: no other installation may have an offset.
    """
    if not settings.DEMO:
        raise PermissionError("Only a demo may move its date.")
    ClockOffset.objects.update_or_create(id=1, defaults={"days": offset_days() + days})
