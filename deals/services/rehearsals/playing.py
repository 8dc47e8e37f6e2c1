"""Playing a rehearsal: the date moves on, invented reports and payments arrive, the deal ends.

Each service writes the one row of the rehearsal and nothing else: no fact, no history, no outbox
row. `seen` repeats the revision that the page showed, so that a stale page changes nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from deals.models import Rehearsal, ReportLine
from deals.rules.rehearsal import Play, from_document, to_document
from deals.rules.rehearsal import moves as plays
from deals.rules.states import ReportState
from deals.services.previews import line_payload
from deals.services.rehearsals.keeping import refuse_too_large, require_owner
from deals.services.rehearsals.reading import last_day_of, play_of, preview_report, tables_of
from marketplace.accounts.actors import Actor
from marketplace.base.errors import ConflictError, RuleError

Step = Callable[[Play], Play]


@dataclass(frozen=True)
class Payment:
    """An invented transfer: a decimal amount, and the day on which it arrived."""

    amount: str
    on: date


def move_date(rehearsal: Rehearsal, *, to: date, seen: int, by: Actor, at: datetime) -> Rehearsal:
    """Let the rehearsal's date run forward to a day, with all that happens on the way.

    Raises RuleError("rehearsal.past"), "rehearsal.too_far", `facts.Refused` when the contract
    cannot be computed as of that day, and what `_play` raises.
    """

    def step(play: Play) -> Play:
        if to <= play.today:
            raise RuleError("rehearsal.past", where="to", today=play.today.isoformat())
        last = last_day_of(play)
        if to > last:
            raise RuleError("rehearsal.too_far", where="to", last=last.isoformat())
        return plays.advanced(play, to=to, tables=tables_of(play, until=to))

    return _play(rehearsal, step, seen=seen, by=by, at=at)


def file_report(
    rehearsal: Rehearsal,
    *,
    period: str,
    lines: Sequence[ReportLine],
    seen: int,
    by: Actor,
    at: datetime,
) -> Rehearsal:
    """Hand in an invented report of a closed period; it waits for the university's answer.

    Raises RuleError("report.period_unknown") or "report.period_open", ConflictError("state.moved")
    where nothing can be reported, `facts.Refused` when the lines cannot be computed.
    """
    payloads = [line_payload(line) for line in lines]

    def step(play: Play) -> Play:
        _require_period(play, period)
        preview_report(play, period=period, lines=lines)
        return plays.reported(play, period=period, lines=payloads)

    return _play(rehearsal, step, seen=seen, by=by, at=at)


def accept_report(
    rehearsal: Rehearsal, *, period: str, seen: int, by: Actor, at: datetime
) -> Rehearsal:
    """The university accepts the report that waits; the statement follows.

    Raises ConflictError("report.not_submitted") when none waits.
    """

    def step(play: Play) -> Play:
        _require_waiting(play, period)
        return plays.accepted(play, period=period, tables=tables_of(play, until=play.today))

    return _play(rehearsal, step, seen=seen, by=by, at=at)


def question_report(
    rehearsal: Rehearsal, *, period: str, question: str, seen: int, by: Actor, at: datetime
) -> Rehearsal:
    """The university asks back. Raises RuleError("note.missing"), "report.not_submitted"."""
    if not question.strip():
        raise RuleError("note.missing", where="question")

    def step(play: Play) -> Play:
        _require_waiting(play, period)
        return plays.questioned(play, period=period, question=question.strip())

    return _play(rehearsal, step, seen=seen, by=by, at=at)


def pay(rehearsal: Rehearsal, *, payment: Payment, seen: int, by: Actor, at: datetime) -> Rehearsal:
    """An invented transfer arrives.

    Raises RuleError("receipt.future"), "receipt.too_early", ConflictError("state.moved").
    """

    def step(play: Play) -> Play:
        _require(play, is_possible=plays.may_report(play))
        if payment.on > play.today:
            raise RuleError("receipt.future", where="received_date")
        begins = min(play.agreed.effective_from, play.agreed.contract_start)
        if payment.on < begins:
            raise RuleError("receipt.too_early", where="received_date", begins=begins.isoformat())
        return plays.paid(
            play, amount=payment.amount, on=payment.on, tables=tables_of(play, until=play.today)
        )

    return _play(rehearsal, step, seen=seen, by=by, at=at)


def convert(rehearsal: Rehearsal, *, seen: int, by: Actor, at: datetime) -> Rehearsal:
    """Go on for money from the rehearsal's date.

    Raises RuleError("trial.not_begun"), "terms.over", ConflictError("state.moved").
    """

    def step(play: Play) -> Play:
        _require(play, is_possible=plays.may(play, "convert"))
        agreed = play.agreed
        if agreed.trial is not None and play.today < agreed.trial.start:
            raise RuleError("trial.not_begun")
        if agreed.paying.last is not None and agreed.paying.last < play.today:
            raise RuleError("terms.over")
        return plays.converted(play, tables=tables_of(play, until=play.today))

    return _play(rehearsal, step, seen=seen, by=by, at=at)


def leave(rehearsal: Rehearsal, *, last_use: date, seen: int, by: Actor, at: datetime) -> Rehearsal:
    """Leave after the trial. Raises RuleError("exit.use_in_future"), "state.moved"."""

    def step(play: Play) -> Play:
        _require(play, is_possible=plays.may(play, "exit"))
        if last_use > play.today:
            raise RuleError("exit.use_in_future", where="last_use_date")
        return plays.left(play, tables=tables_of(play, until=play.today))

    return _play(rehearsal, step, seen=seen, by=by, at=at)


def terminate(rehearsal: Rehearsal, *, seen: int, by: Actor, at: datetime) -> Rehearsal:
    """End a paying contract early, on the rehearsal's date. Raises ConflictError("state.moved")."""

    def step(play: Play) -> Play:
        _require(play, is_possible=plays.may(play, "terminate"))
        return plays.terminated(play, tables=tables_of(play, until=play.today))

    return _play(rehearsal, step, seen=seen, by=by, at=at)


def start_over(rehearsal: Rehearsal, *, seen: int, by: Actor, at: datetime) -> Rehearsal:
    """Go back to how the rehearsal began."""
    return _play(rehearsal, lambda _: from_document(rehearsal.beginning), seen=seen, by=by, at=at)


@transaction.atomic
def _play(rehearsal: Rehearsal, step: Step, *, seen: int, by: Actor, at: datetime) -> Rehearsal:
    """Take one step under the row's lock.

    Raises RuleError("rehearsal.not_owner"), "rehearsal.too_large", and
    ConflictError("rehearsal.moved") when the page that asked is stale.
    """
    require_owner(rehearsal, by=by)
    row = Rehearsal.objects.select_for_update(of=("self",)).filter(pk=rehearsal.pk).first()
    if row is None or row.revision != seen:
        raise ConflictError("rehearsal.moved")
    played = step(play_of(row))
    row.document = to_document(played)
    refuse_too_large(row.document)
    row.state, row.today_date = played.state, played.today
    row.revision += 1
    row.played_at = at
    row.save()
    return row


def _require(play: Play, *, is_possible: bool) -> None:
    if not is_possible:
        raise ConflictError("state.moved", state=play.state)


def _require_period(play: Play, name: str) -> None:
    _require(play, is_possible=plays.may_report(play))
    period = play.period_named(name)
    if period is None or period.start > play.last_day:
        raise RuleError("report.period_unknown", where="period", period=name)
    if period.end > play.today:
        raise RuleError("report.period_open", where="period", end=period.last.isoformat())


def _require_waiting(play: Play, period: str) -> None:
    waiting = play.waiting_for(period)
    if waiting is None or waiting.state != ReportState.SUBMITTED:
        raise ConflictError("report.not_submitted")
