"""The states of a deal and of a report, and every move between them, as data.

The same tables drive the services, the buttons, the API and the tests. `side` says for whom the
mover acts; the machine moves when a condition of the rules is met, never a person.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class DealState(StrEnum):
    """Where a deal stands."""

    REQUESTED = "requested"
    IN_TALKS = "in_talks"
    TERMS_ACCEPTED = "terms_accepted"
    AWAITING_UNIVERSITY = "awaiting_university"
    NOTICE_RUNNING = "notice_running"
    NOTICE_PAUSED = "notice_paused"
    AWAITING_PLATFORM = "awaiting_platform"
    READY_TO_SIGN = "ready_to_sign"
    IN_TRIAL = "in_trial"
    EXTENDED = "extended"
    AWAITING_DECISION = "awaiting_decision"
    PAYING = "paying"
    SETTLED = "settled"
    EXITED = "exited"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    BREACHED = "breached"
    TERMINATED = "terminated"


class Side(StrEnum):
    """For whom somebody acts in a deal."""

    LICENSOR = "licensor"
    LICENSEE = "licensee"
    PLATFORM = "platform"
    # Either of the two parties; each for itself.
    PARTY = "party"
    MACHINE = "machine"


@dataclass(frozen=True)
class Move:
    """One edge of the table."""

    verb: str
    sources: tuple[DealState, ...]
    target: DealState
    side: Side
    permission: str = ""


_S = DealState
_BEFORE_SIGNING = (
    _S.REQUESTED,
    _S.IN_TALKS,
    _S.TERMS_ACCEPTED,
    _S.NOTICE_RUNNING,
    _S.AWAITING_PLATFORM,
    _S.READY_TO_SIGN,
)
_USING = (_S.IN_TRIAL, _S.EXTENDED, _S.AWAITING_DECISION)

MOVES: tuple[Move, ...] = (
    Move("propose", (_S.REQUESTED, _S.IN_TALKS), _S.IN_TALKS, Side.LICENSOR, "deal.negotiate"),
    Move("accept", (_S.IN_TALKS,), _S.IN_TALKS, Side.PARTY, "deal.accept_terms"),
    Move("agree", (_S.IN_TALKS,), _S.TERMS_ACCEPTED, Side.MACHINE),
    Move("open_notice", (_S.TERMS_ACCEPTED,), _S.NOTICE_RUNNING, Side.MACHINE),
    Move("close_notice", (_S.NOTICE_RUNNING,), _S.AWAITING_PLATFORM, Side.MACHINE),
    Move("approve", (_S.AWAITING_PLATFORM,), _S.READY_TO_SIGN, Side.PLATFORM, "deal.approve"),
    Move("send_back", (_S.AWAITING_PLATFORM,), _S.IN_TALKS, Side.PLATFORM, "deal.approve"),
    Move("refuse", (_S.AWAITING_PLATFORM,), _S.REFUSED, Side.PLATFORM, "deal.approve"),
    Move("decline", (_S.REQUESTED, _S.IN_TALKS), _S.REFUSED, Side.LICENSOR, "deal.negotiate"),
    Move("withdraw", _BEFORE_SIGNING, _S.WITHDRAWN, Side.LICENSEE, "trial.request"),
    Move("sign", (_S.READY_TO_SIGN,), _S.READY_TO_SIGN, Side.PARTY, "deal.sign"),
    Move("start_trial", (_S.READY_TO_SIGN,), _S.IN_TRIAL, Side.MACHINE),
    Move("end_trial", (_S.IN_TRIAL, _S.EXTENDED), _S.AWAITING_DECISION, Side.MACHINE),
    Move("convert", _USING, _S.PAYING, Side.LICENSEE, "deal.convert"),
    Move("exit", _USING, _S.EXITED, Side.LICENSEE, "deal.convert"),
    Move("expire", (_S.AWAITING_DECISION,), _S.EXPIRED, Side.MACHINE),
    Move("settle", (_S.PAYING,), _S.SETTLED, Side.MACHINE),
    Move("reopen", (_S.SETTLED,), _S.PAYING, Side.MACHINE),
)

TRYING = frozenset(_USING)
RUNNING = frozenset({*_USING, _S.PAYING})
OVER = frozenset(
    {_S.SETTLED, _S.EXITED, _S.REFUSED, _S.WITHDRAWN, _S.EXPIRED, _S.BREACHED, _S.TERMINATED}
)


class StatementState(StrEnum):
    """Where a statement stands.

    A draft only gathers: the period's own report is not accepted yet. An issued one can be
    questioned, and a restated report changes it. A final one keeps its figures.
    """

    DRAFT = "draft"
    ISSUED = "issued"
    FINAL = "final"


class InstalmentState(StrEnum):
    """Where a part of an instalment stands; a dispute stops its own part alone."""

    PAYMENT_DUE = "payment_due"
    PART_PAID = "part_paid"
    PAID = "paid"
    OVERDUE = "overdue"
    DISPUTED = "disputed"


class DisputeState(StrEnum):
    """Where a disputed line stands: open, given up by who questioned it, or put right."""

    OPEN = "open"
    WITHDRAWN = "withdrawn"
    CORRECTED = "corrected"


class ReportState(StrEnum):
    """Where one revision of a revenue report stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    QUESTIONED = "questioned"
    ACCEPTED = "accepted"
    SUPERSEDED = "superseded"


def statement_state(final_date: date | None, *, on: date) -> StatementState:
    """Where a statement stands on a day; `final_date` is the last day on which it can change.

    None before its own report is accepted. Source: docs/rules.md#corrections.
    """
    if final_date is None:
        return StatementState.DRAFT
    return StatementState.FINAL if final_date < on else StatementState.ISSUED


def move_named(verb: str) -> Move:
    """The move of this verb; KeyError for a verb that does not exist."""
    return {move.verb: move for move in MOVES}[verb]


def moves_from(state: str) -> tuple[Move, ...]:
    """The moves that can start here."""
    return tuple(move for move in MOVES if state in move.sources)


class GrantState(StrEnum):
    """Where a thing stands that one person proposes and another confirms."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
