"""The platform's queue of deals that are set aside: why, since when, and what to do."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from deals.forms.parking import advice_words, reason_words
from deals.models import Deal
from deals.services.parking import compute_again
from listings.views import cards
from marketplace.accounts.http import AccountRequest
from marketplace.accounts.rules import Permission
from marketplace.base import clock
from marketplace.base.http import guarded
from marketplace.base.policy import needs

A_PAGE = 50


@guarded(needs("parked.view"))
def parked_deals(request: AccountRequest) -> HttpResponse:
    """Every deal that is set aside, the longest waiting first."""
    found = Deal.objects.visible_to(request.actor).parked().for_lists()
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "parked_deals",
        "page": page,
        "rows": [
            {
                "deal": deal,
                "title": cards.title_of(deal.listing).text,
                "parties": f"{cards.name_of(deal.licensor)} · {cards.name_of(deal.licensee)}",
                "reason": reason_words(deal.parked_code, deal.parked_where, deal.parked_reason),
                "advice": advice_words(deal.parked_code),
            }
            for deal in page.object_list
        ],
        "may_compute": request.actor.may(Permission.DEAL_RECOMPUTE),
    }
    return render(request, "deals/parked_deals.html", context)


@require_POST
@guarded(needs("deal.recompute"))
def parked_compute(request: AccountRequest, public_id: str) -> HttpResponse:
    """Compute one again; it leaves the queue when its figures come out."""
    deal = get_object_or_404(Deal.objects.visible_to(request.actor), public_id=public_id)
    compute_again(deal, by=request.actor, at=clock.now())
    messages.success(
        request, _("It is being computed again. If it works out, it leaves this list.")
    )
    return redirect("parked_deals")
