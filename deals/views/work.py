"""What waits for the person who looks: in deals, results, reports and registrations."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from deals.models import CreditGrant, Deal, DistributionPolicy, InterestProposal, Report
from deals.rules.states import DealState, GrantState, Side
from deals.services.approvals import why_not
from deals.services.previews import next_filing
from deals.views.cards import card_of
from deals.views.periods import period_word
from deals.views.seats import Turn, frame_of, side_of, turn_of
from listings.models import Listing
from listings.views import cards
from marketplace.accounts.actors import Actor
from marketplace.accounts.http import AccountRequest
from marketplace.accounts.models import Organisation
from marketplace.accounts.rules import Permission
from marketplace.base import clock
from marketplace.base.http import guarded
from marketplace.base.policy import SIGNED_IN

LONGEST = 50
# The permission that a turn asks for; without it a colleague has to act.
_NEEDED: dict[tuple[str, Side], Permission] = {
    (DealState.REQUESTED, Side.LICENSOR): Permission.DEAL_NEGOTIATE,
    (DealState.AWAITING_PLATFORM, Side.PLATFORM): Permission.DEAL_APPROVE,
    (DealState.AWAITING_DECISION, Side.LICENSEE): Permission.DEAL_CONVERT,
}


@dataclass(frozen=True)
class Item:
    """One thing that waits: what, on which result or organisation, since when, where to go."""

    title: str
    about: str
    since: datetime | None
    url: str
    is_mine: bool


@guarded(SIGNED_IN)
def my_work(request: AccountRequest) -> HttpResponse:
    """What waits for me, the longest first; then what waits for colleagues."""
    items = waiting_for(request.actor)
    context = {
        "page_frame": frame_of(request.actor),
        "section": "my_work",
        "mine": [item for item in items if item.is_mine],
        "colleagues": [item for item in items if not item.is_mine],
    }
    return render(request, "deals/work.html", context)


def waiting_for(actor: Actor) -> list[Item]:
    """What the actor or a colleague has to do next, the longest waiting first."""
    items = [
        *_deals(actor),
        *_reports(actor),
        *_filings(actor),
        *_listings(actor),
        *_registrations(actor),
        *_parked(actor),
        *_interest(actor),
        *_proposals(actor),
    ]
    return sorted(items, key=lambda item: item.since or clock.now())


def _deals(actor: Actor) -> Iterator[Item]:
    found = Deal.objects.visible_to(actor).filter(state__in=_WAITING).for_turns()
    for deal in found.order_by("state_since", "pk")[:LONGEST]:
        side, turn = side_of(deal, actor), turn_of(deal)
        if turn.is_for(side):
            is_platform = side is Side.PLATFORM
            yield Item(
                card_of(deal, side, turn).title,
                _about(deal, side),
                turn.since,
                reverse("approval" if is_platform else "deal", args=[deal.public_id]),
                _is_mine(deal, side, turn, actor),
            )


def _is_mine(deal: Deal, side: Side, turn: Turn, actor: Actor) -> bool:
    if side is Side.PLATFORM:
        return why_not(deal, by=actor) is None
    return actor.may(_needed(deal, side, turn))


def _needed(deal: Deal, side: Side, turn: Turn) -> Permission:
    if deal.state == DealState.IN_TALKS and turn.version is None:
        return Permission.DEAL_NEGOTIATE
    if deal.state == DealState.IN_TALKS:
        return Permission.DEAL_ACCEPT_TERMS
    return _NEEDED.get((deal.state, side), Permission.DEAL_SIGN)


def _reports(actor: Actor) -> Iterator[Item]:
    """Reports that the actor's university has to answer."""
    if not actor.may(Permission.REPORT_DECIDE):
        return
    waiting = Report.objects.submitted().filter(deal__licensor=actor.organisation)
    for report in waiting.select_related("deal__listing", "deal__licensee")[:LONGEST]:
        yield Item(
            _("Answer the report of %(period)s") % {"period": period_word(report.period)},
            _about(report.deal, Side.LICENSOR),
            report.submitted_at,
            reverse("report", args=[report.public_id]),
            is_mine=True,
        )


def _filings(actor: Actor) -> Iterator[Item]:
    """Periods that the actor's company has to report."""
    if not actor.may(Permission.REPORT_SUBMIT):
        return
    paying = Deal.objects.visible_to(actor).filter(state=DealState.PAYING).for_lists()
    for deal in paying.order_by("state_since", "pk")[:LONGEST]:
        filing = next_filing(deal, today=clock.today())
        if filing is not None:
            period, day = period_word(filing.period.name), f"{filing.due_date:%Y-%m-%d}"
            said = {"period": period, "day": day}
            yield Item(
                _("Report revenue of %(period)s, due %(day)s") % said,
                _about(deal, Side.LICENSEE),
                None,
                reverse("report_form", args=[deal.public_id, filing.period.name]),
                is_mine=True,
            )


def _listings(actor: Actor) -> Iterator[Item]:
    """Results to approve in the office, or to review for the platform."""
    if actor.may(Permission.LISTING_APPROVE):
        for listing in Listing.objects.awaiting_office(actor).order_by("state_since")[:LONGEST]:
            url = reverse("listing_approval", args=[listing.public_id])
            about = cards.title_of(listing).text
            yield Item(_("Approve a result"), about, listing.state_since, url, is_mine=True)
    if actor.may(Permission.LISTING_REVIEW):
        for listing in Listing.objects.awaiting_platform()[:LONGEST]:
            url = reverse("listing_review", args=[listing.public_id])
            about = cards.title_of(listing).text
            yield Item(_("Review a result"), about, listing.state_since, url, is_mine=True)


def _registrations(actor: Actor) -> Iterator[Item]:
    """Organisations that the platform has to verify."""
    if not actor.may(Permission.ORGANISATION_VERIFY):
        return
    for found in Organisation.objects.awaiting_verification()[:LONGEST]:
        url = reverse("verification", args=[found.public_id])
        yield Item(_("Verify an organisation"), str(found), found.created_at, url, is_mine=True)


def _parked(actor: Actor) -> Iterator[Item]:
    """Deals that are set aside until the platform's finance has looked at them."""
    if not actor.may(Permission.DEAL_RECOMPUTE):
        return
    for deal in Deal.objects.parked().for_lists()[:LONGEST]:
        url = reverse("parked_deals")
        about = _about(deal, Side.PLATFORM)
        yield Item(_("Look at a deal set aside"), about, deal.parked_at, url, is_mine=True)


def _interest(actor: Actor) -> Iterator[Item]:
    """Deals with late interest that the university's finance office has not decided about."""
    if not actor.may(Permission.INTEREST_DECIDE):
        return
    waiting = InterestProposal.objects.open().filter(deal__licensor=actor.organisation)
    deals = Deal.objects.filter(pk__in=waiting.values("deal")).for_lists().order_by("pk")
    for deal in deals[:LONGEST]:
        url = reverse("deal_interest", args=[deal.public_id])
        about = _about(deal, Side.LICENSOR)
        yield Item(_("Decide about late interest"), about, None, url, is_mine=True)


def _proposals(actor: Actor) -> Iterator[Item]:
    """Credits and policies that finance proposed to the head of office."""
    if not actor.may(Permission.MONEY_CONFIRM):
        return
    grants = CreditGrant.objects.filter(
        deal__licensor=actor.organisation, state=GrantState.PROPOSED
    )
    for grant in grants.select_related("deal__listing", "deal__licensee")[:LONGEST]:
        url = reverse("deal_credits", args=[grant.deal.public_id])
        about = _about(grant.deal, Side.LICENSOR)
        yield Item(_("Confirm a credit"), about, grant.proposed_at, url, is_mine=True)
    policies = DistributionPolicy.objects.visible_to(actor).filter(state=GrantState.PROPOSED)
    for policy in policies:
        url = reverse("policies")
        yield Item(
            _("Confirm a distribution policy"), policy.source, policy.proposed_at, url, is_mine=True
        )


def _about(deal: Deal, side: Side) -> str:
    other = deal.licensor if side is Side.LICENSEE else deal.licensee
    return f"{cards.title_of(deal.listing).text} · {cards.name_of(other)}"


_WAITING = [
    str(state)
    for state in (
        DealState.REQUESTED,
        DealState.IN_TALKS,
        DealState.AWAITING_PLATFORM,
        DealState.READY_TO_SIGN,
        DealState.AWAITING_DECISION,
    )
]
