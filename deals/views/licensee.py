"""What a company does: ask for a trial, withdraw, go on and pay, or leave."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from deals.forms.steps import ConvertForm, ExitForm
from deals.forms.talks import RequestForm
from deals.models import Deal
from deals.services.trials import convert_deal, exit_deal, request_trial, withdraw_deal
from deals.views.workspace import PARTIES, step
from listings.forms.estimates import estimate_query
from listings.models import Listing
from listings.views import cards
from marketplace.accounts.http import AccountRequest
from marketplace.base import clock
from marketplace.base.errors import RuleError
from marketplace.base.http import guarded, show_refusal
from marketplace.base.policy import needs


@guarded(needs("trial.request"))
def trial_request(request: AccountRequest, public_id: str) -> HttpResponse:
    """Ask for a trial of a listing."""
    listing = get_object_or_404(
        Listing.objects.visible_to(request.actor).for_cards(), public_id=public_id
    )
    tried = estimate_query(request.GET.dict())
    beside = {"wished_start_date": clock.today(), "estimate": tried}
    form = RequestForm(request.POST or None, initial=beside)
    if form.is_valid():
        try:
            deal = request_trial(listing, request=form.request(), by=request.actor, at=clock.now())
        except RuleError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Sent. The university answers with terms; see below."))
            return redirect("deal", deal.public_id)
    return render(request, "deals/request.html", _asking(request, listing, form))


@require_POST
@guarded(PARTIES)
def withdraw(request: AccountRequest, public_id: str) -> HttpResponse:
    """Take the request back."""

    def work(deal: Deal, form: Form) -> str:
        withdraw_deal(deal, by=request.actor, at=clock.now())
        return _("Withdrawn. You may ask again at any time.")

    return step(request, public_id, Form, work)


@require_POST
@guarded(PARTIES)
def convert(request: AccountRequest, public_id: str) -> HttpResponse:
    """Go on for money."""

    def work(deal: Deal, form: ConvertForm) -> str:
        convert_deal(deal, by=request.actor, at=clock.now())
        return _("Converted. Your finance role reports revenue after each period.")

    return step(request, public_id, ConvertForm, work)


@require_POST
@guarded(PARTIES)
def leave(request: AccountRequest, public_id: str) -> HttpResponse:
    """Leave after the trial."""

    def work(deal: Deal, form: ExitForm) -> str:
        exit_deal(deal, declaration=form.declaration(), by=request.actor, at=clock.now())
        return _("The deal has ended. Nothing is to be paid.")

    return step(request, public_id, ExitForm, work)


def _asking(request: AccountRequest, listing: Listing, form: RequestForm) -> dict[str, object]:
    running = Deal.objects.visible_to(request.actor).open().filter(listing=listing).first()
    return {
        "section": "deals",
        "form": form,
        "listing": listing,
        "card": cards.card(listing),
        "running": running,
        "may_ask": listing.is_open and listing.places_left > 0 and running is None,
    }
