"""The figures of one period as the target has them, before anything is posted."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from deals.rules.caps import Capped
from deals.rules.minimum import Closing
from deals.rules.money import Exact
from deals.rules.periods import Period
from deals.rules.royalty import Earned
from deals.rules.sales import Portion
from deals.rules.terms.model import FixedItem, Milestone, Stacking, Terms

Key = tuple[str, str]


_NO_CAPS = Capped(0, 0, (), None, 0)


@dataclass(frozen=True, slots=True)
class FixedDue:
    """A fixed item that came due on a day."""

    item: FixedItem
    day: date


@dataclass(frozen=True, slots=True)
class Reached:
    """A milestone reached; `net` is the lifetime net on that day, None for one by date."""

    milestone: Milestone
    day: date
    net: Exact | None


@dataclass(frozen=True, slots=True)
class Reduction:
    """How royalties to third parties reduced one stream."""

    terms: Stacking
    earned: int
    paid: Exact
    brought: Exact
    amount: int
    carried: Exact


@dataclass(slots=True)
class Figures:
    """One period of a target. Amounts are minor units; `capped` is set when the caps have run."""

    period: Period
    terms: Terms
    portions: tuple[Portion, ...] = ()
    earned: dict[str, Earned] = field(default_factory=dict)
    claims: dict[str, Earned] = field(default_factory=dict)
    stacking: dict[str, Reduction] = field(default_factory=dict)
    fixed: list[FixedDue] = field(default_factory=list)
    milestones: list[Reached] = field(default_factory=list)
    closing: Closing | None = None
    carried: int = 0
    capped: Capped = _NO_CAPS

    @property
    def earned_total(self) -> int:
        """Earned royalty of all streams, before stacking."""
        return sum([earned.earned for earned in self.earned.values()])

    @property
    def stacking_total(self) -> int:
        """What stacking took off."""
        return sum([reduction.amount for reduction in self.stacking.values()])

    @property
    def fixed_total(self) -> int:
        """Fixed items and the balance at the long stop."""
        return sum([due.item.amount for due in self.fixed]) + self.capped.long_stop

    @property
    def milestone_total(self) -> int:
        """Milestones reached."""
        return sum([reached.milestone.amount for reached in self.milestones])

    @property
    def net(self) -> Exact:
        """Net of all streams and stages, before the policy for negatives."""
        return sum([portion.net for portion in self.portions])

    @property
    def base(self) -> Exact:
        """The base that bore royalty, in money streams."""
        return sum(
            [
                step.base
                for earned in self.earned.values()
                for step in earned.steps
                if not step.portion.stream.counts_units
            ]
        )

    def components(self) -> dict[str, int]:
        """Return what the caps count, by the names the terms use."""
        closing = self.closing
        return {
            "earned": self.earned_total - self.stacking_total,
            "minimum": closing.top_up - closing.recouped if closing else 0,
            "milestone": self.milestone_total,
            "fixed": sum([due.item.amount for due in self.fixed]),
        }

    def parts(self) -> dict[Key, int]:
        """Return everything that adds up to what is accrued, by line code and key."""
        return {key: amount for key, amount in self._parts() if amount}

    def _parts(self) -> Iterator[tuple[Key, int]]:
        for stream, earned in self.earned.items():
            yield ("earned", stream), earned.earned
        for stream, reduction in self.stacking.items():
            yield ("stacking", stream), -reduction.amount
        for due in self.fixed:
            yield ("fixed", due.item.key), due.item.amount
        yield ("fixed.long_stop", ""), self.capped.long_stop
        for reached in self.milestones:
            yield ("milestone", reached.milestone.key), reached.milestone.amount
        if self.closing is not None:
            yield ("minimum.top_up", ""), self.closing.top_up
            yield ("minimum.recouped", ""), -self.closing.recouped
        for clip in self.capped.clips:
            yield (f"cap.{clip.name}", ""), -clip.clipped

    def own_instalments(self) -> dict[str, int]:
        """Return per fixed item with its own due date what the caps leave of it.

        Such items come first under a cap; what they leave belongs to the period's instalment.
        """
        if not self.fixed:
            return {}
        caps = self.terms.caps
        room = self.capped.room if caps and "fixed" in caps.includes else None
        found: dict[str, int] = {}
        for due in sorted(self.fixed, key=lambda due: (due.day, due.item.key)):
            if due.item.due_days is None:
                continue
            left = due.item.amount if room is None else min(due.item.amount, room)
            room = None if room is None else room - left
            found[due.item.key] = left
        return found


Targets = dict[Period, Figures]
