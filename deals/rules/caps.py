"""Caps: what the windows of a contract let through, and the balance due at the long stop (S9)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from deals.rules.periods import Period
from deals.rules.terms.model import Terms

NumberOf = Callable[[str, Period, Terms], int]
Offered = dict[str, tuple[int, int, int]]
ORDER = ("period", "contract_year", "calendar_year", "lifetime")


class Clip(NamedTuple):
    """What one cap took off a period; negative when room came back.

    `over` is what it had cut before in its window.
    """

    name: str
    cap: int
    counted_before: int
    offered: int
    clipped: int
    over: int


@dataclass(frozen=True, slots=True)
class Capped:
    """A period after its caps: what is owed, what was clipped, and what the price has left.

    `counted` is what the caps let through of the components they count, `room` what they would have
    let through at most.
    """

    accrued: int
    long_stop: int
    clips: tuple[Clip, ...]
    cap_left: int | None
    counted: int
    room: int | None = None

    @property
    def clipped(self) -> int:
        """What all caps took off together."""
        return sum([clip.clipped for clip in self.clips])


class CapHistory:
    """Keeps the state after each period, so that a new day starts at the first difference."""

    def __init__(self, versions: Sequence[Terms]) -> None:
        limited = {name for terms in versions if terms.caps for name in terms.caps.limits}
        self._names = tuple([name for name in ORDER if name in limited])
        self._entries: list[tuple[tuple[object, ...], Capped, Offered]] = []

    def start(self, number_of: NumberOf, as_of: date, kept: int = 0) -> "CapRun":
        """Walk the periods again for another day; the first `kept` ones stay as they are."""
        return CapRun(number_of, as_of, self._names, self._entries, kept)


class CapRun:
    """Walks the periods of a contract in order and keeps what each cap has counted."""

    def __init__(
        self,
        number_of: NumberOf,
        as_of: date,
        names: Sequence[str] = ORDER,
        history: list[tuple[tuple[object, ...], Capped, Offered]] | None = None,
        kept: int = 0,
    ) -> None:
        """Take how windows are numbered, the day, the caps that occur, and what was walked."""
        self._number_of = number_of
        self._as_of = as_of
        self._names = names
        self._history = history if history is not None else []
        self._position = kept
        self._offered: Offered = self._history[kept - 1][2] if kept else {}

    def period(self, period: Period, terms: Terms, components: Mapping[str, int]) -> Capped:
        """Apply the caps in force to a period's components (earned, minimum, milestone, fixed).

        Each cap sees what the one before it let through; components outside `includes` pass whole.
        """
        key = (period, terms.version, tuple(components.values()), self._is_stopped(period, terms))
        if self._position < len(self._history):
            known, capped, offered = self._history[self._position]
            if known == key:
                self._position += 1
                self._offered = offered
                return capped
            del self._history[self._position :]
        self._offered = dict(self._offered)
        capped = self._apply(period, terms, components)
        self._history.append((key, capped, self._offered))
        self._position += 1
        return capped

    def _apply(self, period: Period, terms: Terms, components: Mapping[str, int]) -> Capped:
        caps = terms.caps
        includes = caps.includes if caps else components
        passing = sum([amount for name, amount in components.items() if name in includes])
        free = sum(components.values()) - passing
        clips: list[Clip] = []
        rooms: list[int] = []
        for name in self._names:
            limit = caps.limits.get(name) if caps else None
            let = self._let_through(name, limit, (self._number_of(name, period, terms), passing))
            if limit is not None:
                _, total, through = self._offered[name]
                before = through - let
                over = total - passing - before
                clips.append(Clip(name, limit, before, passing, passing - let, over))
                rooms.append(max(0, limit - before))
            passing = let
        balance = self._long_stop(period, terms)
        lifetime = caps.limits.get("lifetime") if caps else None
        left = None if lifetime is None else max(0, lifetime - self._offered["lifetime"][2])
        room = min(rooms, default=None)
        return Capped(passing + free + balance, balance, tuple(clips), left, passing, room)

    def _let_through(self, name: str, limit: int | None, entering: tuple[int, int]) -> int:
        number, offered = entering
        key, total, through = self._offered.get(name, (number, 0, 0))
        if key != number:
            total, through = 0, 0
        total += offered
        allowed = total if limit is None else min(limit, total)
        self._offered[name] = (number, total, allowed)
        return allowed - through

    def _is_stopped(self, period: Period, terms: Terms) -> bool:
        stop = terms.long_stop
        if stop is None or stop.balance != "due":
            return False
        return stop.day <= self._as_of and period.holds(stop.day)

    def _long_stop(self, period: Period, terms: Terms) -> int:
        """Return what is left of the price when the period holds the long stop."""
        lifetime = terms.caps.limits.get("lifetime") if terms.caps else None
        if lifetime is None or not self._is_stopped(period, terms):
            return 0
        number, total, through = self._offered["lifetime"]
        balance = max(0, lifetime - through)
        self._offered["lifetime"] = (number, total + balance, through + balance)
        return balance
