"""Disputes about a statement's lines as JSON: the same services as the statement's page."""

from abc import abstractmethod
from datetime import datetime
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from deals.api.serializers import Amount, Strict
from deals.api.steps import StepView
from deals.api.views import PARTY, statements_of
from deals.models import Dispute
from deals.services import disputes
from marketplace.accounts.actors import Actor
from marketplace.accounts.api import actor_of
from marketplace.base.policy import needs


class DisputeInput(Strict):
    """The line (its code, and `line` of its inputs), the part that stops, and why."""

    code = serializers.CharField(max_length=60)
    key = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    amount = Amount()
    reason = serializers.CharField(max_length=24)
    text = serializers.CharField(max_length=500)


class DisputeSerializer(serializers.ModelSerializer[Dispute]):
    """A dispute, and for which side it was raised."""

    id = serializers.CharField(source="public_id")
    statement = serializers.CharField(source="statement.public_id")
    amount = Amount(source="amount_minor")

    class Meta:
        model = Dispute
        fields = (
            *("id", "statement", "code", "key", "amount", "reason", "text", "state", "side"),
            *("opened_at", "closed_at"),
        )
        read_only_fields = fields


class DisputeListView(APIView):
    """The disputes of a statement."""

    policy = PARTY

    @extend_schema(responses=DisputeSerializer(many=True))
    def get(self, request: Request, public_id: str) -> Response:
        """All of them, the oldest first."""
        statement = get_object_or_404(statements_of(request), public_id=public_id)
        return Response(DisputeSerializer(statement.disputes.order_by("pk"), many=True).data)


class OpenDispute(StepView):
    """Dispute a line of a statement that is not final."""

    policy = needs("statement.dispute")
    takes = DisputeInput
    gives = DisputeSerializer

    def work(self, request: Request, at: datetime, **arguments: str) -> Response:
        """The open dispute."""
        data = self.clean(request)
        statement = get_object_or_404(statements_of(request), public_id=arguments["public_id"])
        objection = disputes.Objection(
            data["code"], data["key"], data["amount"], data["reason"], data["text"]
        )
        row = disputes.dispute_line(statement, objection, by=actor_of(request), at=at)
        return Response(DisputeSerializer(row).data, status=201)


class DisputeStep(StepView):
    """One side's word about an open dispute."""

    policy = needs("statement.dispute")
    gives = DisputeSerializer

    def work(self, request: Request, at: datetime, **arguments: str) -> Response:
        """Resolve a dispute of a deal that the caller may see."""
        self.clean(request)
        rows = Dispute.objects.visible_to(actor_of(request)).select_related("statement__deal")
        row = get_object_or_404(rows, public_id=arguments["public_id"])
        return Response(DisputeSerializer(self.resolve(row, actor_of(request), at)).data)

    @abstractmethod
    def resolve(self, dispute: Dispute, actor: Actor, at: datetime) -> Any:
        """Call the service."""


class WithdrawDispute(DisputeStep):
    """Give a dispute up; its part falls due again."""

    def resolve(self, dispute: Dispute, actor: Actor, at: datetime) -> Dispute:
        """The withdrawn dispute."""
        return disputes.withdraw_dispute(dispute, by=actor, at=at)


class AgreeCorrection(DisputeStep):
    """Say that a corrected report put the line right; both sides' words end the dispute."""

    def resolve(self, dispute: Dispute, actor: Actor, at: datetime) -> Dispute:
        """The dispute after this side's word."""
        return disputes.agree_correction(dispute, by=actor, at=at)
