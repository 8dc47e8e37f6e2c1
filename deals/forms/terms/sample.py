"""Sample sales for terms that are being written: one figure a period and source of revenue."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from deals.forms.money import SumField, UnitsField
from deals.forms.terms.values import grouped
from deals.rules.money import format_amount
from deals.rules.terms.model import Terms
from listings.rules.simulator import Guess, guessed_sales

FIRST_SALES = 1_500_000_00
GROWTH = 8
FIRST_PIECES = 1_000
PERIODS = (8, 12, 20)


class SampleForm(forms.Form):
    """What could be sold in each period; an empty figure is nothing sold."""

    periods = forms.TypedChoiceField(
        required=False, coerce=int, choices=[(count, str(count)) for count in PERIODS]
    )

    def __init__(self, data: Any, *, terms: Terms) -> None:
        given = data if data is not None and "periods" in data else None
        super().__init__(given, initial={"periods": PERIODS[0]})
        self.terms = terms
        self.fields["periods"].label = _("Periods")
        asked = str(given["periods"]) if given is not None else ""
        self.count = int(asked) if asked in map(str, PERIODS) else PERIODS[0]
        usual = guessed_sales(Guess(FIRST_SALES, GROWTH))
        for name, key, number in self._names():
            self.fields[name] = self._field(key, usual[number])

    def rows(self, labels: Sequence[str]) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """The label of each period with its fields."""
        for number, label in enumerate(labels[: self.count]):
            names = [name for name, _key, place in self._names() if place == number]
            yield label, [self[name] for name in names]

    def sales(self) -> list[dict[str, str]]:
        """What was typed, a mapping by stream for each period; an unreadable figure is nothing."""
        found: list[dict[str, str]] = [{} for _number in range(self.count)]
        typed = self.cleaned_data if self.is_bound and self.is_valid() else None
        for name, key, number in self._names():
            value = self.fields[name].initial if typed is None else typed.get(name)
            found[number][key] = self._text(key, value)
        return found

    def _names(self) -> Iterator[tuple[str, str, int]]:
        for number in range(self.count):
            for place, key in enumerate(self.terms.streams):
                yield f"sample-{place}-{number}", key, number

    def _field(self, key: str, usual: int) -> forms.Field:
        if self.terms.streams[key].counts_units:
            return UnitsField(label=key, required=False, initial=str(FIRST_PIECES))
        written = grouped(format_amount(usual, self.terms.currency))
        return SumField(label=key, required=False, initial=written, currency=self.terms.currency)

    def _text(self, key: str, value: Any) -> str:
        if isinstance(value, int):
            return format_amount(value, self.terms.currency)
        return str(value or "0").replace(",", "")
