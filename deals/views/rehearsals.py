"""Rehearsals: the list, the beginning, the desk, and the steps that are taken from it."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from deals.forms.faults import placed_words
from deals.forms.rehearsals import BeginForm, BeginTermsForm, PlayForm
from deals.models import Deal, Rehearsal
from deals.rules.faults import Refused
from deals.rules.rehearsal import moves as plays
from deals.rules.seals import file_text
from deals.services import rehearsals
from deals.views.rehearsal_steps import STEPS, form_of
from deals.views.rehearsal_words import source_words
from deals.views.rehearsed import Desk, desk_of, missed_day
from deals.views.seats import frame_of
from listings.models import Listing
from listings.views import cards
from marketplace.accounts.http import AccountRequest
from marketplace.base import clock
from marketplace.base.errors import RuleError
from marketplace.base.http import guarded, show_refusal, status_of
from marketplace.base.policy import Rate, needs

READERS = needs("deal.view", "trial.request", rate=Rate.REHEARSAL)
A_PAGE = 20
NEWEST = 24

Page = Callable[..., HttpResponse]


def computable(page: Page) -> Page:
    """Lead a page of a rehearsal that cannot be computed back to the desk, which says why."""

    @wraps(page)
    def shown(request: AccountRequest, public_id: str, **more: str) -> HttpResponse:
        try:
            return page(request, public_id, **more)
        except Refused:
            return redirect("rehearsal", public_id)

    return shown


@guarded(READERS)
def rehearsal_list(request: AccountRequest) -> HttpResponse:
    """The organisation's rehearsals, the last played first."""
    found = Rehearsal.objects.visible_to(request.actor).for_pages().order_by("-played_at", "-pk")
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    rows = [(row, cards.title_of(row.listing), source_words(row)) for row in page.object_list]
    context = {
        "page_frame": frame_of(request.actor),
        "section": "deals",
        "crumbs": [{"text": _("Deals"), "url": reverse("deals")}],
        "page": page,
        "rows": rows,
    }
    return render(request, "deals/rehearsals.html", context)


@guarded(READERS)
def rehearse_deal(request: AccountRequest, public_id: str) -> HttpResponse:
    """Begin a rehearsal of a deal, signed or only proposed."""
    deals = Deal.objects.visible_to(request.actor).for_lists()
    deal = get_object_or_404(deals, public_id=public_id)
    if not deal.terms_versions.exists():
        return redirect("rehearse_listing", deal.listing.public_id)
    form = BeginForm(request.POST or None, initial={"start_date": _first_day(deal)})
    context = {
        "listing": deal.listing,
        "back": reverse("deal", args=[public_id]),
        "is_signed": deal.facts.filter(kind="terms").exists(),
        "number": deal.number,
    }

    def begin() -> Rehearsal:
        beginning = form.beginning()
        return rehearsals.rehearse_deal(deal, beginning=beginning, by=request.actor, at=clock.now())

    return _beginning(request, form, context, begin)


@guarded(READERS)
def rehearse_listing(request: AccountRequest, public_id: str) -> HttpResponse:
    """Begin a rehearsal of a result's standing terms."""
    found = Listing.objects.visible_to(request.actor).select_related(
        "terms_template", "organisation"
    )
    listing = get_object_or_404(found.filter(terms_template__isnull=False), public_id=public_id)
    form = BeginTermsForm(request.POST or None, initial={"start_date": clock.today()})
    context = {"listing": listing, "back": reverse("listing", args=[public_id])}

    def begin() -> Rehearsal:
        beginning = form.beginning()
        return rehearsals.rehearse_listing(
            listing, beginning=beginning, by=request.actor, at=clock.now()
        )

    return _beginning(request, form, context, begin)


@guarded(READERS)
def rehearsal(request: AccountRequest, public_id: str) -> HttpResponse:
    """The desk of one rehearsal."""
    return page_of(request, loaded(request, public_id))


@require_POST
@guarded(READERS)
def rehearsal_step(request: AccountRequest, public_id: str, step: str) -> HttpResponse:
    """Take one step from the desk; a refusal shows the desk again with what was typed."""
    found = loaded(request, public_id)
    if step not in STEPS:
        raise Http404
    form = form_of(step, found, request.POST)
    status = 400
    if form.is_valid():
        try:
            words = STEPS[step].take(found, form, by=request.actor, at=clock.now())
        except Refused as refused:
            form.show_faults(refused.faults)
        except RuleError as error:
            show_refusal(form, error)
            status = status_of(error)
        else:
            messages.success(request, words)
            return redirect("rehearsal", public_id)
    return page_of(request, loaded(request, public_id), bound={step: form}, status=status)


@require_POST
@guarded(READERS)
def rehearsal_copy(request: AccountRequest, public_id: str) -> HttpResponse:
    """A second one, to try another way from here."""
    found = loaded(request, public_id)
    row = rehearsals.copy_rehearsal(found, by=request.actor, at=clock.now())
    messages.success(request, _("This is your copy. The other one stays as it is."))
    return redirect("rehearsal", row.public_id)


@require_POST
@guarded(READERS)
def rehearsal_delete(request: AccountRequest, public_id: str) -> HttpResponse:
    """Throw a rehearsal away."""
    rehearsals.delete_rehearsal(loaded(request, public_id), by=request.actor)
    messages.success(request, _("The rehearsal is deleted. No deal was touched by it."))
    return redirect("rehearsals")


@guarded(READERS)
@computable
def rehearsal_contract(request: AccountRequest, public_id: str) -> HttpResponse:
    """The contract file that `manage.py royalty` comes to the same figures from."""
    found = loaded(request, public_id)
    text = file_text(rehearsals.file_of(rehearsals.play_of(found)))
    response = HttpResponse(text, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{file_name(found)}.json"'
    return response


def file_name(found: Rehearsal) -> str:
    """What the contract file is called, without its ending."""
    return f"rehearsal-{found.today_date:%Y-%m-%d}"


def loaded(request: AccountRequest, public_id: str) -> Rehearsal:
    """A rehearsal of the actor's organisation; 404 for everybody else's."""
    rows = Rehearsal.objects.visible_to(request.actor).for_pages()
    return get_object_or_404(rows, public_id=public_id)


def frame(request: AccountRequest, found: Rehearsal) -> dict[str, Any]:
    """What every page of a rehearsal says: whose it is, of what, and which day it is there."""
    crumbs = [{"text": _("Rehearsals"), "url": reverse("rehearsals")}]
    return {
        "page_frame": frame_of(request.actor),
        "section": "deals",
        "rehearsal": found,
        "title": cards.title_of(found.listing),
        "source": source_words(found),
        "is_mine": found.owner_id == request.actor.person.pk,
        "crumbs": crumbs,
    }


def page_of(
    request: AccountRequest,
    found: Rehearsal,
    *,
    bound: Mapping[str, PlayForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The desk, with the form that came back if one did."""
    desk = desk_of(found)
    forms = {step: form_of(step, found) for step in STEPS} | dict(bound or {})
    forms["pay"].initial["amount"] = desk.open_amount
    context = frame(request, found) | {
        "desk": desk,
        **_shown(desk, is_whole=request.GET.get("show") == "all"),
        "forms": forms,
        "form": next(iter((bound or {}).values()), None),
        "may": {verb: plays.may(desk.play, verb) for verb in ("convert", "exit", "terminate")},
        "may_report": plays.may_report(desk.play),
        "missed": missed_day(desk),
    }
    return render(request, "deals/rehearsal.html", context, status=status)


def _shown(desk: Desk, *, is_whole: bool) -> dict[str, Any]:
    """The newest periods and instalments, or all of them: decades of months are a long page."""
    most = None if is_whole else NEWEST
    count = max(len(desk.rows), len(desk.asked))
    return {
        "rows": desk.rows[:most],
        "asked": desk.asked if is_whole else desk.asked[-NEWEST:],
        "hidden": 0 if is_whole else max(0, count - NEWEST),
    }


def _first_day(deal: Deal) -> date:
    """The day that a rehearsal of the deal begins on unless another is typed."""
    today = clock.today()
    try:
        return max(rehearsals.earliest_start(deal, today=today), today)
    except Refused:
        return today


def _beginning(
    request: AccountRequest,
    form: BeginForm,
    more: Mapping[str, Any],
    begin: Callable[[], Rehearsal],
) -> HttpResponse:
    """The form of a beginning; a refusal stands beside its field."""
    if form.is_valid():
        try:
            return redirect("rehearsal", begin().public_id)
        except Refused as refused:
            for fault in refused.faults:
                form.add_error(None, placed_words(fault))
        except RuleError as error:
            show_refusal(form, error)
    context = {
        "page_frame": frame_of(request.actor),
        "section": "deals",
        "form": form,
        "title": cards.title_of(more["listing"]),
        **more,
    }
    status = 400 if form.errors else 200
    return render(request, "deals/rehearsal_new.html", context, status=status)
