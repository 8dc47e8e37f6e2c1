"""A rehearsed deal on one invented day, and the same as a document that can be kept.

A rehearsal holds the lists of a contract file and nothing else that money depends on, so its
figures are those of `manage.py royalty` on the file. Source: docs/decisions/009-rehearsal.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from deals.rules import facts, statement, terms
from deals.rules.filing import period_plan
from deals.rules.periods import Period
from deals.rules.states import DealState, ReportState
from deals.rules.terms.model import Terms

Lists = Mapping[str, Any]
Tables = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A report that the university has not accepted; `lines` as a contract file holds them."""

    period: str
    lines: tuple[Mapping[str, Any], ...]
    state: ReportState = ReportState.SUBMITTED
    question: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened in the rehearsal: a code, and what it is about.

    `about` is a period, an amount or a text; `days` is how far before (-) or after a due date.
    """

    on: date
    code: str
    about: str = ""
    days: int = 0


@dataclass(frozen=True, slots=True)
class Play:
    """A rehearsed deal as its day `today` finds it.

    `lists` are those of a contract file (terms, events, reports, receipts ...). `decision_days` is
    how long after the trial a company may decide, `grace_days` how long after the acceptance of its
    report a statement can still change.
    """

    lists: Lists
    state: DealState
    today: date
    decision_days: int
    grace_days: int
    waiting: tuple[Waiting, ...] = ()
    log: tuple[Entry, ...] = ()

    @property
    def agreed(self) -> Terms:
        """The first version of the terms, which fixes periods and streams.

        Raises `facts.Refused` for terms that are none.
        """
        found, faults, _cautions = terms.validate(self.lists["terms"][0])
        if found is None:
            raise facts.Refused(faults)
        return found

    @property
    def currency(self) -> str:
        """The currency of the contract."""
        return str(self.lists["terms"][0]["currency"])

    @property
    def converted(self) -> date | None:
        """The day from which the company pays, None before."""
        return self._first("conversion")

    @property
    def ended(self) -> date | None:
        """The day on which the contract ended early, None while it runs."""
        return self._first("termination")

    def _first(self, kind: str) -> date | None:
        days = (one["date"] for one in self.lists.get("events", []) if one["type"] == kind)
        return min((date.fromisoformat(day) for day in days), default=None)

    def period_named(self, name: str) -> Period | None:
        """The contract's period of a name, None if it has no such period."""
        return period_plan(self.agreed).named(name)

    @property
    def last_day(self) -> date:
        """The last day of the contract, `date.max` while it is open."""
        return min(self.agreed.paying.last or date.max, self.ended or date.max)

    def revision_of(self, period: str) -> Mapping[str, Any] | None:
        """The accepted report of a period that counts: its highest revision."""
        found = [one for one in self.lists.get("reports", []) if one["period"] == period]
        return max(found, key=lambda one: int(one["revision"]), default=None)

    def waiting_for(self, period: str) -> Waiting | None:
        """The report of a period that waits for the university or was questioned by it."""
        return next((one for one in self.waiting if one.period == period), None)

    def added(self, name: str, element: Mapping[str, Any]) -> "Play":
        """The same with one more element in a list of the contract file."""
        return replace(self, lists={**self.lists, name: [*self.lists.get(name, []), element]})

    def noted(self, code: str, about: str = "") -> "Play":
        """The same with one more entry of today."""
        return replace(self, log=(*self.log, Entry(self.today, code, about)))


def contract_file(play: Play, tables: Tables) -> dict[str, Any]:
    """The contract file as of the rehearsal's day; `tables` are its holidays and workdays."""
    return {**play.lists, **tables, "as_of": play.today.isoformat()}


def computed(play: Play, tables: Tables) -> statement.Result:
    """Everything the contract owes on the rehearsal's day, by the one calculation.

    Raises `facts.Refused` with every fault of the file.
    """
    return statement.compute(facts.load(contract_file(play, tables)))


def to_document(play: Play) -> dict[str, Any]:
    """The rehearsal as plain JSON values."""
    return {
        "lists": dict(play.lists),
        "state": str(play.state),
        "today": play.today.isoformat(),
        "decision_days": play.decision_days,
        "grace_days": play.grace_days,
        "waiting": [
            {
                "period": one.period,
                "lines": list(one.lines),
                "state": str(one.state),
                "question": one.question,
            }
            for one in play.waiting
        ],
        "log": [[one.on.isoformat(), one.code, one.about, one.days] for one in play.log],
    }


def from_document(document: Mapping[str, Any]) -> Play:
    """The rehearsal that `to_document` wrote."""
    return Play(
        lists=document["lists"],
        state=DealState(document["state"]),
        today=date.fromisoformat(document["today"]),
        decision_days=document["decision_days"],
        grace_days=document["grace_days"],
        waiting=tuple(
            Waiting(one["period"], tuple(one["lines"]), ReportState(one["state"]), one["question"])
            for one in document["waiting"]
        ),
        log=tuple(
            Entry(date.fromisoformat(day), code, about, days)
            for day, code, about, days in document["log"]
        ),
    )
