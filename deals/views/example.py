"""The worked example of net sales, row by row, for everybody who is asked to accept or approve."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from deals.forms.talks import percent_of
from deals.models import TermsVersion
from deals.rules.example import net_sales_example
from deals.rules.statement import Line
from deals.rules.terms import CLAUSES


@dataclass(frozen=True)
class Row:
    """One row: amount in minor units, `kind` "", "subtotal" or "total"."""

    label: str
    note: str
    amount: int
    kind: str = ""


def example_of(version: TermsVersion) -> list[Row] | None:
    """What an invented quarter would cost under this version; None where one line cannot say."""
    shown = net_sales_example(version.document)
    if shown is None:
        return None
    free = _("clause %(clause)s") % {"clause": CLAUSES["streams.free_allowance"]}
    rows = [
        Row(_("Sales with tax"), _("invented"), shown.gross),
        Row(_("less value-added tax"), "13%", -shown.vat),
        Row(_("less returns"), "", -shown.deductions),
        Row(_("Net sales"), "", shown.net, "subtotal"),
        Row(_("less free allowance"), free, shown.base - shown.net),
        Row(_("Royalty base"), "", shown.base, "subtotal"),
    ]
    tiers = [_tier(line) for line in shown.lines if line.code == "earned.tier" and line.amount]
    rest = shown.accrued - sum(row.amount for row in tiers)
    others = [Row(_("Other clauses"), "", rest)] if rest else []
    total = Row(_("To pay"), "", shown.accrued, "total")
    return [*(row for row in rows if row.amount), *tiers, *others, total]


def _tier(line: Line) -> Row:
    said = {"base": line.inputs.get("taxable", ""), "rate": percent_of(line.inputs.get("rate", ""))}
    note = _("clause %(clause)s") % {"clause": line.clause}
    return Row(_("Royalty %(base)s × %(rate)s%%") % said, note, line.amount)
