"""The task card of a deal's page: what is to be done now, seen from one side."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deals.models import Deal
from deals.rules.states import DealState, Side
from deals.views.seats import Turn

_S = DealState
_CARDS: Mapping[str, str] = {
    _S.REQUESTED: "requested",
    _S.IN_TALKS: "in_talks",
    _S.NOTICE_RUNNING: "notice",
    _S.AWAITING_PLATFORM: "awaiting_platform",
    _S.READY_TO_SIGN: "ready_to_sign",
    _S.IN_TRIAL: "trial",
    _S.EXTENDED: "trial",
    _S.AWAITING_DECISION: "trial",
    _S.PAYING: "paying",
}
# The heading for the side whose turn it is.
_TASKS: Mapping[tuple[str, Side], str | Promise] = {
    (_S.REQUESTED, Side.LICENSOR): gettext_lazy("Answer this request"),
    (_S.IN_TALKS, Side.LICENSOR): gettext_lazy("Read and accept the terms"),
    (_S.IN_TALKS, Side.LICENSEE): gettext_lazy("Read and accept the terms"),
    (_S.AWAITING_PLATFORM, Side.PLATFORM): gettext_lazy("Approve this deal"),
    (_S.READY_TO_SIGN, Side.LICENSOR): gettext_lazy("Sign the contract"),
    (_S.READY_TO_SIGN, Side.LICENSEE): gettext_lazy("Sign the contract"),
    (_S.AWAITING_DECISION, Side.LICENSEE): gettext_lazy("Decide: go on and pay, or leave"),
}
# The heading for everybody else.
_WAITS: Mapping[str, str | Promise] = {
    _S.REQUESTED: gettext_lazy("The university is reading the request"),
    _S.IN_TALKS: gettext_lazy("The other side is reading the terms"),
    _S.NOTICE_RUNNING: gettext_lazy("The agreed terms are on public notice"),
    _S.AWAITING_PLATFORM: gettext_lazy("Two approvers of the platform decide"),
    _S.READY_TO_SIGN: gettext_lazy("Approved; signatures are missing"),
    _S.IN_TRIAL: gettext_lazy("The trial is running"),
    _S.EXTENDED: gettext_lazy("The trial is running"),
    _S.AWAITING_DECISION: gettext_lazy("The trial is over; the company decides"),
    _S.PAYING: gettext_lazy("Paying from revenue"),
    _S.SETTLED: gettext_lazy("Settled: everything is paid"),
    _S.EXITED: gettext_lazy("The company left after the trial"),
    _S.REFUSED: gettext_lazy("This deal was refused"),
    _S.WITHDRAWN: gettext_lazy("The company withdrew its request"),
    _S.EXPIRED: gettext_lazy("No decision came in time; the deal has expired"),
}


@dataclass(frozen=True)
class Card:
    """The card's template, its heading, and whether the reader's side must act."""

    template: str
    title: str
    is_task: bool


@dataclass(frozen=True)
class TrialDays:
    """How far a trial has run: day `gone` of `total`, `left` days to go (0 on the last)."""

    gone: int
    total: int
    left: int


def card_of(deal: Deal, side: Side, turn: Turn) -> Card:
    """What the page says first."""
    template = f"deals/_card_{_CARDS.get(deal.state, 'over')}.html"
    if not turn.is_for(side):
        return Card(template, _waiting(deal, turn), is_task=False)
    if deal.state == _S.IN_TALKS and turn.version is None:
        return Card(template, _("Propose new terms"), is_task=True)
    return Card(template, str(_TASKS[deal.state, side]), is_task=True)


def trial_days(deal: Deal, today: date) -> TrialDays | None:
    """The days of a trial that has dates."""
    first, last = deal.trial_from_date, deal.trial_to_date
    if first is None or last is None:
        return None
    total = (last - first).days + 1
    gone = min(max((today - first).days + 1, 0), total)
    return TrialDays(gone, total, max((last - today).days, 0))


def _waiting(deal: Deal, turn: Turn) -> str:
    if deal.state == _S.IN_TALKS and turn.version is None:
        return _("The university is preparing new terms")
    return str(_WAITS.get(deal.state, deal.state))
