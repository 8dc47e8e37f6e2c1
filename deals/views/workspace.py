"""The list of deals and the page of one, for both sides and the platform."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from deals.forms.steps import AcceptForm, ConvertForm, DeclineForm, ExitForm, SignForm
from deals.models import Deal, TermsVersion
from deals.rules.states import RUNNING
from deals.views import figures
from deals.views.books import books_of
from deals.views.cards import card_of, trial_days
from deals.views.example import example_of
from deals.views.history import history_of
from deals.views.offers import steps_of
from deals.views.seats import Turn, frame_of, progress_of, side_of, turn_of
from deals.views.timeline import timeline_of
from listings.views import cards as listing_cards
from marketplace.accounts.http import AccountRequest
from marketplace.base import clock
from marketplace.base.errors import RuleError
from marketplace.base.http import guarded, show_refusal, status_of
from marketplace.base.policy import needs

PARTIES = needs("deal.view", "trial.request")
A_PAGE = 20
LATEST = 12


@guarded(PARTIES)
def deals(request: AccountRequest) -> HttpResponse:
    """The organisation's deals, all or some; the last moved first."""
    show = request.GET.get("show", "all")
    found = Deal.objects.visible_to(request.actor).for_turns().order_by("-state_since", "-pk")
    if show == "talks":
        found = found.open().exclude(state__in=RUNNING)
    elif show == "running":
        found = found.filter(state__in=RUNNING)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_frame": frame_of(request.actor),
        "section": "deals",
        "page": page,
        "rows": [_row(deal, request) for deal in page.object_list],
        "show": show,
        "shows": _shows(),
    }
    return render(request, "deals/deals.html", context)


@guarded(PARTIES)
def deal(request: AccountRequest, public_id: str) -> HttpResponse:
    """One deal: where it stands, what is to be done, its terms and its history."""
    return page_of(request, loaded(request, public_id))


@guarded(PARTIES)
def history(request: AccountRequest, public_id: str) -> HttpResponse:
    """Everything that happened to a deal."""
    found = loaded(request, public_id)
    context = {
        "page_frame": frame_of(request.actor),
        "section": "deals",
        "deal": found,
        "title": listing_cards.title_of(found.listing),
        "crumbs": _crumbs(found),
        "history": history_of(found),
    }
    return render(request, "deals/history.html", context)


def loaded(request: AccountRequest, public_id: str) -> Deal:
    """The deal for its page; 404 for whoever may not see it."""
    return get_object_or_404(Deal.objects.visible_to(request.actor).for_page(), public_id=public_id)


def step(
    request: AccountRequest,
    public_id: str,
    form_class: type[Form],
    work: Callable[[Deal, Any], str],
) -> HttpResponse:
    """Take one step from the deal's page: `work(deal, form)` does it and says what happens next.

    A form with errors or a refusal shows the page again with what was typed.
    """
    found = loaded(request, public_id)
    form = form_class(request.POST)
    status = 400
    if form.is_valid():
        try:
            words = work(found, form)
        except RuleError as error:
            show_refusal(form, error)
            status = status_of(error)
        else:
            messages.success(request, words)
            return redirect("deal", public_id)
    return page_of(request, loaded(request, public_id), form=form, status=status)


def page_of(
    request: AccountRequest, found: Deal, *, form: Form | None = None, status: int = 200
) -> HttpResponse:
    """The page of a deal, with the form that came back if one did."""
    side, turn = side_of(found, request.actor), turn_of(found)
    version = turn.version or found.terms or newest_of(found)
    context = {
        "page_frame": frame_of(request.actor),
        "section": "deals",
        "deal": found,
        "side": side,
        "title": listing_cards.title_of(found.listing),
        "crumbs": _crumbs(),
        "turn": turn,
        "timeline": timeline_of(found),
        "card": card_of(found, side, turn),
        "steps": steps_of(found, side, request.actor),
        "trial": trial_days(found, clock.today()),
        "money": books_of(found, actor=request.actor, today=clock.today()),
        "form": form,
        "forms": _forms(found, turn, form),
        "history": history_of(found, limit=LATEST),
        **_terms(found, version),
    }
    return render(request, "deals/deal.html", context, status=status)


def newest_of(found: Deal) -> TermsVersion | None:
    """The newest version that was ever proposed."""
    return max(found.terms_versions.all(), key=lambda row: row.number, default=None)


def _terms(found: Deal, version: TermsVersion | None) -> Mapping[str, object]:
    """The version that the page speaks of: its points, its differences, who said yes to it."""
    if version is None:
        return {"version": None, "points": [], "differences": [], "progress": [], "example": None}
    version.deal = found
    earlier = [row for row in found.terms_versions.all() if row.number == version.number - 1]
    rows = (
        figures.against_version(earlier[0], version)
        if earlier
        else figures.against_listing(version)
    )
    return {
        "version": version,
        "points": [*figures.rows_of(version), *figures.room_left(found)],
        "differences": rows,
        "earlier": earlier[0] if earlier else None,
        "progress": progress_of(found, version),
        "example": example_of(version),
    }


def _forms(found: Deal, turn: Turn, bound: Form | None) -> Mapping[str, Form]:
    """The forms of all steps by name, the one that came back in its place."""
    version = turn.version or found.terms
    read = {"sha256": version.sha256 if version else ""}
    fresh = {
        "accept": AcceptForm(initial=read),
        "sign": SignForm(initial=read),
        "convert": ConvertForm(),
        "exit": ExitForm(initial={"last_use_date": clock.today()}),
        "decline": DeclineForm(),
    }
    return {
        name: bound if bound is not None and type(bound) is type(form) else form
        for name, form in fresh.items()
    }


def _row(found: Deal, request: AccountRequest) -> Mapping[str, object]:
    side, turn = side_of(found, request.actor), turn_of(found)
    return {
        "deal": found,
        "card": card_of(found, side, turn),
        "turn": turn,
    }


def _crumbs(found: Deal | None = None) -> list[dict[str, str]]:
    crumbs = [{"text": _("Deals"), "url": reverse("deals")}]
    if found is not None:
        crumbs.append({"text": found.number, "url": reverse("deal", args=[found.public_id])})
    return crumbs


def _shows() -> list[tuple[str, str]]:
    return [("all", _("All")), ("talks", _("In talks")), ("running", _("On trial and paying"))]
