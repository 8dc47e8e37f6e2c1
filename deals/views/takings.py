"""Money received: the university's list, recording transfers, and taking one back."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from deals.forms.finance import ReversalForm
from deals.forms.money import ReceiptForm
from deals.models import Deal, Instalment, Receipt
from deals.services import previews
from deals.services.receipts import record_receipt, reverse_receipt
from deals.views.bills import status_of
from deals.views.owners import shares_of
from deals.views.periods import period_word
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
    found = Receipt.objects.filter(licensor=own).select_related(
        "deal__listing", "deal__licensee", "reversal", "reverses"
    )
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
                "state": _state(row),
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
    periods = deal.statements.order_by("-position").values_list("period", flat=True)
    form = ReceiptForm(
        request.POST or None,
        currency=currency,
        periods=[(name, period_word(name)) for name in periods],
        initial=initial,
    )
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


@guarded(FINANCE)
def receipt_reverse(request: AccountRequest, public_id: str) -> HttpResponse:
    """Take a recorded transfer back, as the bank did."""
    own = Receipt.objects.filter(licensor=request.actor.organisation)
    rows = own.select_related("deal__listing", "deal__licensor", "deal__licensee", "reversal")
    receipt = get_object_or_404(rows, public_id=public_id)
    initial = {"reversed_date": clock.today()}
    form = ReversalForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            reverse_receipt(receipt, reversal=form.reversal(), by=request.actor, at=clock.now())
        except RuleError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Reversed. What it had paid is due again."))
            return redirect("receipts")
    context = {
        "page_frame": frame_of(request.actor),
        "section": "receipts",
        "crumbs": [{"text": _("Money received"), "url": reverse("receipts")}],
        "receipt": receipt,
        "is_open": _state(receipt) == "confirmed",
        "company": cards.name_of(receipt.deal.licensee),
        "parts": shares_of(receipt),
        "form": form,
    }
    status = 400 if form.errors else 200
    return render(request, "deals/receipt_reverse.html", context, status=status)


def _state(row: Receipt) -> str:
    """Whether a transfer stands, was taken back, or takes another one back."""
    if row.reverses_id is not None:
        return "reversal"
    return "reversed" if hasattr(row, "reversal") else "confirmed"


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
