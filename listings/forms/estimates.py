"""What a company tries in the simulator: its guess about sales, and how the fee is taxed."""

import unicodedata
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy

from listings.rules.simulator import EXCLUDES, INCLUDES

LONGEST = 20
MOST_YUAN = 1_000_000_000
# Inputs to begin with; every one of them is the reader's to change.
STANDARD = {
    "revenue": "1,500,000",
    "growth": "8",
    "scenario": "base",
    "vat": "6",
    "price": EXCLUDES,
    "invoice": "special",
}
SCENARIOS = {
    "low": gettext_lazy("Low"),
    "base": gettext_lazy("Base"),
    "high": gettext_lazy("High"),
    "none": gettext_lazy("No sales"),
}


class YuanField(forms.IntegerField):
    """Whole yuan, with or without separators, in narrow or wide digits."""

    def to_python(self, value: Any) -> int | None:
        """The number behind what was typed."""
        plain = unicodedata.normalize("NFKC", str(value or "")).replace(",", "").replace(" ", "")
        return super().to_python(plain)


class SimulatorForm(forms.Form):
    """What a company guesses; in the address, so that an estimate can be sent to the boss."""

    revenue = YuanField(
        label=gettext_lazy("First-quarter revenue"),
        min_value=0,
        max_value=MOST_YUAN,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": gettext_lazy("Write whole yuan, like 1500000.")},
    )
    growth = forms.IntegerField(
        label=gettext_lazy("Growth per quarter"),
        min_value=-50,
        max_value=50,
        error_messages={"invalid": gettext_lazy("Write whole per cent, like 8.")},
    )
    scenario = forms.ChoiceField(
        label=gettext_lazy("Scenario"), choices=[*SCENARIOS.items()], widget=forms.RadioSelect
    )
    vat = forms.IntegerField(
        label=gettext_lazy("Value-added tax on the fee"),
        help_text=gettext_lazy("0 if the contract is registered and exempt."),
        min_value=0,
        max_value=30,
        error_messages={"invalid": gettext_lazy("Write whole per cent, like 6.")},
    )
    price = forms.ChoiceField(
        label=gettext_lazy("The fee"),
        choices=[
            (EXCLUDES, gettext_lazy("is without the tax")),
            (INCLUDES, gettext_lazy("includes the tax")),
        ],
        widget=forms.RadioSelect,
    )
    invoice = forms.ChoiceField(
        label=gettext_lazy("Invoice"),
        choices=[
            ("special", gettext_lazy("special: we deduct the tax")),
            ("ordinary", gettext_lazy("ordinary: the tax is a cost")),
        ],
        widget=forms.RadioSelect,
    )

    def settle_tax(self, agreed: tuple[str, str] | None) -> None:
        """Ask for neither rate nor price word where the terms state both."""
        if agreed is not None:
            del self.fields["vat"], self.fields["price"]


def estimate_query(params: Mapping[str, str]) -> str:
    """The simulator's inputs among these as a query, "" without any."""
    return urlencode({name: params[name][:LONGEST] for name in STANDARD if name in params})
