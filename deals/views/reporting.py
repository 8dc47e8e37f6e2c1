"""The company's reports: fill in with the preview beside it, check, submit."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from deals.forms.money import ReportForm, UploadForm, initial_of
from deals.models import Deal, Report, ReportLine
from deals.rules.faults import Refused
from deals.rules.filing import Part, period_plan, report_due
from deals.rules.money import capitals
from deals.rules.periods import Period
from deals.rules.states import ReportState
from deals.rules.terms.model import Terms
from deals.services import previews, report_files, reports
from deals.views import filing
from deals.views.periods import period_word
from deals.views.wrong import Problem, problem_of
from listings.views import cards
from marketplace.accounts.http import AccountRequest
from marketplace.base import clock
from marketplace.base.errors import RuleError
from marketplace.base.http import guarded, show_refusal
from marketplace.base.policy import needs

COMPANY = needs("report.submit")
FIRST_LINES = 20
EMPTYING = {"nil", "clear"}
# Where the buttons of the form lead once the draft is kept.
GO_ON = {"check": "report_check", "nil": "report_check", "clear": "report_form"}


@dataclass(frozen=True)
class Desk:
    """One closed period of one deal, as its company works on it; `report` is the latest one."""

    deal: Deal
    agreed: Terms
    period: Period
    parts: list[Part]
    report: Report | None
    lines: list[ReportLine]

    @property
    def is_restatement(self) -> bool:
        """Whether this is a new revision of a report that counts already."""
        report = self.report
        return report is not None and (report.revision > 1 or report.state == ReportState.ACCEPTED)

    @property
    def waits(self) -> bool:
        """Whether a report of the period waits for the university."""
        return self.report is not None and self.report.state == ReportState.SUBMITTED

    @property
    def due_date(self) -> date:
        """The last day to report in time."""
        return report_due(self.agreed, self.period)


def desk_of(request: AccountRequest, public_id: str, name: str) -> Desk:
    """The company's own period; 404 for other deals, other periods and periods that run."""
    actor = request.actor
    deals = Deal.objects.visible_to(actor).filter(licensee=actor.organisation).for_lists()
    deal = get_object_or_404(deals, public_id=public_id)
    if not deal.facts.exists():
        raise Http404
    agreed = previews.agreed_terms(deal)
    period = period_plan(agreed).named(name)
    if period is None or period.end > clock.today():
        raise Http404
    report = deal.reports.filter(period=name).order_by("-revision").first()
    lines = list(report.lines.order_by("ordinal")) if report else []
    return Desk(deal, agreed, period, previews.parts_of(deal, period), report, lines)


@guarded(COMPANY)
def report_form(request: AccountRequest, public_id: str, period: str) -> HttpResponse:
    """Fill in a period's revenue; every change is kept as a draft and previewed."""
    desk = desk_of(request, public_id, period)
    if desk.waits and desk.report is not None:
        return redirect("report", desk.report.public_id)
    if request.method != "POST":
        return _page(request, desk, _form(desk))
    form = _form(desk, request.POST)
    if not form.is_valid():
        return _answer(request, desk, form, None)
    return _keep(request, desk, form)


@require_POST
@guarded(COMPANY)
def report_upload(request: AccountRequest, public_id: str, period: str) -> HttpResponse:
    """Take a file of lines as the period's draft; wrong cells are named and nothing is taken."""
    desk = desk_of(request, public_id, period)
    upload = UploadForm(request.POST, request.FILES)
    problems: list[Problem] = []
    if upload.is_valid():
        try:
            problems = _take(request, desk, upload.cleaned_data["file"].read())
        except RuleError as error:
            show_refusal(upload, error)
    if upload.is_valid() and not problems:
        return redirect("report_form", public_id, period)
    return _page(request, desk, _form(desk), upload=upload, problems=problems, status=400)


@guarded(COMPANY)
def report_check(request: AccountRequest, public_id: str, period: str) -> HttpResponse:
    """Show what will be submitted, and submit it."""
    desk = desk_of(request, public_id, period)
    if desk.report is None or desk.report.state != ReportState.DRAFT:
        return redirect("report_form", public_id, period)
    if request.method == "POST":
        try:
            row = reports.submit_report(desk.report, by=request.actor, at=clock.now())
        except Refused:
            return redirect("report_check", public_id, period)
        return redirect("report", row.public_id)
    pane = filing.pane_of(desk.deal, desk.period, desk.lines, today=clock.today())
    return render(request, "deals/report_check.html", _frame(desk) | {"pane": pane})


def _keep(request: AccountRequest, desk: Desk, form: ReportForm) -> HttpResponse:
    """Save the draft, then go where the pressed button leads."""
    step = request.POST.get("step", "recalculate")
    lines = [] if step in EMPTYING else _typed(desk, form)
    draft = reports.Draft(desk.period.name, lines, form.cleaned_data["reason"])
    at = clock.now()
    saved = reports.save_draft(desk.deal, draft, by=request.actor, at=at)
    if step == "later":
        return redirect("deal", desk.deal.public_id)
    if step in GO_ON:
        return redirect(GO_ON[step], desk.deal.public_id, desk.period.name)
    pane = filing.pane_of(desk.deal, desk.period, lines, today=timezone.localdate(at))
    return _answer(request, desk, form, pane, saved=saved)


def _typed(desk: Desk, form: ReportForm) -> list[ReportLine]:
    """What the form says; lines from a file stay as they are while the form shows them."""
    return form.lines() if form.parts else desk.lines


def _take(request: AccountRequest, desk: Desk, data: bytes) -> list[Problem]:
    file = report_files.read_report_file(data, agreed=desk.agreed, period=desk.period)
    if file.wrong:
        return [problem_of(wrong) for wrong in file.wrong]
    draft = reports.Draft(desk.period.name, file.lines, desk.report.reason if desk.report else "")
    reports.save_draft(desk.deal, draft, by=request.actor, at=clock.now())
    return []


def _form(desk: Desk, data: Any = None) -> ReportForm:
    """The form of the period; without sums when the draft's lines say more than it can."""
    initial = initial_of(desk.parts, desk.lines)
    asks_for_sums = initial is not None and not _is_from_file(data) and not _empties(data)
    parts = desk.parts if asks_for_sums else []
    reason = {"reason": desk.report.reason} if desk.report else {}
    return ReportForm(
        parts, currency=desk.agreed.currency, data=data, initial={**(initial or {}), **reason}
    )


def _empties(data: Any) -> bool:
    """Whether the pressed button takes every line away, so that no sum is read."""
    return data is not None and data.get("step") in EMPTYING


def _is_from_file(data: Any) -> bool:
    return data is not None and data.get("source") == "file"


def _answer(
    request: AccountRequest,
    desk: Desk,
    form: ReportForm,
    pane: filing.Pane | None,
    *,
    saved: Report | None = None,
) -> HttpResponse:
    """The preview alone for a script, the whole page without one."""
    context = _context(desk, form, pane, saved=saved) | _sums(saved)
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "deals/_report_preview.html", context)
    return render(request, "deals/report_form.html", context)


def _page(
    request: AccountRequest, desk: Desk, form: ReportForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    pane = filing.pane_of(desk.deal, desk.period, desk.lines, today=clock.today())
    context = _context(desk, form, pane if desk.report else None, saved=desk.report) | more
    return render(request, "deals/report_form.html", context, status=status)


def _context(
    desk: Desk, form: ReportForm, pane: filing.Pane | None, *, saved: Report | None
) -> dict[str, Any]:
    return _frame(desk) | {
        "form": form,
        "groups": list(form.groups()),
        "pane": pane,
        "saved": saved,
        "upload": UploadForm(),
        "problems": [],
    }


def _frame(desk: Desk) -> dict[str, Any]:
    return {
        "section": "deals",
        "desk": desk,
        "deal": desk.deal,
        "title": cards.title_of(desk.deal.listing),
        "period": period_word(desk.period.name),
        "crumbs": [
            {"text": _("Deals"), "url": reverse("deals")},
            {"text": desk.deal.number, "url": reverse("deal", args=[desk.deal.public_id])},
        ],
        **_sums(desk.report),
        "lines": [filing.row_of(line) for line in desk.lines[:FIRST_LINES]],
        "last_gross": filing.last_gross(desk.deal, desk.period),
    }


def _sums(report: Report | None) -> dict[str, Any]:
    """The sales of the report as it is kept now, in figures and in capitals."""
    gross = filing.gross_of(report.lines.all()) if report else 0
    return {"gross": gross, "capitals": capitals(gross)}
