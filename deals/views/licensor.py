"""What a university does: propose terms, or decline."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from deals.forms.steps import DeclineForm
from deals.forms.talks import ProposalForm, initial_of
from deals.models import Deal, TermsVersion
from deals.rules.agreement import NON_EXCLUSIVE, Grant
from deals.rules.faults import Refused
from deals.rules.points import points_of
from deals.services import moves
from deals.services.terms import draft_document, propose_terms
from deals.services.trials import decline_deal
from deals.views.figures import offered_points
from deals.views.seats import frame_of
from deals.views.workspace import PARTIES, loaded, newest_of, step
from listings.views import cards
from marketplace.accounts.http import AccountRequest
from marketplace.base import clock
from marketplace.base.errors import RuleError
from marketplace.base.http import guarded
from marketplace.base.policy import needs

STANDARD_ACTS = "制造、使用、销售"


@guarded(needs("deal.negotiate"))
def propose(request: AccountRequest, public_id: str) -> HttpResponse:
    """Put a version of the terms on the table, from the standing terms or the version before."""
    deal = loaded(request, public_id)
    moves.check(deal, "propose", by=request.actor)
    form = ProposalForm(request.POST or None, initial=_initial(deal))
    if form.is_valid():
        try:
            version = _propose(request, deal, form)
        except Refused as refused:
            form.show_faults(refused.faults)
        except RuleError as error:
            form.show_refusal(error)
        else:
            said = {"number": version.number}
            messages.success(request, _("Version %(number)s is before both sides.") % said)
            return redirect("deal", public_id)
    context = {
        "page_frame": frame_of(request.actor),
        "section": "deals",
        "form": form,
        "deal": deal,
        "title": cards.title_of(deal.listing),
        "newest": newest_of(deal),
    }
    return render(request, "deals/propose.html", context)


@require_POST
@guarded(PARTIES)
def decline(request: AccountRequest, public_id: str) -> HttpResponse:
    """Say no to a request, and why."""

    def work(deal: Deal, form: DeclineForm) -> str:
        decline_deal(deal, note=form.cleaned_data["note"], by=request.actor, at=clock.now())
        return _("Declined. The company sees your reason.")

    return step(request, public_id, DeclineForm, work)


def _propose(request: AccountRequest, deal: Deal, form: ProposalForm) -> TermsVersion:
    document = draft_document(deal, offer=form.offer(), dates=form.dates())
    return propose_terms(
        deal, document=document, grant=form.grant(), by=request.actor, at=clock.now()
    )


def _initial(deal: Deal) -> dict[str, object]:
    """The version before, else the listing's standing terms from the wished day on."""
    newest = newest_of(deal)
    begins = max(deal.wished_start_date, clock.today())
    if newest is not None:
        return initial_of(points_of(newest.document, newest.grant), newest.grant, begins=begins)
    points = offered_points(deal.listing)
    if points is None:
        return {"trial_from": begins, "licence_kind": NON_EXCLUSIVE, "acts": STANDARD_ACTS}
    grant = Grant(points.kind, STANDARD_ACTS, deal.use[:200], points.territory)
    return initial_of(points, grant, begins=begins)
