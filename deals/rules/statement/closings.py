"""The windows of minimum royalties that have closed, from one day to the next (S8)."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import zip_longest

from deals.rules import minimum
from deals.rules.facts.model import Contract
from deals.rules.periods import Period
from deals.rules.stages import StageMap
from deals.rules.statement.known import Known

NOTHING = date.max


class Closings:
    """Closes windows as days pass; after a move everything that closed so far can be read."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._has_minimum = any(terms.minimum is not None for terms in contract.terms)
        self._versions = 0
        self._open: list[minimum.Window] = []
        self._closed: list[minimum.Window] = []
        self._basis: object = None
        self._found: list[minimum.Closing] = []
        self._settled: list[minimum.Settled] = []
        self._last_periods: list[Period] = []

    def move(self, known: Known, stages: StageMap, since: date, due: Mapping[Period, int]) -> date:
        """Settle what has closed; return the first day of the first period whose closing is new.

        `since` is the first day of the first period whose sales are new, `due` what each reported
        period earned less stacking, in minor units.
        """
        if not self._has_minimum:
            return NOTHING
        self._close(known)
        basis = len(self._closed), len(known.events)
        if basis == self._basis and since > self._last_start():
            return NOTHING
        self._basis = basis
        start = self._contract.start
        course = minimum.Course(
            plan=self._contract.plan,
            first_paying=lambda terms: stages[terms.version].first_paying(start),
            terminated_on=known.event_day("termination"),
            suspended=known.spans("suspension"),
        )
        before = self._found
        self._found = minimum.close(
            self._closed,
            course,
            lambda window: sum([due.get(period, 0) for period in window.periods]),
            self._settled,
        )
        self._last_periods = [closing.window.last_period for closing in self._found]
        return _first_difference(before, self._found)

    def carried_after(self, period: Period) -> int:
        """Return the shortfall that is still open after a period, in minor units."""
        count = bisect_right(self._last_periods, period)
        return self._found[count - 1].carried if count else 0

    def settled_since(self, since: date) -> Sequence[minimum.Closing]:
        """Return the closings on the statements of periods that start on a day or later."""
        first = bisect_left(self._last_periods, since, key=lambda period: period.start)
        return self._found[first:]

    def _last_start(self) -> date:
        return self._closed[-1].last_period.start if self._closed else date.min

    def _close(self, known: Known) -> None:
        """Move windows that closed from the open ones; which there are hangs on the versions."""
        if len(known.versions) != self._versions:
            self._versions = len(known.versions)
            self._open, self._closed = self._windows(known), []
        accepted = known.first_accepted
        still_open = [
            window
            for window in self._open
            if minimum.closing_day(window, accepted.get(window.last_period)) > known.day
        ]
        if len(still_open) < len(self._open):
            left = {window.last_period for window in still_open}
            closed = [window for window in self._open if window.last_period not in left]
            self._closed = sorted(
                [*self._closed, *closed], key=lambda window: window.last_period.start
            )
            self._open = still_open

    def _windows(self, known: Known) -> list[minimum.Window]:
        until = max([self._contract.as_of, *(one.period.last for one in self._contract.reports)])
        return list(minimum.windows(self._contract.plan, known.in_force, until))


def _first_difference(before: Sequence[minimum.Closing], after: Sequence[minimum.Closing]) -> date:
    for one, other in zip_longest(before, after):
        if one != other:
            return min(found.window.last_period.start for found in (one, other) if found)
    return NOTHING
