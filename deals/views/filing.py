"""The pane beside a report: what these lines would be billed, by the calculation itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from deals.forms.faults import placed_words
from deals.forms.money import deduction_word
from deals.forms.talks import percent_of
from deals.models import Deal, Report, ReportLine
from deals.rules.faults import Refused
from deals.rules.money import parse_amount
from deals.rules.periods import Period
from deals.rules.statement import Result, Statement
from deals.services import previews
from deals.views.periods import period_word
from deals.views.trace import Step, Traced, steps_of
from marketplace.base import formats

PER_CENT = 100
UNUSUAL = 50


@dataclass(frozen=True)
class CapMeter:
    """How far the lifetime cap is: paid before, this time, the cap, and at most still to come."""

    paid: int
    now: int
    cap: int
    left: int

    @property
    def total(self) -> int:
        """Everything that counts towards the cap, this time included."""
        return self.paid + self.now


@dataclass(frozen=True)
class Pane:
    """The preview: minor units throughout, None where nothing can be said.

    `lands_on` names another statement that a correction of a billed period would land on.
    """

    payable: int | None
    rows: Sequence[Mapping[str, object]] = ()
    cap: CapMeter | None = None
    compared: str = ""
    is_unusual: bool = False
    lands_on: str = ""
    faults: Sequence[str] = ()
    cautions: Sequence[str] = ()


def pane_of(deal: Deal, period: Period, lines: Sequence[ReportLine], *, today: date) -> Pane:
    """Compute the lines as if they were accepted today; what is wrong with them, if anything."""
    try:
        result = previews.preview(deal, period=period.name, lines=lines, today=today)
    except Refused as refused:
        return Pane(None, faults=[placed_words(fault) for fault in refused.faults])
    shown = _shown(deal, period, result, today=today)
    last = _before(deal, period)
    return Pane(
        payable=shown.payable,
        rows=rows_of(steps_of(traced(shown)), shown.payable),
        cap=meter(cap_of(deal), shown.cap_left, shown.payable),
        compared=_compared(shown, last) if shown.period == period else "",
        is_unusual=last is not None and _is_unusual(gross_of(lines), gross_of(last.lines.all())),
        lands_on="" if shown.period == period else period_word(shown.period.name),
        cautions=cautions_of(period, result),
    )


def traced(statement: Statement) -> list[Traced]:
    """The lines of a computed statement, for the table of words."""
    return [
        Traced(
            line.code,
            line.amount,
            line.inputs,
            period_word(line.corrects.period) if line.corrects else "",
        )
        for line in statement.lines
    ]


def rows_of(steps: Iterable[Step], payable: int) -> list[Mapping[str, object]]:
    """Steps as the rows of a short list, ending in what is payable."""
    rows: list[Mapping[str, object]] = [
        {"label": step.title, "note": step.formula, "amount": step.amount, "kind": step.kind}
        for step in steps
        if step.amount is not None
    ]
    return [*rows, {"label": _("Payable"), "note": "", "amount": payable, "kind": "total"}]


def meter(cap: int | None, left: int | None, now: int) -> CapMeter | None:
    """The cap's meter, None for a contract without a lifetime cap."""
    if cap is None or left is None:
        return None
    return CapMeter(max(0, cap - left - now), now, cap, left)


def cap_of(deal: Deal) -> int | None:
    """The lifetime cap of the agreed terms in minor units."""
    agreed = previews.agreed_terms(deal)
    return agreed.caps.limits.get("lifetime") if agreed.caps else None


def gross_of(lines: Iterable[ReportLine]) -> int:
    """Sales of a report, tax included."""
    return sum(line.gross_minor for line in lines)


def row_of(line: ReportLine) -> dict[str, Any]:
    """A line for a table: itself, its tax rate, and its deductions by name in minor units."""
    return {
        "line": line,
        "rate": f"{percent_of(format(line.vat_rate.normalize(), 'f'))}%",
        "deductions": [
            (deduction_word(kind), minor) for kind, minor in sorted(line.deductions.items())
        ],
    }


def last_gross(deal: Deal, period: Period) -> int | None:
    """Sales of the last accepted report before the period, None without one."""
    last = _before(deal, period)
    return gross_of(last.lines.all()) if last else None


def cautions_of(period: Period, result: Result) -> list[str]:
    """What the calculation points at in this period's own lines."""
    own = f"reports.{period.name}."
    return [placed_words(found) for found in result.warnings if found.where.startswith(own)]


def _shown(deal: Deal, period: Period, result: Result, *, today: date) -> Statement:
    """The period's own statement, or the one that a correction of it lands on."""
    posted = deal.statements.filter(period=period.name).first()
    is_open = posted is None or posted.final_date is None or posted.final_date >= today
    return own_statement(result, period) if is_open else landing(result, period, today=today)


def own_statement(result: Result, period: Period) -> Statement:
    """The statement of a period that has one."""
    return next(found for found in result.statements if found.period == period)


def landing(result: Result, period: Period, *, today: date) -> Statement:
    """The statement that today's correction of a final period lands on, else its own."""
    touched = [
        statement
        for statement in result.statements
        if any(
            line.corrects and line.corrects.period == period.name and _is_of(line.inputs, today)
            for line in statement.lines
        )
    ]
    return touched[-1] if touched else own_statement(result, period)


def _is_of(inputs: Mapping[str, str], today: date) -> bool:
    return inputs.get("on") == today.isoformat()


def _before(deal: Deal, period: Period) -> Report | None:
    """The last accepted report of an earlier period."""
    found = deal.reports.filter(state="accepted", starts_date__lt=period.start)
    return found.order_by("-starts_date").first()


def _compared(shown: Statement, last: Report | None) -> str:
    """`¥ 25,000.00 more than last period · 2.6% of the revenue`."""
    words = []
    if last is not None:
        before = last.deal.statements.filter(period=last.period).first()
        change = shown.payable - (before.payable_minor if before else 0)
        said = {"amount": formats.yuan(abs(change))}
        words.append(
            _("%(amount)s more than last period") % said
            if change >= 0
            else _("%(amount)s less than last period") % said
        )
    if shown.gross > 0:
        share = shown.payable * PER_CENT * 10 // shown.gross
        words.append(_("%(share)s of the revenue") % {"share": formats.percent(share * 10)})
    return " · ".join(words)


def _is_unusual(now: int, before: int) -> bool:
    """Whether sales differ by more than half from the last period's."""
    return before > 0 and abs(now - before) * PER_CENT > before * UNUSUAL


def minor(text: str, currency: str) -> int:
    """An amount that the calculation printed, as minor units."""
    return parse_amount(text, currency)
