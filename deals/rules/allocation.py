"""Who receives the principal of a receipt: the owners by weight (S16)."""

from collections.abc import Mapping

from deals.rules.money import largest_remainder
from deals.rules.terms.model import Terms


def to_owners(amount: int, terms: Terms) -> Mapping[str, int]:
    """Share principal over the owners by weight; the parts add up to it exactly."""
    parts = largest_remainder(amount, [owner.weight for owner in terms.owners])
    return {owner.party: part for owner, part in zip(terms.owners, parts, strict=True)}
