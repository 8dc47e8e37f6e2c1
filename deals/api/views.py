"""The deal's reads as JSON; rows of others do not exist here either."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from deals.api.serializers import (
    DealSerializer,
    ReceiptSerializer,
    ReportSerializer,
    StatementSerializer,
    TermsSerializer,
)
from deals.models import Deal, Report, Statement
from deals.services import dossiers
from marketplace.accounts.api import actor_of
from marketplace.base import clock
from marketplace.base.http import Pages
from marketplace.base.policy import needs

PARTY = needs("deal.view", "trial.request")


def deal_of(request: Request, public_id: str) -> Deal:
    """The deal if the caller may see it, else 404."""
    rows = Deal.objects.visible_to(actor_of(request)).for_lists()
    return get_object_or_404(rows, public_id=public_id)


def statements_of(request: Request) -> QuerySet[Statement]:
    """The statements that the caller may see, with all that is shown of them."""
    rows = Statement.objects.visible_to(actor_of(request))
    return rows.select_related("deal").prefetch_related("lines", "instalments")


class DealListView(APIView):
    """The caller's deals, newest first."""

    policy = PARTY

    @extend_schema(responses=DealSerializer(many=True))
    def get(self, request: Request) -> Response:
        """A page of deals."""
        rows = Deal.objects.visible_to(actor_of(request)).for_lists().order_by("-pk")
        pages = Pages()
        page = pages.paginate_queryset(rows, request, self)
        return pages.get_paginated_response(DealSerializer(page, many=True).data)


class DealView(APIView):
    """One deal."""

    policy = PARTY

    @extend_schema(responses=DealSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        """The deal with the terms that hold."""
        return Response(DealSerializer(deal_of(request, public_id)).data)


class TermsListView(APIView):
    """The proposals of a deal."""

    policy = PARTY

    @extend_schema(responses=TermsSerializer(many=True))
    def get(self, request: Request, public_id: str) -> Response:
        """All versions, newest first."""
        versions = deal_of(request, public_id).terms_versions.order_by("-number")
        return Response(TermsSerializer(versions, many=True).data)


class ReportListView(APIView):
    """The reports of a deal."""

    policy = PARTY

    @extend_schema(responses=ReportSerializer(many=True))
    def get(self, request: Request, public_id: str) -> Response:
        """All revisions, newest period first."""
        rows = Report.objects.visible_to(actor_of(request))
        reports = rows.filter(deal=deal_of(request, public_id))
        ordered = reports.order_by("-starts_date", "-revision")
        return Response(ReportSerializer(ordered, many=True).data)


class StatementListView(APIView):
    """The statements of a deal."""

    policy = PARTY

    @extend_schema(responses=StatementSerializer(many=True))
    def get(self, request: Request, public_id: str) -> Response:
        """All statements with their steps, newest first."""
        rows = statements_of(request).filter(deal=deal_of(request, public_id))
        return Response(StatementSerializer(rows.order_by("-position"), many=True).data)


class StatementView(APIView):
    """One statement."""

    policy = PARTY

    @extend_schema(responses=StatementSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        """Its figures, steps and instalments."""
        row = get_object_or_404(statements_of(request), public_id=public_id)
        return Response(StatementSerializer(row).data)


class ReceiptListView(APIView):
    """The transfers of a deal."""

    policy = PARTY

    @extend_schema(responses=ReceiptSerializer(many=True))
    def get(self, request: Request, public_id: str) -> Response:
        """All recorded transfers, newest first."""
        rows = deal_of(request, public_id).receipts.select_related("reverses")
        receipts = rows.order_by("-received_date", "-pk")
        return Response(ReceiptSerializer(receipts, many=True).data)


class ContractFileView(APIView):
    """The deal as a contract file, which `manage.py royalty` recomputes to the same figures."""

    policy = needs("deal.view")

    @extend_schema(responses={200: dict})
    def get(self, request: Request, public_id: str) -> Response:
        """All facts known today."""
        return Response(dossiers.contract_file(deal_of(request, public_id), as_of=clock.today()))
