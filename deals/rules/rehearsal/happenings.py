"""What the calendar brings in a rehearsal: ends, due dates, and the letters a real deal would send.

Nothing is sent; a letter here is a name and a day. Source: docs/decisions/009-rehearsal.md.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from deals.rules.filing import is_owed, period_plan, report_due
from deals.rules.periods import DAY, Period
from deals.rules.rehearsal.model import Play
from deals.rules.statement import Result
from deals.rules.states import DealState

TRIAL_LETTERS = (-30, -14, -3)
PAYMENT_LETTERS = (-7, 0, 7, 15, 30)
_S = DealState
_BEFORE_THE_END = {_S.IN_TRIAL, _S.EXTENDED}
_REPORTING = {*_BEFORE_THE_END, _S.AWAITING_DECISION, _S.PAYING, _S.TERMINATED}


@dataclass(frozen=True, slots=True, order=True)
class Happening:
    """One day of the calendar: what comes, about which period, how far from a due date."""

    on: date
    kind: str
    about: str = ""
    days: int = 0


def turns(play: Play, *, until: date) -> list[Happening]:
    """The days up to `until` on which the deal changes state by itself, in their order."""
    trial = play.agreed.trial
    if trial is None or trial.last is None:
        return []
    found = []
    if play.state in _BEFORE_THE_END:
        found.append(Happening(trial.last + DAY, "trial.ended"))
    if play.state in {*_BEFORE_THE_END, _S.AWAITING_DECISION}:
        lapses = trial.last + timedelta(days=play.decision_days) + DAY
        found.append(Happening(lapses, "decision.expired"))
    return [one for one in found if play.today < one.on <= until]


def happenings(play: Play, result: Result, *, until: date) -> list[Happening]:
    """Everything from the day after the rehearsal's up to `until`, `result` being what is known."""
    changes = turns(play, until=until)
    lapses = next((one.on for one in changes if one.kind == "decision.expired"), date.max)
    found = [
        *_trial_letters(play),
        *_report_days(play, until, lapses),
        *_final_days(play),
        *_payment_days(result),
    ]
    return sorted([*changes, *(one for one in found if play.today < one.on <= until)])


def open_periods(play: Play, *, until: date) -> Iterator[Period]:
    """The periods that end by `until` and are asked for, accepted or not."""
    agreed = play.agreed
    plan = period_plan(agreed)
    if play.state not in _REPORTING:
        return
    last = play.last_day
    period = plan.first()
    while period.end <= until and period.start <= last:
        if is_owed(agreed, period, converted=play.converted):
            yield period
        period = plan.after(period)


def _trial_letters(play: Play) -> Iterator[Happening]:
    trial = play.agreed.trial
    if trial is None or trial.last is None or play.state not in _BEFORE_THE_END:
        return
    for days in TRIAL_LETTERS:
        yield Happening(trial.last + timedelta(days=days), "trial.letter", "", -days)


def _report_days(play: Play, until: date, lapses: date) -> Iterator[Happening]:
    """A period ends, its report falls due, and is overdue if the company sent none."""
    agreed = play.agreed
    for period in open_periods(play, until=until):
        if period.end >= lapses:
            return
        yield Happening(period.end, "period.ended", period.name)
        if play.revision_of(period.name) is None and play.waiting_for(period.name) is None:
            due = report_due(agreed, period)
            yield Happening(due, "report.due", period.name)
            yield Happening(due + DAY, "report.overdue", period.name)


def _final_days(play: Play) -> Iterator[Happening]:
    """A statement can be questioned up to its final day; the day after it stays as it is."""
    for final in play.lists.get("finals", []):
        yield Happening(date.fromisoformat(final["date"]) + DAY, "statement.final", final["period"])


def _payment_days(result: Result) -> Iterator[Happening]:
    """Reminders of what is not paid, from the day on that it was posted."""
    for one in result.instalments:
        if one.outstanding <= 0:
            continue
        for days in PAYMENT_LETTERS:
            on = one.due + timedelta(days=days)
            if on >= one.posted_on:
                yield Happening(on, "payment.letter", one.period.name, days)
        yield Happening(one.due + DAY, "payment.overdue", one.period.name)
