"""The tax lines of a statement: one invoice for each of its instalments (R5)."""

from collections.abc import Iterable, Iterator
from datetime import date

from deals.rules.money import format_ratio
from deals.rules.statement.result import Line
from deals.rules.statement.writer import Writer
from deals.rules.tax import Invoice, invoice_of
from deals.rules.terms.model import Terms
from deals.rules.terms.taxes import Tax, Vat


def tax_lines(writer: Writer, terms: Terms, asked: Iterable[tuple[date, int]]) -> Iterator[Line]:
    """Yield what the invoice of each instalment shows; `asked` are due dates and minor units."""
    tax = terms.tax
    if tax is None:
        return
    for due, amount in asked:
        if amount:
            invoice = invoice_of(amount, tax, terms.rounding)
            own = {"line": due.isoformat(), "due": due.isoformat()}
            yield from _vat_lines(writer, terms, invoice, own)
            yield from _withheld_lines(writer, terms, invoice, own)


def _vat_lines(
    writer: Writer, terms: Terms, invoice: Invoice, own: dict[str, str]
) -> Iterator[Line]:
    vat = terms.tax.vat if terms.tax else None
    if vat is None:
        return
    version = terms.version
    if vat.is_exempt:
        place = ("S13", "tax.exempt", "tax.vat")
        yield writer.line(place, 0, version, "exempt", **own, certificate=vat.certificate)
    if vat.rate is None:
        return
    shown = _shown(writer, terms, invoice)
    place = ("S13", "tax.vat", "tax.vat")
    yield writer.line(
        place, invoice.vat, version, _formula(vat), **own, asked=shown["asked"],
        rate=format_ratio(vat.rate), price_is=vat.price, rounding=shown["rounding"],
    )  # fmt: skip
    place = ("S13", "tax.price", "tax.vat")
    formula = "asked - vat" if vat.is_included else "asked"
    yield writer.line(
        place, invoice.price, version, formula, **own, asked=shown["asked"],
        vat=shown["vat"] if vat.is_included else None,
    )  # fmt: skip
    place = ("S13", "tax.total", "tax.vat")
    yield writer.line(
        place, invoice.total, version, "price + vat", **own, price=shown["price"], vat=shown["vat"]
    )


def _formula(vat: Vat) -> str:
    return "asked * rate / (1 + rate)" if vat.is_included else "asked * rate"


def _withheld_lines(
    writer: Writer, terms: Terms, invoice: Invoice, own: dict[str, str]
) -> Iterator[Line]:
    tax: Tax | None = terms.tax
    if tax is None or tax.withholding is None:
        return
    shown = _shown(writer, terms, invoice)
    place = ("S13", "tax.withheld", "tax.withholding")
    yield writer.line(
        place, invoice.withheld, terms.version, "price * rate", **own, price=shown["price"],
        rate=format_ratio(tax.withholding), rounding=shown["rounding"],
    )  # fmt: skip
    place = ("S13", "tax.transfer", "tax.withholding")
    yield writer.line(
        place, invoice.transfer, terms.version, "total - withheld", **own,
        total=writer.money(invoice.total), withheld=writer.money(invoice.withheld),
    )  # fmt: skip


def _shown(writer: Writer, terms: Terms, invoice: Invoice) -> dict[str, str]:
    return {
        "asked": writer.money(invoice.amount),
        "price": writer.money(invoice.price),
        "vat": writer.money(invoice.vat),
        "rounding": f"{terms.rounding.mode}/{terms.rounding.unit}",
    }
