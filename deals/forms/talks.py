"""Asking for a trial, and the words of licences and rates."""

from urllib.parse import parse_qsl

from django import forms
from django.utils.translation import gettext_lazy

from deals.services.trials import TrialRequest
from listings.forms.estimates import estimate_query

KIND_WORDS = {
    "non_exclusive": gettext_lazy("Non-exclusive"),
    "sole": gettext_lazy("Sole"),
    "exclusive": gettext_lazy("Exclusive"),
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
    estimate = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)

    def request(self) -> TrialRequest:
        """What the service takes; of the estimate only what the simulator asks for."""
        estimate = estimate_query(dict(parse_qsl(self.cleaned_data["estimate"])))
        return TrialRequest(**self.cleaned_data | {"estimate": estimate})


def percent_of(rate: str) -> str:
    """`0.035` as `3.5`: two places moved, no digit worked out."""
    whole, _point, fraction = rate.partition(".")
    digits = f"{whole}{fraction.ljust(2, '0')[:2]}".lstrip("0") or "0"
    rest = fraction[2:].rstrip("0")
    return f"{digits}.{rest}" if rest else digits
