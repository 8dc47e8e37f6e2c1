"""Interest, credits, reversals and distributions as JSON: the same services as the pages."""

from abc import abstractmethod
from datetime import datetime
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from deals.api.serializers import Amount, ReceiptSerializer, Strict
from deals.api.steps import DealStep, StepView
from deals.api.views import PARTY, deal_of
from deals.models import CreditGrant, Deal, Distribution, InterestProposal, Receipt
from deals.rules.states import GrantState
from deals.services import credits, interest, receipts
from marketplace.accounts.actors import Actor
from marketplace.accounts.api import actor_of
from marketplace.base.policy import needs


class InterestDecisionInput(Strict):
    """Why interest is charged or waived."""

    reason = serializers.CharField(max_length=24)
    note = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)


class ReversalInput(Strict):
    """A line of the bank statement that takes a transfer back."""

    reference = serializers.CharField(max_length=60)
    reversed_date = serializers.DateField()
    reason = serializers.CharField(max_length=24)
    note = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)


class CreditInput(Strict):
    """A credit that finance proposes."""

    amount = Amount()
    usable_from_date = serializers.DateField()
    reason = serializers.CharField(max_length=24)
    note = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)


class InterestSerializer(serializers.ModelSerializer[InterestProposal]):
    """A proposal, and the parts of it that were decided."""

    id = serializers.CharField(source="public_id")
    amount = Amount(source="amount_minor")
    charged = Amount(source="charged_minor")
    waived = Amount(source="waived_minor")

    class Meta:
        model = InterestProposal
        fields = (
            *("id", "period", "due_date", "until_date", "days", "amount", "charged", "waived"),
            "currency",
        )
        read_only_fields = fields


class CreditSerializer(serializers.ModelSerializer[CreditGrant]):
    """A credit that the university proposed or granted."""

    id = serializers.CharField(source="public_id")
    amount = Amount(source="amount_minor")

    class Meta:
        model = CreditGrant
        fields = ("id", "key", "amount", "currency", "usable_from_date", "reason", "note", "state")
        read_only_fields = fields


class DistributionSerializer(serializers.ModelSerializer[Distribution]):
    """A recipient's part of a receipt."""

    receipt = serializers.CharField(source="receipt.reference")
    amount = Amount(source="amount_minor")

    class Meta:
        model = Distribution
        fields = ("receipt", "recipient", "amount", "booked_date")
        read_only_fields = fields


class InterestListView(APIView):
    """The proposed interest of a deal."""

    policy = PARTY

    @extend_schema(responses=InterestSerializer(many=True))
    def get(self, request: Request, public_id: str) -> Response:
        """All proposals, the oldest first."""
        rows = InterestProposal.objects.filter(deal=deal_of(request, public_id))
        return Response(InterestSerializer(rows.order_by("due_date", "pk"), many=True).data)


class CreditListView(APIView):
    """The credits of a deal that were granted; its university sees the proposed ones too."""

    policy = PARTY

    @extend_schema(responses=CreditSerializer(many=True))
    def get(self, request: Request, public_id: str) -> Response:
        """All of them, the oldest first."""
        deal = deal_of(request, public_id)
        rows = CreditGrant.objects.filter(deal=deal)
        if actor_of(request).belongs_to(deal.licensee):
            rows = rows.filter(state=GrantState.CONFIRMED)
        return Response(CreditSerializer(rows.order_by("pk"), many=True).data)


class DistributionListView(APIView):
    """What the caller's university gave on of a deal's receipts."""

    policy = needs("distribution.view")

    @extend_schema(responses=DistributionSerializer(many=True))
    def get(self, request: Request, public_id: str) -> Response:
        """Every row, the oldest first; another owner's are not among them."""
        rows = Distribution.objects.owned_by(actor_of(request))
        mine = rows.filter(deal=deal_of(request, public_id)).select_related("receipt")
        return Response(DistributionSerializer(mine.order_by("pk"), many=True).data)


class InterestStep(StepView):
    """A decision of the licensor's finance office."""

    policy = needs("interest.decide")
    takes = InterestDecisionInput
    gives = InterestSerializer

    def work(self, request: Request, at: datetime, **arguments: str) -> Response:
        """Decide about a proposal of a deal that the caller may see."""
        data = self.clean(request)
        deals = Deal.objects.visible_to(actor_of(request))
        rows = InterestProposal.objects.filter(deal__in=deals).select_related("deal")
        row = get_object_or_404(rows, public_id=arguments["public_id"])
        self.decide(row, data, actor_of(request), at)
        row.refresh_from_db()
        return Response(InterestSerializer(row).data)

    @abstractmethod
    def decide(
        self, row: InterestProposal, data: dict[str, Any], actor: Actor, at: datetime
    ) -> None:
        """Call the service."""


class ChargeInterest(InterestStep):
    """Charge what is open of a proposal."""

    def decide(
        self, row: InterestProposal, data: dict[str, Any], actor: Actor, at: datetime
    ) -> None:
        """Charge it."""
        interest.charge_interest(row, **data, by=actor, at=at)


class WaiveInterest(InterestStep):
    """Waive what is open of a proposal."""

    def decide(
        self, row: InterestProposal, data: dict[str, Any], actor: Actor, at: datetime
    ) -> None:
        """Waive it."""
        interest.waive_interest(row, **data, by=actor, at=at)


class ReverseReceipt(StepView):
    """Take a recorded transfer back."""

    policy = needs("receipt.record")
    takes = ReversalInput
    gives = ReceiptSerializer

    def work(self, request: Request, at: datetime, **arguments: str) -> Response:
        """The reversal's row."""
        data = self.clean(request)
        rows = Receipt.objects.filter(licensor=actor_of(request).organisation)
        row = get_object_or_404(rows.select_related("deal"), public_id=arguments["public_id"])
        made = receipts.reverse_receipt(
            row, reversal=receipts.Reversal(**data), by=actor_of(request), at=at
        )
        return Response(ReceiptSerializer(made).data)


class ProposeCredit(DealStep):
    """Propose a credit to the head of office."""

    policy = needs("receipt.record")
    takes = CreditInput
    gives = CreditSerializer

    def step(self, deal: Deal, data: dict[str, Any], actor: Actor, at: datetime) -> Any:
        """The proposed credit."""
        grant = credits.Grant(
            data["amount"], data["usable_from_date"], data["reason"], data["note"]
        )
        return credits.propose_credit(deal, grant=grant, by=actor, at=at)


class CreditStep(StepView):
    """A decision of the head of office."""

    policy = needs("money.confirm")
    gives = CreditSerializer

    def work(self, request: Request, at: datetime, **arguments: str) -> Response:
        """Decide about a proposed credit of the caller's university."""
        self.clean(request)
        deals = Deal.objects.visible_to(actor_of(request))
        own = deals.filter(licensor=actor_of(request).organisation)
        rows = CreditGrant.objects.filter(deal__in=own).select_related("deal")
        row = get_object_or_404(rows, public_id=arguments["public_id"])
        return Response(CreditSerializer(self.decide(row, actor_of(request), at)).data)

    @abstractmethod
    def decide(self, row: CreditGrant, actor: Actor, at: datetime) -> CreditGrant:
        """Call the service."""


class ConfirmCredit(CreditStep):
    """Grant a proposed credit."""

    def decide(self, row: CreditGrant, actor: Actor, at: datetime) -> CreditGrant:
        """Grant it."""
        return credits.confirm_credit(row, by=actor, at=at)


class RefuseCredit(CreditStep):
    """Turn a proposed credit down."""

    def decide(self, row: CreditGrant, actor: Actor, at: datetime) -> CreditGrant:
        """Turn it down."""
        return credits.refuse_credit(row, by=actor, at=at)
