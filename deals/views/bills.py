"""A statement as a document: how it was worked out, from where, to whom it goes, and the file."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from deals.forms.disputes import DisputeForm
from deals.models import Instalment, Report, Statement, StatementLine
from deals.rules import RULES_VERSION
from deals.rules.allocation import to_owners
from deals.rules.faults import Refused
from deals.rules.instalments import Due, parts_of
from deals.rules.money import capitals
from deals.rules.periods import DAY
from deals.rules.seals import Seal, file_text, seal_of
from deals.rules.states import statement_state
from deals.rules.terms.model import Terms
from deals.services import previews, statement_rows
from deals.services.dossiers import statement_file
from deals.views import disputed, filing
from deals.views.changes import changes_of
from deals.views.periods import period_word
from deals.views.seats import frame_of
from deals.views.trace import (
    Step,
    Traced,
    invoice_steps_of,
    steps_of,
    written,
)
from listings.views import cards
from marketplace.accounts.http import AccountRequest
from marketplace.accounts.models import Organisation
from marketplace.base import charts, clock, formats
from marketplace.base.http import guarded
from marketplace.base.policy import needs

PARTIES = needs("deal.view")
HOME = "CNY"
THOUSAND = 1000
WIDE, PHONE = 860, 340
_TO_BASE = ("vat", "deduction", "allowance")


@dataclass(frozen=True)
class Share:
    """One owner's part of a payment; `start` and `share` are thousandths of the bar."""

    label: str
    share: int
    start: int
    amount: int


@guarded(PARTIES)
def statement(request: AccountRequest, public_id: str) -> HttpResponse:
    """One statement, explained step by step."""
    return page_of(request, visible(request, public_id))


def page_of(
    request: AccountRequest,
    found: Statement,
    *,
    form: DisputeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a statement, with the form of a dispute that came back if one did."""
    posted = statement_rows.current_lines(found)
    fresh = disputed.form_of(found, told(posted), request.actor, clock.today())
    context = paper_of(request, found, posted) | {
        "page_frame": frame_of(request.actor),
        "section": "deals",
        "crumbs": [
            {"text": _("Deals"), "url": reverse("deals")},
            {"text": found.deal.number, "url": reverse("deal", args=[found.deal.public_id])},
        ],
        "form": form,
        "dispute_form": form or fresh,
    }
    return render(request, "deals/statement.html", context, status=status)


def paper_of(
    request: AccountRequest, found: Statement, posted: Sequence[StatementLine]
) -> dict[str, object]:
    """What a statement says, on the page as on paper; `posted` are its standing lines."""
    lines, report, today = traced(posted), _report(found), clock.today()
    return {
        "statement": found,
        "deal": found.deal,
        "title": cards.title_of(found.deal.listing),
        "period": period_word(found.period),
        "licensor": cards.name_of(found.deal.licensor),
        "licensee": cards.name_of(found.deal.licensee),
        "capitals": capitals(found.payable_minor) if found.currency == HOME else "",
        "instalments": [status_of(row, today) for row in found.instalments.order_by("due_date")],
        "report": report,
        "steps": [
            *_steps(found, lines, report),
            total_of(found.figures, lines, found.payable_minor),
        ],
        "invoice": invoice_steps_of(lines),
        "charts": charts_of(lines),
        "changes": changes_of(found, posted),
        "meter": _meter(found),
        "owners": owners_of(found.payable_minor, previews.agreed_terms(found.deal)),
        "rules_version": RULES_VERSION,
        "state": statement_state(found.final_date, on=today),
        "disputes": disputed.rows_of(found, request.actor),
        "seal": _seal(found),
    }


@guarded(PARTIES)
def statement_contract(request: AccountRequest, public_id: str) -> HttpResponse:
    """The contract file that `manage.py royalty` recomputes the statement from."""
    found = visible(request, public_id)
    text = file_text(statement_file(found))
    response = HttpResponse(text, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{found.number}.json"'
    return response


def traced(lines: Iterable[StatementLine]) -> list[Traced]:
    """Posted lines, for the table of words."""
    return [
        Traced(
            line.code,
            line.amount_minor,
            line.inputs,
            period_word(line.corrects["period"]) if line.corrects else "",
        )
        for line in lines
    ]


def told(rows: Sequence[StatementLine]) -> list[tuple[StatementLine, Traced]]:
    """Posted lines, each with what the table of words reads of it."""
    return list(zip(rows, traced(rows), strict=True))


def status_of(row: Instalment, today: date) -> dict[str, Any]:
    """An instalment with its parts, each in its state; `state` is that of the first.

    `asked` is what can be asked for now: all that is open but not disputed.
    """
    due = Due(row.amount_minor, row.paid_minor, row.disputed_minor, row.due_date)
    parts = parts_of(due, on=today)
    return {
        "row": row,
        "state": parts[0].state.value,
        "parts": parts,
        "asked": row.outstanding_minor - row.disputed_minor,
    }


def visible(request: AccountRequest, public_id: str) -> Statement:
    """The statement for its page; 404 for whoever may not see it."""
    rows = Statement.objects.visible_to(request.actor).select_related(
        "deal__listing", "deal__licensor", "deal__licensee", "deal__terms"
    )
    return get_object_or_404(rows, public_id=public_id)


def _seal(found: Statement) -> Seal | None:
    """The checksums of the contract file and its result; None once newer rules refuse the file."""
    try:
        return seal_of(statement_file(found))
    except Refused:
        return None


def _report(found: Statement) -> Report | None:
    """The revision that the statement's own figures come from: the last one before it was final."""
    if found.final_date is None:
        return None
    accepted = found.deal.reports.accepted().filter(period=found.period)
    return accepted.filter(accepted_date__lte=found.final_date).order_by("-revision").first()


def _steps(found: Statement, lines: Sequence[Traced], report: Report | None) -> list[Step]:
    """The steps with links to what each rests on: the report, an earlier statement, the terms."""
    terms = f"{reverse('deal', args=[found.deal.public_id])}#terms"
    steps = [] if report is None or _sum(lines, "gross") else [_nil(report)]
    for step in steps_of(lines):
        if step.code == "gross" and report is not None:
            steps.append(_sourced(step, report))
        else:
            steps.append(replace(step, source_url=terms if step.source else ""))
    return steps


def _nil(report: Report) -> Step:
    """The first step of a statement whose report says that nothing was sold."""
    title = _("No revenue was reported for this period")
    return _sourced(Step("nil", title, "", "", None, amount_words=_("Nil")), report)


def _sourced(step: Step, report: Report) -> Step:
    """A step that rests on a report: its days, and where to read it."""
    about = _("Report %(number)s, accepted on %(day)s")
    said = {"number": report.number, "day": f"{report.accepted_date:%Y-%m-%d}"}
    return replace(
        step,
        formula=f"{report.starts_date:%Y-%m-%d} – {report.ends_date - DAY:%Y-%m-%d}",
        source=about % said,
        source_url=reverse("report", args=[report.public_id]),
    )


def total_of(figures: Mapping[str, Any], lines: Sequence[Traced], payable: int) -> Step:
    """The last step: from what accrued to what is payable; `figures` as the calculation prints."""
    formula = written(figures["accrued"])
    corrections, credits = figures["corrections"], figures["credits"]
    if corrections.strip("-0."):
        sign = "−" if corrections.startswith("-") else "+"
        formula += f" {sign} {written(corrections.lstrip('-'))}"
    if credits.strip("0."):
        formula += f" − {written(credits)}"
    for code, sign in (("overpayment", "+"), ("deferred", "−"), ("deferred.brought", "+")):
        for line in lines:
            if line.code == code:
                formula += f" {sign} {formats.amount(line.amount)}"
    return Step("payable", _("Payable"), formula, "", payable, kind="total")


def charts_of(lines: Sequence[Traced]) -> dict[str, charts.WaterfallChart] | None:
    """From gross to base; None where they do not meet, as in a period that is partly free."""
    steps = [charts.Step(_("Gross"), _sum(lines, "gross"), is_total=True)]
    for name, label in zip(_TO_BASE, (_("VAT"), _("Deductions"), _("Free allowance")), strict=True):
        amount = _sum(lines, name)
        if amount:
            steps.append(charts.Step(label, -amount))
    base = _sum(lines, "base")
    if base <= 0 or sum(step.value for step in steps) != base:
        return None
    steps.append(charts.Step(_("Royalty base"), base, is_total=True))
    return {
        "wide": charts.waterfall_chart(steps, width=WIDE),
        "phone": charts.waterfall_chart(steps, width=PHONE),
    }


def _sum(lines: Iterable[Traced], family: str) -> int:
    return sum(
        line.amount
        for line in lines
        if line.code.partition(".")[0] == family and line.code != "deduction.refused"
    )


def _meter(found: Statement) -> filing.CapMeter | None:
    left = found.figures["cap_left"]
    minor = filing.minor(left, found.currency) if left is not None else None
    return filing.meter(filing.cap_of(found.deal), minor, found.payable_minor)


def owners_of(payable: int, agreed: Terms) -> list[Share]:
    """Where the money goes: the owners by weight, each by name."""
    if not payable:
        return []
    parts = to_owners(payable, agreed)
    names = {row.public_id: row for row in Organisation.objects.filter(public_id__in=parts)}
    shares: list[Share] = []
    start = 0
    for party, amount in parts.items():
        share = amount * THOUSAND // payable
        name = cards.name_of(names[party]) if party in names else party
        shares.append(Share(name, share, start, amount))
        start += share
    return shares
