"""Asking for a trial, and putting terms on the table."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deals.forms.faults import placed_words
from deals.rules.agreement import LICENCE_KINDS, Grant
from deals.rules.faults import Fault
from deals.rules.periods import add_months
from deals.rules.points import Points
from deals.services.trials import TrialRequest
from listings.forms.terms import TIERS, TermsTemplateForm
from listings.rules.template import Dates
from marketplace.base import formats
from marketplace.base.errors import RuleError
from marketplace.base.words import words_for

TRIAL_MONTHS = (3, 6, 9, 12)
KIND_WORDS = {
    "non_exclusive": gettext_lazy("Non-exclusive"),
    "sole": gettext_lazy("Sole"),
    "exclusive": gettext_lazy("Exclusive"),
}
LONGEST_YEARS = 20
# The field that a clause of the document is filled in by, by the start of its path.
_FIELDS = {
    "stages.trial": "trial_months",
    "stages.paying": "paying_years",
    "streams[0].tiers": "rate_0",
    "streams[0].free_allowance": "allowance",
    "caps": "cap",
    "minimum": "minimum",
    "licence_kind": "licence_kind",
}


def date_widget() -> forms.DateInput:
    """The browser's own calendar."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class RequestForm(forms.Form):
    """What a company wants to try, where, measured by what, from when."""

    use = forms.CharField(
        label=gettext_lazy("What you want to use it for"),
        help_text=gettext_lazy("Product, process and quantity: “200 kg for pouch cells”."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    site = forms.CharField(
        label=gettext_lazy("Where it will be used"),
        help_text=gettext_lazy("Plant or laboratory, with its city."),
        max_length=200,
    )
    indicators = forms.CharField(
        label=gettext_lazy("How you will know that it works"),
        help_text=gettext_lazy("One to three numbers that decide for or against it."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    wished_start_date = forms.DateField(
        label=gettext_lazy("When you want to start"), widget=date_widget()
    )

    def request(self) -> TrialRequest:
        """What the service takes."""
        return TrialRequest(**self.cleaned_data)


class ProposalForm(TermsTemplateForm):
    """A version of the terms: the figures of standing terms, the licence, and the days."""

    name = None  # type: ignore[assignment]  # Django's way to leave a parent's field out.
    licence_kind = forms.ChoiceField(
        label=gettext_lazy("Kind of licence"),
        choices=[(kind, KIND_WORDS[kind]) for kind in LICENCE_KINDS],
        widget=forms.RadioSelect,
    )
    acts = forms.CharField(
        label=gettext_lazy("Acts"),
        help_text=gettext_lazy("What the company may do with it: make, use, sell ..."),
        max_length=120,
    )
    field_of_use = forms.CharField(label=gettext_lazy("Field of use"), max_length=200)
    territory = forms.CharField(label=gettext_lazy("Territory"), max_length=120)
    trial_from = forms.DateField(label=gettext_lazy("Trial begins"), widget=date_widget())
    paying_years = forms.IntegerField(
        label=gettext_lazy("Years of payment after the trial at most"),
        min_value=1,
        max_value=LONGEST_YEARS,
    )

    def __init__(self, data: Any = None, *, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.initial = dict(initial or {})
        months = [(count, _("%(months)s months") % {"months": count}) for count in TRIAL_MONTHS]
        self.fields["trial_months"].choices = months  # type: ignore[attr-defined]

    def grant(self) -> Grant:
        """What is licensed."""
        found = self.cleaned_data
        return Grant(
            found["licence_kind"], found["acts"], found["field_of_use"], found["territory"]
        )

    def dates(self) -> Dates:
        """The days of the contract: it begins with the trial."""
        begins: date = self.cleaned_data["trial_from"]
        paying = add_months(begins, self.cleaned_data["trial_months"])
        last = add_months(paying, 12 * self.cleaned_data["paying_years"]) - timedelta(days=1)
        return Dates(begins, begins, paying - timedelta(days=1), last)

    def show_refusal(self, error: RuleError) -> None:
        """Put a refusal beside the field that fills the clause it is about."""
        self.add_error(_field_of(error.where), words_for(error))

    def show_faults(self, faults: Iterable[Fault]) -> None:
        """Put each fault of the document beside the field that fills its clause."""
        for fault in faults:
            self.add_error(_field_of(fault.where), placed_words(fault))


def _field_of(where: str) -> str | None:
    return next((field for path, field in _FIELDS.items() if where.startswith(path)), None)


def initial_of(points: Points, grant: Grant, *, begins: date) -> dict[str, Any]:
    """A proposal form filled in with the points of standing terms or of the version before."""
    filled: dict[str, Any] = {
        "licence_kind": grant.kind,
        "acts": grant.acts,
        "field_of_use": grant.field_of_use,
        "territory": grant.territory,
        "trial_months": points.trial_months,
        "trial_from": points.trial_from or begins,
        "paying_years": _paying_years(points),
        "allowance": _amount(points.allowance),
        "cap": _amount(points.cap),
        "minimum": _amount(points.minimum),
    }
    for index, (limit, rate) in enumerate(points.tiers[:TIERS]):
        filled[f"up_to_{index}"] = _amount(limit)
        filled[f"rate_{index}"] = percent_of(rate)
    return filled


def percent_of(rate: str) -> str:
    """`0.035` as `3.5`: two places moved, no digit worked out."""
    whole, _point, fraction = rate.partition(".")
    digits = f"{whole}{fraction.ljust(2, '0')[:2]}".lstrip("0") or "0"
    rest = fraction[2:].rstrip("0")
    return f"{digits}.{rest}" if rest else digits


def _amount(minor: int | None) -> str:
    return "" if minor is None else formats.amount(minor)


def _paying_years(points: Points) -> int:
    if points.trial_to is None or points.paying_to is None:
        return 5
    return max(1, points.paying_to.year - points.trial_to.year)
