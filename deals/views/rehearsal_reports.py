"""Invented reports of a rehearsal, and the university's answers to them."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from deals.forms.faults import placed_words
from deals.forms.money import ReportForm
from deals.forms.rehearsals import AskForm, filled, seen_of
from deals.models import Rehearsal, ReportLine
from deals.rules.faults import Refused
from deals.rules.filing import parts_in, report_due
from deals.rules.money import capitals
from deals.rules.periods import Period
from deals.rules.rehearsal import Play, Waiting
from deals.rules.states import ReportState
from deals.services import rehearsals
from deals.services.previews import lines_of
from deals.views import filing
from deals.views.periods import period_word
from deals.views.rehearsals import READERS, computable, frame, loaded
from deals.views.rehearsed import cap_of
from deals.views.trace import steps_of
from marketplace.accounts.http import AccountRequest
from marketplace.base import clock
from marketplace.base.errors import RuleError
from marketplace.base.http import guarded, show_refusal, status_of
from marketplace.base.words import words_for

FIRST_LINES = 20
FILING = ("file", "accepted", "nil")


@guarded(READERS)
@computable
def rehearsal_report(request: AccountRequest, public_id: str, period: str) -> HttpResponse:
    """Invent the revenue of a period, or answer the report that waits for the university."""
    found = loaded(request, public_id)
    play = rehearsals.play_of(found)
    within = _closed(play, period)
    waiting = play.waiting_for(period)
    if waiting is not None and waiting.state == ReportState.SUBMITTED:
        return _answer(request, found, within, waiting)
    return _invent(request, found, within)


def _invent(request: AccountRequest, found: Rehearsal, within: Period) -> HttpResponse:
    """The form with its preview; kept as a report when a button says so."""
    play = rehearsals.play_of(found)
    if request.method != "POST":
        return _form_page(request, found, within, _form(play, within))
    step = request.POST.get("step", "")
    form = _form(play, within, {} if step == "nil" else request.POST)
    if step != "nil" and not form.is_valid():
        return _form_page(request, found, within, form, status=400)
    lines = [] if step == "nil" else form.lines()
    if step not in FILING:
        return _form_page(request, found, within, form, pane=_pane(play, within, lines))
    try:
        _keep(request, found, within, lines)
    except Refused:
        pane = _pane(play, within, lines)
        return _form_page(request, found, within, form, pane=pane, status=400)
    except RuleError as error:
        messages.error(request, words_for(error))
        return _form_page(request, found, within, form, status=status_of(error))
    return redirect("rehearsal", found.public_id)


def _keep(
    request: AccountRequest, found: Rehearsal, within: Period, lines: list[ReportLine]
) -> None:
    """File the lines; let the university accept them at once unless it shall be asked."""
    by, at = request.actor, clock.now()
    seen = seen_of(request.POST)
    row = rehearsals.file_report(found, period=within.name, lines=lines, seen=seen, by=by, at=at)
    said = {"period": period_word(within.name)}
    if request.POST.get("step") == "file":
        messages.success(request, _("%(period)s is filed and waits for the university.") % said)
        return
    rehearsals.accept_report(row, period=within.name, seen=row.revision, by=by, at=at)
    messages.success(request, _("%(period)s is filed and accepted; see its statement.") % said)


def _answer(
    request: AccountRequest, found: Rehearsal, within: Period, waiting: Waiting
) -> HttpResponse:
    """The report that waits, with the university's two answers."""
    is_question = request.POST.get("step") == "question"
    form = AskForm(request.POST if is_question else None)
    status = 200
    if request.method == "POST" and (not is_question or form.is_valid()):
        try:
            _decide(request, found, within, form)
        except RuleError as error:
            show_refusal(form, error)
            messages.error(request, words_for(error))
            status = status_of(error)
        else:
            return redirect("rehearsal", found.public_id)
    elif form.errors:
        status = 400
    play = rehearsals.play_of(found)
    lines = lines_of(waiting.lines, home=play.currency)
    context = _context(request, found, within) | {
        "form": form,
        "lines": [filing.row_of(line) for line in lines[:FIRST_LINES]],
        "count": len(lines),
        "pane": _pane(play, within, lines),
        "report": waiting,
    }
    return render(request, "deals/rehearsal_answer.html", context, status=status)


def _decide(request: AccountRequest, found: Rehearsal, within: Period, form: AskForm) -> None:
    by, at = request.actor, clock.now()
    seen, name = seen_of(request.POST), within.name
    if form.is_bound:
        question = form.cleaned_data["question"]
        rehearsals.question_report(found, period=name, question=question, seen=seen, by=by, at=at)
        return
    rehearsals.accept_report(found, period=name, seen=seen, by=by, at=at)


def _closed(play: Play, name: str) -> Period:
    """A period of the contract that has ended in the rehearsal; 404 for every other name."""
    period = play.period_named(name)
    if period is None or period.end > play.today or period.start > play.last_day:
        raise Http404
    return period


def _form(play: Play, within: Period, data: Any = None) -> ReportForm:
    """The form of a period, filled in with what was reported before."""
    agreed = play.agreed
    parts = parts_in(agreed, within, converted=play.converted)
    waiting, counted = play.waiting_for(within.name), play.revision_of(within.name)
    payloads = waiting.lines if waiting else counted["lines"] if counted else []
    initial = filled(parts, payloads, agreed.currency)
    form = ReportForm(parts, currency=agreed.currency, data=data, initial=initial)
    del form.fields["reason"]
    return form


def _pane(play: Play, within: Period, lines: list[ReportLine]) -> filing.Pane:
    """What the lines come to by the one calculation; what is wrong with them, if anything."""
    try:
        result = rehearsals.preview_report(play, period=within.name, lines=lines)
    except Refused as refused:
        return filing.Pane(None, faults=[placed_words(fault) for fault in refused.faults])
    shown = filing.own_statement(result, within)
    if shown.final_on is not None and shown.final_on < play.today:
        shown = filing.landing(result, within, today=play.today)
    return filing.Pane(
        payable=shown.payable,
        rows=filing.rows_of(steps_of(filing.traced(shown)), shown.payable),
        cap=filing.meter(cap_of(play), shown.cap_left, shown.payable),
        lands_on="" if shown.period == within else period_word(shown.period.name),
        cautions=filing.cautions_of(within, result),
    )


def _form_page(
    request: AccountRequest,
    found: Rehearsal,
    within: Period,
    form: ReportForm,
    *,
    pane: filing.Pane | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, or the preview alone for a script."""
    play = rehearsals.play_of(found)
    gross = filing.gross_of(form.lines()) if form.is_bound and form.is_valid() else 0
    waiting = play.waiting_for(within.name)
    context = _context(request, found, within) | {
        "form": form,
        "groups": list(form.groups()),
        "pane": pane,
        "gross": gross,
        "capitals": capitals(gross),
        "question": waiting.question if waiting else "",
        "is_restatement": play.revision_of(within.name) is not None,
    }
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "deals/_report_preview.html", context)
    return render(request, "deals/rehearsal_report.html", context, status=status)


def _context(request: AccountRequest, found: Rehearsal, within: Period) -> dict[str, Any]:
    play = rehearsals.play_of(found)
    context = frame(request, found)
    desk = {"text": found.label or str(context["title"].text), "url": _desk_url(found)}
    return context | {
        "crumbs": [*context["crumbs"], desk],
        "within": within,
        "period": period_word(within.name),
        "due_date": report_due(play.agreed, within),
    }


def _desk_url(found: Rehearsal) -> str:
    return reverse("rehearsal", args=[found.public_id])
