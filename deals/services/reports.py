"""Revenue reports: drafted and submitted by the company, questioned or accepted by the university.

A revision restates its whole period. Whoever submitted a report never decides on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from deals.models import Deal, Report, ReportLine
from deals.rules.filing import period_plan
from deals.rules.periods import Period
from deals.rules.states import ReportState
from deals.services import moves, previews, shared_facts, statement_life
from deals.services.dossiers import append_fact, contract_file
from marketplace.accounts.actors import Actor
from marketplace.accounts.rules import Permission
from marketplace.base import outbox
from marketplace.base.errors import ConflictError, RuleError

_EDITABLE = {ReportState.DRAFT, ReportState.QUESTIONED}


@dataclass(frozen=True)
class Draft:
    """What a company wants to report: the whole period's lines (none is a nil report).

    `reason` explains an unusual change; the lines are rows that are not saved yet.
    """

    period: str
    lines: Sequence[ReportLine]
    reason: str = ""


def save_draft(deal: Deal, draft: Draft, *, by: Actor, at: datetime) -> Report:
    """Keep the period's open revision as these lines; a new revision after an accepted one.

    Raises RuleError("report.period_open") before the period's end, "report.period_unknown" for
    none of the contract's, and ConflictError("report.awaiting_answer") while one is submitted.
    """
    with transaction.atomic():
        deal = moves.locked(deal)
        _require_licensee(deal, by)
        period = _closed_period(deal, draft.period, today=timezone.localdate(at))
        report = _open_revision(deal, period, by=by, at=at)
        report.state = ReportState.DRAFT
        report.reason = draft.reason
        report.saved_at = at
        report.save()
        report.lines.all().delete()
        _write_lines(report, draft.lines)
    return report


def submit_report(report: Report, *, by: Actor, at: datetime) -> Report:
    """Hand the draft to the university; it is computed once, so that it can be accepted.

    Raises ConflictError("report.not_draft") when it is no draft any more,
    RuleError("report.decider_is_submitter") for whoever questioned it, and Refused with every
    reason when the lines cannot be computed.
    """
    with transaction.atomic():
        deal = moves.locked(report.deal)
        report = _reloaded(report)
        _require_licensee(deal, by)
        _require_state(report, ReportState.DRAFT)
        if by.user == report.decided_by:
            raise RuleError("report.decider_is_submitter")
        today = timezone.localdate(at)
        previews.preview(deal, period=report.period, lines=_lines_of(report), today=today)
        report.state = ReportState.SUBMITTED
        report.submitted_by = by.user
        report.submitted_at = at
        report.save(update_fields=["state", "submitted_by", "submitted_at"])
        _record(deal, report, verb="report.submitted", by=by, at=at)
    return report


def question_report(report: Report, *, question: str, by: Actor, at: datetime) -> Report:
    """Send a submitted report back with a question; the company edits the same revision.

    Raises RuleError("note.missing") without a question.
    """
    if not question.strip():
        raise RuleError("note.missing", where="question")
    with transaction.atomic():
        deal = moves.locked(report.deal)
        report = _reloaded(report)
        _require_decider(deal, report, by)
        _require_state(report, ReportState.SUBMITTED)
        report.state = ReportState.QUESTIONED
        report.question = question.strip()
        report.decided_by = by.user
        report.save(update_fields=["state", "question", "decided_by"])
        _record(deal, report, verb="report.questioned", by=by, at=at)
    return report


def accept_report(report: Report, *, by: Actor, at: datetime) -> Report:
    """Accept a submitted report: it becomes a fact, and the deal's computation is owed.

    Raises RuleError("report.decider_is_submitter") for whoever submitted it, and
    ConflictError("report.not_submitted") when it does not wait for an answer.
    """
    with transaction.atomic():
        deal = moves.locked(report.deal)
        report = _reloaded(report)
        _require_decider(deal, report, by)
        _require_state(report, ReportState.SUBMITTED)
        today = timezone.localdate(at)
        deal.reports.filter(period=report.period, state=ReportState.ACCEPTED).update(
            state=ReportState.SUPERSEDED
        )
        report.state = ReportState.ACCEPTED
        report.decided_by = by.user
        report.accepted_date = today
        report.save(update_fields=["state", "decided_by", "accepted_date"])
        lines = _lines_of(report)
        shared_facts.append_missing(deal, _missing_rates(deal, report.period, lines, today), at=at)
        payload = previews.report_payload(
            report.period, report.revision, lines, accepted_date=today
        )
        append_fact(deal, kind="report", payload=payload, effective_date=today, at=at)
        statement_life.set_final_day(deal, report.period, at=at)
        _record(deal, report, verb="report.accepted", by=by, at=at)
        outbox.record("deals.compute_deal", deal.pk, at=at)
    return report


def _missing_rates(
    deal: Deal, period: str, lines: Sequence[ReportLine], today: date
) -> list[shared_facts.Missing]:
    """What the deal's facts need to convert the report for good, whatever is published later."""
    document = contract_file(deal, as_of=today)
    return previews.missing_rates(deal, document, period=period, lines=lines)


def _reloaded(report: Report) -> Report:
    return Report.objects.select_related("deal").get(pk=report.pk)


def _lines_of(report: Report) -> list[ReportLine]:
    return list(report.lines.order_by("ordinal"))


def _require_licensee(deal: Deal, by: Actor) -> None:
    by.require(Permission.REPORT_SUBMIT)
    if not by.belongs_to(deal.licensee):
        raise RuleError("role.missing", permission=str(Permission.REPORT_SUBMIT))


def _require_decider(deal: Deal, report: Report, by: Actor) -> None:
    by.require(Permission.REPORT_DECIDE)
    if not by.belongs_to(deal.licensor):
        raise RuleError("role.missing", permission=str(Permission.REPORT_DECIDE))
    if by.user == report.submitted_by:
        raise RuleError("report.decider_is_submitter")


def _require_state(report: Report, state: ReportState) -> None:
    if report.state != state:
        raise ConflictError(f"report.not_{state}", state=report.state)


def _closed_period(deal: Deal, name: str, *, today: date) -> Period:
    period = period_plan(previews.agreed_terms(deal)).named(name)
    if period is None:
        raise RuleError("report.period_unknown", where="period", period=name)
    if period.end > today:
        raise RuleError("report.period_open", where="period", end=period.last.isoformat())
    return period


def _open_revision(deal: Deal, period: Period, *, by: Actor, at: datetime) -> Report:
    last = deal.reports.filter(period=period.name).order_by("-revision").first()
    if last is not None and last.state in _EDITABLE:
        return last
    if last is not None and last.state == ReportState.SUBMITTED:
        raise ConflictError("report.awaiting_answer")
    return Report(
        deal=deal,
        period=period.name,
        starts_date=period.start,
        ends_date=period.end,
        revision=last.revision + 1 if last else 1,
        created_by=by.person,
        saved_at=at,
    )


def _write_lines(report: Report, lines: Sequence[ReportLine]) -> None:
    for ordinal, line in enumerate(lines, start=1):
        line.pk = None
        line.report = report
        line.ordinal = ordinal
    ReportLine.objects.bulk_create(lines)


def _record(deal: Deal, report: Report, *, verb: str, by: Actor, at: datetime) -> None:
    data = {"report": report.pk, "period": report.period, "revision": report.revision}
    moves.record(deal, verb, by=by, at=at, data=data)
