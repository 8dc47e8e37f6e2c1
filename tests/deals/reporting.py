"""Reports, receipts and the worker's turn, for tests of the money path."""

from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import time_machine
from celery import current_app

import deals.tasks  # noqa: F401 - registers the tasks that the outbox names
from deals.models import Deal, Receipt, Report, ReportLine
from deals.services import receipts, reports, runs, terms, trials
from marketplace.base.models import Outbox
from tests.cast import Cast
from tests.deals import makers

CHINA = ZoneInfo("Asia/Shanghai")
STREAM = "product"
PERIODS = {
    "kind": "quarter",
    "anchor": "calendar",
    "report_days": 25,
    "pay_days": 40,
    "min_days_after_final": 10,
    "roll": "following",
}


def noon(day: str) -> datetime:
    """Noon in Shanghai on an ISO date."""
    return datetime.combine(date.fromisoformat(day), time(12), CHINA)


def make_trial(cast: Cast, *, trial_reports: bool = True, **changes: object) -> Deal:
    """A deal on trial from 5 January 2026; `changes` replace whole keys of its terms."""
    at = noon("2026-01-05")
    deal = makers.make_deal(cast, "requested", at)
    document = {**makers.make_document(deal, at), "periods": PERIODS, **changes}
    document["stages"]["trial"]["reports_required"] = trial_reports
    terms.propose_terms(deal, document=document, grant=makers.GRANT, by=cast.officer_a, at=at)
    deal = makers.accept(deal.terms_versions.get(), cast, at)
    makers.approve(deal, cast, at)
    return makers.sign(deal, cast, at)


def make_paying_deal(cast: Cast, *, trial_reports: bool = True, **changes: object) -> Deal:
    """The same deal, converted on 1 July 2026: free of charge before, 4 % and 3 % after."""
    deal = make_trial(cast, trial_reports=trial_reports, **changes)
    deal = trials.convert_deal(deal, by=cast.signatory_c, at=noon("2026-07-01"))
    work_off(noon("2026-07-01"))
    return deal


def sale(gross: int, *, on: str, returns: int = 0, **fields: object) -> ReportLine:
    """One line in fen, 13 % tax included; returns as a deduction."""
    values = {
        "sale_date": date.fromisoformat(on),
        "stream": STREAM,
        "gross_minor": gross,
        "vat_rate": Decimal("0.13"),
        "deductions": {"returns": returns} if returns else {},
    }
    return ReportLine(**values | fields)


def submit(
    deal: Deal, cast: Cast, period: str, lines: Iterable[ReportLine], *, at: datetime
) -> Report:
    """Company C's finance person drafts and submits."""
    draft = reports.Draft(period, list(lines))
    report = reports.save_draft(deal, draft, by=cast.finance_c, at=at)
    return reports.submit_report(report, by=cast.finance_c, at=at)


def accept(
    deal: Deal, cast: Cast, period: str, lines: Iterable[ReportLine], *, at: datetime
) -> Report:
    """Submitted and accepted by university A's officer, on the same day; not computed yet."""
    report = submit(deal, cast, period, lines, at=at)
    return reports.accept_report(report, by=cast.officer_a, at=at)


def pay(deal: Deal, cast: Cast, reference: str, amount: int, *, on: str) -> Receipt:
    """University A's finance person records a transfer on the day that it arrived."""
    transfer = receipts.Transfer(reference, amount, date.fromisoformat(on))
    return receipts.record_receipt(deal, transfer, by=cast.finance_a, at=noon(on))


def owed(deal: Deal) -> int:
    """How many computations of the deal the outbox owes."""
    return Outbox.objects.waiting().filter(task=runs.COMPUTE, subject_id=deal.pk).count()


def work_off(at: datetime) -> int:
    """Let the worker do everything that the outbox owes, at this instant; how many rows."""
    rows = list(Outbox.objects.waiting().order_by("pk"))
    with time_machine.travel(at, tick=False):
        for row in rows:
            current_app.tasks[row.task](row.pk)
    return len(rows)
