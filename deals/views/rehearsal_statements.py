"""The statements of a rehearsal: the same steps as a real one, from a result instead of rows."""

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from deals.models import Rehearsal
from deals.rules import RULES_VERSION, facts
from deals.rules.causes import OwnChange, causes_on, own_changes
from deals.rules.facts import Contract
from deals.rules.money import capitals
from deals.rules.rehearsal import Play
from deals.rules.seals import seal_of
from deals.rules.statement import Line, Result, Statement, to_document
from deals.rules.states import statement_state
from deals.services import rehearsals
from deals.views import filing
from deals.views.bills import HOME, charts_of, owners_of, total_of
from deals.views.changes import Change, because_of, title_of
from deals.views.periods import period_word
from deals.views.rehearsals import READERS, computable, file_name, frame, loaded
from deals.views.rehearsed import asked_of, cap_of, statement_of
from deals.views.trace import invoice_steps_of, steps_of, written
from listings.views import cards
from marketplace.accounts.http import AccountRequest
from marketplace.base import formats
from marketplace.base.http import guarded


@guarded(READERS)
@computable
def rehearsal_statement(request: AccountRequest, public_id: str, period: str) -> HttpResponse:
    """One statement of a rehearsal, explained step by step."""
    found = loaded(request, public_id)
    play = rehearsals.play_of(found)
    within = play.period_named(period)
    if within is None:
        raise Http404
    result = rehearsals.result_of(play)
    bill = statement_of(result, within)
    if bill is None:
        raise Http404
    context = frame(request, found) | _parties(found) | _paper(found, play, result, bill)
    return render(request, "deals/rehearsal_statement.html", context)


def _paper(found: Rehearsal, play: Play, result: Result, bill: Statement) -> dict[str, Any]:
    printed: Any = to_document(result)["statements"]
    figures = next(one for one in printed if one["period"] == bill.period.name)
    lines = filing.traced(bill)
    desk = reverse("rehearsal", args=[found.public_id])
    return {
        "crumbs": [
            {"text": _("Rehearsals"), "url": reverse("rehearsals")},
            {"text": found.label or str(cards.title_of(found.listing).text), "url": desk},
        ],
        "bill": bill,
        "period": period_word(bill.period.name),
        "state": statement_state(bill.final_on, on=play.today),
        "capitals": capitals(bill.payable) if play.currency == HOME else "",
        "instalments": [one for one in asked_of(play, result) if one.period == bill.period.name],
        "steps": [*steps_of(lines), total_of(figures, lines, bill.payable)],
        "invoice": invoice_steps_of(lines),
        "charts": charts_of(lines),
        "changes": _changes(found, play, bill),
        "meter": filing.meter(cap_of(play), bill.cap_left, bill.payable),
        "owners": owners_of(bill.payable, play.agreed),
        "rules_version": RULES_VERSION,
        "statement": {"number": file_name(found), "computed_date": play.today},
        "seal": seal_of(rehearsals.file_of(play)),
    }


def _parties(found: Rehearsal) -> dict[str, str]:
    """Who would pay and who would be paid; standing terms have no company yet."""
    deal = found.deal
    licensor = deal.licensor if deal else found.listing.organisation
    return {
        "licensor": cards.name_of(licensor),
        "licensee": cards.name_of(deal.licensee) if deal else _("a company"),
    }


def _changes(found: Rehearsal, play: Play, bill: Statement) -> list[Change]:
    """What changed on this statement before it was final, and what its corrections changed."""
    contract = facts.load(rehearsals.file_of(play))
    period = bill.period.name
    own = [_own(contract, change, period) for change in own_changes(contract, period)]
    return [*own, *(_correction(contract, found, line) for line in bill.lines if line.corrects)]


def _own(contract: Contract, change: OwnChange, period: str) -> Change:
    return Change(
        about=period_word(period),
        title=title_of(change.code, change.key),
        before=formats.amount(change.before),
        after=formats.amount(change.after),
        on=change.day.isoformat(),
        amount=change.after - change.before,
        because=because_of(causes_on(contract, change.day, period), {}),
    )


def _correction(contract: Contract, found: Rehearsal, line: Line) -> Change:
    said, corrects = line.inputs, line.corrects
    assert corrects is not None, "only lines that correct come here"
    causes = causes_on(contract, date.fromisoformat(said["on"]), corrects.period)
    return Change(
        about=period_word(corrects.period),
        title=title_of(corrects.code, corrects.key),
        before=written(said["before"]),
        after=written(said["after"]),
        on=said["on"],
        amount=line.amount,
        url=reverse("rehearsal_statement", args=[found.public_id, corrects.period]),
        because=because_of(causes, {}),
    )
