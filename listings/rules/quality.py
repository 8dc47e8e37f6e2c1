"""What a listing still lacks before an office may look at it, and what buyers will ask for."""

import re
from dataclasses import dataclass

_DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Measured:
    """A benefit as its author gave it: what it is compared with and how it was measured."""

    unit: str
    method: str
    compared_with: str


@dataclass(frozen=True)
class Draft:
    """What the meter looks at; texts in whichever language they are there."""

    title: str
    pitch: str
    description: str
    industry: str
    trl: int | None
    trl_evidence: str
    has_terms: bool
    benefits: tuple[Measured, ...]
    patents: int
    inventors: int
    has_both_languages: bool


def missing(draft: Draft) -> tuple[str, ...]:
    """Codes of what blocks submission, in the order of the steps; empty when nothing does.

    The sentence under the title needs a number, and one benefit must say its unit and how it was
    measured: no listing goes on a shelf without one.
    """
    present = {
        "title": bool(draft.title),
        "pitch": bool(_DIGIT.search(draft.pitch)),
        "industry": bool(draft.industry),
        "trl": draft.trl is not None,
        "trl_evidence": bool(draft.trl_evidence),
        "benefit": any(benefit.unit and benefit.method for benefit in draft.benefits),
        "terms": draft.has_terms,
    }
    return tuple(code for code, is_there in present.items() if not is_there)


def advice(draft: Draft) -> tuple[str, ...]:
    """Codes of what would make it more convincing; nothing here blocks."""
    present = {
        "description": bool(draft.description),
        "comparison": any(benefit.compared_with for benefit in draft.benefits),
        "patents": draft.patents > 0,
        "inventors": draft.inventors > 0,
        "languages": draft.has_both_languages,
    }
    return tuple(code for code, is_there in present.items() if not is_there)


def percent(draft: Draft) -> int:
    """How complete it is, 0 to 100: what blocks counts twice as much as advice."""
    reached = 2 * (7 - len(missing(draft))) + 5 - len(advice(draft))
    return reached * 100 // (2 * 7 + 5)
