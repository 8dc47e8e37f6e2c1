"""Names of those whom money goes to: owners, and the recipients of their policies."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from deals.models import Receipt
from deals.rules.distribution import PERSON
from listings.views import cards
from marketplace.accounts.models import Organisation

RECIPIENT_WORDS: Mapping[str, str | Promise] = {
    "inventors": gettext_lazy("Inventors"),
    "department": gettext_lazy("Department"),
    "college": gettext_lazy("College"),
    "team": gettext_lazy("Team"),
    "university": gettext_lazy("University"),
    "office": gettext_lazy("Transfer office"),
    "fund": gettext_lazy("Fund for transfers"),
    "costs": gettext_lazy("Costs recovered"),
    "undistributed": gettext_lazy("Not distributed"),
}


@dataclass(frozen=True)
class Share:
    """What one owner or recipient gets, in minor units."""

    label: str
    amount: int


def recipient_word(recipient: str) -> str:
    """A recipient's name in the reader's language; a person keeps the name."""
    if recipient.startswith(PERSON):
        return recipient.removeprefix(PERSON)
    return str(RECIPIENT_WORDS.get(recipient, recipient))


def party_words(parties: Iterable[str]) -> dict[str, str]:
    """The names of owners by their key in the terms; an unknown one keeps its key."""
    keys = list(parties)
    rows = Organisation.objects.filter(public_id__in=keys)
    known = {row.public_id: cards.name_of(row) for row in rows}
    return {key: known.get(key, key) for key in keys}


def shares_of(receipt: Receipt) -> list[Share]:
    """How a receipt was split among the owners."""
    rows = receipt.allocations.values_list("party").annotate(amount=Sum("amount_minor"))
    parts = dict(rows)
    names = party_words(parts)
    return [Share(names[party], amount) for party, amount in sorted(parts.items())]
