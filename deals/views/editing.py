"""The terms editor's pages: rows come and go, the kind of deal changes, the panel answers."""

from collections.abc import Callable, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from deals.forms.terms import TermsEditor
from deals.forms.terms.sections import FAMILIES
from deals.forms.terms.shown import cards_of
from deals.models import PolicyProfile
from deals.views.trying import Panel, panel_of
from marketplace.base import clock

PANEL = "terms-panel"
Fresh = Callable[[Mapping[str, Any]], TermsEditor]


def edited(form: TermsEditor, step: str, fresh: Fresh) -> TermsEditor:
    """The form after a button that is no decision: a row more or less, another kind of deal.

    `fresh` makes an unbound form with these values; what was typed is kept and not judged yet.
    """
    verb, _colon, name = step.partition(":")
    if verb == "add":
        return fresh(form.with_row(name))
    if verb == "remove":
        return fresh(form.without_row(name))
    if verb == "family":
        return fresh(form.typed())
    return form


def answer(
    request: HttpRequest, form: TermsEditor, context: Mapping[str, Any], template: str
) -> HttpResponse:
    """The panel alone for a script that asks for it, the whole page for everybody else."""
    panel = _panel(request, form)
    whole = {**context, "form": form, "panel": panel}
    if request.htmx and request.htmx.target == PANEL:  # type: ignore[attr-defined]
        return render(request, "deals/terms/_panel.html", whole)
    family = str(form["family"].value() or "")
    cards, others = cards_of(form, family)
    laid_out = {"cards": cards, "others": others, "families": _families(family)}
    return render(request, template, whole | laid_out)


def _panel(request: HttpRequest, form: TermsEditor) -> Panel:
    document = form.settle()
    profile = PolicyProfile.objects.in_force(clock.today())
    return panel_of(form, request.POST or None, profile=profile, document=document)


def _families(chosen: str) -> list[dict[str, Any]]:
    return [{"family": family, "is_chosen": key == chosen} for key, family in FAMILIES.items()]
