"""Where the demo's date can go, and what happens on the way."""

from datetime import date, timedelta

from deals.services import runs
from marketplace.base import clock


def in_a_week(today: date) -> date:
    """Seven days on."""
    return today + timedelta(days=7)


def next_month(today: date) -> date:
    """The first day of the next month."""
    return (today.replace(day=1) + timedelta(days=32)).replace(day=1)


def next_quarter(today: date) -> date:
    """The first day of the next calendar quarter, when the last one can be reported."""
    month = (today.month - 1) // 3 * 3 + 4
    return date(today.year + month // 13, (month - 1) % 12 + 1, 1)


def move_to(day: date, *, today: date) -> None:
    """Move the demo's date to `day` and let everything happen that is due by then."""
    clock.advance(days=(day - today).days)
    runs.fire_due(on=clock.today(), at=clock.now())
