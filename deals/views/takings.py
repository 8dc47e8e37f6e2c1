"""Money received: the university's list, and recording one transfer."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from deals.forms.money import ReceiptForm
from deals.models import Deal, Instalment, Receipt
from deals.services import previews
from deals.services.receipts import record_receipt
from deals.views.bills import status_of
from deals.views.seats import frame_of
from listings.views import cards
from marketplace.accounts.http import AccountRequest
from marketplace.base import clock
from marketplace.base.errors import RuleError
from marketplace.base.http import guarded, show_refusal
from marketplace.base.policy import needs

FINANCE = needs("receipt.record")
A_PAGE = 50


@guarded(FINANCE)
def receipts(request: AccountRequest) -> HttpResponse:
    """What is still to come by due date, and what arrived, the last first."""
    own = request.actor.organisation
    found = Receipt.objects.filter(licensor=own).select_related("deal__listing", "deal__licensee")
    page = Paginator(found.order_by("-received_date", "-pk"), A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "page_frame": frame_of(request.actor),
        "section": "receipts",
        "page": page,
        "rows": [
            {
                "receipt": row,
                "company": cards.name_of(row.deal.licensee),
                "title": cards.title_of(row.deal.listing).text,
            }
            for row in page.object_list
        ],
        "expected": _expected(request),
    }
    return render(request, "deals/receipts.html", context)


@guarded(FINANCE)
def receipt_new(request: AccountRequest, public_id: str) -> HttpResponse:
    """Record a transfer that arrived for a deal of the university."""
    deals = Deal.objects.visible_to(request.actor).filter(licensor=request.actor.organisation)
    deal = get_object_or_404(deals.filter(facts__kind="terms").for_lists(), public_id=public_id)
    currency = previews.agreed_terms(deal).currency
    initial = {"received_date": clock.today()}
    form = ReceiptForm(request.POST or None, currency=currency, initial=initial)
    if form.is_valid():
        try:
            record_receipt(deal, form.transfer(), by=request.actor, at=clock.now())
        except RuleError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Recorded. It is being matched to what is due."))
            return redirect("receipts")
    context = {
        "page_frame": frame_of(request.actor),
        "section": "receipts",
        "crumbs": [{"text": _("Money received"), "url": reverse("receipts")}],
        "deal": deal,
        "title": cards.title_of(deal.listing),
        "company": cards.name_of(deal.licensee),
        "form": form,
        "open": _open_of(deal),
    }
    return render(request, "deals/receipt_new.html", context, status=400 if form.errors else 200)


def _expected(request: AccountRequest) -> list[dict[str, object]]:
    rows = (
        Instalment.objects.filter(
            statement__deal__licensor=request.actor.organisation, paid_minor__lt=F("amount_minor")
        )
        .select_related("statement__deal__listing", "statement__deal__licensee")
        .order_by("due_date", "pk")[:A_PAGE]
    )
    return [
        status_of(row, clock.today())
        | {
            "deal": row.statement.deal,
            "company": cards.name_of(row.statement.deal.licensee),
            "title": cards.title_of(row.statement.deal.listing).text,
        }
        for row in rows
    ]


def _open_of(deal: Deal) -> list[dict[str, object]]:
    rows = Instalment.objects.filter(statement__deal=deal, paid_minor__lt=F("amount_minor"))
    found = rows.select_related("statement").order_by("due_date")
    return [status_of(row, clock.today()) for row in found]
