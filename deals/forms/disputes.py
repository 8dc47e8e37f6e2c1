"""Disputing a line of a statement: which one, how much of it, and why."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deals.forms.money import SumField
from deals.services.disputes import REASONS, Objection

REASON_WORDS: Mapping[str, str | Promise] = {
    "sales": gettext_lazy("The sales are not these"),
    "deduction": gettext_lazy("A deduction is missing or wrong"),
    "rate": gettext_lazy("The rate or tier is not the agreed one"),
    "minimum": gettext_lazy("Minimum, allowance or cap is not the agreed one"),
    "correction": gettext_lazy("The correction is wrong"),
    "payment": gettext_lazy("A payment or credit is not counted"),
    "other": gettext_lazy("Other"),
}
# Between a line's code and its key in one choice; neither of the two can hold it.
_BETWEEN = "\n"


class DisputeForm(forms.Form):
    """One line, the part of what is payable that stops, and the reason."""

    line = forms.ChoiceField(label=gettext_lazy("Which step"))
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=[("", "–"), *((code, REASON_WORDS[code]) for code in REASONS)],
    )
    text = forms.CharField(
        label=gettext_lazy("What is wrong, and what would be right"),
        help_text=gettext_lazy("The other side and the platform read this."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self, data: Any = None, *, lines: Sequence[tuple[str, str, str]], currency: str
    ) -> None:
        """`lines` are code, key and words of each step that can be disputed."""
        super().__init__(data)
        choices = [(f"{code}{_BETWEEN}{key}", words) for code, key, words in lines]
        line = self.fields["line"]
        line.choices = [("", "–"), *choices]  # type: ignore[attr-defined]
        amount = SumField(
            label=_("How much of the payable amount"),
            help_text=_("Only this part stops; the rest falls due as before."),
            currency=currency,
        )
        order = ("line", "amount", "reason", "text")
        self.fields = {"amount": amount, **self.fields}
        self.order_fields(order)

    def objection(self) -> Objection:
        """What the service takes."""
        given = self.cleaned_data
        code, _between, key = given["line"].partition(_BETWEEN)
        return Objection(code, key, given["amount"], given["reason"], given["text"])
