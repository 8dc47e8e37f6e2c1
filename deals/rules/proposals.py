"""A proposal's document: standing terms with the figures that were negotiated."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from listings.rules.template import Document, Offer, standard_template


def with_offer(document: Mapping[str, Any], offer: Offer) -> Document:
    """A copy of a terms document in which tiers, allowance, minimum and cap are the offer's.

    What else its clauses say (windows, carry-forward, what a cap includes) stays as it was; a
    clause that the document did not have is added in its standard wording, one that the offer
    does without is taken out. The rate table is that of the first stream.
    """
    changed = deepcopy(dict(document))
    standard = standard_template(offer)
    stream, model = changed["streams"][0], standard["streams"][0]
    stream["tiers"] = stream["tiers"] | {"rows": model["tiers"]["rows"]}
    _put(stream, "free_allowance", model, "amount")
    _put(changed, "minimum", standard, "amount")
    _put(changed, "caps", standard, "lifetime")
    return changed


def _put(changed: Document, clause: str, standard: Document, figure: str) -> None:
    if clause not in standard:
        changed.pop(clause, None)
        return
    kept = changed.get(clause) or standard[clause]
    changed[clause] = {**kept, figure: standard[clause][figure]}
