"""The people of an organisation: their roles, invitations, and the end of a membership."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.accounts.forms import InvitationForm, RolesForm
from marketplace.accounts.http import AccountRequest, act_in
from marketplace.accounts.models import Invitation, Membership
from marketplace.accounts.pages import history_of, layout_of
from marketplace.accounts.services.invitations import (
    accept_invitation,
    invite_member,
    withdraw_invitation,
)
from marketplace.accounts.services.members import change_roles, deactivate_membership
from marketplace.base import clock
from marketplace.base.errors import RuleError
from marketplace.base.http import guarded, show_refusal
from marketplace.base.policy import PUBLIC, needs

MANAGERS = needs("members.manage")


@guarded(MANAGERS)
def members(request: AccountRequest) -> HttpResponse:
    """All members and open invitations, and a form to invite one more."""
    organisation = request.actor.member.organisation
    form = InvitationForm(request.POST or None, organisation=organisation)
    if form.is_valid():
        try:
            made = invite_member(
                organisation, **form.cleaned_data, by=request.actor, at=clock.now()
            )
        except RuleError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Invitation sent to %(email)s.") % {"email": made.email})
            return redirect("members")
    return render(request, "accounts/members.html", _members_page(request, form))


@guarded(MANAGERS)
def member(request: AccountRequest, public_id: str) -> HttpResponse:
    """One member's roles."""
    found = get_object_or_404(_colleagues(request), public_id=public_id)
    form = RolesForm(
        request.POST or None, organisation=found.organisation, initial={"roles": found.roles}
    )
    if form.is_valid():
        try:
            change_roles(found, **form.cleaned_data, by=request.actor, at=clock.now())
        except RuleError as error:
            show_refusal(form, error)
        else:
            _stay_signed_in(request, found)
            messages.success(request, _("Roles changed. The person signs in again."))
            return redirect("members")
    said = {"form": form, "member": found, "layout": layout_of(request.actor)}
    return render(request, "accounts/member.html", said)


@require_POST
@guarded(MANAGERS)
def deactivate(request: AccountRequest, public_id: str) -> HttpResponse:
    """End a membership."""
    found = get_object_or_404(_colleagues(request), public_id=public_id)
    deactivate_membership(found, by=request.actor, at=clock.now())
    _stay_signed_in(request, found)
    messages.success(request, _("The membership has ended, and its sessions and keys with it."))
    return redirect("organisations" if found.user == request.user else "members")


@require_POST
@guarded(MANAGERS)
def withdraw(request: AccountRequest, public_id: str) -> HttpResponse:
    """Withdraw an open invitation."""
    found = get_object_or_404(
        Invitation.objects.visible_to(request.actor).select_related("organisation"),
        public_id=public_id,
    )
    withdraw_invitation(found, by=request.actor, at=clock.now())
    messages.success(request, _("Invitation withdrawn."))
    return redirect("members")


@guarded(PUBLIC)
def invitation(request: AccountRequest, token: str) -> HttpResponse:
    """What the link of an invitation opens: who invites, and one button to accept."""
    found = Invitation.objects.with_token(token).select_related("organisation").first()
    if found is None or not found.is_open(clock.now()):
        return render(request, "accounts/invitation_closed.html", status=404)
    if request.method == "POST":
        joined = accept_invitation(token, by=request.actor, at=clock.now())
        act_in(request, joined)
        return redirect("my_work")
    said = {
        "invitation": found,
        "is_addressee": request.actor.is_signed_in
        and request.actor.person.email.lower() == found.email,
    }
    return render(request, "accounts/invitation.html", said)


def _members_page(request: AccountRequest, form: InvitationForm) -> dict[str, object]:
    actor = request.actor
    return {
        "form": form,
        "layout": layout_of(actor),
        "organisation": actor.organisation,
        "members": _colleagues(request).order_by("pk"),
        "invitations": Invitation.objects.visible_to(actor)
        .open_at(clock.now())
        .order_by("-created_at"),
        "history": history_of(actor.member.organisation)[:12],
    }


def _colleagues(request: AccountRequest) -> QuerySet[Membership]:
    return (
        Membership.objects.active().visible_to(request.actor).select_related("user", "organisation")
    )


def _stay_signed_in(request: AccountRequest, changed: Membership) -> None:
    """Whoever changes oneself keeps the session at hand; all others of the person have ended."""
    if changed.user_id == request.actor.person.pk:
        changed.user.refresh_from_db()
        update_session_auth_hash(request, changed.user)
