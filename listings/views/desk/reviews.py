"""The two queues before the shelf: the office's and the platform's."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from listings.forms import DecisionForm
from listings.models import Listing, ListingQuerySet
from listings.rules.states import ListingState
from listings.services.listings import (
    approve_listing,
    publish_listing,
    return_listing,
    send_back_listing,
    why_not,
)
from listings.views.cards import card, in_language
from listings.views.desk.portfolio import decide_selection
from listings.views.desk.shown import checks, history, line
from listings.views.gains import gains
from marketplace.accounts.actors import Actor
from marketplace.base import clock
from marketplace.base.http import guarded
from marketplace.base.policy import needs
from marketplace.base.words import words_for

PAGE_SIZE = 50


@dataclass(frozen=True)
class Queue:
    """One of the two queues: its page, its two verbs and their services."""

    name: str
    detail: str
    selection: str
    passes: str
    returns: str
    approve: Callable[..., Listing]
    give_back: Callable[..., Listing]

    def waiting(self, actor: Actor) -> ListingQuerySet:
        """What waits here, oldest first."""
        if self.passes == "approve":
            return Listing.objects.awaiting_office(actor).order_by("state_since", "pk")
        return Listing.objects.awaiting_platform()

    def seen_by(self, actor: Actor) -> ListingQuerySet:
        """What the reviewer may open: also what was decided meanwhile."""
        if self.passes == "approve":
            return Listing.objects.owned_by(actor)
        return Listing.objects.exclude(state__in=[ListingState.DRAFT, ListingState.OFFICE_REVIEW])


OFFICE = Queue(
    name="listing_approvals",
    detail="listing_approval",
    selection="listing_approvals_selection",
    passes="approve",
    returns="send_back",
    approve=approve_listing,
    give_back=send_back_listing,
)
PLATFORM = Queue(
    name="listing_reviews",
    detail="listing_review",
    selection="listing_reviews_selection",
    passes="publish",
    returns="return",
    approve=publish_listing,
    give_back=return_listing,
)


@guarded(needs("listing.approve"))
def listing_approvals(request: HttpRequest) -> HttpResponse:
    """What waits for the head of the office."""
    return _queue(request, OFFICE)


@guarded(needs("listing.review"))
def listing_reviews(request: HttpRequest) -> HttpResponse:
    """What waits for the platform."""
    return _queue(request, PLATFORM)


@guarded(needs("listing.approve"))
def listing_approval(request: HttpRequest, public_id: str) -> HttpResponse:
    """One submission, with the office's decision."""
    return _detail(request, OFFICE, public_id)


@guarded(needs("listing.review"))
def listing_review(request: HttpRequest, public_id: str) -> HttpResponse:
    """One approved listing, with the platform's decision."""
    return _detail(request, PLATFORM, public_id)


@require_POST
@guarded(needs("listing.approve"))
def listing_approvals_selection(request: HttpRequest) -> HttpResponse:
    """Approve the ticked submissions, or all that wait."""
    waiting = OFFICE.waiting(request.actor)  # type: ignore[attr-defined]
    return decide_selection(request, waiting, waiting, ["approve"])


@require_POST
@guarded(needs("listing.review"))
def listing_reviews_selection(request: HttpRequest) -> HttpResponse:
    """Publish the ticked listings, or all that wait."""
    waiting = PLATFORM.waiting(request.actor)  # type: ignore[attr-defined]
    return decide_selection(request, waiting, waiting, ["publish"])


def _queue(request: HttpRequest, queue: Queue) -> HttpResponse:
    waiting = queue.waiting(request.actor).for_cards()  # type: ignore[attr-defined]
    page = Paginator(waiting, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "section": queue.name,
        "queue": queue,
        "page": page,
        "lines": [line(listing) for listing in page],
    }
    return render(request, "listings/desk/queue.html", context)


def _detail(request: HttpRequest, queue: Queue, public_id: str) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = queue.seen_by(actor).for_page()
    listing: Listing = get_object_or_404(found, public_id=public_id)
    form = DecisionForm(request.POST or None, passes=queue.passes, returns=queue.returns)
    if request.method == "POST" and form.is_valid():
        _decide(queue, listing, form.cleaned_data, actor)
        return redirect(queue.name)
    refusal = why_not(listing, queue.passes, by=actor)
    context = {
        "section": queue.name,
        "queue": queue,
        "neighbours": [line(one) for one in queue.waiting(actor).for_cards()[:20]],
        "listing": listing,
        "line": line(listing),
        "card": card(listing),
        "description": in_language(listing.description_zh, listing.description_en),
        "gains": gains(listing),
        "checks": checks(listing),
        "people": _people(listing, actor, queue, words_for(refusal) if refusal else ""),
        "refusal": words_for(refusal) if refusal else "",
        "history": history(listing),
        "form": form,
    }
    return render(request, "listings/desk/review.html", context)


def _decide(queue: Queue, listing: Listing, decision: dict[str, Any], actor: Actor) -> None:
    if decision["decision"] == queue.passes:
        queue.approve(listing, by=actor, at=clock.now())
    else:
        queue.give_back(listing, note=decision["note"], by=actor, at=clock.now())


def _people(listing: Listing, actor: Actor, queue: Queue, refusal: str) -> list[dict[str, str]]:
    """Who decides first and who second, and why the reader is neither where that is so."""
    you = {
        "title": _("You (%(name)s)") % {"name": actor.user},
        "text": refusal or _("Not the author, and not the other of the two."),
        "state": "refused" if refusal else "now",
        "decision": "",
    }
    if queue.passes == "approve":
        later = _("After you the platform reviews it.")
        platform = {"title": _("Platform"), "text": later, "state": "later", "decision": ""}
        return [you, platform]
    office = {
        "title": _("Office · %(name)s") % {"name": listing.approved_by or "—"},
        "text": str(listing.organisation),
        "state": "done",
        "decision": _("Approved"),
    }
    return [office, you]
