"""The six steps of a deal, as its page shows them."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from deals.models import Deal
from deals.rules.states import DealState

_S = DealState
# How many steps lie behind a deal in each state; a deal that is over keeps those it had passed.
_PASSED: dict[str, int] = {
    _S.REQUESTED: 0,
    _S.IN_TALKS: 0,
    _S.TERMS_ACCEPTED: 1,
    _S.AWAITING_UNIVERSITY: 1,
    _S.NOTICE_RUNNING: 1,
    _S.NOTICE_PAUSED: 1,
    _S.AWAITING_PLATFORM: 1,
    _S.READY_TO_SIGN: 2,
    _S.IN_TRIAL: 2,
    _S.EXTENDED: 2,
    _S.AWAITING_DECISION: 3,
    _S.PAYING: 4,
    _S.SETTLED: 6,
}


@dataclass(frozen=True)
class Step:
    """One step: its name, what is known of it, and "done", "now" or ""."""

    title: str
    note: str
    state: str


@dataclass(frozen=True)
class Timeline:
    """All six, and the number of the one that is now, or was the last."""

    steps: list[Step]
    current: int


def timeline_of(deal: Deal) -> Timeline:
    """Where a deal stands on its way, with dates and people."""
    is_going = deal.state in _PASSED
    passed = _PASSED[deal.state] if is_going else _passed_before_the_end(deal)
    titles = [
        _("Request"), _("Two approvals"), _("Free trial"), _("Conversion"), _("Instalments"),
        _("Settled"),
    ]  # fmt: skip
    steps = [
        Step(title, note, _state(index, passed, is_going=is_going))
        for index, (title, note) in enumerate(zip(titles, _notes(deal), strict=True))
    ]
    current = passed + 1 if is_going else max(passed, 1)
    return Timeline(steps, min(current, len(steps)))


def _state(index: int, passed: int, *, is_going: bool) -> str:
    if index < passed:
        return "done"
    return "now" if is_going and index == passed else ""


def _passed_before_the_end(deal: Deal) -> int:
    if deal.converted_date:
        return 4
    if deal.trial_from_date:
        return 3
    return 2 if deal.second_approver_id else 0


def _notes(deal: Deal) -> list[str]:
    trial = [_day(deal.trial_from_date), _day(deal.trial_to_date)]
    return [
        f"{_day(deal.requested_at)} {deal.requested_by}",
        _approvals(deal),
        " → ".join(trial) if all(trial) else "",
        _day(deal.converted_date),
        _instalments(deal),
        _day(deal.settled_date),
    ]


def _approvals(deal: Deal) -> str:
    people = [deal.first_approver, deal.second_approver]
    return _(", ").join(str(person) for person in people if person is not None)


def _instalments(deal: Deal) -> str:
    if deal.state not in (_S.PAYING, _S.SETTLED):
        return ""
    return _("%(count)s so far") % {"count": deal.statements.count()}


def _day(day: date | datetime | None) -> str:
    if isinstance(day, datetime):
        day = timezone.localdate(day)
    return f"{day:%Y-%m-%d}" if day else ""
