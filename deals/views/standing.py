"""Standing terms of a university: every clause, tried out before it is kept."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_POST

from deals.forms.terms import StandingTermsForm, TermsEditor
from deals.rules.agreement import NON_EXCLUSIVE
from deals.rules.faults import Refused
from deals.views.editing import answer, edited
from deals.views.starts import comparison_for, start_of
from listings.rules.standards import no_minimum
from listings.services.listings import create_terms_template
from marketplace.accounts.http import AccountRequest
from marketplace.base import clock
from marketplace.base.errors import RuleError
from marketplace.base.http import guarded, show_refusal
from marketplace.base.policy import Rate, needs

TERRITORY = "中国内地"


@guarded(needs("template.edit"))
def terms_template_new(request: AccountRequest) -> HttpResponse:
    """Make terms from named ones; keep them once nothing is wrong with them."""
    form = _form(request, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            name = form.cleaned_data["name"]
            create_terms_template(name, standing=form.standing(), by=request.actor, at=clock.now())
        except Refused as refused:
            form.show_faults(refused.faults)
        except RuleError as error:
            show_refusal(form, error)
        else:
            return redirect("terms_templates")
    return _page(request, form)


@require_POST
@guarded(needs("template.edit", rate=Rate.READ))
def terms_template_check(request: AccountRequest) -> HttpResponse:
    """Calculate only: the panel, a row more or less, another kind of deal."""

    def fresh(values: Mapping[str, Any]) -> StandingTermsForm:
        return StandingTermsForm(base=_base(), initial=values)

    form = edited(_form(request, request.POST), request.POST.get("step", ""), fresh)
    return _page(request, form)


def _form(request: AccountRequest, data: Any) -> StandingTermsForm:
    start = start_of(request.GET.get("start", ""), request.actor) or no_minimum()
    beside = {
        "family": start.family,
        "trial_months": start.trial_months,
        "licence_kind": NON_EXCLUSIVE,
        "territory": TERRITORY,
    }
    return StandingTermsForm(data, document=start.document, base=_base(), initial=beside)


def _page(request: AccountRequest, form: TermsEditor) -> HttpResponse:
    context = {
        "section": "terms_templates",
        "comparison": SimpleLazyObject(lambda: comparison_for(request.actor)),
        "check_url": reverse("terms_template_check"),
        "start_url": reverse("terms_template_new"),
    }
    return answer(request, form, context, "deals/terms/standing.html")


def _base() -> Mapping[str, Any]:
    """The standard writing, kept wherever what was typed says the same."""
    return no_minimum().document
