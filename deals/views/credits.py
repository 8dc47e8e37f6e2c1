"""The credits of a deal: what each was, where it was used, what is left; granting and refunding."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from deals.forms.finance import CREDIT_WORDS, CreditForm, RefundForm
from deals.models import CreditGrant, Deal
from deals.rules.statement import Credit
from deals.rules.states import GrantState
from deals.services import credits, previews
from deals.services.positions import position
from deals.views.periods import period_word
from deals.views.seats import frame_of
from listings.views import cards
from marketplace.accounts.actors import Actor
from marketplace.accounts.http import AccountRequest
from marketplace.accounts.rules import Permission
from marketplace.base import clock
from marketplace.base.errors import RuleError
from marketplace.base.http import guarded, show_refusal
from marketplace.base.policy import needs

PARTIES = needs("deal.view")
FINANCE = needs("receipt.record")
HEAD = needs("money.confirm")
KINDS: Mapping[str, str | Promise] = {
    "granted": gettext_lazy("Granted"),
    "overpaid": gettext_lazy("Overpaid after a correction"),
    "surplus": gettext_lazy("Paid too much"),
}


@dataclass(frozen=True)
class Row:
    """One credit as the calculation has it; amounts in minor units."""

    kind: str
    found: Credit
    source: str
    uses: list[dict[str, Any]]


@guarded(PARTIES)
def deal_credits(request: AccountRequest, public_id: str) -> HttpResponse:
    """Every credit in the order in which it is used, and what waits for a decision."""
    return _page(request, _deal(request, public_id))


@require_POST
@guarded(FINANCE)
def credit_new(request: AccountRequest, public_id: str) -> HttpResponse:
    """Propose a credit to the head of office."""
    deal = _own(request, public_id)
    form = CreditForm(request.POST, currency=previews.agreed_terms(deal).currency)
    if form.is_valid():
        try:
            credits.propose_credit(deal, grant=form.grant(), by=request.actor, at=clock.now())
        except RuleError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Proposed. The head of office confirms it."))
            return redirect("deal_credits", public_id)
    return _page(request, deal, form=form)


@require_POST
@guarded(HEAD)
def credit_confirm(request: AccountRequest, public_id: str) -> HttpResponse:
    """Grant a proposed credit."""
    row = _grant(request, public_id)
    credits.confirm_credit(row, by=request.actor, at=clock.now())
    messages.success(request, _("Granted. The next statement uses it."))
    return redirect("deal_credits", row.deal.public_id)


@require_POST
@guarded(HEAD)
def credit_refuse(request: AccountRequest, public_id: str) -> HttpResponse:
    """Turn a proposed credit down."""
    row = _grant(request, public_id)
    credits.refuse_credit(row, by=request.actor, at=clock.now())
    messages.success(request, _("Turned down."))
    return redirect("deal_credits", row.deal.public_id)


@require_POST
@guarded(FINANCE)
def credit_refund(request: AccountRequest, public_id: str) -> HttpResponse:
    """Record that credits were paid back at the end."""
    deal = _own(request, public_id)
    form = RefundForm(request.POST, currency=previews.agreed_terms(deal).currency, prefix="refund")
    if form.is_valid():
        try:
            credits.refund_credits(
                deal, amount_minor=form.cleaned_data["amount"], by=request.actor, at=clock.now()
            )
        except RuleError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Recorded."))
            return redirect("deal_credits", public_id)
    return _page(request, deal, refund=form)


def _deal(request: AccountRequest, public_id: str) -> Deal:
    deals = Deal.objects.visible_to(request.actor).filter(facts__kind="terms").for_lists()
    return get_object_or_404(deals.distinct(), public_id=public_id)


def _own(request: AccountRequest, public_id: str) -> Deal:
    deal = _deal(request, public_id)
    return get_object_or_404(Deal.objects.filter(licensor=request.actor.organisation), pk=deal.pk)


def _grant(request: AccountRequest, public_id: str) -> CreditGrant:
    deals = Deal.objects.visible_to(request.actor).filter(licensor=request.actor.organisation)
    rows = CreditGrant.objects.filter(deal__in=deals).select_related("deal")
    return get_object_or_404(rows, public_id=public_id)


def _page(
    request: AccountRequest,
    deal: Deal,
    *,
    form: CreditForm | None = None,
    refund: RefundForm | None = None,
) -> HttpResponse:
    actor = request.actor
    result = position(deal, on=clock.today())
    currency = previews.agreed_terms(deal).currency
    refused = form or refund
    context = {
        "page_frame": frame_of(actor),
        "section": "deals",
        "deal": deal,
        "title": cards.title_of(deal.listing),
        "company": cards.name_of(deal.licensee),
        "crumbs": [
            {"text": _("Deals"), "url": reverse("deals")},
            {"text": deal.number, "url": reverse("deal", args=[deal.public_id])},
        ],
        "rows": [_row(one, deal) for one in result.credits],
        "left": result.totals.credit_balance,
        "grants": _grants(deal, actor),
        "refused": refused,
    }
    if _may(actor, deal, Permission.RECEIPT_RECORD):
        initial = {"usable_from_date": clock.today()}
        context["form"] = form or CreditForm(currency=currency, initial=initial)
        if previews.agreed_terms(deal).credits.refund_on_end and result.totals.credit_balance:
            context["refund"] = refund or RefundForm(currency=currency, prefix="refund")
    return render(request, "deals/credits.html", context, status=400 if refused else 200)


def _may(actor: Actor, deal: Deal, permission: Permission) -> bool:
    return actor.may(permission) and actor.belongs_to(deal.licensor)


def _row(one: Credit, deal: Deal) -> Row:
    uses = [
        {"period": period_word(use.period.name), "day": use.day, "amount": use.amount}
        for use in one.uses
    ]
    source = period_word(one.arose_on.name) if one.arose_on else one.key
    return Row(str(KINDS[one.kind]), one, source, uses)


def _grants(deal: Deal, actor: Actor) -> list[dict[str, Any]]:
    """What was proposed, the last first; the company sees what was granted."""
    rows = CreditGrant.objects.filter(deal=deal).order_by("-pk")
    if actor.belongs_to(deal.licensee):
        rows = rows.filter(state=GrantState.CONFIRMED)
    may_confirm = _may(actor, deal, Permission.MONEY_CONFIRM)
    return [
        {
            "row": row,
            "reason": CREDIT_WORDS[row.reason],
            "may_decide": may_confirm
            and row.state == GrantState.PROPOSED
            and row.proposed_by != actor.user,
        }
        for row in rows
    ]
