"""Distribution policies of a university: proposed by finance, confirmed by the head of office."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from deals.forms.faults import placed_words
from deals.forms.policy import PolicyForm
from deals.models import DistributionPolicy
from deals.rules.faults import Refused
from deals.rules.money import RATIO_DECIMALS, format_ratio, parse_amount, parse_scaled
from deals.rules.states import GrantState
from deals.services import policies as services
from deals.views.distribution import STEPS
from deals.views.owners import recipient_word
from deals.views.seats import frame_of
from marketplace.accounts.http import AccountRequest
from marketplace.accounts.rules import Permission
from marketplace.base import clock, formats
from marketplace.base.errors import RuleError
from marketplace.base.http import guarded, show_refusal
from marketplace.base.policy import needs

READERS = needs("distribution.view")
FINANCE = needs("receipt.record")
HEAD = needs("money.confirm")


@guarded(READERS)
def policies(request: AccountRequest) -> HttpResponse:
    """Every version, the last first."""
    return _page(request)


@require_POST
@guarded(FINANCE)
def policy_new(request: AccountRequest) -> HttpResponse:
    """Propose a version to the head of office."""
    form = PolicyForm(request.POST)
    if form.is_valid():
        try:
            services.propose_policy(form.draft(), by=request.actor, at=clock.now())
        except Refused as refused:
            for fault in refused.faults:
                form.add_error("document", placed_words(fault))
        except RuleError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Proposed. The head of office confirms it."))
            return redirect("policies")
    return _page(request, form=form)


@require_POST
@guarded(HEAD)
def policy_confirm(request: AccountRequest, public_id: str) -> HttpResponse:
    """Put a version into force."""
    services.confirm_policy(_visible(request, public_id), by=request.actor, at=clock.now())
    messages.success(request, _("Confirmed. Receipts from its day on follow it."))
    return redirect("policies")


@require_POST
@guarded(HEAD)
def policy_refuse(request: AccountRequest, public_id: str) -> HttpResponse:
    """Turn a version down."""
    services.refuse_policy(_visible(request, public_id), by=request.actor, at=clock.now())
    messages.success(request, _("Turned down."))
    return redirect("policies")


def _visible(request: AccountRequest, public_id: str) -> DistributionPolicy:
    rows = DistributionPolicy.objects.visible_to(request.actor)
    return get_object_or_404(rows, public_id=public_id)


def _page(request: AccountRequest, *, form: PolicyForm | None = None) -> HttpResponse:
    actor = request.actor
    rows = DistributionPolicy.objects.visible_to(actor).order_by("-number")
    context = {
        "page_frame": frame_of(actor),
        "section": "distributions",
        "crumbs": [
            {"text": _("Money received"), "url": reverse("receipts")},
            {"text": _("Distributions"), "url": reverse("distributions")},
        ],
        "rows": [
            {
                "row": row,
                "steps": [_step(step) for step in row.steps],
                "document": json.dumps(row.steps, ensure_ascii=False, indent=1),
                "may_decide": row.state == GrantState.PROPOSED
                and actor.may(Permission.MONEY_CONFIRM)
                and row.proposed_by != actor.user,
            }
            for row in rows
        ],
        "refused": form,
    }
    if actor.may(Permission.RECEIPT_RECORD):
        context["form"] = form or PolicyForm(initial={"effective_from": clock.today()})
    return render(request, "deals/policies.html", context, status=400 if form else 200)


def _step(step: dict[str, Any]) -> dict[str, Any]:
    """A step in words: what it is called, and whom it names with how much."""
    return {"title": STEPS[step["take"]], "lines": list(_lines(step))}


def _lines(step: dict[str, Any]) -> list[str]:
    if step["take"] == "bands":
        return [_band(row) for row in step["rows"]]
    if "weights" in step:
        names = {recipient_word(name): weight for name, weight in step["weights"].items()}
        return [" : ".join(f"{name} {weight}" for name, weight in names.items())]
    much = _percent(step["share"]) if "share" in step else _sum(step.get("limit") or step["amount"])
    found = [f"{recipient_word(step['to'])} · {much}"]
    return [*found, recipient_word(step["excess_to"])] if "excess_to" in step else found


def _band(row: dict[str, Any]) -> str:
    parts = [f"{recipient_word(to)} {_percent(share)}" for to, share in row["shares"].items()]
    shares = " · ".join(parts)
    if row.get("up_to") is None:
        return _("above: %(shares)s") % {"shares": shares}
    return _("up to %(bound)s: %(shares)s") % {"bound": _sum(row["up_to"]), "shares": shares}


def _percent(share: str | int) -> str:
    """`0.7` as `70%`; a fraction such as `1/3` stays one."""
    text = str(share)
    if "/" in text:
        return text
    return f"{format_ratio(parse_scaled(text, RATIO_DECIMALS) * 100)}%"


def _sum(amount: str) -> str:
    return formats.amount(parse_amount(amount, services.CURRENCY))
