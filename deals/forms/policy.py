"""The form of a distribution policy: the usual steps in fields, unusual ones as a document."""

import json
from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deals.forms.money import SumField
from deals.forms.talks import date_widget
from deals.rules.money import MoneyError, format_amount, format_ratio, parse_scaled
from deals.services.policies import CURRENCY, PolicyDraft

PERCENT_DECIMALS = 8
WHOLE = 100 * 10**PERCENT_DECIMALS
BANDS = 3


class PercentField(forms.CharField):
    """A share in percent from 0 to 100, kept as an integer over 10**8 of a percent."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(max_length=14, widget=widget, **options)

    def clean(self, value: Any) -> Any:
        """The scaled percent; 0 for an empty field that need not be filled."""
        text = str(super().clean(value)).strip().removesuffix("%")
        try:
            scaled = parse_scaled(text, PERCENT_DECIMALS) if text else 0
        except MoneyError as error:
            raise forms.ValidationError(_("Write a share like 70 or 12.5.")) from error
        if not 0 <= scaled <= WHOLE:
            raise forms.ValidationError(_("Write a share from 0 to 100."))
        return scaled


class PolicyForm(forms.Form):
    """Costs, a share for the transfer office, then bands for inventors and department."""

    effective_from = forms.DateField(label=gettext_lazy("For receipts from"), widget=date_widget())
    source = forms.CharField(
        label=gettext_lazy("Source"),
        help_text=gettext_lazy("The document that decided it, with its number."),
        max_length=200,
    )
    cost_limit = SumField(
        label=gettext_lazy("Costs to recover first, in all"),
        help_text=gettext_lazy("Patent fees and the like. Empty: none."),
        currency=CURRENCY,
        required=False,
    )
    office = PercentField(label=gettext_lazy("Transfer office, % of what is left"), required=False)
    document = forms.CharField(
        label=gettext_lazy("Other steps"),
        help_text=gettext_lazy(
            "For experts: a JSON list of steps as in a contract file. It replaces the fields above."
        ),
        required=False,
        max_length=20_000,
        widget=forms.Textarea({"rows": 6, "spellcheck": "false"}),
    )

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        document = self.fields.pop("document")
        for number in range(1, BANDS + 1):
            self.fields |= dict(_band_fields(number))
        self.fields["document"] = document

    def rows(self) -> Iterator[tuple[int, list[forms.BoundField]]]:
        """The fields of every band, as the page shows them."""
        for number in range(1, BANDS + 1):
            yield (
                number,
                [self[f"{name}_{number}"] for name in ("up_to", "inventors", "department")],
            )

    def clean_document(self) -> list[Any] | None:
        """The steps of the document, None without one."""
        text = self.cleaned_data["document"]
        if not text.strip():
            return None
        try:
            found = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError(_("This is no JSON.")) from error
        if not isinstance(found, list):
            raise forms.ValidationError(_("A list of steps is expected here."))
        return found

    def clean(self) -> dict[str, Any]:
        """The bands must rise, and a share of a band must leave something or nothing."""
        given: dict[str, Any] = super().clean() or {}
        if not self.errors and given.get("document") is None:
            self._check_bands(given)
        return given

    def _check_bands(self, given: dict[str, Any]) -> None:
        bounds = [given[f"up_to_{number}"] for number in range(1, BANDS + 1)]
        used = [bound for bound in bounds if bound]
        if used != sorted(set(used)) or bounds[: len(used)] != used:
            self.add_error("up_to_1", _("The bounds of the bands must rise."))
        for number in range(1, len(used) + 2 if len(used) < BANDS else BANDS + 1):
            if given[f"inventors_{number}"] + given[f"department_{number}"] > WHOLE:
                self.add_error(f"inventors_{number}", _("Together they exceed 100%."))

    def draft(self) -> PolicyDraft:
        """What the service takes."""
        given = self.cleaned_data
        steps = given["document"] if given["document"] is not None else list(self._steps())
        return PolicyDraft(steps, given["effective_from"], given["source"])

    def _steps(self) -> Iterator[dict[str, Any]]:
        given = self.cleaned_data
        if given["cost_limit"]:
            limit = format_amount(given["cost_limit"], CURRENCY)
            yield {"take": "costs", "to": "costs", "limit": limit}
        if given["office"]:
            yield {"take": "top_slice", "to": "office", "share": _share(given["office"])}
        rows = list(self._band_rows())
        if any(row["shares"] for row in rows):
            yield {
                "take": "bands",
                "window": "lifetime",
                "mode": "marginal",
                "bound": "inclusive_upper",
                "rows": rows,
            }
        yield {"take": "rest", "weights": {"university": 1}}

    def _band_rows(self) -> Iterator[dict[str, Any]]:
        given = self.cleaned_data
        for number in range(1, BANDS + 1):
            bound = given[f"up_to_{number}"] if number < BANDS else 0
            names = ("inventors", "department")
            shares = {name: _share(given[f"{name}_{number}"]) for name in names}
            yield {
                "up_to": format_amount(bound, CURRENCY) if bound else None,
                "shares": {name: share for name, share in shares.items() if share != "0"},
            }
            if not bound:
                return


def _band_fields(number: int) -> Iterator[tuple[str, forms.Field]]:
    yield (
        f"up_to_{number}",
        SumField(label=_("Up to, in all"), currency=CURRENCY, required=False),
    )
    yield f"inventors_{number}", PercentField(label=_("Inventors, %"), required=False)
    yield f"department_{number}", PercentField(label=_("Department, %"), required=False)


def _share(percent: int) -> str:
    """A share of one from a scaled percent: both hold ten decimals in all."""
    return format_ratio(percent)
