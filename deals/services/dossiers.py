"""A deal's dossier: the chained log of facts, and the contract file that it folds into."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import orjson
from django.db import connection
from django.utils import timezone

from deals.models import Deal, Fact, Statement
from deals.rules.distribution import policy_key
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
# Says on which day an earlier event ended; it is no element of its own.
RESOLUTION = "resolution"

# Kind, payload as text, effective date, sequence, hash.
FactRow = tuple[str, str, date, int, str]
FACTS = """
SELECT deal_id, kind, payload::text, effective_date, sequence, hash
FROM deals_fact WHERE deal_id = ANY(%s) ORDER BY deal_id, sequence
"""

COUNTS = "SELECT deal_id, max(sequence) FROM deals_fact WHERE deal_id = ANY(%s) GROUP BY deal_id"


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


@dataclass(frozen=True, slots=True)
class Dossier:
    """A deal's contract file, and the last fact that it was folded from: its hash and sequence."""

    document: dict[str, Any]
    head: str
    sequence: int


def contract_file(deal: Deal, *, as_of: date) -> dict[str, Any]:
    """The deal as a contract file: all recorded facts, the workday tables, and `as_of`.

    Decimal strings and ISO dates throughout, so that `deals.rules.facts.load` and the `royalty`
    command read the very same input (docs/decisions/003-facts.md).
    """
    return read([deal.pk], as_of=as_of)[deal.pk].document


def read(ids: Sequence[int], *, as_of: date) -> dict[int, Dossier]:
    """The dossiers of many deals by id, in a fixed number of queries; empty ones included."""
    return {deal_id: _fold(facts, as_of) for deal_id, facts in _facts(ids).items()}


def counts(ids: Sequence[int]) -> dict[int, int]:
    """How many facts each of these deals holds, of those that hold any."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, [list(ids)])
        return dict(cursor.fetchall())


def statement_file(statement: Statement) -> dict[str, Any]:
    """The contract file that a statement's figures were computed from, the same one for ever.

    It holds the facts that were known then, as of that day: what was recorded later is not in it.
    """
    facts = _facts([statement.deal_id])[statement.deal_id]
    # A statement from before sequences were kept shows all that is known.
    last = statement.computed_sequence or len(facts)
    known = [fact for fact in facts if fact[3] <= last]
    return _fold(known, statement.computed_date or timezone.localdate(statement.issued_at)).document


def _facts(ids: Sequence[int]) -> dict[int, list[FactRow]]:
    found: dict[int, list[FactRow]] = {deal_id: [] for deal_id in ids}
    with connection.cursor() as cursor:
        cursor.execute(FACTS, [list(ids)])
        for deal_id, *fact in cursor.fetchall():
            found[deal_id].append(tuple(fact))
    return found


def _add_rate(document: dict[str, Any], rate: Mapping[str, Any]) -> None:
    series = document["rates"].setdefault(rate["series"], [])
    series.append([rate["date"], rate["value"]])


def _add_policy(document: dict[str, Any], policy: Mapping[str, Any]) -> None:
    known = document.setdefault("policies", {}).setdefault(policy["key"], {"versions": []})
    version = {name: policy[name] for name in ("effective_from", "steps")}
    known["versions"].append(version)


def _open_own_policies(document: dict[str, Any]) -> None:
    """An owner without a confirmed policy has one without versions: it keeps all that it gets."""
    for terms in document["terms"]:
        for party, key in (terms.get("waterfalls") or {}).items():
            if key == policy_key(party):
                document.setdefault("policies", {}).setdefault(key, {"versions": []})


# Facts copied from what many deals share (deals.services.shared_facts).
_SHARED: Mapping[str, Callable[[dict[str, Any], Mapping[str, Any]], None]] = {
    "rate": _add_rate,
    "policy": _add_policy,
}


def _fold(facts: Sequence[FactRow], as_of: date) -> Dossier:
    document: dict[str, Any] = {name: [] for name in LISTS.values()} | {"rates": {}}
    events: dict[int, dict[str, Any]] = {}
    first_year = as_of.year
    for kind, payload, day, sequence, _head in facts:
        element = orjson.loads(payload)
        first_year = min(first_year, day.year)
        if kind in _SHARED:
            _SHARED[kind](document, element)
            continue
        if kind == RESOLUTION:
            events[element["event"]]["to"] = element["to"]
            continue
        if kind == "event":
            events[sequence] = element
        document[LISTS[kind]].append(element)
    tables = calendar.tables(first_year=first_year, last_year=as_of.year + 1)
    _open_own_policies(document)
    document |= {**tables, "as_of": as_of.isoformat()}
    *_, last, head = facts[-1] if facts else (0, GENESIS)
    return Dossier(document, head, last)
