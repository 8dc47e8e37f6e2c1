"""Checksums by which anybody can tell that a contract file and its result are the ones on paper."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from deals.rules.files import answer


@dataclass(frozen=True, slots=True)
class Seal:
    """SHA-256 in hexadecimal of a contract file's bytes, and of what `royalty` prints for it."""

    file: str
    result: str


def file_text(document: Mapping[str, object]) -> str:
    """A contract file as it is downloaded."""
    return json.dumps(document, ensure_ascii=False, indent=1)


def result_text(document: Mapping[str, object]) -> str:
    """What `royalty` writes for a contract file. Raises `Refused` for one that it refuses."""
    return json.dumps(answer(document), ensure_ascii=False, indent=1) + "\n"


def seal_of(document: Mapping[str, object]) -> Seal:
    """The seal of a contract file; raises `Refused` when it cannot be computed."""
    return Seal(_digest(file_text(document)), _digest(result_text(document)))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
