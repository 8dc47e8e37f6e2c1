"""A filed report as both sides see it, and the university's answers."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from deals.forms.money import QuestionForm
from deals.models import Report
from deals.rules.filing import period_plan
from deals.rules.money import capitals
from deals.rules.periods import DAY
from deals.rules.states import ReportState
from deals.services import previews, reports
from deals.views import filing
from deals.views.periods import period_word
from deals.views.seats import frame_of
from listings.views import cards
from marketplace.accounts.actors import Actor
from marketplace.accounts.http import AccountRequest
from marketplace.accounts.rules import Permission
from marketplace.base import clock
from marketplace.base.http import guarded
from marketplace.base.policy import needs

PARTIES = needs("deal.view")
UNIVERSITY = needs("report.decide")
FIRST_LINES = 200
LATEST = 20


@guarded(UNIVERSITY)
def report_inbox(request: AccountRequest) -> HttpResponse:
    """The reports that wait for the university's answer, oldest first, and the last answered."""
    own = Report.objects.filter(deal__licensor=request.actor.organisation).select_related(
        "deal__listing", "deal__licensee", "submitted_by"
    )
    context = {
        "page_frame": frame_of(request.actor),
        "section": "report_inbox",
        "waiting": [_row(report) for report in own.submitted().order_by("submitted_at")],
        "answered": [
            _row(report) for report in own.accepted().order_by("-accepted_date", "-pk")[:LATEST]
        ],
    }
    return render(request, "deals/report_inbox.html", context)


@guarded(PARTIES)
def report(request: AccountRequest, public_id: str) -> HttpResponse:
    """One revision: its lines, what it comes to, and what happens next."""
    found = _visible(request, public_id)
    return _page(request, found, QuestionForm())


@require_POST
@guarded(UNIVERSITY)
def report_accept(request: AccountRequest, public_id: str) -> HttpResponse:
    """Accept it; the statement follows by itself."""
    found = reports.accept_report(_visible(request, public_id), by=request.actor, at=clock.now())
    messages.success(request, _("Accepted. The statement is being computed."))
    return redirect("report", found.public_id)


@require_POST
@guarded(UNIVERSITY)
def report_question(request: AccountRequest, public_id: str) -> HttpResponse:
    """Send it back with a question."""
    found = _visible(request, public_id)
    form = QuestionForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=400)
    reports.question_report(
        found, question=form.cleaned_data["question"], by=request.actor, at=clock.now()
    )
    messages.success(request, _("Sent. The company answers with a corrected report."))
    return redirect("report", public_id)


def _visible(request: AccountRequest, public_id: str) -> Report:
    rows = Report.objects.visible_to(request.actor).select_related(
        "deal__listing", "deal__licensor", "deal__licensee", "submitted_by", "decided_by"
    )
    return get_object_or_404(rows, public_id=public_id)


def _page(
    request: AccountRequest, found: Report, form: QuestionForm, *, status: int = 200
) -> HttpResponse:
    lines = list(found.lines.order_by("ordinal"))
    gross = filing.gross_of(lines)
    context = {
        "page_frame": frame_of(request.actor),
        "section": "report_inbox" if request.actor.may(Permission.REPORT_DECIDE) else "deals",
        "report": found,
        "deal": found.deal,
        "title": cards.title_of(found.deal.listing),
        "period": period_word(found.period),
        "crumbs": [
            {"text": _("Deals"), "url": reverse("deals")},
            {"text": found.deal.number, "url": reverse("deal", args=[found.deal.public_id])},
        ],
        "last": found.ends_date - DAY,
        "lines": [filing.row_of(line) for line in lines[:FIRST_LINES]],
        "count": len(lines),
        "gross": gross,
        "capitals": capitals(gross),
        "form": form,
        "statement": found.deal.statements.filter(period=found.period).first(),
        **_answer(found, request.actor),
    }
    return render(request, "deals/report.html", context, status=status)


def _answer(found: Report, actor: Actor) -> dict[str, Any]:
    """What the university sees beside a waiting report: the preview, and whether it may answer."""
    is_waiting = found.state == ReportState.SUBMITTED
    may_answer = (
        is_waiting
        and actor.may(Permission.REPORT_DECIDE)
        and actor.belongs_to(found.deal.licensor)
        and actor.user != found.submitted_by
    )
    pane = None
    if is_waiting:
        plan = period_plan(previews.agreed_terms(found.deal))
        period = plan.named(found.period)
        lines = list(found.lines.order_by("ordinal"))
        pane = filing.pane_of(found.deal, period, lines, today=clock.today()) if period else None
    may_edit = actor.may(Permission.REPORT_SUBMIT) and actor.belongs_to(found.deal.licensee)
    return {"pane": pane, "may_answer": may_answer, "may_edit": may_edit}


def _row(found: Report) -> dict[str, Any]:
    return {
        "report": found,
        "period": period_word(found.period),
        "title": cards.title_of(found.deal.listing).text,
        "company": cards.name_of(found.deal.licensee),
        "gross": filing.gross_of(found.lines.all()),
    }
