"""What a person arranges for himself or herself: name, language, keys to the API."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from marketplace.accounts.forms import ProfileForm, TokenForm
from marketplace.accounts.http import AccountRequest
from marketplace.accounts.models import ApiToken, Membership
from marketplace.accounts.pages import layout_of
from marketplace.accounts.services.tokens import make_token, revoke_token
from marketplace.base import clock
from marketplace.base.errors import RuleError
from marketplace.base.http import guarded, show_refusal
from marketplace.base.policy import SIGNED_IN, needs

KEY_HOLDERS = needs("tokens.manage")


@guarded(SIGNED_IN)
def profile(request: AccountRequest) -> HttpResponse:
    """Name, language, and the ways to the other settings."""
    person = request.actor.person
    form = ProfileForm(request.POST or None, instance=person)
    if form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("profile")
    said = {"form": form, "memberships": Membership.objects.of_person(person)}
    return render(request, "accounts/profile.html", said)


@guarded(SIGNED_IN)
def address(request: AccountRequest) -> HttpResponse:
    """Which address one signs in with, and how it changes."""
    return render(request, "account/email.html")


@never_cache
@guarded(KEY_HOLDERS)
def tokens(request: AccountRequest) -> HttpResponse:
    """All keys of the organisation, and a form to make one; its text is on this page once."""
    form = TokenForm(request.POST or None)
    made = key = None
    if form.is_valid():
        try:
            made, key = make_token(form.wish(), by=request.actor, at=clock.now())
        except RuleError as error:
            show_refusal(form, error)
        else:
            form = TokenForm()
    said = {
        "form": form,
        "made": made,
        "key": key,
        "now": clock.now(),
        "layout": layout_of(request.actor),
        "tokens": ApiToken.objects.visible_to(request.actor)
        .filter(revoked_at=None)
        .select_related("membership__user")
        .order_by("-created_at"),
    }
    return render(request, "accounts/tokens.html", said)


@require_POST
@guarded(KEY_HOLDERS)
def revoke(request: AccountRequest, public_id: str) -> HttpResponse:
    """Make a key worthless."""
    found = get_object_or_404(
        ApiToken.objects.visible_to(request.actor).select_related("membership__organisation"),
        public_id=public_id,
    )
    revoke_token(found, by=request.actor, at=clock.now())
    messages.success(request, _("Key revoked."))
    return redirect("tokens")
