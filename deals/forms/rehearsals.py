"""The forms of a rehearsal: how it begins, where its date goes, what is invented."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deals.forms.faults import placed_words
from deals.forms.money import SumField, initial_of
from deals.forms.talks import date_widget
from deals.rules.faults import Fault
from deals.rules.filing import Part
from deals.rules.money import format_amount
from deals.services.previews import lines_of
from deals.services.rehearsals import Beginning, Payment

LONGEST_NUMBER = 10
LONGEST_YEARS = 20


class BeginForm(forms.Form):
    """What is tried out, and on which day it begins."""

    label = forms.CharField(
        label=gettext_lazy("What you want to find out"),
        help_text=gettext_lazy("A word for your list: “a weak first year”, “we pay late”."),
        max_length=80,
        required=False,
    )
    start_date = forms.DateField(label=gettext_lazy("Begins on"), widget=date_widget())

    def beginning(self) -> Beginning:
        """What the service takes."""
        return Beginning(**self.cleaned_data)


class BeginTermsForm(BeginForm):
    """The same for standing terms, which do not say for how long a deal would be made."""

    paying_years = forms.IntegerField(
        label=gettext_lazy("Years of payment after the trial at most"),
        min_value=1,
        max_value=LONGEST_YEARS,
        initial=5,
    )


class PlayForm(forms.Form):
    """A step that asks nothing."""

    def show_faults(self, faults: Iterable[Fault]) -> None:
        """Say above the form what the calculation refuses."""
        for fault in faults:
            self.add_error(None, placed_words(fault))


class MoveForm(PlayForm):
    """Where the date goes: to the day of a pressed button (`day`), else to the one typed."""

    to = forms.DateField(label=gettext_lazy("Move the date to"), widget=date_widget())

    def __init__(self, data: Any = None, **options: Any) -> None:
        chosen = data.get("day") if data else None
        super().__init__({"to": chosen, "seen": data.get("seen")} if chosen else data, **options)


class LeaveForm(PlayForm):
    """The company leaves after the trial."""

    last_use_date = forms.DateField(label=gettext_lazy("Last day of use"), widget=date_widget())


class AskForm(PlayForm):
    """What the university wants to know."""

    question = forms.CharField(
        label=gettext_lazy("The university’s question"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class PayForm(PlayForm):
    """An invented transfer."""

    received_date = forms.DateField(label=gettext_lazy("Arrived on"), widget=date_widget())

    def __init__(self, data: Any = None, *, currency: str, initial: Any = None) -> None:
        super().__init__(data, initial=initial, auto_id="pay_%s")
        self.currency = currency
        amount = SumField(label=_("Amount"), currency=currency)
        self.fields = {"amount": amount, **self.fields}

    def clean_amount(self) -> int:
        """Minor units; nothing is no transfer."""
        amount: int = self.cleaned_data["amount"]
        if amount <= 0:
            raise forms.ValidationError(_("The amount must be greater than zero."))
        return amount

    def payment(self) -> Payment:
        """What the service takes."""
        given = self.cleaned_data
        return Payment(format_amount(given["amount"], self.currency), given["received_date"])


def seen_of(data: Mapping[str, Any]) -> int:
    """The revision that the page showed; 0, which is never one, when it does not say."""
    text = str(data.get("seen", ""))
    return int(text) if text.isascii() and text.isdigit() and len(text) < LONGEST_NUMBER else 0


def filled(parts: list[Part], payloads: Iterable[Mapping[str, Any]], home: str) -> dict[str, Any]:
    """The report's form filled in with these lines; empty when they say more than it can."""
    return initial_of(parts, lines_of(payloads, home=home)) or initial_of(parts, []) or {}
