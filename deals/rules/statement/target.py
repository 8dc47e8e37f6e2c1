"""The target: what every period should show by all facts known on a day (S1 to S9)."""

from collections.abc import Iterable
from datetime import date
from functools import partial

from deals.rules import minimum, sales
from deals.rules.caps import CapHistory
from deals.rules.facts.model import Contract, Report
from deals.rules.money import Exact
from deals.rules.periods import Period
from deals.rules.sales import Portion
from deals.rules.stages import FREE, PAYING, Stage, trigger_day
from deals.rules.statement.figures import Figures, FixedDue, Reached, Targets
from deals.rules.statement.known import Known
from deals.rules.statement.royalties import Royalties
from deals.rules.terms.model import Milestone

FreeSale = tuple[date, Exact, int]


class TargetRun:
    """Computes targets of one contract for one day after another, keeping what does not change."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._portions: dict[tuple[object, ...], tuple[Portion, ...]] = {}
        self._bases: dict[tuple[Stage, ...], int] = {}
        self._windows: dict[int, list[minimum.Window]] = {}
        self._royalties = Royalties(contract)
        self._caps = CapHistory(contract.terms)

    def on(self, day: date) -> tuple[Known, Targets]:
        """Return the facts known by a day and the figures of every period that has any."""
        known = Known(self._contract, day)
        stages = self.stages(known)
        targets = {
            period: Figures(period, known.in_force(period), self._sold(known, period, stages))
            for period in known.periods
        }
        self._royalties.add(known, targets, stages)
        _add_fixed(known, targets)
        _add_milestones(known, targets)
        self._add_minimum(known, targets, stages)
        self._add_caps(known, targets)
        return known, targets

    def _add_caps(self, known: Known, targets: Targets) -> None:
        for terms in known.versions:
            stop = terms.long_stop
            if stop is not None and stop.balance == "due" and stop.day <= known.day:
                _figures(known, targets, stop.day)
        run = self._caps.start(known.window, known.day)
        for period in sorted(targets):
            figures = targets[period]
            figures.capped = run.period(period, figures.terms, figures.components())

    def _add_minimum(self, known: Known, targets: Targets, stages: dict[int, Stage]) -> None:
        if all(terms.minimum is None for terms in known.versions):
            return
        start = known.contract.start
        course = minimum.Course(
            plan=known.contract.plan,
            first_paying=lambda terms: stages[terms.version].first_paying(start),
            terminated_on=known.event_day("termination"),
            suspended=known.spans("suspension"),
        )
        closed = self._closed(known)
        closings = minimum.close(closed, course, lambda window: _earned_in(targets, window))
        for closing in closings:
            moved = closing.top_up or closing.recouped or closing.lapsed
            if moved or closing.window.last_period in targets:
                _figures(known, targets, closing.window.last_period.last).closing = closing
        _carry(targets, closings)

    def _closed(self, known: Known) -> list[minimum.Window]:
        """Return the windows closed by a day; which windows there are hangs on the versions."""
        count = len(known.versions)
        if count not in self._windows:
            until = max(
                [self._contract.as_of, *(one.period.last for one in self._contract.reports)]
            )
            found = minimum.windows(known.contract.plan, known.in_force, until)
            self._windows[count] = list(found)
        accepted = known.first_accepted
        return [
            window
            for window in self._windows[count]
            if minimum.closing_day(window, accepted.get(window.last_period)) <= known.day
        ]

    def stages(self, known: Known) -> dict[int, Stage]:
        """Return for every known version where its free stage ends."""
        agreed = {terms.version: known.stage(terms, None) for terms in known.versions}
        stages = dict(agreed)
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

    def _sold(self, known: Known, period: Period, stages: dict[int, Stage]) -> tuple[Portion, ...]:
        found = self._added_up(known, known.reports[period], stages)
        terms = known.in_force(period)
        bare = [stream for stream in terms.streams.values() if stream.tiers.flat_on_zero]
        if not bare or period.last <= stages[terms.version].last_free:
            return found
        there = {(part.stream.key, part.terms.version) for part in found if part.stage == PAYING}
        missing = [stream for stream in bare if (stream.key, terms.version) not in there]
        key = (id(found), terms.version)
        if key not in self._portions:
            more = tuple(sales.empty(terms, stream, PAYING) for stream in missing)
            self._portions[key] = found + more
        return self._portions[key]

    def _added_up(
        self, known: Known, report: Report, stages: dict[int, Stage]
    ) -> tuple[Portion, ...]:
        period = report.period
        rate_day = min(period.last, known.day)
        basis = self._bases.setdefault(tuple(stages.values()), len(self._bases))
        key = (id(report), basis, rate_day)
        if key not in self._portions:
            self._portions[key] = sales.portions(
                report, known.governing, stages, partial(known.convert, period=period)
            )
        return self._portions[key]


def _figures(known: Known, targets: Targets, day: date) -> Figures:
    period = known.contract.plan.holding(max(day, known.contract.start))
    if period not in targets:
        targets[period] = Figures(period, known.in_force(period))
    return targets[period]


def _add_fixed(known: Known, targets: Targets) -> None:
    """Note every fixed item that is due, once, by the version in force on its day."""
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
            _figures(known, targets, due.day).fixed.append(due)


def _add_milestones(known: Known, targets: Targets) -> None:
    """Note every milestone that is reached, once, by the version of the period that reaches it."""
    _open_dated(known, targets)
    reached: set[str] = set()
    net: Exact = 0
    for period in sorted(targets):
        figures = targets[period]
        net += figures.net
        for milestone in figures.terms.milestones:
            if milestone.key not in reached:
                found = _reached(known, milestone, period, net)
                if found is not None:
                    reached.add(milestone.key)
                    figures.milestones.append(found)


def _open_dated(known: Known, targets: Targets) -> None:
    """Make sure that the period of a milestone with a date has figures."""
    for terms in known.versions:
        for milestone in terms.milestones:
            day = milestone.day
            if day is not None and day <= known.day:
                period = known.contract.plan.holding(max(day, known.contract.start))
                if known.in_force(period) is terms:
                    _figures(known, targets, day)


def _reached(known: Known, milestone: Milestone, period: Period, net: Exact) -> Reached | None:
    day = milestone.day
    if day is not None:
        holds = known.contract.plan.holding(max(day, known.contract.start)) == period
        return Reached(milestone, day, None) if holds and day <= known.day else None
    if milestone.net is None or net < milestone.net or period not in known.reports:
        return None
    return Reached(milestone, period.last, net)


def _earned_in(targets: Targets, window: minimum.Window) -> int:
    found = [targets[period] for period in window.periods if period in targets]
    return sum(figures.earned_total - figures.stacking_total for figures in found)


def _carry(targets: Targets, closings: Iterable[minimum.Closing]) -> None:
    """Note on every statement which shortfall is still open after it."""
    by_period = {closing.window.last_period: closing for closing in closings}
    carried = 0
    for period in sorted({*targets, *by_period}):
        if period in by_period:
            carried = by_period[period].carried
        if period in targets:
            targets[period].carried = carried
