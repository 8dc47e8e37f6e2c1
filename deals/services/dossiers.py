"""A deal's dossier: the chained log of facts, and the contract file that it folds into."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from deals.models import Deal, Fact
from deals.services import calendar
from marketplace.base.audit import GENESIS

# The list of a contract file that each kind of fact is an element of.
LISTS = {
    "terms": "terms",
    "event": "events",
    "report": "reports",
    "credit": "credits",
    "receipt": "receipts",
    "finality": "finals",
}


def append_fact(
    deal: Deal,
    *,
    kind: str,
    payload: Mapping[str, object],
    effective_date: date,
    at: datetime,
) -> Fact:
    """Append one fact to the deal's chain; the caller holds the deal's row lock.

    `payload` is one element of the list that `kind` names in a contract file. Returns the row.
    """
    last = Fact.objects.filter(deal=deal).order_by("-sequence").first()
    fact = Fact(
        deal=deal,
        sequence=last.sequence + 1 if last else 1,
        kind=kind,
        effective_date=effective_date,
        recorded_at=at,
        payload=dict(payload),
        previous_hash=last.hash if last else GENESIS,
    )
    fact.hash = digest(fact)
    fact.save(force_insert=True)
    return fact


def digest(fact: Fact) -> str:
    """SHA-256 over the previous hash and every field of the fact, in a canonical form."""
    fields = [
        fact.previous_hash,
        fact.deal_id,
        fact.sequence,
        fact.kind,
        fact.effective_date.isoformat(),
        fact.recorded_at.astimezone(UTC).isoformat(),
        fact.payload,
    ]
    canonical = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def first_broken_fact(deal: Deal) -> Fact | None:
    """The first fact whose hash or place does not follow from the one before, None when all do."""
    previous = GENESIS
    for sequence, fact in enumerate(deal.facts.order_by("sequence"), start=1):
        if (fact.previous_hash, fact.sequence) != (previous, sequence) or fact.hash != digest(fact):
            return fact
        previous = fact.hash
    return None


def head_of(deal: Deal) -> str:
    """The hash of the deal's last fact: it names everything known about the deal so far."""
    head = deal.facts.order_by("-sequence").values_list("hash", flat=True).first()
    return head or GENESIS


def contract_file(deal: Deal, *, as_of: date) -> dict[str, Any]:
    """The deal as a contract file: all recorded facts, the workday tables, and `as_of`.

    Decimal strings and ISO dates throughout, so that `deals.rules.facts.load` and the `royalty`
    command read the very same input (docs/decisions/003-facts.md).
    """
    lists: dict[str, list[Any]] = {name: [] for name in LISTS.values()}
    first_year = as_of.year
    for fact in deal.facts.order_by("sequence"):
        lists[LISTS[fact.kind]].append(fact.payload)
        first_year = min(first_year, fact.effective_date.year)
    tables = calendar.tables(first_year=first_year, last_year=as_of.year + 1)
    return {**lists, "rates": {}, **tables, "as_of": as_of.isoformat()}
