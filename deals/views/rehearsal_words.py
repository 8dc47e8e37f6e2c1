"""What happens in a rehearsal, in words: the days of the calendar, and the letters not sent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from deals.models import Rehearsal
from deals.rules.rehearsal import Entry, Happening
from deals.views.periods import period_word
from deals.views.trace import written

# What happened, and the letter that a real deal would send; "" for none.
_WORDS: Mapping[str, tuple[str | Promise, str | Promise]] = {
    "trial.letter": (
        gettext_lazy("%(days)s days to the end of the trial"),
        gettext_lazy("To the company: decide, go on or leave"),
    ),
    "trial.ended": (
        gettext_lazy("The trial is over; the company decides"),
        gettext_lazy("To the company: the trial is over"),
    ),
    "decision.expired": (
        gettext_lazy("No decision came in time; the deal has expired"),
        gettext_lazy("To both sides: the deal has expired"),
    ),
    "period.ended": (
        gettext_lazy("%(period)s has ended and can be reported"),
        gettext_lazy("To the company: please report"),
    ),
    "report.due": (gettext_lazy("Last day to report %(period)s"), ""),
    "report.overdue": (
        gettext_lazy("The report of %(period)s is overdue"),
        gettext_lazy("To the company: the report is missing"),
    ),
    "statement.final": (gettext_lazy("The statement of %(period)s is final"), ""),
    "payment.overdue": (gettext_lazy("The payment for %(period)s is overdue"), ""),
    "report.filed": (
        gettext_lazy("The company reported %(period)s"),
        gettext_lazy("To the university: a report waits"),
    ),
    "report.questioned": (
        gettext_lazy("The university asked about %(period)s"),
        gettext_lazy("To the company: a question"),
    ),
    "report.accepted": (
        gettext_lazy("The university accepted %(period)s"),
        gettext_lazy("To the company: the statement"),
    ),
    "paid": (gettext_lazy("Money received: %(amount)s"), ""),
    "convert": (
        gettext_lazy("The company converted: payment begins"),
        gettext_lazy("To the university: the company goes on"),
    ),
    "exit": (
        gettext_lazy("The company left"),
        gettext_lazy("To the university: the company left"),
    ),
    "terminate": (
        gettext_lazy("The contract was ended early"),
        gettext_lazy("To both sides: the contract has ended"),
    ),
    "settle": (
        gettext_lazy("Everything is paid; the deal is settled"),
        gettext_lazy("To both sides: everything is paid"),
    ),
    "reopen": (gettext_lazy("A correction reopened the deal"), ""),
}
_BEFORE = gettext_lazy("%(period)s falls due in %(days)s days")
_ON_THE_DAY = gettext_lazy("%(period)s falls due today")
_AFTER = gettext_lazy("%(period)s is %(days)s days late")
_REMINDER = gettext_lazy("To the company: a reminder to pay")
_SOURCES = {
    "deal": gettext_lazy("A copy of deal %(number)s"),
    "proposal": gettext_lazy("The proposed terms of deal %(number)s"),
    "standard": gettext_lazy("The standing terms of the result"),
}


@dataclass(frozen=True)
class Said:
    """One day in words; `letter` names what a real deal would send, "" for nothing."""

    on: date
    text: str
    letter: str


def said(found: Iterable[Entry | Happening]) -> list[Said]:
    """What happened, or will, in the reader's language."""
    return [_said(one) for one in found]


def source_words(rehearsal: Rehearsal) -> str:
    """What the rehearsal is a copy of."""
    deal = rehearsal.deal
    return str(_SOURCES[rehearsal.source]) % {"number": deal.number if deal else ""}


def _said(one: Entry | Happening) -> Said:
    code = one.code if isinstance(one, Entry) else one.kind
    text, letter = _payment(one.days) if code == "payment.letter" else _WORDS[code]
    told = {
        "period": period_word(one.about) if one.about else "",
        "amount": written(one.about),
        "days": str(abs(one.days)),
    }
    return Said(one.on, str(text) % told, str(letter))


def _payment(days: int) -> tuple[str | Promise, str | Promise]:
    if days == 0:
        return _ON_THE_DAY, _REMINDER
    return (_BEFORE if days < 0 else _AFTER), _REMINDER
