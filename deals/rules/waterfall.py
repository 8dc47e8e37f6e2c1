"""Distribution policies: the steps that an owner's money runs through (S16).

Every step acts on what the steps before it left. Every split is by largest remainder, so that what
leaves a waterfall is exactly what entered it; what no step takes is `undistributed`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from deals.rules.money import largest_remainder

UNDISTRIBUTED, INVENTORS = "undistributed", "inventors"


@dataclass(frozen=True, slots=True)
class Band:
    """One row of a banded step: up to a cumulative sum (None is open), the parties' shares."""

    upper: int | None
    shares: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class StepTerms:
    """One step as agreed; which fields count depends on `take`."""

    take: str
    to: str = ""
    share: Fraction = Fraction(0)
    amount: int = 0
    window: str = "lifetime"
    mode: str = "marginal"
    bound: str = "inclusive_upper"
    rows: tuple[Band, ...] = ()
    weights: Mapping[str, Fraction] = field(default_factory=dict)
    excess_to: str = ""


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """The steps that hold for receipts from a day on."""

    effective_from: date
    steps: tuple[StepTerms, ...]


Policy = tuple[PolicyVersion, ...]


def policy_on(policy: Policy, day: date) -> PolicyVersion | None:
    """Return the version for a receipt of a day, None before the first."""
    found = [version for version in policy if version.effective_from <= day]
    return max(found, key=lambda version: version.effective_from, default=None)


@dataclass(frozen=True, slots=True)
class Taken:
    """What one step did: what was left when it began, and by how much each party's part moved."""

    take: str
    left: int
    moved: Mapping[str, int]


@dataclass(slots=True)
class Flow:
    """One owner's money on its way through the steps.

    `recorded` are the costs that are on record, None as long as none is.
    """

    gross: int
    left: int
    recorded: int | None = None
    given: dict[str, int] = field(default_factory=dict)

    def give(self, party: str, amount: int) -> None:
        """Hand an amount of what is left to a party."""
        self.given[party] = self.given.get(party, 0) + amount
        self.left -= amount


class Waterfall:
    """Runs receipts through the steps of one owner and remembers what each window has used."""

    def __init__(self, steps: tuple[StepTerms, ...]) -> None:
        self._steps = steps
        self._used: dict[tuple[int, int], int] = {}
        self._receipts: dict[str, int] = {}
        self.last_use: dict[tuple[int, int], int] = {}
        self.last_steps: tuple[Taken, ...] = ()

    def run(
        self, amount: int, day: date, reference: str, recorded: int | None = None
    ) -> dict[str, int]:
        """Distribute an amount of a receipt of that day; the parts add up to it exactly.

        Minor units. A receipt whose surplus is used later keeps its own windows. `recorded` are
        all costs on record by now: a step for costs recovers no more than them, nor its own limit.
        """
        flow = Flow(amount, amount, recorded)
        before = dict(self._used)
        steps: list[Taken] = []
        for index, step in enumerate(self._steps):
            key = (index, _window(step, day))
            if step.window == "receipt":
                key = (index, self._receipts.setdefault(reference, len(self._receipts)))
            left, given = flow.left, dict(flow.given)
            _TAKES[step.take](self, flow, step, key)
            steps.append(Taken(step.take, left, moved(given, flow.given)))
        if flow.left:
            flow.give(UNDISTRIBUTED, flow.left)
        self.last_steps = tuple(steps)
        self.last_use = {key: used - before.get(key, 0) for key, used in self._used.items()}
        return flow.given

    def undo(self, use: Mapping[tuple[int, int], int]) -> None:
        """Give back what a reversed receipt had used of the windows."""
        for key, used in use.items():
            self._used[key] = self._used.get(key, 0) - used

    def _room(self, step: StepTerms, key: tuple[int, int]) -> int:
        return max(0, step.amount - self._used.get(key, 0))

    def _use(self, key: tuple[int, int], amount: int) -> None:
        self._used[key] = self._used.get(key, 0) + amount

    def take_share(self, flow: Flow, step: StepTerms, key: tuple[int, int]) -> None:
        """Take a share of what is left."""
        flow.give(step.to, _part(flow.left, step.share))

    def take_share_of_gross(self, flow: Flow, step: StepTerms, key: tuple[int, int]) -> None:
        """Take a share of all that entered, as far as something is left."""
        flow.give(step.to, min(flow.left, _part(flow.gross, step.share)))

    def take_sum(self, flow: Flow, step: StepTerms, key: tuple[int, int]) -> None:
        """Take an agreed sum per window."""
        taken = min(flow.left, self._room(step, key))
        self._use(key, taken)
        flow.give(step.to, taken)

    def take_costs(self, flow: Flow, step: StepTerms, key: tuple[int, int]) -> None:
        """Take costs until they are recovered: the limit, or what is on record if that is less."""
        balance = step.amount if flow.recorded is None else min(step.amount, flow.recorded)
        taken = min(flow.left, max(0, balance - self._used.get(key, 0)))
        self._use(key, taken)
        flow.give(step.to, taken)

    def take_bands(self, flow: Flow, step: StepTerms, key: tuple[int, int]) -> None:
        """Share what is left by the band its window has reached; shares below one leave a rest."""
        entering, before = flow.left, self._used.get(key, 0)
        self._use(key, entering)
        ideal: dict[str, Fraction] = {party: Fraction(0) for party in _parties(step)}
        for piece, band in _pieces(step, before, entering):
            for party, share in band.shares.items():
                ideal[party] += piece * share
        rest = entering - sum(ideal.values())
        if not entering:
            return
        parts = largest_remainder(entering, [*ideal.values(), rest])
        for party, part in zip(ideal, parts, strict=False):
            flow.give(party, part)

    def limit_party(self, flow: Flow, step: StepTerms, key: tuple[int, int]) -> None:
        """Cap what a party gets per window; the excess goes to another."""
        given = flow.given.get(step.to, 0)
        kept = min(given, self._room(step, key))
        self._use(key, kept)
        flow.given[step.to] = kept
        flow.given[step.excess_to] = flow.given.get(step.excess_to, 0) + given - kept

    def take_rest(self, flow: Flow, step: StepTerms, key: tuple[int, int]) -> None:
        """Share all that is left by weights."""
        parts = largest_remainder(flow.left, list(step.weights.values()))
        for party, part in zip(step.weights, parts, strict=True):
            flow.give(party, part)

    def split_inventors(self, flow: Flow, step: StepTerms, key: tuple[int, int]) -> None:
        """Split what the steps before gave to the inventors among them."""
        given = flow.given.pop(INVENTORS, 0)
        parts = largest_remainder(given, list(step.weights.values()))
        for party, part in zip(step.weights, parts, strict=True):
            flow.given[party] = flow.given.get(party, 0) + part


_TAKES = {
    "top_slice": Waterfall.take_share,
    "fixed": Waterfall.take_sum,
    "share_of_gross": Waterfall.take_share_of_gross,
    "costs": Waterfall.take_costs,
    "bands": Waterfall.take_bands,
    "cap": Waterfall.limit_party,
    "rest": Waterfall.take_rest,
    "inventors": Waterfall.split_inventors,
}
TAKES = tuple(_TAKES)


def moved(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    """Return by how much each part changed, the unchanged ones left out."""
    parties = dict.fromkeys((*before, *after))
    changes = {party: after.get(party, 0) - before.get(party, 0) for party in parties}
    return {party: change for party, change in changes.items() if change}


def recipients_of(step: StepTerms) -> Iterator[str]:
    """Yield everyone whom a step names."""
    yield from (name for name in (step.to, step.excess_to) if name)
    yield from step.weights
    for band in step.rows:
        yield from band.shares


def _window(step: StepTerms, day: date) -> int:
    return day.year if step.window == "year" else 0


def _part(amount: int, share: Fraction) -> int:
    return largest_remainder(amount, [share, 1 - share])[0]


def _parties(step: StepTerms) -> list[str]:
    return list(dict.fromkeys(party for band in step.rows for party in band.shares))


def _pieces(step: StepTerms, before: int, entering: int) -> Iterator[tuple[int, Band]]:
    """Yield the parts of an entering sum with the band each falls into."""
    after = before + entering
    if step.mode == "whole":
        yield entering, _whole_band(step, after)
        return
    lower = 0
    for band in step.rows:
        upper = after if band.upper is None else min(after, band.upper)
        piece = upper - max(lower, before)
        if piece > 0:
            yield piece, band
        lower = max(lower, upper)


def _whole_band(step: StepTerms, total: int) -> Band:
    """Return the row of a total; who owns a bound is part of the policy."""
    for band in step.rows:
        if band.upper is None or total < band.upper:
            return band
        if total == band.upper and step.bound == "inclusive_upper":
            return band
    return step.rows[-1]
