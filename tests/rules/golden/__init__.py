"""What the rules say today, kept byte for byte: every word of a refusal, every line of a result.

A change of what is printed must be meant. Whoever means it writes the records anew with
`python -m tests.rules.golden` and reads in the diff which contracts and which messages changed.
"""

import copy
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from deals.rules.facts import load
from deals.rules.faults import Refused
from tests.rules.slow.comparison import product
from tests.rules.slow.generator import draw_contract

PLACE = Path(__file__).parent
REFUSALS = PLACE / "refusals.json"
RESULTS = PLACE / "results.json"
CONTRACTS = 300
GONE = object()
EVENTS = [
    {"type": "suspension", "date": "2026-09-01", "to": "2026-09-02"},
    {"type": "dispute", "date": "2027-06-01", "to": "2027-06-02", "period": "2026-Q3",
     "amount": "1.00"},
    {"type": "interest_charged", "date": "2027-06-01", "period": "2026-Q3", "amount": "1.00"},
    {"type": "guarantee_call", "date": "2027-06-01", "amount": "1.00"},
    {"type": "refund", "date": "2027-06-02", "amount": "1.00"},
    {"type": "termination", "date": "2027-06-03"},
]  # fmt: skip
WRONG = [GONE, None, True, 5, -1, "", "NaN", "-0.01", "2", "1.00000000001", "9" * 20, "2027-02-30",
         "2199-12-31", "2000-01-01", "2027-Q2", "lead:U9", "zz", [], {}, ["zz"],
         {"zz": 1}]  # fmt: skip


def places(node: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place of a document, outer ones first."""
    keys: Any = ()
    if isinstance(node, dict):
        keys = list(node)
    if isinstance(node, list):
        keys = range(len(node))
    for key in keys:
        yield (*at, key)
        yield from places(node[key], (*at, key))


def broken(document: Any, place: tuple[Any, ...], value: Any) -> Any:
    """Give the document with one value replaced, or taken out."""
    made = copy.deepcopy(document)
    node = made
    for key in place[:-1]:
        node = node[key]
    if value is GONE:
        del node[place[-1]]
    else:
        node[place[-1]] = value
    return made


def words(document: Any) -> list[list[str]]:
    """What is refused: code, place and message of each fault, none if nothing is."""
    try:
        load(document)
    except Refused as refusal:
        return [[fault.code, fault.where, fault.message] for fault in refusal.faults]
    return []


def digest(found: Any) -> str:
    return hashlib.sha256(json.dumps(found, ensure_ascii=False).encode()).hexdigest()[:16]


def refusals(document: Any) -> dict[str, Any]:
    """The digest of all that is said of each place, and every message with its code once."""
    document = copy.deepcopy(document)
    document["events"] += EVENTS
    said: set[tuple[str, str]] = set()
    by_place = {}
    for place in places(document):
        found = [words(broken(document, place, value)) for value in WRONG]
        said |= {(code, message) for faults in found for code, _where, message in faults}
        by_place[".".join(map(str, place))] = digest(found)
    return {"places": by_place, "messages": [list(one) for one in sorted(said)]}


def results() -> dict[str, str]:
    """The digest of the whole printed result of each random contract."""
    found = {}
    for seed in range(CONTRACTS):
        document = draw_contract(seed)
        try:
            found[str(seed)] = digest(product(document))
        except Refused:
            found[str(seed)] = digest(words(document))
    return found


def write(path: Path, found: Any) -> None:
    path.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
