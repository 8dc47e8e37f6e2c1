"""Reporting revenue, answering reports and recording transfers as JSON."""

from abc import abstractmethod
from datetime import datetime
from typing import Any

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from deals.api import serializers as shapes
from deals.api.steps import DealStep, StepView
from deals.api.views import deal_of
from deals.forms.faults import fault_bodies
from deals.models import Deal, Report
from deals.rules.statement import to_document
from deals.services import previews, receipts, reports
from marketplace.accounts.actors import Actor
from marketplace.accounts.api import actor_of
from marketplace.base.policy import needs


class Preview(StepView):
    """What a report would come to; nothing is stored."""

    policy = needs("report.submit")
    takes = shapes.ReportInput
    gives = dict

    def work(self, request: Request, at: datetime, **arguments: str) -> Response:
        """The figures of all statements with the report accepted today."""
        taken = shapes.ReportInput(data=request.data)
        taken.is_valid(raise_exception=True)
        result = previews.preview(
            deal_of(request, arguments["public_id"]),
            period=taken.validated_data["period"],
            lines=taken.drafted_lines(),
            today=timezone.localdate(at),
        )
        return Response(to_document(result) | {"warnings": fault_bodies(result.warnings)})


class File(StepView):
    """File a period's report: drafted and submitted in one step, or neither."""

    policy = needs("report.submit")
    takes = shapes.ReportInput
    gives = shapes.ReportSerializer

    @transaction.atomic
    def work(self, request: Request, at: datetime, **arguments: str) -> Response:
        """The submitted revision."""
        taken = shapes.ReportInput(data=request.data)
        taken.is_valid(raise_exception=True)
        data = taken.validated_data
        draft = reports.Draft(data["period"], taken.drafted_lines(), data["reason"])
        actor = actor_of(request)
        row = reports.save_draft(deal_of(request, arguments["public_id"]), draft, by=actor, at=at)
        row = reports.submit_report(row, by=actor, at=at)
        return Response(shapes.ReportSerializer(row).data, status=201)


class ReportStep(StepView):
    """A licensor's answer to one report."""

    policy = needs("report.decide")
    gives = shapes.ReportSerializer

    def work(self, request: Request, at: datetime, **arguments: str) -> Response:
        """Answer a report of a deal that the caller may see."""
        data = self.clean(request)
        rows = Report.objects.visible_to(actor_of(request))
        row = get_object_or_404(rows, public_id=arguments["public_id"])
        answered = self.answer(row, data, actor_of(request), at)
        return Response(shapes.ReportSerializer(answered).data)

    @abstractmethod
    def answer(self, report: Report, data: dict[str, Any], actor: Actor, at: datetime) -> Report:
        """Call the service."""


class AcceptReport(ReportStep):
    """Accept a submitted report; the statement follows by itself."""

    def answer(self, report: Report, data: dict[str, Any], actor: Actor, at: datetime) -> Report:
        """The accepted revision."""
        return reports.accept_report(report, by=actor, at=at)


class QuestionReport(ReportStep):
    """Send a submitted report back with a question."""

    takes = shapes.NoteInput

    def answer(self, report: Report, data: dict[str, Any], actor: Actor, at: datetime) -> Report:
        """The questioned revision."""
        return reports.question_report(report, question=data["note"], by=actor, at=at)


class RecordReceipt(DealStep):
    """Record a transfer that arrived."""

    policy = needs("receipt.record")
    takes = shapes.ReceiptInput
    gives = shapes.ReceiptSerializer

    def step(self, deal: Deal, data: dict[str, Any], actor: Actor, at: datetime) -> Any:
        """The recorded transfer."""
        transfer = receipts.Transfer(
            data["reference"], data["amount"], data["received_date"], data["for_period"]
        )
        return receipts.record_receipt(deal, transfer, by=actor, at=at)
