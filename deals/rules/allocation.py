"""Who receives the principal of a receipt: the owners by weight, then their waterfalls (S16)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from deals.rules.money import largest_remainder
from deals.rules.terms.model import Terms
from deals.rules.waterfall import Policy, Taken, Waterfall, policy_on

Uses = list[tuple[Waterfall, Mapping[tuple[int, int], int]]]


@dataclass(frozen=True, slots=True)
class Principal:
    """Principal that counts as received on `day`; `receipt_day` picks terms and windows.

    `mirrors` names the receipt that a reversal takes back.
    """

    reference: str
    day: date
    receipt_day: date
    amount: int
    mirrors: str | None = None


@dataclass(frozen=True, slots=True)
class Shared:
    """One sum shared out: by owner, and through each owner's waterfall."""

    principal: Principal
    owners: Mapping[str, int]
    waterfalls: Mapping[str, Mapping[str, int]]
    steps: Mapping[str, tuple[Taken, ...]] = field(default_factory=dict)


@dataclass(slots=True)
class Sharing:
    """Shares out one receipt after another; the windows of the waterfalls live in here."""

    terms_on: Callable[[date], Terms]
    policies: Mapping[str, Policy]
    costs_by: Callable[[date], int | None]
    _flows: dict[tuple[str, str, date], Waterfall] = field(default_factory=dict)
    _done: dict[str, list[tuple[Shared, Uses]]] = field(default_factory=dict)

    def all(self, received: Iterable[Principal]) -> Iterator[Shared]:
        """Yield how each sum is shared, in the order given."""
        for principal in received:
            if principal.mirrors is None:
                yield self._share(principal)
            else:
                yield self._mirror(principal, principal.mirrors)

    def _share(self, principal: Principal) -> Shared:
        terms = self.terms_on(principal.receipt_day)
        owners = to_owners(principal.amount, terms)
        uses: Uses = []
        flows: dict[str, Mapping[str, int]] = {}
        steps: dict[str, tuple[Taken, ...]] = {}
        for party, amount in owners.items():
            waterfall = self._waterfall(party, terms.waterfalls.get(party), principal.receipt_day)
            if waterfall is not None:
                flows[party] = waterfall.run(
                    amount,
                    principal.receipt_day,
                    principal.reference,
                    self.costs_by(principal.day),
                )
                steps[party] = waterfall.last_steps
                uses.append((waterfall, waterfall.last_use))
        shared = Shared(principal, owners, flows, steps)
        self._done.setdefault(principal.reference, []).append((shared, uses))
        return shared

    def _waterfall(self, party: str, key: str | None, day: date) -> Waterfall | None:
        """Return the owner's waterfall of the policy version in force on a receipt's day."""
        version = policy_on(self.policies.get(key or "", ()), day)
        if key is None or version is None:
            return None
        found = (party, key, version.effective_from)
        if found not in self._flows:
            self._flows[found] = Waterfall(version.steps)
        return self._flows[found]

    def _mirror(self, principal: Principal, original: str) -> Shared:
        """Take back exactly what was shared under a receipt, and what it used of the windows."""
        owners: dict[str, int] = {}
        flows: dict[str, dict[str, int]] = {}
        for shared, uses in self._done.pop(original, []):
            subtract(owners, shared.owners)
            for party, parts in shared.waterfalls.items():
                subtract(flows.setdefault(party, {}), parts)
            for waterfall, use in uses:
                waterfall.undo(use)
        return Shared(principal, owners, flows)


def to_owners(amount: int, terms: Terms) -> dict[str, int]:
    """Share principal over the owners by weight; the parts add up to it exactly."""
    parts = largest_remainder(amount, [owner.weight for owner in terms.owners])
    return {owner.party: part for owner, part in zip(terms.owners, parts, strict=True)}


def subtract(total: dict[str, int], parts: Mapping[str, int]) -> None:
    """Take the parts off a running total, party by party."""
    for party, part in parts.items():
        total[party] = total.get(party, 0) - part
