"""The forms of money: a period's revenue, a file of lines, an answer, a transfer."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deals.forms.talks import date_widget
from deals.models import ReportLine
from deals.rules.filing import Part
from deals.rules.money import MoneyError, format_amount, parse_amount
from deals.services.receipts import Transfer
from deals.services.report_files import read_units

# The rates of China's value-added tax; 0 for exempt sales.
VAT_RATES = ("0.13", "0.09", "0.06", "0.03", "0.01", "0")
DEDUCTIONS: Mapping[str, str | Promise] = {
    "returns": gettext_lazy("Returns and allowances"),
    "freight": gettext_lazy("Freight"),
    "insurance": gettext_lazy("Transport insurance"),
    "discounts": gettext_lazy("Discounts on the invoice"),
    "duties": gettext_lazy("Customs duties"),
    "packaging": gettext_lazy("Packaging"),
}
_GROUPED = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)


def deduction_word(kind: str) -> str:
    """The name of a type of deduction; one that the contract invented keeps its own."""
    return str(DEDUCTIONS.get(kind, kind))


class SumField(forms.CharField):
    """An amount from nothing up, kept as whole minor units; thousands may be grouped."""

    def __init__(self, *, currency: str, **options: Any) -> None:
        self.currency = currency
        widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(max_length=24, widget=widget, **options)

    def clean(self, value: Any) -> Any:
        """Minor units; refuses signs, exponents, other digits and too many decimals."""
        text = str(super().clean(value))
        if _GROUPED.fullmatch(text):
            text = text.replace(",", "")
        try:
            amount = parse_amount(text, self.currency) if text else 0
        except MoneyError as error:
            raise forms.ValidationError(_("Write an amount like 12000 or 12000.50.")) from error
        if amount < 0:
            raise forms.ValidationError(_("Write the amount without a minus sign."))
        return amount


class UnitsField(forms.CharField):
    """A number of pieces, at most six decimals."""

    def clean(self, value: Any) -> Any:
        """The number as a Decimal."""
        text = str(super().clean(value))
        try:
            return read_units(text or "0")
        except MoneyError as error:
            raise forms.ValidationError(_("Write a number like 120 or 12.5.")) from error


class ReportForm(forms.Form):
    """A period's revenue as one sum a stream and stage, and a word on what is unusual."""

    reason = forms.CharField(
        label=gettext_lazy("Anything unusual this period"),
        help_text=gettext_lazy("For the university: a large order, a recall, a new price."),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        parts: Sequence[Part],
        *,
        currency: str,
        data: Any = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.parts = parts
        self.currency = currency
        fields = {name: field for index in range(len(parts)) for name, field in self._part(index)}
        self.fields = {**fields, "reason": self.fields["reason"]}

    def _part(self, index: int) -> Iterator[tuple[str, forms.Field]]:
        part = self.parts[index]
        if part.counts_units:
            yield f"units_{index}", UnitsField(label=_("Pieces sold"), initial="0")
        else:
            yield f"gross_{index}", SumField(label=_("Sales, tax included"), currency=self.currency)
            yield f"vat_rate_{index}", _vat_field()
        for place, kind in enumerate(part.deductions):
            yield (
                f"deduction_{index}_{place}",
                SumField(
                    label=deduction_word(kind),
                    help_text=_("Without tax. 0 if there were none."),
                    currency=self.currency,
                    required=False,
                ),
            )

    def groups(self) -> Iterator[tuple[Part, list[forms.BoundField]]]:
        """Each part with its fields, as the page shows them."""
        for index, part in enumerate(self.parts):
            names = [name for name in self.fields if _index_of(name) == index]
            yield part, [self[name] for name in names]

    def lines(self) -> list[ReportLine]:
        """The lines that the service takes; nothing sold is no line."""
        found = [self._line(index, part) for index, part in enumerate(self.parts)]
        return [line for line in found if line.gross_minor or line.units or line.deductions]

    def _line(self, index: int, part: Part) -> ReportLine:
        given = self.cleaned_data
        taken = {
            kind: given[f"deduction_{index}_{place}"] or 0
            for place, kind in enumerate(part.deductions)
        }
        return ReportLine(
            sale_date=part.last,
            stream=part.stream,
            currency=self.currency,
            gross_minor=given.get(f"gross_{index}", 0),
            vat_rate=Decimal(given.get(f"vat_rate_{index}", "0")),
            units=given.get(f"units_{index}", Decimal(0)),
            deductions={kind: minor for kind, minor in taken.items() if minor},
        )


class UploadForm(forms.Form):
    """A file of report lines."""

    file = forms.FileField(
        label=gettext_lazy("CSV file with one line a sale or a product"),
        help_text=gettext_lazy(
            "Columns: sale_date, stream, gross, vat_rate, and as needed product, units, invoice,"
            " deduction:returns. UTF-8 or GB18030."
        ),
    )


class QuestionForm(forms.Form):
    """What the university wants to know."""

    question = forms.CharField(
        label=gettext_lazy("Your question to the company"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReceiptForm(forms.Form):
    """One transfer from the bank statement."""

    reference = forms.CharField(
        label=gettext_lazy("Bank reference"),
        help_text=gettext_lazy("As your bank prints it; each is recorded once."),
        max_length=60,
    )
    received_date = forms.DateField(label=gettext_lazy("Arrived on"), widget=date_widget())

    def __init__(
        self,
        data: Any = None,
        *,
        currency: str,
        periods: Sequence[tuple[str, str]] = (),
        initial: Any = None,
    ) -> None:
        super().__init__(data, initial=initial)
        amount = SumField(label=_("Amount"), currency=currency)
        self.fields = {
            "reference": self.fields["reference"],
            "amount": amount,
            "received_date": self.fields["received_date"],
            "for_period": forms.ChoiceField(
                label=_("For the period"),
                help_text=_("Only if the payer named one; else the oldest due is paid first."),
                choices=[("", _("The oldest due first")), *periods],
                required=False,
            ),
        }

    def transfer(self) -> Transfer:
        """What the service takes."""
        given = self.cleaned_data
        return Transfer(
            given["reference"], given["amount"], given["received_date"], given["for_period"]
        )


def initial_of(parts: Sequence[Part], lines: Iterable[ReportLine]) -> dict[str, Any] | None:
    """The form filled in with a draft's lines; None when they say more than the form can."""
    filled: dict[str, Any] = {}
    for index, part in enumerate(parts):
        filled |= _blank(index, part)
    taken: set[int] = set()
    for line in lines:
        place = _place_of(line, parts)
        if place is None or place in taken or _says_more(line):
            return None
        taken.add(place)
        filled |= _filled(place, parts[place], line)
    return filled


def _place_of(line: ReportLine, parts: Sequence[Part]) -> int | None:
    places = (
        index
        for index, part in enumerate(parts)
        if part.stream == line.stream and part.first <= line.sale_date <= part.last
    )
    return next(places, None)


def _says_more(line: ReportLine) -> bool:
    """Whether a line names something that a plain sum has no place for."""
    rate = format(line.vat_rate.normalize(), "f")
    return bool(line.product or line.invoice or line.third_party_minor) or rate not in VAT_RATES


def _blank(index: int, part: Part) -> dict[str, Any]:
    sums = {f"deduction_{index}_{place}": "0" for place in range(len(part.deductions))}
    return {f"vat_rate_{index}": VAT_RATES[0], **sums}


def _filled(index: int, part: Part, line: ReportLine) -> dict[str, Any]:
    values: dict[str, Any] = {
        f"gross_{index}": grouped(line.gross_minor, line.currency),
        f"vat_rate_{index}": format(line.vat_rate.normalize(), "f"),
        f"units_{index}": format(line.units.normalize(), "f"),
    }
    for place, kind in enumerate(part.deductions):
        minor = line.deductions.get(kind, 0)
        values[f"deduction_{index}_{place}"] = grouped(minor, line.currency) if minor else "0"
    return values


def grouped(minor: int, currency: str) -> str:
    """`339000000` as `3,390,000.00`, the way an input shows an amount."""
    whole, point, fraction = format_amount(minor, currency).partition(".")
    return f"{int(whole):,}{point}{fraction}"


def _vat_field() -> forms.ChoiceField:
    choices = [(rate, f"{Decimal(rate) * 100:.0f}%") for rate in VAT_RATES]
    return forms.ChoiceField(
        label=_("Value-added tax"), choices=choices, initial=VAT_RATES[0], widget=forms.RadioSelect
    )


def _index_of(name: str) -> int:
    parts = name.split("_")
    return next((int(part) for part in parts if part.isdigit()), -1)
