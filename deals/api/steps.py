"""The deal's steps as JSON: the same services as the pages, one class a step."""

from abc import abstractmethod
from datetime import datetime
from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from deals.api import serializers as shapes
from deals.api.views import deal_of
from deals.forms.faults import fault_bodies
from deals.models import Deal
from deals.rules.agreement import Grant
from deals.rules.faults import Refused
from deals.services import approvals, terms, trials
from listings.models import Listing
from marketplace.accounts.actors import Actor
from marketplace.accounts.api import actor_of
from marketplace.base.api import WriteView
from marketplace.base.policy import needs


class StepView(WriteView):
    """Reads the input and calls one service; the reasons of a refusal are told one by one."""

    takes: ClassVar[type[shapes.Strict]] = shapes.NothingInput
    gives: ClassVar[type[Any]] = shapes.DealSerializer

    def clean(self, request: Request) -> dict[str, Any]:
        """The values of the input; 400 naming each bad field."""
        taken = self.takes(data=request.data)
        taken.is_valid(raise_exception=True)
        values: dict[str, Any] = taken.validated_data
        return values

    def handle_exception(self, exc: Exception) -> Response:
        """What the calculation refuses is answered with each of its reasons."""
        if isinstance(exc, Refused):
            return Response({"errors": fault_bodies(exc.faults)}, status=400)
        return super().handle_exception(exc)


class DealStep(StepView):
    """One step of one deal, answered with the deal as it is then."""

    def work(self, request: Request, at: datetime, **arguments: str) -> Response:
        """One step of one deal."""
        data = self.clean(request)
        deal = deal_of(request, arguments["public_id"])
        row = self.step(deal, data, actor_of(request), at)
        return Response(self.gives(row).data)

    @abstractmethod
    def step(self, deal: Deal, data: dict[str, Any], actor: Actor, at: datetime) -> Any:
        """Call the service."""


class RequestTrial(StepView):
    """Ask for a trial of a listing."""

    policy = needs("trial.request")
    takes = shapes.TrialRequestInput

    def work(self, request: Request, at: datetime, **arguments: str) -> Response:
        """One request for one listing that the caller may see."""
        data = self.clean(request)
        visible = Listing.objects.visible_to(actor_of(request))
        listing = get_object_or_404(visible, public_id=arguments["public_id"])
        wish = trials.TrialRequest(**data)
        deal = trials.request_trial(listing, request=wish, by=actor_of(request), at=at)
        return Response(shapes.DealSerializer(deal).data, status=201)


class Propose(DealStep):
    """Propose a version of the terms."""

    policy = needs("deal.negotiate")
    takes = shapes.ProposalInput
    gives = shapes.TermsSerializer

    def step(self, deal: Deal, data: dict[str, Any], actor: Actor, at: datetime) -> Any:
        """The new version."""
        grant = Grant(data["licence_kind"], data["acts"], data["field_of_use"], data["territory"])
        return terms.propose_terms(deal, document=data["document"], grant=grant, by=actor, at=at)


class Accept(DealStep):
    """Accept the newest version for the caller's side, by its hash."""

    policy = needs("deal.accept_terms")
    takes = shapes.HashInput

    def step(self, deal: Deal, data: dict[str, Any], actor: Actor, at: datetime) -> Any:
        """The deal, further on when both sides have accepted."""
        newest = deal.terms_versions.order_by("-number")
        version = get_object_or_404(newest.filter(number=terms.next_number(deal) - 1))
        return terms.accept_terms(version, sha256=data["sha256"], by=actor, at=at)


class Approve(DealStep):
    """Approve for the platform."""

    policy = needs("deal.approve")
    takes = shapes.ApprovalInput

    def step(self, deal: Deal, data: dict[str, Any], actor: Actor, at: datetime) -> Any:
        """The deal after the first or the last approval."""
        return approvals.approve_deal(deal, by=actor, at=at, **data)


class SendBack(DealStep):
    """Send the agreed terms back to the parties."""

    policy = needs("deal.approve")
    takes = shapes.DecisionInput

    def step(self, deal: Deal, data: dict[str, Any], actor: Actor, at: datetime) -> Any:
        """The deal, in talks again."""
        return approvals.send_back_deal(deal, by=actor, at=at, **data)


class Refuse(DealStep):
    """Refuse for the platform."""

    policy = needs("deal.approve")
    takes = shapes.DecisionInput

    def step(self, deal: Deal, data: dict[str, Any], actor: Actor, at: datetime) -> Any:
        """The deal, ended."""
        return approvals.refuse_deal(deal, by=actor, at=at, **data)


class Decline(DealStep):
    """The university says no."""

    policy = needs("deal.negotiate")
    takes = shapes.NoteInput

    def step(self, deal: Deal, data: dict[str, Any], actor: Actor, at: datetime) -> Any:
        """The deal, ended."""
        return trials.decline_deal(deal, by=actor, at=at, **data)


class Withdraw(DealStep):
    """The company takes its request back."""

    policy = needs("trial.request")

    def step(self, deal: Deal, data: dict[str, Any], actor: Actor, at: datetime) -> Any:
        """The deal, ended."""
        return trials.withdraw_deal(deal, by=actor, at=at)


class Sign(DealStep):
    """Sign the approved version for the caller's side, by its hash."""

    policy = needs("deal.sign")
    takes = shapes.HashInput

    def step(self, deal: Deal, data: dict[str, Any], actor: Actor, at: datetime) -> Any:
        """The deal; in trial after the second signature."""
        return trials.sign_deal(deal, by=actor, at=at, **data)


class Convert(DealStep):
    """Go on to paying from revenue."""

    policy = needs("deal.convert")

    def step(self, deal: Deal, data: dict[str, Any], actor: Actor, at: datetime) -> Any:
        """The deal, paying."""
        return trials.convert_deal(deal, by=actor, at=at)


class Exit(DealStep):
    """Leave after the trial."""

    policy = needs("deal.convert")
    takes = shapes.ExitInput

    def step(self, deal: Deal, data: dict[str, Any], actor: Actor, at: datetime) -> Any:
        """The deal, exited."""
        declared = trials.ExitDeclaration(**data)
        return trials.exit_deal(deal, declaration=declared, by=actor, at=at)
