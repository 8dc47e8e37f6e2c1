"""Six steps to a result, in any order, each saved on its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from listings.forms import MaturityForm, PatentsForm, PeopleForm, PitchForm, TermsForm
from listings.models import Listing
from listings.rules import quality
from listings.rules.simulator import Guess, can_simulate, next_quarter, project
from listings.services.listings import (
    OPEN_STATES,
    DraftChanges,
    create_draft,
    draft_facts,
    show_terms,
    submit_listing,
    update_draft,
    why_not,
    withdraw_listing,
)
from listings.views.cards import card
from listings.views.desk.shown import AUTHORS, checks
from marketplace.accounts.actors import Actor
from marketplace.base import clock, formats
from marketplace.base.http import guarded
from marketplace.base.policy import Rate, needs
from marketplace.base.words import words_for

FORMS: Mapping[str, Callable[[Any, Listing], Any]] = {
    "pitch": PitchForm,
    "patents": PatentsForm,
    "maturity": MaturityForm,
    "terms": TermsForm,
    "people": PeopleForm,
}
STEPS = (*FORMS, "preview")
EXAMPLE = Guess(first=150_000_000, growth=8)
MISSING_IN = {
    "pitch": ("title", "pitch", "industry"),
    "maturity": ("trl", "trl_evidence", "benefit"),
    "terms": ("terms",),
}


@dataclass(frozen=True)
class WizardStep:
    """A step for step_nav.html."""

    title: str
    note: str
    state: str
    url: str


@guarded(needs("listing.draft"))
def listing_new(request: HttpRequest) -> HttpResponse:
    """Begin a result with its pitch."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = PitchForm(request.POST or None, None)
    if request.method == "POST" and form.is_valid():
        listing = create_draft(form.changes(), by=actor, at=clock.now())
        return redirect(_after("pitch", request, listing))
    return render(request, "listings/desk/wizard.html", _context(actor, None, "pitch", form))


@guarded(needs(*AUTHORS))
def listing_step(request: HttpRequest, public_id: str, step: str) -> HttpResponse:
    """One step of a draft: shown, and saved when posted."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    listing = _own(actor, public_id)
    if step not in STEPS:
        raise Http404
    if listing.state not in OPEN_STATES:
        return redirect("listing_at_desk", public_id)
    if step == "preview":
        return _preview(request, actor, listing)
    form = FORMS[step](request.POST or None, listing)
    if request.method == "POST" and form.is_valid():
        update_draft(listing, form.changes(), by=actor, at=clock.now())
        return redirect(_after(step, request, listing))
    return render(request, "listings/desk/wizard.html", _context(actor, listing, step, form))


def _preview(request: HttpRequest, actor: Actor, listing: Listing) -> HttpResponse:
    if request.method == "POST":
        submit_listing(listing, by=actor, at=clock.now())
        return redirect("listing_at_desk", listing.public_id)
    refusal = why_not(listing, "submit", by=actor)
    context = _context(actor, listing, "preview", None)
    context |= {
        "checks": checks(listing),
        "percent": quality.percent(draft_facts(listing)),
        "refusal": words_for(refusal) if refusal else "",
    }
    return render(request, "listings/desk/preview.html", context)


@require_POST
@guarded(needs(*AUTHORS, rate=Rate.READ))
def listing_card(request: HttpRequest, public_id: str, step: str) -> HttpResponse:
    """The card as it would look with what stands in the form now; nothing is saved."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    listing = _own(actor, public_id)
    if step not in FORMS:
        raise Http404
    form = FORMS[step](request.POST, listing)
    if form.is_valid():
        _show(listing, form.changes())
    return render(request, "listings/desk/_card.html", {"card": card(listing)})


@require_POST
@guarded(needs("listing.edit"))
def listing_withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a result off the shelf, with the reason."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    listing = _own(actor, public_id)
    withdraw_listing(listing, note=request.POST.get("note", "")[:500], by=actor, at=clock.now())
    return redirect("listing_at_desk", public_id)


def _own(actor: Actor, public_id: str) -> Listing:
    found = Listing.objects.owned_by(actor).for_cards().select_related("terms_template")
    listing: Listing = get_object_or_404(found, public_id=public_id)
    return listing


def _show(listing: Listing, changes: DraftChanges) -> None:
    for name, value in changes.fields.items():
        setattr(listing, name, value)
    if listing.terms_template:
        show_terms(listing, listing.terms_template)


def _after(step: str, request: HttpRequest, listing: Listing) -> str:
    """Where saving leads: on, back to the list, or to the same step for another row."""
    if "leave" in request.POST:
        return reverse("portfolio")
    following = step if "stay" in request.POST else STEPS[STEPS.index(step) + 1]
    return reverse("listing_step", args=[listing.public_id, following])


def _context(actor: Actor, listing: Listing | None, step: str, form: Any) -> dict[str, Any]:
    shown = listing or Listing(organisation=actor.organisation)
    number = STEPS.index(step)
    return {
        "section": "portfolio" if listing else "listing_new",
        "listing": listing,
        "step": step,
        "title": _titles()[step],
        "form": form,
        "template": f"listings/desk/_{step}.html",
        "steps": _steps(listing, step),
        "card": card(shown) if listing else replace(card(shown), url=""),
        "previous": _url(listing, STEPS[number - 1]) if number else "",
        "projection": _projection(listing) if step == "terms" else "",
    }


def _projection(listing: Listing | None) -> str:
    """What the chosen terms would bring the university, worked out as bills are."""
    template = listing.terms_template if listing else None
    if template is None or not can_simulate(template.document):
        return ""
    found = project(template.document, EXAMPLE, start=next_quarter(clock.today()))
    words = _(
        "With net sales of %(sales)s in the first quarter and %(growth)s more each quarter, the"
        " university would receive %(total)s in five years. An estimate, worked out as bills are."
    )
    return words % {
        "sales": formats.whole_yuan(EXAMPLE.first),
        "growth": f"{EXAMPLE.growth}%",
        "total": formats.whole_yuan(found.totals[-1]),
    }


def _titles() -> dict[str, str]:
    return {
        "pitch": _("In one sentence"),
        "patents": _("Patents"),
        "maturity": _("Maturity and evidence"),
        "terms": _("Use-first terms"),
        "people": _("People"),
        "preview": _("Preview and submit"),
    }


def _steps(listing: Listing | None, current: str) -> list[WizardStep]:
    missing = set(quality.missing(draft_facts(listing))) if listing else set()
    return [
        WizardStep(title, _note(listing, step, missing), state, _url(listing, step))
        for step, title in _titles().items()
        for state in [_state(listing, step, current, missing)]
    ]


def _note(listing: Listing | None, step: str, missing: set[str]) -> str:
    if listing is None or step == "preview":
        return ""
    if step == "patents":
        return _("%(count)s entered") % {"count": listing.patents.count()}
    if step == "people":
        return _("%(count)s entered") % {"count": listing.inventors.count()}
    if missing.intersection(MISSING_IN[step]):
        return _("Not complete")
    return f"TRL {listing.trl}" if step == "maturity" else _("Complete")


def _state(listing: Listing | None, step: str, current: str, missing: set[str]) -> str:
    if step == current:
        return "now"
    if listing is None or step == "preview" or missing.intersection(MISSING_IN.get(step, ())):
        return ""
    parts = {"patents": listing.patents, "people": listing.inventors}
    return "" if step in parts and not parts[step].exists() else "done"


def _url(listing: Listing | None, step: str) -> str:
    if listing is None:
        return reverse("listing_new")
    return reverse("listing_step", args=[listing.public_id, step])
