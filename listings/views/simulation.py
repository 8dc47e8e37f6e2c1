"""The simulator of a listing page: its three inputs, and what the calculation answers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from deals.rules.faults import Refused
from deals.rules.money import RATIO_DECIMALS, format_ratio, parse_scaled
from listings.forms.estimates import STANDARD, SimulatorForm
from listings.models import Listing
from listings.rules.simulator import (
    EXCLUDES,
    Guess,
    Invoicing,
    Projection,
    agreed_vat,
    can_simulate,
    contract_file,
    cost_of,
    guessed_sales,
    next_quarter,
    project,
    rate_of_percent,
    rounding_of,
)
from marketplace.base import charts, formats

FEN = 100
WIDE, PHONE = 540, 340


@dataclass(frozen=True)
class Quarter:
    """One row of the table: the quarter's number, sales, payment and total so far, in fen."""

    number: int
    sales: int
    payment: int
    total: int


@dataclass(frozen=True)
class CostRow:
    """One row of the cost, tax included: amount in fen, `kind` "", "subtotal" or "total"."""

    label: str
    note: str
    amount: int
    kind: str = ""


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
    cost_rows: tuple[CostRow, ...]
    query: str
    inputs: tuple[forms.BoundField, ...]
    tax_inputs: tuple[forms.BoundField, ...]


def estimate_file(
    listing: Listing, params: MultiValueDict[str, str], *, today: date
) -> Mapping[str, Any] | None:
    """The estimate as a contract file, which `manage.py royalty` computes to the same figures."""
    template = listing.terms_template
    if template is None or not can_simulate(template.document):
        return None
    sales = guessed_sales(_guess(_form(params)))
    try:
        return contract_file(template.document, sales, start=next_quarter(today))
    except Refused:  # Terms that no deal could be made from; their desk says what is wrong.
        return None


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
    form = _form(params)
    agreed = agreed_vat(document)
    form.settle_tax(agreed)
    projection = project(document, _guess(form), start=start)
    nothing = project(document, Guess(0, 0), start=start)
    invoicing = _invoicing(form, agreed)
    taxed = [form[name] for name in ("vat", "price", "invoice") if name in form.fields]
    return Simulation(
        form=form,
        projection=projection,
        without_sales=nothing.first_year,
        finding=_finding(projection),
        wide=charts.quarter_chart(projection.payments, cap=projection.cap, width=WIDE),
        phone=charts.quarter_chart(projection.payments, cap=projection.cap, width=PHONE),
        quarters=tuple(_quarters(projection)),
        cost_rows=tuple(_cost_rows(document, projection, invoicing)),
        query=urlencode({name: str(form[name].value()) for name in form.fields}),
        inputs=tuple(form[name] for name in ("revenue", "growth", "scenario")),
        tax_inputs=tuple(taxed),
    )


def _form(params: MultiValueDict[str, str]) -> SimulatorForm:
    return SimulatorForm({name: params.get(name, usual) for name, usual in STANDARD.items()})


def _invoicing(form: SimulatorForm, agreed: tuple[str, str] | None) -> Invoicing:
    """How the fee is taxed: as the terms state, else as was chosen."""
    clean: Mapping[str, Any] = form.cleaned_data
    is_special = clean.get("invoice", "special") == "special"
    if agreed is not None:
        rate, price = agreed
        return Invoicing(parse_scaled(rate, RATIO_DECIMALS), price, is_special)
    return Invoicing(rate_of_percent(clean.get("vat", 6)), clean.get("price", EXCLUDES), is_special)


def _cost_rows(
    document: Mapping[str, Any], projection: Projection, invoicing: Invoicing
) -> Iterator[CostRow]:
    cost = cost_of(projection.payments, invoicing, rounding=rounding_of(document))
    rate = _percent(invoicing.rate)
    yield CostRow(_("Fee by the terms"), "", cost.fee)
    if invoicing.price == EXCLUDES and cost.vat:
        yield CostRow(_("and value-added tax"), rate, cost.vat)
    yield CostRow(_("Paid to the university"), "", cost.paid, "subtotal")
    if cost.deducted:
        yield CostRow(_("less tax that you deduct"), rate, -cost.deducted)
    yield CostRow(_("What it costs you"), "", cost.borne, "total")


def _percent(rate: int) -> str:
    """A ratio over 10**10 as per cent."""
    return f"{format_ratio(100 * rate)}%"


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
