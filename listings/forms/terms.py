"""The form of standing terms: what a university chooses of its offer."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deals.rules.money import MoneyError, parse_amount
from listings.rules.template import CURRENCY, Offer, Tier

TIERS = 3
_PERCENT = re.compile(r"\d{1,2}(\.\d{1,4})?", re.ASCII)


class AmountField(forms.CharField):
    """An amount in yuan, kept as whole fen; a blank is None."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(max_length=20, widget=forms.TextInput({"inputmode": "decimal"}), **kwargs)

    def clean(self, value: Any) -> Any:
        """Fen, None for a blank."""
        text = super().clean(value).replace(",", "")
        if not text:
            return None
        try:
            amount = parse_amount(text, CURRENCY)
        except MoneyError as error:
            raise forms.ValidationError(_("Write an amount like 12000 or 12000.50.")) from error
        if amount <= 0:
            raise forms.ValidationError(_("Write an amount above zero, or leave it blank."))
        return amount


class PercentField(forms.CharField):
    """A share in per cent, kept as the decimal string of the share; a blank is ""."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput({"inputmode": "decimal"})
        super().__init__(max_length=8, required=False, widget=widget, **kwargs)

    def clean(self, value: Any) -> str:
        """`4` as `0.04`, `3.5` as `0.035`."""
        text = str(super().clean(value)).removesuffix("%").strip()
        if text and not _PERCENT.fullmatch(text):
            raise forms.ValidationError(_("Write a percentage like 4 or 3.5."))
        return _share(text) if text else ""


def _share(percent: str) -> str:
    """A hundredth of a decimal string, by moving its point: no digit is worked out."""
    whole, _point, fraction = percent.partition(".")
    digits = f"{whole.zfill(3)}{fraction}"
    point = len(digits) - len(fraction) - 2
    return f"{int(digits[:point])}.{digits[point:]}"


class TermsTemplateForm(forms.Form):
    """Trial, tiers, free allowance, cap: the figures; all else is the standard terms."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        help_text=gettext_lazy("For your own list, for example “Standard, 4 % falling to 3 %”."),
    )
    trial_months = forms.TypedChoiceField(
        label=gettext_lazy("Free trial"),
        coerce=int,
        choices=[(months, "") for months in (3, 6, 12)],
        initial=6,
        widget=forms.RadioSelect,
    )
    allowance = AmountField(
        label=gettext_lazy("Free allowance a quarter"),
        help_text=gettext_lazy("This part of the net sales carries no royalty."),
    )
    cap = AmountField(
        label=gettext_lazy("Cap over the whole term"),
        help_text=gettext_lazy("Once it is reached the company goes on without paying."),
    )
    minimum = AmountField(
        label=gettext_lazy("Minimum a year"),
        help_text=gettext_lazy("Leave blank for none: no revenue, no fee."),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        choices = [(months, _("%(months)s months") % {"months": months}) for months in (3, 6, 12)]
        self.fields["trial_months"].choices = choices  # type: ignore[attr-defined]
        for index in range(TIERS):
            self.fields[f"rate_{index}"] = PercentField(label=_("Royalty"))
            self.fields[f"up_to_{index}"] = AmountField(
                label=_("Up to this royalty base a quarter")
            )

    def tiers(self) -> list[tuple[Any, Any]]:
        """The bound limit and rate of each tier, for the page."""
        return [(self[f"up_to_{index}"], self[f"rate_{index}"]) for index in range(TIERS)]

    def clean(self) -> dict[str, Any]:
        """Tiers rise, each but the last has a limit, and the last has none."""
        found = super().clean() or {}
        if not self.errors:
            self._check_tiers()
        return found

    def _check_tiers(self) -> None:
        limits, rates = self._columns()
        used = [index for index in range(TIERS) if rates[index]]
        if used != list(range(len(used))) or not used:
            self.add_error("rate_0", _("Fill the tiers from the first on."))
            return
        for index in used[:-1]:
            below = limits[index - 1] if index else 0
            if limits[index] is None or limits[index] <= below:
                words = _("Each tier but the last needs a limit above the one before it.")
                self.add_error(f"up_to_{index}", words)
        if limits[used[-1]] is not None:
            self.add_error(f"up_to_{used[-1]}", _("The last tier has no limit."))

    def _columns(self) -> tuple[list[Any], list[str]]:
        found = self.cleaned_data
        limits = [found[f"up_to_{index}"] for index in range(TIERS)]
        return limits, [found[f"rate_{index}"] for index in range(TIERS)]

    def offer(self) -> Offer:
        """The figures as an offer, in fen and decimal shares."""
        limits, rates = self._columns()
        tiers = [Tier(limit, rate) for limit, rate in zip(limits, rates, strict=True) if rate]
        return Offer(
            tiers=tuple(tiers),
            trial_months=self.cleaned_data["trial_months"],
            allowance=self.cleaned_data["allowance"],
            cap=self.cleaned_data["cap"],
            minimum=self.cleaned_data["minimum"],
        )
