"""What a university does: propose terms, or decline."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from deals.forms.steps import DeclineForm
from deals.forms.terms import ProposalForm, TermsEditor
from deals.forms.terms.sections import family_of
from deals.models import Deal, TermsVersion
from deals.rules.agreement import NON_EXCLUSIVE, Grant
from deals.rules.faults import Refused
from deals.rules.periods import add_months
from deals.rules.terms import validate
from deals.services import moves
from deals.services.terms import next_number, propose_terms
from deals.services.trials import decline_deal
from deals.views.editing import answer, edited
from deals.views.figures import of_document
from deals.views.seats import frame_of
from deals.views.starts import comparison_for, start_of
from deals.views.workspace import PARTIES, loaded, newest_of, step
from listings.rules.standards import Start, no_minimum
from listings.rules.template import Dates, as_terms
from listings.views import cards
from marketplace.accounts.http import AccountRequest
from marketplace.base import clock
from marketplace.base.errors import RuleError
from marketplace.base.http import guarded
from marketplace.base.policy import Rate, needs

STANDARD_ACTS = "制造、使用、销售"
PAYING_YEARS = 5
# The fields of the form that say what is licensed, and the parts of the grant that they fill in.
_GRANT = {
    "licence_kind": "kind",
    "acts": "acts",
    "field_of_use": "field_of_use",
    "territory": "territory",
}


@guarded(needs("deal.negotiate"))
def propose(request: AccountRequest, public_id: str) -> HttpResponse:
    """Put a version of the terms on the table, from the standing terms or the version before."""
    deal = loaded(request, public_id)
    moves.check(deal, "propose", by=request.actor)
    form = _form(request, deal, request.POST if request.method == "POST" else None)
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
    return _page(request, deal, form)


@require_POST
@guarded(needs("deal.negotiate", rate=Rate.READ))
def propose_check(request: AccountRequest, public_id: str) -> HttpResponse:
    """Calculate only: the panel, a row more or less, another kind of deal."""
    deal = loaded(request, public_id)
    moves.check(deal, "propose", by=request.actor)

    def fresh(values: Mapping[str, Any]) -> ProposalForm:
        return ProposalForm(frame=_frame(deal), base=_base(deal), initial=values)

    form = edited(_form(request, deal, request.POST), request.POST.get("step", ""), fresh)
    return _page(request, deal, form)


@require_POST
@guarded(PARTIES)
def decline(request: AccountRequest, public_id: str) -> HttpResponse:
    """Say no to a request, and why."""

    def work(deal: Deal, form: DeclineForm) -> str:
        decline_deal(deal, note=form.cleaned_data["note"], by=request.actor, at=clock.now())
        return _("Declined. The company sees your reason.")

    return step(request, public_id, DeclineForm, work)


def _propose(request: AccountRequest, deal: Deal, form: ProposalForm) -> TermsVersion:
    return propose_terms(
        deal, document=form.complete(), grant=form.grant(), by=request.actor, at=clock.now()
    )


def _form(request: AccountRequest, deal: Deal, data: Any) -> ProposalForm:
    """Filled in from the start that the address names, the version before, or the listing."""
    start = start_of(request.GET.get("start", ""), request.actor)
    newest = newest_of(deal)
    if start is None and newest is not None:
        document, grant = newest.document, newest.grant
    else:
        document, grant = _document(deal, start or _listed(deal)), _grant(deal)
    beside = {name: getattr(grant, attribute) for name, attribute in _GRANT.items()}
    initial = {**beside, "family": start.family if start else family_of(document)}
    return ProposalForm(
        data, frame=_frame(deal), document=document, base=_base(deal), initial=initial
    )


def _page(request: AccountRequest, deal: Deal, form: TermsEditor) -> HttpResponse:
    context = {
        "page_frame": frame_of(request.actor),
        "section": "deals",
        "deal": deal,
        "title": cards.title_of(deal.listing),
        "newest": newest_of(deal),
        "comparison": SimpleLazyObject(lambda: comparison_for(request.actor)),
        "check_url": reverse("deal_propose_check", args=[deal.public_id]),
        "start_url": reverse("deal_propose", args=[deal.public_id]),
        "differences": _differences(deal, form),
    }
    return answer(request, form, context, "deals/terms/propose.html")


def _differences(deal: Deal, form: TermsEditor) -> list[Any]:
    """The document beside the terms of the listing, once it can be read."""
    document = form.settle()
    if validate(document)[0] is None:
        return []
    grant = Grant(*(str(form[name].value() or "") for name in _GRANT))
    return [row for row in of_document(deal.listing, document, grant) if row.differs]


def _listed(deal: Deal) -> Start:
    """The terms that the listing is offered under."""
    template = deal.listing.terms_template
    if template is None:
        return no_minimum()
    return Start(template.family, template.document, template.trial_months)


def _document(deal: Deal, start: Start) -> dict[str, Any]:
    """Terms to start from with the days of this deal: from the wished day on, not in the past."""
    begins: date = max(deal.wished_start_date, clock.today())
    paying = add_months(begins, start.trial_months)
    last_day = timedelta(days=1)
    return as_terms(
        start.document,
        contract=deal.number,
        version=next_number(deal),
        dates=Dates(
            effective_from=begins,
            trial_from=begins,
            trial_to=paying - last_day,
            paying_to=add_months(paying, 12 * PAYING_YEARS) - last_day,
        ),
        owners=[(deal.licensor.public_id, 1)],
    )


def _grant(deal: Deal) -> Grant:
    template = deal.listing.terms_template
    kind = template.licence_kind if template else NON_EXCLUSIVE
    return Grant(kind, STANDARD_ACTS, deal.use[:200], template.territory if template else "")


def _frame(deal: Deal) -> dict[str, Any]:
    """What the deal says of its terms whatever is typed."""
    owners = [{"party": deal.licensor.public_id, "weight": 1}]
    return {"contract": deal.number, "version": next_number(deal), "owners": owners}


def _base(deal: Deal) -> Mapping[str, Any]:
    template = deal.listing.terms_template
    return template.document if template else {}
