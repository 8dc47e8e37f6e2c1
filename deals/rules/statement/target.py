"""The target: what every period should show by all facts known on a day (S1 to S9).

A day mostly adds one period and leaves the earlier ones as they were. So everything is kept, and a
day starts again at the first period that anything new bears on: the work follows what changed.
"""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import NamedTuple

from deals.rules import sales
from deals.rules.caps import CapHistory
from deals.rules.facts.model import Contract, Report
from deals.rules.money import Exact
from deals.rules.periods import Period
from deals.rules.sales import Portion
from deals.rules.stages import FREE, PAYING, Stage, trigger_day
from deals.rules.statement.closings import Closings
from deals.rules.statement.figures import Figures, FixedDue, Reached, Targets
from deals.rules.statement.known import Known
from deals.rules.statement.royalties import Royalties, Royalty
from deals.rules.terms.model import LongStop, Milestone, Terms

FreeSale = tuple[date, Exact, int]
# What falls due on a day of its own, and the lifetime net and milestones up to a period.
Once = tuple[Period, FixedDue | Milestone | LongStop]
Passed = tuple[Exact, frozenset[str]]
EVERYTHING, NOTHING = date.min, date.max


class Mark(NamedTuple):
    """A reported period as it was walked."""

    period: Period
    terms: Terms
    portions: tuple[Portion, ...]
    royalty: Royalty


class TargetRun:
    """Computes targets of one contract for one day after another.

    After a day `targets` are the figures of every period that has any, by time, and `changed` are
    the periods whose figures are new or gone. Figures that a day leaves alone stay the same object.
    """

    def __init__(self, contract: Contract) -> None:
        self.known = Known(contract, date.min)
        self.stages: dict[int, Stage] = {}
        self.targets: Targets = {}
        self.changed: list[Period] = []
        self._contract = contract
        self._portions: dict[tuple[object, ...], tuple[Portion, ...]] = {}
        self._bases: dict[tuple[Stage, ...], int] = {}
        self._has_limits = any(terms.trial and terms.trial.limits for terms in contract.terms)
        self._agreed: dict[int, Stage] = {}
        self._stage_basis: object = None
        self._basis: object = None
        self._marks: list[Mark] = []
        self._due: dict[Period, int] = {}
        self._royalties = Royalties(contract, self.known.tier_window)
        self._once: list[Once] = []
        self._passed: list[Passed] = []
        self._closings = Closings(contract)
        self._caps = CapHistory(contract.terms)

    def on(self, day: date) -> tuple[Known, Targets]:
        """Return the facts known by a day and the figures of every period that has any."""
        known = self.known
        before = known.day
        known.move_to(day)
        since = self._walk(before)
        since = min(since, self._find_once())
        since = min(since, self._closings.move(known, self.stages, since, self._due))
        self.changed = [] if since == NOTHING else self._put_together(since)
        return known, self.targets

    def see(self, day: date) -> None:
        """Move on to a day after the last one that could change a target."""
        self.known.move_to(day)
        self.stages = self._find_stages()

    def _walk(self, before: date) -> date:
        """Walk the sales again from the first period that is new; return since when that is."""
        known = self.known
        self.stages = self._find_stages()
        basis = len(known.versions), tuple(self.stages.values())
        since = EVERYTHING if basis != self._basis else self._first_news(before)
        self._basis = basis
        marks = self._marks
        while marks and marks[-1].period.start >= since:
            marks.pop()
        for period in known.periods[len(marks) :]:
            marks.append(self._mark(period, marks[-1] if marks else None))
            self._due[period] = marks[-1].royalty.due
        return since

    def _first_news(self, before: date) -> date:
        """Return the first day of the first period reported, or rated anew, since a day."""
        since = min((period.start for period in self.known.fresh), default=NOTHING)
        if self._contract.rates:
            for period in reversed(self.known.periods):
                if period.last <= before:
                    break
                since = min(since, period.start)
        return since

    def _mark(self, period: Period, before: Mark | None) -> Mark:
        terms = self.known.in_force(period)
        portions = self._sold(period, terms)
        earlier = before.royalty if before else Royalty()
        return Mark(
            period, terms, portions, self._royalties.after(earlier, period, terms, portions)
        )

    def _find_once(self) -> date:
        """Find what falls due on a day of its own; return since when anything of it is new."""
        found = list(self._dated())
        before, self._once = self._once, found
        if found == before:
            return NOTHING
        return min(period.start for period, _ in (*before, *found))

    def _dated(self) -> Iterator[Once]:
        """Yield what falls due on its own day: fixed items, dated milestones, the long stop."""
        yield from self._fixed()
        known = self.known
        for terms in known.versions:
            for milestone in terms.milestones:
                if milestone.day is not None and milestone.day <= known.day:
                    period = self._period_of(milestone.day)
                    if known.in_force(period) is terms:
                        yield period, milestone
        for terms in known.versions:
            stop = terms.long_stop
            if stop is not None and stop.balance == "due" and stop.day <= known.day:
                yield self._period_of(stop.day), stop

    def _fixed(self) -> Iterator[Once]:
        """Yield every fixed item that is due, once, by the version in force on its day."""
        known = self.known
        found: list[FixedDue] = []
        for terms in known.versions:
            for item in terms.fixed:
                day = item.day or known.event_day(item.event or "")
                if day is not None and day <= known.day and known.in_force_on(day) is terms:
                    found.append(FixedDue(item, day))
        posted: set[str] = set()
        for due in sorted(found, key=lambda due: due.day):
            if due.item.key not in posted:
                posted.add(due.item.key)
                yield self._period_of(due.day), due

    def _period_of(self, day: date) -> Period:
        return self._contract.plan.holding(max(day, self._contract.start))

    def _find_stages(self) -> dict[int, Stage]:
        """Return for every known version where its free stage ends."""
        known = self.known
        basis = len(known.versions), known.event_day("conversion")
        if basis != self._stage_basis:
            self._stage_basis = basis
            self._agreed = {terms.version: known.stage(terms, None) for terms in known.versions}
        if not self._has_limits:
            return self._agreed
        agreed, stages = self._agreed, dict(self._agreed)
        for terms in known.versions:
            if terms.trial is not None and terms.trial.limits:
                by_line = terms.trial.granularity == "line"
                sold = self._free_lines(known, agreed) if by_line else self._free(known, agreed)
                triggered = trigger_day(terms.trial.limits, sold)
                stages[terms.version] = known.stage(terms, triggered)
        return stages

    def _free(self, known: Known, stages: dict[int, Stage]) -> list[FreeSale]:
        """Return the free sales of each period, dated on its last day."""
        found: list[FreeSale] = []
        for period in known.periods:
            added_up = self._added_up(known, known.reports[period], stages)
            free = [portion for portion in added_up if portion.stage == FREE]
            net = sum(portion.net for portion in free)
            found.append((period.last, net, sum(portion.units for portion in free)))
        return found

    def _free_lines(self, known: Known, stages: dict[int, Stage]) -> list[FreeSale]:
        """Return the free sales of each day."""
        days: dict[date, FreeSale] = {}
        for period in known.periods:
            convert = partial(known.convert, period=period)
            report = known.reports[period]
            for day, net, units in sales.free_lines(report, known.governing, stages, convert):
                _, before, counted = days.get(day, (day, 0, 0))
                days[day] = (day, before + net, counted + units)
        return [days[day] for day in sorted(days)]

    def _sold(self, period: Period, terms: Terms) -> tuple[Portion, ...]:
        stages = self.stages
        found = self._added_up(self.known, self.known.reports[period], stages)
        bare = [stream for stream in terms.streams.values() if stream.tiers.flat_on_zero]
        if not bare or period.last <= stages[terms.version].last_free:
            return found
        there = {(part.stream.key, part.terms.version) for part in found if part.stage == PAYING}
        missing = [stream for stream in bare if (stream.key, terms.version) not in there]
        return found + tuple(sales.empty(terms, stream, PAYING) for stream in missing)

    def _added_up(
        self, known: Known, report: Report, stages: dict[int, Stage]
    ) -> tuple[Portion, ...]:
        period = report.period
        convert = partial(known.convert, period=period)
        if not self._has_limits:
            return sales.portions(report, known.governing, stages, convert)
        # The end of the free stage hangs on sales, so the same sums are asked for again and again.
        rate_day = min(period.last, known.day)
        basis = self._bases.setdefault(tuple(stages.values()), len(self._bases))
        key = (id(report), basis, rate_day)
        if key not in self._portions:
            self._portions[key] = sales.portions(report, known.governing, stages, convert)
        return self._portions[key]

    def _put_together(self, since: date) -> list[Period]:
        """Make the figures of all periods from a day on; return those that are new or gone."""
        gone: set[Period] = set()
        while self.targets and next(reversed(self.targets)).start >= since:
            gone.add(self.targets.popitem()[0])
        del self._passed[len(self.targets) :]
        fresh = self._figures_from(since)
        run = self._caps.start(self.known.window, self.known.day, len(self.targets))
        for period in sorted(fresh):
            figures = fresh[period]
            self._passed.append(self._reach_milestones(figures))
            figures.carried = self._closings.carried_after(period)
            figures.capped = run.period(period, figures.terms, figures.components())
            self.targets[period] = figures
        return sorted(gone.union(fresh))

    def _figures_from(self, since: date) -> Targets:
        """Return the figures of all periods from a day on, without milestones and caps."""
        found: Targets = {}
        first = bisect_left(self._marks, since, key=lambda mark: mark.period.start)
        for mark in self._marks[first:]:
            royalty = mark.royalty
            found[mark.period] = Figures(
                mark.period, mark.terms, mark.portions, royalty.earned, royalty.claims,
                royalty.stacking,
            )  # fmt: skip
        once = [(period, due) for period, due in self._once if period.start >= since]
        for period, due in once:
            if isinstance(due, FixedDue):
                self._own(found, period).fixed.append(due)
            elif isinstance(due, Milestone):
                self._own(found, period)
        for closing in self._closings.settled_since(since):
            period = closing.window.last_period
            if closing.top_up or closing.recouped or closing.lapsed or period in found:
                self._own(found, period).closing = closing
        for period, _ in once:
            self._own(found, period)
        return found

    def _own(self, found: Targets, period: Period) -> Figures:
        if period not in found:
            found[period] = Figures(period, self.known.in_force(period))
        return found[period]

    def _reach_milestones(self, figures: Figures) -> Passed:
        """Note every milestone that a period reaches, once, by the version of that period."""
        net, reached = self._passed[-1] if self._passed else (0, frozenset())
        net += figures.net
        for milestone in figures.terms.milestones:
            if milestone.key not in reached:
                found = self._reached(milestone, figures.period, net)
                if found is not None:
                    reached |= {milestone.key}
                    figures.milestones.append(found)
        return net, reached

    def _reached(self, milestone: Milestone, period: Period, net: Exact) -> Reached | None:
        day = milestone.day
        if day is not None:
            holds = self._period_of(day) == period
            return Reached(milestone, day, None) if holds and day <= self.known.day else None
        if milestone.net is None or net < milestone.net or period not in self.known.reports:
            return None
        return Reached(milestone, period.last, net)
