"""Only a demo may move its date."""

from datetime import timedelta

import pytest
from django.utils import timezone

from marketplace.base import clock


def test_outside_a_demo_the_clock_is_the_real_one(db, settings):
    settings.DEMO = False
    assert abs(clock.now() - timezone.now()) < timedelta(seconds=5)


def test_outside_a_demo_nobody_moves_the_date(db, settings):
    settings.DEMO = False
    with pytest.raises(PermissionError):
        clock.advance(days=1)


def test_a_demo_runs_ahead_by_the_days_it_was_moved(db, settings):
    settings.DEMO = True
    clock.advance(days=40)
    clock.advance(days=2)
    assert clock.now() - timezone.now() > timedelta(days=41, hours=23)
