"""Earned royalty and stacking of every stream, period after period (S5, S6).

Each period leaves the state behind that the next one starts from, so that a walk can be taken up
again wherever the first difference lies.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from deals.rules.facts.model import Contract
from deals.rules.money import DOWN, RATIO_SCALE, Exact
from deals.rules.periods import Period
from deals.rules.royalty import Earned, NumberOf, StreamRun
from deals.rules.sales import Portion
from deals.rules.stages import CLAIM, PAYING
from deals.rules.statement.figures import Reduction
from deals.rules.terms.model import Stacking, Terms

# A stream, and whether these are its claimed sales; then its windows and what stacking left over.
StateKey = tuple[str, bool]
State = tuple[StreamRun, Exact]


@dataclass(slots=True)
class Royalty:
    """What one period earned by stream, and the state of every stream after it."""

    earned: dict[str, Earned] = field(default_factory=dict)
    claims: dict[str, Earned] = field(default_factory=dict)
    stacking: dict[str, Reduction] = field(default_factory=dict)
    states: Mapping[StateKey, State] = field(default_factory=dict)

    @property
    def due(self) -> int:
        """Earned royalty less what stacking took off."""
        earned = sum([found.earned for found in self.earned.values()])
        return earned - sum([found.amount for found in self.stacking.values()])


class Royalties:
    """Walks the streams of one contract."""

    def __init__(self, contract: Contract, number_of: NumberOf) -> None:
        self._number_of = number_of
        kinds: dict[str, set[str]] = {}
        for terms in contract.terms:
            for key, stream in terms.streams.items():
                kinds.setdefault(key, set()).add(stream.tiers.window)
        self._kinds = {key: sorted(found) for key, found in kinds.items()}

    def after(
        self, before: Royalty, period: Period, terms: Terms, portions: tuple[Portion, ...]
    ) -> Royalty:
        """Return the royalty of a period that follows another one, with these sales."""
        if not portions:
            return Royalty(states=before.states)
        states = dict(before.states)
        found = Royalty(states=states)
        for key, is_claimed, own in self._by_stream(portions):
            run, carried = states.get((key, is_claimed), (None, 0))
            run = run.copy() if run else StreamRun(self._number_of, self._kinds[key])
            earned = run.period(period, own)
            if is_claimed:
                found.claims[key] = earned
            else:
                found.earned[key] = earned
                reduction = _stack(terms, key, earned, (own, carried))
                if reduction is not None:
                    found.stacking[key] = reduction
                    carried = reduction.carried
            states[key, is_claimed] = run, carried
        return found

    def _by_stream(
        self, portions: tuple[Portion, ...]
    ) -> Iterator[tuple[str, bool, list[Portion]]]:
        for key in self._kinds:
            own = [portion for portion in portions if portion.stream.key == key]
            claimed = [portion for portion in own if portion.stage == CLAIM]
            charged = [portion for portion in own if portion.stage != CLAIM] if claimed else own
            if charged:
                yield key, False, charged
            if claimed:
                yield key, True, claimed


def _stack(
    terms: Terms, key: str, earned: Earned, sold: tuple[list[Portion], Exact]
) -> Reduction | None:
    agreed = terms.streams.get(key)
    if agreed is None or agreed.stacking is None:
        return None
    portions, brought = sold
    paid = sum(portion.third_party for portion in portions if portion.stage == PAYING)
    return _reduction(agreed.stacking, earned.earned, paid, brought)


def _reduction(terms: Stacking, earned: int, paid: Exact, brought: Exact) -> Reduction:
    """Take royalties paid to third parties off the earned one (R6, rounded down)."""
    available = Fraction(paid * terms.offset_share) / RATIO_SCALE + brought
    most = Fraction(earned * terms.max_reduction, RATIO_SCALE)
    above_floor = earned - Fraction(earned * terms.floor_share, RATIO_SCALE)
    amount = DOWN.of(max(Fraction(0), min(available, most, above_floor)))
    carried = available - amount if terms.carry_forward else 0
    return Reduction(terms, earned, paid, brought, amount, carried)
