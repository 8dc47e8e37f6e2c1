"""What two parties agree on besides the money clauses, and the one hash that names all of it."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass

NON_EXCLUSIVE = "non_exclusive"
LICENCE_KINDS = (NON_EXCLUSIVE, "sole", "exclusive")


@dataclass(frozen=True, slots=True)
class Grant:
    """What is licensed: the kind of licence, the acts, the field of use, the territory."""

    kind: str
    acts: str
    field_of_use: str
    territory: str


def digest(
    document: Mapping[str, object], grant: Grant, inventors: Sequence[Mapping[str, object]]
) -> str:
    """The SHA-256, as hexadecimal, of a terms document, the grant and the inventors' weights.

    The same content gives the same hash whatever the order of its keys; the order of lists counts.
    """
    whole = {"document": document, "grant": asdict(grant), "inventors": list(inventors)}
    canonical = json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def overlaps(kind: str, live_kinds: Collection[str]) -> bool:
    """Whether a licence of this kind cannot stand beside live ones on the same right.

    Any number of non-exclusive licences fit together; a sole or an exclusive one stands alone
    among licensees.
    """
    if not live_kinds:
        return False
    return kind != NON_EXCLUSIVE or any(live != NON_EXCLUSIVE for live in live_kinds)
