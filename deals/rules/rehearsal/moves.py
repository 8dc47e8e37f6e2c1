"""What the reader of a rehearsal does, and what follows: values in, the next value out.

The edges are those of `deals.rules.states`; both sides are played by the reader. Whether a step is
allowed is asked with `may`; the functions expect that it was.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from deals.rules.rehearsal.happenings import happenings, turns
from deals.rules.rehearsal.model import Entry, Play, Tables, Waiting, computed
from deals.rules.statement import Result
from deals.rules.states import MOVES, DealState, Move, ReportState, Side

# No page ends a paying deal early yet; the calculation knows what would follow.
_TERMINATE = Move("terminate", (DealState.PAYING,), DealState.TERMINATED, Side.PARTY)
_EDGES = {move.verb: move for move in (_TERMINATE, *MOVES)}
_TURNS = {"trial.ended": "end_trial", "decision.expired": "expire"}
# What may still be reported and paid; nothing follows a deal that never came to paying.
_PLAYED = {
    *(DealState.IN_TRIAL, DealState.EXTENDED, DealState.AWAITING_DECISION),
    *(DealState.PAYING, DealState.SETTLED, DealState.TERMINATED),
}


def may(play: Play, verb: str) -> bool:
    """Whether the table of moves lets the deal go this way from where it stands."""
    return play.state in _EDGES[verb].sources


def may_report(play: Play) -> bool:
    """Whether there can be reports and payments in this state."""
    return play.state in _PLAYED


def advanced(play: Play, *, to: date, tables: Tables) -> Play:
    """The rehearsal on a later day, with everything that happened on the way in its log.

    Raises `facts.Refused` when the contract cannot be computed as of that day.
    """
    turned = play
    for turn in turns(play, until=to):
        turned = _moved(turned, _TURNS[turn.kind])
        if turn.kind == "decision.expired":
            turned = turned.added("events", {"type": "termination", "date": turn.on.isoformat()})
    there = replace(turned, today=to)
    result = computed(there, tables)
    passed = happenings(play, result, until=to)
    log = [*play.log, *(Entry(one.on, one.kind, one.about, one.days) for one in passed)]
    return _settled(replace(there, log=tuple(log)), result)


def reported(play: Play, *, period: str, lines: Sequence[Mapping[str, Any]]) -> Play:
    """An invented report of a period, handed in and waiting; none of the lines is a nil report."""
    others = tuple(one for one in play.waiting if one.period != period)
    waiting = (*others, Waiting(period, tuple(lines)))
    return replace(play, waiting=waiting).noted("report.filed", period)


def questioned(play: Play, *, period: str, question: str) -> Play:
    """The university asks back; the company files the period again."""
    waiting = tuple(
        replace(one, state=ReportState.QUESTIONED, question=question)
        if one.period == period
        else one
        for one in play.waiting
    )
    return replace(play, waiting=waiting).noted("report.questioned", period)


def accepted(play: Play, *, period: str, tables: Tables) -> Play:
    """The university accepts the waiting report today: it counts, as the next revision.

    Raises `facts.Refused` when its lines cannot be computed.
    """
    report = play.waiting_for(period)
    assert report is not None, "only a report that waits is accepted"
    before = play.revision_of(period)
    payload: dict[str, Any] = {
        "period": period,
        "revision": 1 + (before["revision"] if before else 0),
        "accepted_on": play.today.isoformat(),
        "lines": list(report.lines),
    }
    if not report.lines:
        payload["declared_nil"] = True
    others = tuple(one for one in play.waiting if one.period != period)
    counted = replace(play, waiting=others).added("reports", payload)
    if before is None:
        counted = _with_final_day(counted, period)
    return _settled(counted.noted("report.accepted", period), computed(counted, tables))


def paid(play: Play, *, amount: str, on: date, tables: Tables) -> Play:
    """A transfer of a decimal `amount` that arrived on a day up to today."""
    receipts = play.lists.get("receipts", [])
    known = {one["reference"] for one in receipts}
    number = next(n for n in range(1, len(known) + 2) if f"REHEARSAL-{n}" not in known)
    receipt = {"reference": f"REHEARSAL-{number}", "date": on.isoformat(), "amount": amount}
    received = play.added("receipts", receipt)
    return _settled(received.noted("paid", amount), computed(received, tables))


def converted(play: Play, *, tables: Tables) -> Play:
    """The company goes on for money from today."""
    return _ended_by(play, "convert", "conversion", tables=tables)


def left(play: Play, *, tables: Tables) -> Play:
    """The company leaves after the trial, today."""
    return _ended_by(play, "exit", "termination", tables=tables)


def terminated(play: Play, *, tables: Tables) -> Play:
    """The paying contract ends early, today."""
    return _ended_by(play, "terminate", "termination", tables=tables)


def _with_final_day(play: Play, period: str) -> Play:
    """Until when the period's statement can change, settled with its first acceptance."""
    last = play.today + timedelta(days=play.grace_days)
    known = play.today.isoformat()
    final = {"period": period, "date": last.isoformat(), "known_from": known}
    return play.added("finals", final)


def _ended_by(play: Play, verb: str, event: str, *, tables: Tables) -> Play:
    moved = _moved(play, verb).added("events", {"type": event, "date": play.today.isoformat()})
    return _settled(moved.noted(verb), computed(moved, tables))


def _moved(play: Play, verb: str) -> Play:
    assert may(play, verb), "the table has no such edge from here"
    return replace(play, state=_EDGES[verb].target)


def _settled(play: Play, result: Result) -> Play:
    """Nothing can follow and nothing is open: settled. Room under the cap again: reopened."""
    is_settled = result.is_settled and result.totals.outstanding == 0
    verb = "settle" if is_settled else "reopen"
    return _moved(play, verb).noted(verb) if may(play, verb) else play
