"""The states of a listing and every move between them, as data."""

from dataclasses import dataclass
from enum import StrEnum


class ListingState(StrEnum):
    """Where a listing stands."""

    DRAFT = "draft"
    OFFICE_REVIEW = "office_review"
    TO_CORRECT = "to_correct"
    PLATFORM_REVIEW = "platform_review"
    PUBLISHED = "published"
    HIDDEN = "hidden"
    FROZEN = "frozen"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Move:
    """One edge: its verb, from where, to where, and the permission that it needs."""

    verb: str
    sources: tuple[ListingState, ...]
    target: ListingState
    permission: str


_S = ListingState

MOVES: tuple[Move, ...] = (
    Move("submit", (_S.DRAFT, _S.TO_CORRECT), _S.OFFICE_REVIEW, "listing.submit"),
    Move("approve", (_S.OFFICE_REVIEW,), _S.PLATFORM_REVIEW, "listing.approve"),
    Move("send_back", (_S.OFFICE_REVIEW,), _S.TO_CORRECT, "listing.approve"),
    Move("publish", (_S.PLATFORM_REVIEW,), _S.PUBLISHED, "listing.review"),
    Move("return", (_S.PLATFORM_REVIEW,), _S.TO_CORRECT, "listing.review"),
    Move("hide", (_S.PUBLISHED,), _S.HIDDEN, "listing.edit"),
    Move("show", (_S.HIDDEN,), _S.PUBLISHED, "listing.edit"),
    Move("freeze", (_S.PUBLISHED, _S.HIDDEN), _S.FROZEN, "listing.review"),
    Move("thaw", (_S.FROZEN,), _S.PUBLISHED, "listing.review"),
    Move(
        "withdraw",
        (_S.DRAFT, _S.TO_CORRECT, _S.PUBLISHED, _S.HIDDEN),
        _S.WITHDRAWN,
        "listing.edit",
    ),
)


def move_named(verb: str) -> Move:
    """The move of this verb; KeyError for a verb that does not exist."""
    return {move.verb: move for move in MOVES}[verb]


def moves_from(state: str) -> tuple[Move, ...]:
    """The moves that can start here."""
    return tuple(move for move in MOVES if state in move.sources)
