"""The platform's desk: the queue of deals to approve, and the page that decides on one."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from deals.forms.steps import DecisionForm
from deals.models import Approval, Deal
from deals.rules.states import DealState
from deals.services.approvals import (
    approve_deal,
    needs_second,
    refuse_deal,
    send_back_deal,
    why_not,
)
from deals.views import checks, figures
from deals.views.example import example_of
from deals.views.history import history_of
from deals.views.workspace import LATEST
from listings.views import cards
from marketplace.accounts.http import AccountRequest
from marketplace.base import clock
from marketplace.base.errors import ConflictError, RuleError
from marketplace.base.http import guarded, show_refusal, status_of
from marketplace.base.policy import needs
from marketplace.base.words import words_for

DESK = needs("deal.approve", "platform.view")
LONGEST_QUEUE = 50


@dataclass(frozen=True)
class Person:
    """One side of the strip of the two approvers, as the component asks for it."""

    title: str
    text: str
    state: str
    decision: str = ""


@guarded(DESK)
def approvals(request: AccountRequest) -> HttpResponse:
    """Every deal before the platform, the longest waiting first."""
    context = {"section": "approvals", "queue": _queue(request)}
    return render(request, "deals/approvals.html", context)


@guarded(DESK)
def approval(request: AccountRequest, public_id: str) -> HttpResponse:
    """One deal with all that a decision needs; a decision by POST."""
    deal = _loaded(request, public_id)
    form = DecisionForm(request.POST or None, initial={"sha256": _hash_of(deal)})
    status = 200
    if form.is_valid():
        try:
            messages.success(request, _decide(request, deal, form))
        except ConflictError:
            raise  # Somebody was faster; this page may have nothing left to show.
        except RuleError as error:
            show_refusal(form, error)
            status = status_of(error)
        else:
            return redirect("approvals")
    return render(request, "deals/approval.html", _page(request, deal, form), status=status)


def _decide(request: AccountRequest, deal: Deal, form: DecisionForm) -> str:
    said = {"sha256": form.cleaned_data["sha256"], "by": request.actor, "at": clock.now()}
    if form.cleaned_data["decision"] == "send_back":
        send_back_deal(deal, **form.refusal(), **said)
        return _("Sent back. Both sides see your note.")
    if form.cleaned_data["decision"] == "refuse":
        refuse_deal(deal, **form.refusal(), **said)
        return _("Refused. Both sides see your note.")
    moved = approve_deal(deal, note=form.cleaned_data["note"], **said)
    if moved.state == DealState.READY_TO_SIGN:
        return _("Approved. Both sides can sign now.")
    return _("First approval given. Another person decides next.")


def _queue(request: AccountRequest) -> QuerySet[Deal]:
    waiting = Deal.objects.visible_to(request.actor).awaiting_approval()
    return waiting.for_lists()[:LONGEST_QUEUE]


def _loaded(request: AccountRequest, public_id: str) -> Deal:
    found = Deal.objects.visible_to(request.actor).filter(terms__isnull=False).for_page()
    return get_object_or_404(found, public_id=public_id)


def _page(request: AccountRequest, deal: Deal, form: DecisionForm) -> Mapping[str, object]:
    version = deal.terms
    assert version is not None, "the desk loads deals with agreed terms only"
    version.deal = deal
    differences = figures.against_listing(version)
    refusal = why_not(deal, by=request.actor)
    return {
        "section": "approvals",
        "form": form,
        "queue": _queue(request),
        "deal": deal,
        "title": cards.title_of(deal.listing),
        "version": version,
        "points": figures.rows_of(version),
        "differences": differences,
        "difference_count": sum(row.differs for row in differences),
        "checks": checks.checks_of(deal),
        "example": example_of(version),
        "people": _people(deal, request),
        "refusal": words_for(refusal) if refusal else "",
        "is_first": deal.first_approver_id is None,
        "history": history_of(deal, limit=LATEST),
    }


def _people(deal: Deal, request: AccountRequest) -> tuple[Person, Person]:
    """Who decided first, and who may be second."""
    decisions = deal.approvals.filter(terms=deal.terms).select_related("decided_by")
    given = {row.ordinal: row for row in decisions}
    first, second = given.get(1), given.get(2)
    rule = _("Must be another person; nobody from the two parties may decide.")
    if first is None:
        waiting = Person(_("First review"), _("Open: any approver of the platform."), "now")
        needed = needs_second(deal, at=clock.now())
        return waiting, Person(
            _("Second review"), rule if needed else _("Not needed for these terms."), "later"
        )
    if second is None and deal.state == DealState.AWAITING_PLATFORM:
        is_me = why_not(deal, by=request.actor) is None
        title = _("Second review · you") if is_me else _("Second review")
        return _decided(_("First review"), first), Person(title, rule, "now")
    if second is None:
        return _decided(_("First review"), first), Person(_("Second review"), rule, "later")
    return _decided(_("First review"), first), _decided(_("Second review"), second)


def _decided(step: str, row: Approval) -> Person:
    words = {
        "approve": _("approved"),
        "send_back": _("sent back"),
        "refuse": _("refused"),
    }
    when = f"{timezone.localtime(row.decided_at):%Y-%m-%d %H:%M}"
    text = _("%(when)s · “%(note)s”") % {"when": when, "note": row.note} if row.note else when
    state = "done" if row.decision == "approve" else "refused"
    return Person(f"{step} · {row.decided_by}", text, state, words[row.decision])


def _hash_of(deal: Deal) -> str:
    return deal.terms.sha256 if deal.terms else ""
