"""The steps that both parties take, each for itself: accepting a version, signing it."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from deals.forms.steps import AcceptForm, SignForm
from deals.models import Deal
from deals.rules.states import DealState
from deals.services.terms import accept_terms
from deals.services.trials import sign_deal
from deals.views.workspace import PARTIES, newest_of, step
from marketplace.accounts.http import AccountRequest
from marketplace.base import clock
from marketplace.base.errors import ConflictError
from marketplace.base.http import guarded


@require_POST
@guarded(PARTIES)
def accept(request: AccountRequest, public_id: str) -> HttpResponse:
    """Accept the version on the table."""

    def work(deal: Deal, form: AcceptForm) -> str:
        version = newest_of(deal)
        if version is None:
            raise ConflictError("state.moved", state=deal.state)
        sha256 = form.cleaned_data["sha256"]
        moved = accept_terms(version, sha256=sha256, by=request.actor, at=clock.now())
        if moved.state == DealState.IN_TALKS:
            return _("Accepted. The deal goes on when the other side has accepted too.")
        return _("Both sides accepted. These terms are fixed; the approvals come next.")

    return step(request, public_id, AcceptForm, work)


@require_POST
@guarded(PARTIES)
def sign(request: AccountRequest, public_id: str) -> HttpResponse:
    """Sign the approved version."""

    def work(deal: Deal, form: SignForm) -> str:
        sha256 = form.cleaned_data["sha256"]
        moved = sign_deal(deal, sha256=sha256, by=request.actor, at=clock.now())
        if moved.state == DealState.READY_TO_SIGN:
            return _("Signed. The trial starts when the other side has signed too.")
        return _("Both sides signed. The trial runs.")

    return step(request, public_id, SignForm, work)
