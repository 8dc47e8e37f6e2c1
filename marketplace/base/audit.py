"""Writing and verifying history."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, models

from marketplace.base import bulk
from marketplace.base.models import AuditEntry
from marketplace.base.outbox import current_request_id

GENESIS = "0" * 64

COLUMNS = (
    "chain", "sequence", "at", "actor_id", "verb", "data", "request_id", "previous_hash", "hash",
)  # fmt: skip
HEADS = """
SELECT DISTINCT ON (chain) chain, sequence, hash FROM base_auditentry
WHERE chain = ANY(%s) ORDER BY chain, sequence DESC
"""


def record(
    subject: models.Model,
    *,
    verb: str,
    by: AbstractBaseUser | None,
    at: datetime,
    data: Mapping[str, object] | None = None,
) -> AuditEntry:
    """Append one entry to the subject's chain; the caller holds the subject's row lock.

    `by` is None for the machine. `data` holds ids, codes and amounts, never names of people.
    """
    last = AuditEntry.objects.filter(chain=chain_of(subject)).order_by("-sequence").first()
    fields = {"at": at, "actor_id": by.pk if by else None, "verb": verb, "data": dict(data or {})}
    entry = _following(last, chain_of(subject), fields)
    entry.save(force_insert=True)
    return entry


def record_many(
    subjects: Sequence[models.Model], *, verb: str, by: AbstractBaseUser | None, at: datetime
) -> None:
    """Append the same entry to each subject's chain, in two statements for all of them.

    The caller holds the subjects' row locks, or has just created them.
    """
    record_each({chain_of(subject): {} for subject in subjects}, verb=verb, by=by, at=at)


def record_each(
    chains: Mapping[str, Mapping[str, object]],
    *,
    verb: str,
    by: AbstractBaseUser | None,
    at: datetime,
) -> None:
    """Append an entry with its own data to each of these chains, in two statements for all.

    The caller holds the row locks of the chains' subjects, or has just created them.
    """
    with connection.cursor() as cursor:
        cursor.execute(HEADS, [list(chains)])
        heads = {chain: (sequence, head) for chain, sequence, head in cursor.fetchall()}
    actor_id, request_id, instant = by.pk if by else None, current_request_id(), at.astimezone(UTC)
    rows: list[str] = []
    for chain, data in chains.items():
        sequence, previous = heads.get(chain, (0, GENESIS))
        texts = [previous, chain, sequence + 1, instant.isoformat(), actor_id, verb, data]
        found = _sha256(texts)
        document = orjson.dumps(data).decode()
        rows.append(
            bulk.row(
                chain, sequence + 1, instant, actor_id, verb, document, request_id, previous, found
            )
        )
    bulk.copy(AuditEntry, COLUMNS, rows)


def chain_of(subject: models.Model) -> str:
    """The name of the subject's chain, `listing:12`."""
    return f"{subject._meta.model_name}:{subject.pk}"


def _following(last: AuditEntry | None, chain: str, fields: Mapping[str, Any]) -> AuditEntry:
    """The unsaved entry that comes after `last`, or begins the chain."""
    entry = AuditEntry(
        **fields,
        chain=chain,
        sequence=last.sequence + 1 if last else 1,
        request_id=current_request_id(),
        previous_hash=last.hash if last else GENESIS,
    )
    entry.hash = digest(entry)
    return entry


def digest(entry: AuditEntry) -> str:
    """SHA-256 over the previous hash and every field of the entry, in a canonical form."""
    fields = [
        entry.previous_hash,
        entry.chain,
        entry.sequence,
        entry.at.astimezone(UTC).isoformat(),
        entry.actor_id,
        entry.verb,
        entry.data,
    ]
    return _sha256(fields)


def _sha256(fields: Sequence[object]) -> str:
    canonical = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def entries_of(subject: models.Model) -> "models.QuerySet[AuditEntry]":
    """The subject's history, newest first."""
    return (
        AuditEntry.objects.filter(chain=chain_of(subject))
        .select_related("actor")
        .order_by("-sequence")
    )


def first_broken(subject: models.Model) -> AuditEntry | None:
    """The first entry of the subject's chain whose hash does not follow, None when all do."""
    previous = GENESIS
    for entry in reversed(entries_of(subject)):
        if entry.previous_hash != previous or entry.hash != digest(entry):
            return entry
        previous = entry.hash
    return None
