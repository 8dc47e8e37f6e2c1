"""Caps: what the windows of a contract let through, and the balance due at the long stop (S9)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from deals.rules.periods import Period
from deals.rules.terms.model import Terms

ORDER = ("period", "contract_year", "calendar_year", "lifetime")


@dataclass(frozen=True, slots=True)
class Clip:
    """What one cap took off a period; negative when room came back."""

    name: str
    cap: int
    counted_before: int
    offered: int
    clipped: int


@dataclass(frozen=True, slots=True)
class Capped:
    """A period after its caps: what is owed, what was clipped, and what the price has left."""

    accrued: int
    long_stop: int
    clips: tuple[Clip, ...]
    cap_left: int | None
    counted: int

    @property
    def clipped(self) -> int:
        """What all caps took off together."""
        return sum(clip.clipped for clip in self.clips)


class CapRun:
    """Walks the periods of a contract in order and keeps what each cap has counted."""

    def __init__(self, number_of: Callable[[str, Period, Terms], int], as_of: date) -> None:
        self._number_of = number_of
        self._as_of = as_of
        self._offered: dict[str, tuple[int, int, int]] = {}
        self.counted = 0

    def period(self, period: Period, terms: Terms, components: Mapping[str, int]) -> Capped:
        """Apply the caps in force to a period's components (earned, minimum, milestone, fixed).

        Each cap sees what the one before it let through; components outside `includes` pass whole.
        """
        caps = terms.caps
        includes = caps.includes if caps else frozenset(components)
        passing = sum(amount for name, amount in components.items() if name in includes)
        free = sum(components.values()) - passing
        clips: list[Clip] = []
        for name in ORDER:
            limit = caps.limits.get(name) if caps else None
            let = self._let_through(name, limit, (self._number_of(name, period, terms), passing))
            if limit is not None:
                before = self._offered[name][2] - let
                clips.append(Clip(name, limit, before, passing, passing - let))
            passing = let
        balance = self._long_stop(period, terms)
        self.counted += passing + balance
        lifetime = caps.limits.get("lifetime") if caps else None
        left = None if lifetime is None else max(0, lifetime - self._offered["lifetime"][2])
        return Capped(passing + free + balance, balance, tuple(clips), left, passing)

    def _let_through(self, name: str, limit: int | None, entering: tuple[int, int]) -> int:
        number, offered = entering
        key, total, through = self._offered.get(name, (number, 0, 0))
        if key != number:
            total, through = 0, 0
        total += offered
        allowed = total if limit is None else min(limit, total)
        self._offered[name] = (number, total, allowed)
        return allowed - through

    def _long_stop(self, period: Period, terms: Terms) -> int:
        stop = terms.long_stop
        if stop is None or stop.balance != "due" or terms.caps is None:
            return 0
        if stop.day > self._as_of or not period.holds(stop.day):
            return 0
        lifetime = terms.caps.limits.get("lifetime")
        if lifetime is None:
            return 0
        number, total, through = self._offered["lifetime"]
        balance = max(0, lifetime - through)
        self._offered["lifetime"] = (number, total + balance, through + balance)
        return balance
