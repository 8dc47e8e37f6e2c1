"""One rehearsal in two windows: exactly one step. The twins take the lock out."""

from datetime import date
from functools import partial

import pytest

from deals.models import Rehearsal
from deals.services import rehearsals
from deals.services.rehearsals import keeping, playing
from tests.cast import make_cast
from tests.deals import rehearsing
from tests.deals.rehearsing import AT
from tests.races.racing import WON, meet_after, race, without_locks


@pytest.fixture
def cast(committed_db):
    return make_cast()


@pytest.fixture
def row(cast):
    return rehearsing.of_listing(cast)


def steps(row, cast):
    """The same page in several windows: one goes on, one leaves, one moves the date."""
    seen = {"seen": row.revision, "by": cast.finance_c, "at": AT}
    return [
        partial(rehearsals.convert, row, **seen),
        partial(rehearsals.leave, row, last_use=date(2027, 1, 1), **seen),
        partial(rehearsals.move_date, row, to=date(2027, 3, 1), **seen),
    ]


def test_one_of_several_windows_takes_its_step(cast, row):
    outcomes = race(steps(row, cast) * 3)
    assert outcomes == ["rehearsal.moved"] * 8 + [WON]
    assert Rehearsal.objects.get().revision == 2


def test_without_the_lock_two_windows_take_a_step(cast, row, monkeypatch):
    without_locks(monkeypatch)
    meet_after(monkeypatch, "deals.services.rehearsals.playing.play_of", playing.play_of, count=2)
    assert race(steps(row, cast)[:2]) == [WON, WON]


def test_two_copies_at_once_are_counted_in_turn(cast, row, monkeypatch):
    monkeypatch.setattr(keeping, "MOST", 2)
    copy = partial(rehearsals.copy_rehearsal, row, by=cast.finance_c, at=AT)
    assert race([copy] * 4) == ["rehearsal.too_many"] * 3 + [WON]
    assert Rehearsal.objects.count() == 2


def test_a_step_in_a_rehearsal_that_is_thrown_away_is_refused_or_lost(cast, row):
    outcomes = race(
        [
            steps(row, cast)[0],
            partial(rehearsals.delete_rehearsal, row, by=cast.finance_c),
        ]
    )
    assert outcomes in ([WON, WON], ["rehearsal.moved", WON])
    assert not Rehearsal.objects.exists()
