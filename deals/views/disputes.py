"""Disputing a line of a statement, and resolving it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from deals.forms.disputes import DisputeForm
from deals.models import Dispute
from deals.services import disputes, statement_rows
from deals.views import bills, disputed
from marketplace.accounts.http import AccountRequest
from marketplace.base import clock
from marketplace.base.errors import RuleError
from marketplace.base.http import guarded, show_refusal, status_of
from marketplace.base.policy import needs

DISPUTERS = needs("statement.dispute")


@require_POST
@guarded(DISPUTERS)
def dispute_new(request: AccountRequest, public_id: str) -> HttpResponse:
    """Dispute a line; what was typed comes back with the reason when it cannot be."""
    found = bills.visible(request, public_id)
    disputes.side_for(found.deal, request.actor)
    choices = disputed.choices_of(bills.told(statement_rows.current_lines(found)))
    form = DisputeForm(request.POST, lines=choices, currency=found.currency)
    status = 400
    if form.is_valid():
        try:
            disputes.dispute_line(found, form.objection(), by=request.actor, at=clock.now())
        except RuleError as error:
            show_refusal(form, error)
            status = status_of(error)
        else:
            messages.success(request, _("Recorded. Only the disputed part stops."))
            return redirect("statement", found.public_id)
    return bills.page_of(request, found, form=form, status=status)


@require_POST
@guarded(DISPUTERS)
def dispute_withdraw(request: AccountRequest, public_id: str) -> HttpResponse:
    """Give it up; its part falls due again."""
    dispute = disputes.withdraw_dispute(
        _visible(request, public_id), by=request.actor, at=clock.now()
    )
    messages.success(request, _("Withdrawn. The disputed part is due again."))
    return redirect("statement", dispute.statement.public_id)


@require_POST
@guarded(DISPUTERS)
def dispute_agree(request: AccountRequest, public_id: str) -> HttpResponse:
    """Say that a corrected report put it right; it is resolved once both sides say so."""
    dispute = disputes.agree_correction(
        _visible(request, public_id), by=request.actor, at=clock.now()
    )
    messages.success(request, _("Recorded. It is resolved once both sides have said so."))
    return redirect("statement", dispute.statement.public_id)


def _visible(request: AccountRequest, public_id: str) -> Dispute:
    rows = Dispute.objects.visible_to(request.actor).select_related("statement__deal")
    return get_object_or_404(rows, public_id=public_id)
