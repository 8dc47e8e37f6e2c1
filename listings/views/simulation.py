"""The simulator of a listing page: its three inputs, and what the calculation answers."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deals.rules.faults import Refused
from listings.models import Listing
from listings.rules.simulator import Guess, Projection, can_simulate, next_quarter, project
from marketplace.base import charts, formats

FEN = 100
MOST_YUAN = 1_000_000_000
STANDARD = {"revenue": "1,500,000", "growth": "8", "scenario": "base"}
SCENARIOS = {
    "low": gettext_lazy("Low"),
    "base": gettext_lazy("Base"),
    "high": gettext_lazy("High"),
    "none": gettext_lazy("No sales"),
}
WIDE, PHONE = 540, 340


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


@dataclass(frozen=True)
class Quarter:
    """One row of the table: the quarter's number, sales, payment and total so far, in fen."""

    number: int
    sales: int
    payment: int
    total: int


@dataclass(frozen=True)
class Simulation:
    """What _simulator.html shows; amounts in fen."""

    form: SimulatorForm
    projection: Projection
    without_sales: int
    finding: str
    wide: charts.QuarterChart
    phone: charts.QuarterChart
    quarters: tuple[Quarter, ...]


def simulation(
    listing: Listing, params: MultiValueDict[str, str], *, today: date
) -> Simulation | None:
    """Run a listing's terms over what the address says, None where one number cannot tell.

    An input that cannot be read keeps its error and counts with the standard value.
    """
    template = listing.terms_template
    if template is None or not can_simulate(template.document):
        return None
    try:
        return _run(template.document, params, start=next_quarter(today))
    except Refused:  # Terms that no deal could be made from; their desk says what is wrong.
        return None


def _run(
    document: Mapping[str, Any], params: MultiValueDict[str, str], *, start: date
) -> Simulation:
    form = SimulatorForm({name: params.get(name, usual) for name, usual in STANDARD.items()})
    projection = project(document, _guess(form), start=start)
    nothing = project(document, Guess(0, 0), start=start)
    return Simulation(
        form=form,
        projection=projection,
        without_sales=nothing.first_year,
        finding=_finding(projection),
        wide=charts.quarter_chart(projection.payments, cap=projection.cap, width=WIDE),
        phone=charts.quarter_chart(projection.payments, cap=projection.cap, width=PHONE),
        quarters=tuple(_quarters(projection)),
    )


def _guess(form: SimulatorForm) -> Guess:
    form.is_valid()
    clean: Mapping[str, Any] = form.cleaned_data
    return Guess(
        first=clean.get("revenue", 1_500_000) * FEN,
        growth=clean.get("growth", 8),
        scenario=clean.get("scenario", "base"),
    )


def _finding(projection: Projection) -> str:
    """The chart's title: what it shows, in one sentence."""
    if not any(projection.payments):
        return _("No revenue, no fee: nothing falls due in five years")
    told = {
        "amount": formats.whole_yuan(projection.totals[-1]),
        "quarter": projection.cap_quarter,
    }
    if projection.cap_quarter is None:
        return _("%(amount)s in five years, on your figures") % told
    return _("%(amount)s in all: paid up in quarter %(quarter)s, nothing after it") % told


def _quarters(projection: Projection) -> list[Quarter]:
    rows = zip(projection.sales, projection.payments, projection.totals, strict=True)
    return [Quarter(number, *row) for number, row in enumerate(rows, 1)]
