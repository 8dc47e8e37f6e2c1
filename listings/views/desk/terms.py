"""Standing terms of a university: what its results are offered on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from listings.forms import TermsTemplateForm
from listings.models import Listing, TermsTemplate
from listings.services.listings import create_terms_template, show_terms
from listings.views.cards import rate_of
from marketplace.accounts.actors import Actor
from marketplace.base import clock, formats
from marketplace.base.errors import RuleError
from marketplace.base.http import guarded
from marketplace.base.policy import needs
from marketplace.base.words import words_for


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


@guarded(needs("template.edit"))
def terms_template_new(request: HttpRequest) -> HttpResponse:
    """Make terms from a few figures; all else is standard."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = TermsTemplateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            name = form.cleaned_data["name"]
            create_terms_template(name, form.offer(), by=actor, at=clock.now())
        except RuleError as error:
            form.add_error(error.where or None, words_for(error))
        else:
            return redirect("terms_templates")
    return render(
        request, "listings/desk/terms_new.html", {"section": "terms_templates", "form": form}
    )


def _shown(template: TermsTemplate) -> dict[str, object]:
    label = Listing()
    show_terms(label, template)
    return {
        "name": template.name,
        "trial_months": template.trial_months,
        "rate": rate_of(label),
        "cap": label.cap_minor,
        "allowance": formats.wan(label.allowance_minor) if label.allowance_minor else _("none"),
        "minimum": _("yes") if label.has_minimum else _("none"),
    }
