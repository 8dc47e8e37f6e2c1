"""The platform's desk for registrations of organisations."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from marketplace.accounts.forms import DecisionForm
from marketplace.accounts.http import AccountRequest
from marketplace.accounts.models import Organisation
from marketplace.accounts.pages import checks_of, history_of
from marketplace.accounts.services.organisations import refuse_organisation, verify_organisation
from marketplace.base import clock
from marketplace.base.errors import RuleError
from marketplace.base.http import guarded, show_refusal
from marketplace.base.policy import needs

DESK = needs("organisation.verify", "platform.view")
STATES = ("pending", "verified", "refused")


@guarded(DESK)
def verification_queue(request: AccountRequest) -> HttpResponse:
    """Registrations by age; the decided ones, newest first, in two further lists."""
    state = request.GET.get("state", "pending")
    state = state if state in STATES else "pending"
    found = Organisation.objects.visible_to(request.actor).in_state(state)
    page = Paginator(found.select_related("city", "registered_by"), 20).get_page(
        request.GET.get("page")
    )
    said = {"page": page, "state": state, "states": STATES}
    return render(request, "accounts/verification_queue.html", said)


@guarded(DESK)
def verification(request: AccountRequest, public_id: str) -> HttpResponse:
    """One registration with what can be checked, its history and the decision."""
    found = get_object_or_404(
        Organisation.objects.visible_to(request.actor).select_related("city", "registered_by"),
        public_id=public_id,
    )
    form = DecisionForm(request.POST or None)
    if form.is_valid():
        try:
            _decide(request, found, form)
        except RuleError as error:
            show_refusal(form, error)
        else:
            return redirect("verification_queue")
    said = {
        "form": form,
        "organisation": found,
        "checks": checks_of(found),
        "history": history_of(found),
        "is_own": found.registered_by_id == request.actor.person.pk,
        "may_decide": request.actor.may("organisation.verify"),
    }
    return render(request, "accounts/verification.html", said)


def _decide(request: AccountRequest, found: Organisation, form: DecisionForm) -> None:
    at = clock.now()
    if form.cleaned_data["decision"] == "verify":
        verify_organisation(found, by=request.actor, at=at)
        messages.success(request, _("%(organisation)s is verified.") % {"organisation": found})
        return
    refuse_organisation(found, reason=form.cleaned_data["reason"], by=request.actor, at=at)
    messages.success(request, _("%(organisation)s is refused.") % {"organisation": found})
