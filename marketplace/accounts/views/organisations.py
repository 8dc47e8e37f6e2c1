"""Registering an organisation, and acting for one of several."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.accounts.forms import RegistrationForm
from marketplace.accounts.http import AccountRequest, act_in, switch_membership
from marketplace.accounts.models import Invitation, Membership
from marketplace.accounts.services.organisations import register_organisation
from marketplace.base import clock
from marketplace.base.errors import RuleError
from marketplace.base.http import guarded, show_refusal
from marketplace.base.policy import SIGNED_IN


@guarded(SIGNED_IN)
def organisations(request: AccountRequest) -> HttpResponse:
    """Everything that the person may act for."""
    person = request.actor.person
    said = {
        "memberships": Membership.objects.of_person(person),
        "invitations": Invitation.objects.open_at(clock.now())
        .filter(email=person.email)
        .select_related("organisation"),
    }
    return render(request, "accounts/organisations.html", said)


@guarded(SIGNED_IN)
def register(request: AccountRequest) -> HttpResponse:
    """Register a university or company; the platform checks it afterwards."""
    form = RegistrationForm(request.POST or None)
    if form.is_valid():
        try:
            made = register_organisation(form.registration(), by=request.actor, at=clock.now())
        except RuleError as error:
            show_refusal(form, error)
        else:
            act_in(request, made)
            messages.success(request, _("Registered. The platform checks it next."))
            return redirect("organisations")
    return render(request, "accounts/register_organisation.html", {"form": form})


@require_POST
@guarded(SIGNED_IN)
def switch(request: AccountRequest) -> HttpResponse:
    """Act for another of one's organisations."""
    chosen = switch_membership(request, public_id=request.POST.get("membership", ""))
    messages.success(
        request, _("You now act for %(organisation)s.") % {"organisation": chosen.organisation}
    )
    return redirect("my_work")
