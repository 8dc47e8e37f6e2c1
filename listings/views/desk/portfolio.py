"""All results of a university: found, counted, and moved on a selection at a time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from listings.forms import SelectionForm
from listings.forms.reviews import SELECTION_LIMIT
from listings.models import Listing, ListingQuerySet
from listings.rules.states import ListingState
from listings.services.listings import Outcome, approve_many, publish_many, submit_many, why_not
from listings.views.desk.shown import AT_THE_DESK, AUTHORS, checks, history, line, next_step
from marketplace.accounts.actors import Actor
from marketplace.base import clock
from marketplace.base.http import guarded
from marketplace.base.policy import needs
from marketplace.base.words import words_for

PAGE_SIZE = 20

CHIPS: Mapping[str, tuple[ListingState, ...]] = {
    "published": (ListingState.PUBLISHED,),
    "review": (ListingState.OFFICE_REVIEW, ListingState.PLATFORM_REVIEW),
    "draft": (ListingState.DRAFT,),
    "returned": (ListingState.TO_CORRECT,),
    "off": (ListingState.HIDDEN, ListingState.FROZEN, ListingState.WITHDRAWN),
}
BULK: Mapping[str, Callable[..., Outcome]] = {
    "submit": submit_many,
    "approve": approve_many,
    "publish": publish_many,
}


@dataclass(frozen=True)
class Chip:
    """A filter by state with its count."""

    key: str | None
    text: str
    on: bool


@guarded(needs(*AT_THE_DESK))
def portfolio(request: HttpRequest) -> HttpResponse:
    """The university's results with their states."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    own = Listing.objects.owned_by(actor)
    words, chosen = request.GET.get("q", "").strip()[:200], request.GET.get("state", "")
    found = in_state(matching(own, words), chosen).for_cards().order_by("-state_since", "-pk")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "section": "portfolio",
        "figures": _figures(own),
        "returned": own.filter(state=ListingState.TO_CORRECT).order_by("-state_since", "-pk")[:3],
        "chips": _chips(matching(own, words), chosen),
        "lines": [line(listing) for listing in page],
        "page": page,
        "words": words,
        "chosen": chosen if chosen in CHIPS else "",
        "verbs": _verbs(actor),
        "may_draft": actor.may("listing.draft"),
        "may_edit": any(actor.may(one) for one in AUTHORS),
    }
    return render(request, "listings/desk/portfolio.html", context)


@require_POST
@guarded(needs("listing.submit", "listing.approve"))
def portfolio_selection(request: HttpRequest) -> HttpResponse:
    """Submit or approve the chosen results, and say what became of each."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    own = Listing.objects.owned_by(actor)
    verbs = [verb for verb, _text in _verbs(actor)]
    everything = in_state(
        matching(own, request.POST.get("q", "").strip()[:200]), request.POST.get("state", "")
    )
    return decide_selection(request, own, everything, verbs)


def decide_selection(
    request: HttpRequest,
    allowed: ListingQuerySet,
    everything: ListingQuerySet,
    verbs: Sequence[str],
) -> HttpResponse:
    """Run a bulk verb on the ticked rows, or on everything that the page's filter found."""
    form = SelectionForm(request.POST, verbs=verbs)
    if not form.is_valid():
        return redirect(_back(verbs[0]) if verbs else "portfolio")
    chosen = allowed.filter(public_id__in=form.chosen)
    if "all" in request.POST:
        chosen = everything
    verb = form.cleaned_data["verb"]
    rows = list(chosen.order_by("state_since", "pk")[:SELECTION_LIMIT])
    actor: Actor = request.actor  # type: ignore[attr-defined]
    outcome = BULK[verb](rows, by=actor, at=clock.now())
    context = {
        "verb": verb,
        "done": [line(listing) for listing in outcome.done],
        "refused": [(line(listing), words_for(error)) for listing, error in outcome.refused],
        "back": _back(verb),
    }
    return render(request, "listings/desk/selection.html", context)


def _back(verb: str) -> str:
    return {"submit": "portfolio", "approve": "listing_approvals"}.get(verb, "listing_reviews")


def matching(listings: ListingQuerySet, words: str) -> ListingQuerySet:
    """Those whose title, shelf code, patent number or inventor holds the words."""
    if not words:
        return listings
    return listings.filter(
        Q(title_zh__icontains=words)
        | Q(title_en__icontains=words)
        | Q(shelf_code__icontains=words)
        | Q(pk__in=listings.filter(patents__number__icontains=words).values("pk"))
        | Q(pk__in=listings.filter(inventors__name__icontains=words).values("pk"))
    )


def in_state(listings: ListingQuerySet, chip: str) -> ListingQuerySet:
    """Those of a chip's states, all of them for no chip."""
    return listings.filter(state__in=CHIPS[chip]) if chip in CHIPS else listings


def _figures(own: ListingQuerySet) -> dict[str, int]:
    states = own.order_by().values_list("state").annotate(count=Count("pk"))
    counts = dict(states)
    found = {key: sum(counts.get(one, 0) for one in some) for key, some in CHIPS.items()}
    trials = own.aggregate(total=Sum("trials_running"))["total"]
    return {**found, "all": sum(counts.values()), "trials": trials or 0}


def _chips(listings: ListingQuerySet, chosen: str) -> list[Chip]:
    counts = _figures(listings)
    texts = {
        "all": _("All %(count)s"),
        "published": _("On shelf %(count)s"),
        "review": _("In review %(count)s"),
        "draft": _("Drafts %(count)s"),
        "returned": _("Returned %(count)s"),
        "off": _("Off shelf %(count)s"),
    }
    current = chosen if chosen in CHIPS else "all"
    return [
        Chip(None if key == "all" else key, text % {"count": counts[key]}, key == current)
        for key, text in texts.items()
    ]


def _verbs(actor: Actor) -> list[tuple[str, str]]:
    offered = {"submit": _("Submit to the office"), "approve": _("Approve")}
    return [(verb, text) for verb, text in offered.items() if actor.may(f"listing.{verb}")]


@guarded(needs(*AT_THE_DESK))
def listing_at_desk(request: HttpRequest, public_id: str) -> HttpResponse:
    """One of the university's results: its state, what comes next, and its history."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    shown = get_object_or_404(Listing.objects.owned_by(actor).for_cards(), public_id=public_id)
    return render(request, "listings/desk/listing.html", _desk_context(shown, actor))


def _desk_context(shown: Listing, actor: Actor) -> dict[str, object]:
    return {
        "section": "portfolio",
        "listing": shown,
        "line": line(shown),
        "next_step": next_step(shown, actor),
        "checks": checks(shown),
        "history": history(shown),
        "may_withdraw": shown.shelf_code and not why_not(shown, "withdraw", by=actor),
    }
