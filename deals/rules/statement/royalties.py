"""Earned royalty and stacking of every stream, from one posting day to the next (S5, S6).

Most days add one period and leave the earlier ones as they were. So the state after each period is
kept, and a walk starts again where the first difference lies.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from deals.rules.facts.model import Contract
from deals.rules.money import DOWN, RATIO_SCALE, Exact
from deals.rules.periods import Period
from deals.rules.royalty import Earned, StreamRun
from deals.rules.sales import Portion
from deals.rules.stages import CLAIM, FREE, PAYING, StageMap
from deals.rules.statement.figures import Figures, Reduction, Targets
from deals.rules.statement.known import Known
from deals.rules.terms.model import Stacking, Terms

CHARGED, CLAIMED = (FREE, PAYING), (CLAIM,)


@dataclass(frozen=True, slots=True)
class Mark:
    """A period that was walked: what went in, what came out, and the state after it."""

    period: Period
    terms: Terms
    portions: tuple[Portion, ...]
    earned: Earned | None
    reduction: Reduction | None
    run: StreamRun
    carried: Exact


class Royalties:
    """Walks the streams of one contract, day after day."""

    def __init__(self, contract: Contract) -> None:
        self._kinds: dict[str, set[str]] = {}
        for terms in contract.terms:
            for key, stream in terms.streams.items():
                self._kinds.setdefault(key, set()).add(stream.tiers.window)
        self._basis: object = None
        self._marks: dict[tuple[str, tuple[str, ...]], list[Mark]] = {}

    def add(self, known: Known, targets: Targets, stages: StageMap) -> None:
        """Set earned royalty, claims and stacking on every period of a target."""
        basis = (len(known.versions), tuple(stages.values()))
        if basis != self._basis:
            self._basis, self._marks = basis, {}
        claims = any(part.stage == CLAIM for one in targets.values() for part in one.portions)
        for key in self._kinds:
            self._walk(known, targets, key, CHARGED)
            if claims:
                self._walk(known, targets, key, CLAIMED)

    def _walk(self, known: Known, targets: Targets, key: str, stages: tuple[str, ...]) -> None:
        marks = self._marks.setdefault((key, stages), [])
        same = _count_same(marks, targets.values())
        del marks[same:]
        fresh = StreamRun(known.tier_window, sorted(self._kinds[key]))
        run = marks[-1].run.copy(known.tier_window) if marks else fresh
        carried = marks[-1].carried if marks else 0
        for figures in list(targets.values())[same:]:
            mark = _step(figures, (key, stages), run, carried)
            marks.append(mark)
            carried = mark.carried
        for mark, figures in zip(marks, targets.values(), strict=True):
            _note(figures, key, stages, mark)


def _count_same(marks: list[Mark], figures: Iterable[Figures]) -> int:
    """Return how many periods from the first are exactly as they were walked before."""
    count = 0
    for mark, one in zip(marks, figures, strict=False):
        same = mark.period == one.period and mark.terms is one.terms
        if not same or mark.portions is not one.portions:
            break
        count += 1
    return count


def _step(
    figures: Figures, stream: tuple[str, tuple[str, ...]], run: StreamRun, carried: Exact
) -> Mark:
    key, stages = stream
    found = [part for part in figures.portions if part.stream.key == key and part.stage in stages]
    earned = run.period(figures.period, found) if found else None
    reduction = None
    agreed = figures.terms.streams.get(key)
    if earned is not None and agreed is not None and agreed.stacking and stages == CHARGED:
        paid = sum(part.third_party for part in found if part.stage == PAYING)
        reduction = _reduction(agreed.stacking, earned.earned, paid, carried)
        carried = reduction.carried
    return Mark(
        figures.period, figures.terms, figures.portions, earned, reduction, run.copy(), carried
    )


def _note(figures: Figures, key: str, stages: tuple[str, ...], mark: Mark) -> None:
    if mark.earned is None:
        return
    if stages == CLAIMED:
        figures.claims[key] = mark.earned
        return
    figures.earned[key] = mark.earned
    if mark.reduction is not None:
        figures.stacking[key] = mark.reduction


def _reduction(terms: Stacking, earned: int, paid: Exact, brought: Exact) -> Reduction:
    """Take royalties paid to third parties off the earned one (R6, rounded down)."""
    available = Fraction(paid * terms.offset_share) / RATIO_SCALE + brought
    most = Fraction(earned * terms.max_reduction, RATIO_SCALE)
    above_floor = earned - Fraction(earned * terms.floor_share, RATIO_SCALE)
    amount = DOWN.of(max(Fraction(0), min(available, most, above_floor)))
    carried = available - amount if terms.carry_forward else 0
    return Reduction(terms, earned, paid, brought, amount, carried)
