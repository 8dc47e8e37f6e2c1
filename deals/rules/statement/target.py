"""The target: what every period should show by all facts known on a day (S1 to S9)."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from deals.rules import minimum, sales
from deals.rules.caps import CapRun
from deals.rules.facts.model import Contract, Report
from deals.rules.money import DOWN, RATIO_SCALE, Exact
from deals.rules.periods import Period
from deals.rules.royalty import StreamRun
from deals.rules.sales import Portion
from deals.rules.stages import CLAIM, FREE, PAYING, Stage, trigger_day
from deals.rules.statement.figures import Figures, FixedDue, Reached, Reduction
from deals.rules.statement.known import Known
from deals.rules.terms.model import Stacking

Targets = dict[Period, Figures]


class TargetRun:
    """Computes targets of one contract for one day after another, keeping what does not change."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._portions: dict[tuple[object, ...], tuple[Portion, ...]] = {}

    def on(self, day: date) -> tuple[Known, Targets]:
        """Return the facts known by a day and the figures of every period that has any."""
        known = Known(self._contract, day)
        stages = self.stages(known)
        targets = {
            period: Figures(period, known.in_force(period), self._sold(known, period, stages))
            for period in known.periods
        }
        _add_royalty(known, targets)
        _add_fixed(known, targets)
        _add_milestones(known, targets)
        _add_minimum(known, targets, stages)
        _add_caps(known, targets)
        return known, targets

    def stages(self, known: Known) -> dict[int, Stage]:
        """Return for every known version where its free stage ends."""
        stages = {terms.version: known.stage(terms, None) for terms in known.versions}
        for terms in known.versions:
            if terms.trial is not None and terms.trial.limits:
                freely = [self._free(known, period, stages) for period in known.periods]
                triggered = trigger_day(terms.trial.limits, freely)
                if triggered is not None:
                    stages = {**stages, terms.version: known.stage(terms, triggered)}
        return stages

    def _free(
        self, known: Known, period: Period, stages: dict[int, Stage]
    ) -> tuple[Period, Exact, int]:
        found = [
            portion
            for portion in self._added_up(known, known.reports[period], stages)
            if portion.stage == FREE
        ]
        net = sum(portion.net for portion in found)
        return period, net, sum(portion.units for portion in found)

    def _sold(self, known: Known, period: Period, stages: dict[int, Stage]) -> tuple[Portion, ...]:
        found = self._added_up(known, known.reports[period], stages)
        terms = known.in_force(period)
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
        rate_day = min(period.last, known.day)
        key = (id(report), len(known.versions), tuple(stages.values()), rate_day)
        if key not in self._portions:
            self._portions[key] = sales.portions(
                report, known.governing, stages, lambda currency: known.convert(currency, period)
            )
        return self._portions[key]


def _add_royalty(known: Known, targets: Targets) -> None:
    streams: dict[str, set[str]] = {}
    for terms in known.versions:
        for key, stream in terms.streams.items():
            streams.setdefault(key, set()).add(stream.tiers.window)
    claims = any(part.stage == CLAIM for figures in targets.values() for part in figures.portions)
    for key, kinds in streams.items():
        _run(known, targets, (key, kinds), (FREE, PAYING))
        _reduce(targets, key)
        if claims:
            _run(known, targets, (key, kinds), (CLAIM,))


def _run(
    known: Known, targets: Targets, stream: tuple[str, set[str]], stages: tuple[str, ...]
) -> None:
    key, kinds = stream
    run = StreamRun(known.tier_window, sorted(kinds))
    for period, figures in targets.items():
        found = [
            part for part in figures.portions if part.stream.key == key and part.stage in stages
        ]
        if not found:
            continue
        earned = run.period(period, found)
        if CLAIM in stages:
            figures.claims = {**figures.claims, key: earned}
        else:
            figures.earned = {**figures.earned, key: earned}


def _reduce(targets: Targets, key: str) -> None:
    """Stacking: royalties paid to third parties reduce the earned royalty (R6, rounded down)."""
    carried: Exact = 0
    for figures in targets.values():
        stream = figures.terms.streams.get(key)
        if stream is None or stream.stacking is None or key not in figures.earned:
            continue
        paid = sum(
            part.third_party
            for part in figures.portions
            if part.stream.key == key and part.stage == PAYING
        )
        reduction = _reduction(stream.stacking, figures.earned[key].earned, paid, carried)
        figures.stacking = {**figures.stacking, key: reduction}
        carried = reduction.carried


def _reduction(terms: Stacking, earned: int, paid: Exact, brought: Exact) -> Reduction:
    available = Fraction(paid * terms.offset_share) / RATIO_SCALE + brought
    most = Fraction(earned * terms.max_reduction, RATIO_SCALE)
    above_floor = earned - Fraction(earned * terms.floor_share, RATIO_SCALE)
    amount = DOWN.of(max(Fraction(0), min(available, most, above_floor)))
    carried = available - amount if terms.carry_forward else 0
    return Reduction(terms, earned, paid, brought, amount, carried)


def _figures(known: Known, targets: Targets, day: date) -> Figures:
    period = known.contract.plan.holding(day)
    if period not in targets:
        targets[period] = Figures(period, known.in_force(period))
    return targets[period]


def _add_fixed(known: Known, targets: Targets) -> None:
    for terms in known.versions:
        for item in terms.fixed:
            day = item.day or known.event_day(item.event or "")
            if day is None or day > known.day or known.in_force_on(day) is not terms:
                continue
            _figures(known, targets, day).fixed.append(FixedDue(item, day))


def _add_milestones(known: Known, targets: Targets) -> None:
    reached: set[str] = set()
    net: Exact = 0
    for period in known.periods:
        figures = targets[period]
        net += figures.net
        for milestone in figures.terms.milestones:
            if milestone.net is not None and net >= milestone.net and milestone.key not in reached:
                reached.add(milestone.key)
                figures.milestones.append(Reached(milestone, period.last, net))
    for terms in known.versions:
        for milestone in terms.milestones:
            day = milestone.day
            if day is None or day > known.day or known.in_force_on(day) is not terms:
                continue
            _figures(known, targets, day).milestones.append(Reached(milestone, day, None))


def _add_minimum(known: Known, targets: Targets, stages: dict[int, Stage]) -> None:
    if all(terms.minimum is None for terms in known.versions):
        return
    start = known.contract.start
    course = minimum.Course(
        first_paying=lambda terms: stages[terms.version].first_paying(start),
        terminated_on=known.event_day("termination"),
        suspended=known.spans("suspension"),
    )
    found = minimum.windows(known.contract.plan, known.in_force, known.day)
    closed = [
        window
        for window in found
        if minimum.closing_day(window, known.first_accepted.get(window.last_period)) <= known.day
    ]
    closings = minimum.close(closed, course, lambda window: _earned_in(targets, window))
    for closing in closings:
        if closing.top_up or closing.recouped or closing.window.last_period in targets:
            _figures(known, targets, closing.window.last_period.last).closing = closing
    _carry(targets, closings)


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


def _add_caps(known: Known, targets: Targets) -> None:
    for terms in known.versions:
        stop = terms.long_stop
        if stop is not None and stop.balance == "due" and stop.day <= known.day:
            _figures(known, targets, stop.day)
    run = CapRun(known.window, known.day)
    for period in sorted(targets):
        figures = targets[period]
        figures.capped = run.period(period, figures.terms, figures.components())
