"""The table "what changed and why": corrections of earlier statements, and changes of one's own."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from deals.models import Report, Statement, StatementLine
from deals.rules import facts
from deals.rules.causes import Cause, OwnChange, causes_on, own_changes
from deals.rules.facts import Contract
from deals.services.dossiers import statement_file
from deals.views.periods import period_word
from deals.views.trace import SILENT, words_of, written
from marketplace.base import formats

EVENTS = {
    "conversion": lambda: _("The trial was converted"),
    "termination": lambda: _("The contract was terminated"),
    "suspension": lambda: _("The minimum was suspended"),
}


@dataclass(frozen=True)
class Because:
    """One reason of a change, with the page of the fact behind it."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class Change:
    """One row of the table: the statement and the line that changed, before and after, and why."""

    about: str
    title: str
    before: str
    after: str
    on: str
    amount: int
    url: str = ""
    because: Sequence[Because] = ()


def changes_of(found: Statement, lines: Iterable[StatementLine]) -> list[Change]:
    """Everything that restated or late facts changed on a statement, with the facts as reasons.

    First what changed on the statement itself while it was not final, then its corrections of
    earlier ones. The reasons are read from the contract file that the statement comes from.
    """
    corrections = [line for line in lines if line.corrects]
    revisions = found.deal.reports.accepted().filter(period=found.period).count()
    if not corrections and revisions < 2:
        return []
    contract = facts.load(statement_file(found))
    reports = {(row.period, row.revision): row for row in found.deal.reports.all()}
    others = {row.period: row for row in found.deal.statements.all()}
    own = [
        _own(change, found, because_of(causes_on(contract, change.day, found.period), reports))
        for change in own_changes(contract, found.period)
    ]
    return [*own, *_corrections(corrections, contract, others, reports)]


def because_of(causes: Iterable[Cause], reports: Mapping[tuple[str, int], Report]) -> list[Because]:
    """The reasons in words, each with its page where there is one."""
    return [_because(cause, reports.get((cause.name, cause.number))) for cause in causes]


def _own(change: OwnChange, found: Statement, because: Sequence[Because]) -> Change:
    return Change(
        about=period_word(found.period),
        title=title_of(change.code, change.key),
        before=formats.amount(change.before),
        after=formats.amount(change.after),
        on=change.day.isoformat(),
        amount=change.after - change.before,
        because=because,
    )


def _corrections(
    lines: Iterable[StatementLine],
    contract: Contract,
    others: Mapping[str, Statement],
    reports: Mapping[tuple[str, int], Report],
) -> Iterator[Change]:
    for line in lines:
        corrects, said = line.corrects or {}, line.inputs
        causes = causes_on(contract, date.fromisoformat(said["on"]), corrects["period"])
        yield Change(
            about=period_word(corrects["period"]),
            title=title_of(corrects["code"], corrects["key"]),
            before=written(said["before"]),
            after=written(said["after"]),
            on=said["on"],
            amount=line.amount_minor,
            url=reverse("statement", args=[others[corrects["period"]].public_id]),
            because=because_of(causes, reports),
        )


def title_of(code: str, key: str) -> str:
    """The words of a line's code, with its name where there are several of the code."""
    return str(words_of(code).title) % {**SILENT, "item": key}


def _because(cause: Cause, report: Report | None) -> Because:
    if cause.kind == "report":
        words = _("Report of %(period)s, revision %(revision)s")
        said = {"period": period_word(cause.name), "revision": cause.number}
        url = reverse("report", args=[report.public_id]) if report else ""
        return Because(words % said, url)
    if cause.kind == "terms":
        return Because(_("Version %(number)s of the terms") % {"number": cause.number})
    if cause.kind == "event":
        known = EVENTS.get(cause.name)
        return Because(known() if known else _("Event: %(name)s") % {"name": cause.name})
    return Because(_("A sum fell due or a year closed on this day"))
