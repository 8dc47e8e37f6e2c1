"""Standing terms of a university: what its results are offered on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from listings.models import Listing, TermsTemplate
from listings.services.listings import show_terms
from listings.views.cards import rate_of
from marketplace.accounts.actors import Actor
from marketplace.base import formats
from marketplace.base.http import guarded
from marketplace.base.policy import needs


@guarded(needs("template.edit", "listing.edit"))
def terms_templates(request: HttpRequest) -> HttpResponse:
    """The university's terms with what a label says of each."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    own = TermsTemplate.objects.filter(organisation=actor.organisation).order_by("name")
    context = {
        "section": "terms_templates",
        "templates": [_shown(one) for one in own],
        "may_create": actor.may("template.edit"),
    }
    return render(request, "listings/desk/terms.html", context)


def _shown(template: TermsTemplate) -> dict[str, object]:
    label = Listing()
    show_terms(label, template)
    return {
        "name": template.name,
        "public_id": template.public_id,
        "trial_months": template.trial_months,
        "rate": rate_of(label),
        "cap": label.cap_minor,
        "allowance": formats.wan(label.allowance_minor) if label.allowance_minor else _("none"),
        "minimum": _("yes") if label.has_minimum else _("none"),
    }
