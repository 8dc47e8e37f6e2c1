"""What a report would do to the figures before anybody files it, and which periods can be filed.

The preview, the check page, the API and the statement run the one calculation on the one contract
file, so what a company sees before it submits is what it will be billed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from deals.models import Deal, Report, ReportLine
from deals.rules import facts, statement, terms
from deals.rules.facts import reading
from deals.rules.filing import (
    Part,
    closed_periods,
    is_owed,
    parts_in,
    period_plan,
    report_due,
)
from deals.rules.money import RATIO_DECIMALS, UNIT_DECIMALS, format_amount, format_scaled
from deals.rules.periods import Period
from deals.rules.reading import Reader
from deals.rules.states import ReportState
from deals.rules.terms.model import Terms
from deals.services.dossiers import contract_file
from deals.services.shared_facts import Missing, exchange_rates, with_rates
from marketplace.base.errors import RuleError


@dataclass(frozen=True)
class Filing:
    """A closed period of a deal: the day its report is due, and its latest revision if any."""

    period: Period
    due_date: date
    report: Report | None

    @property
    def is_open(self) -> bool:
        """Whether the company has something to do for it."""
        state = self.report.state if self.report else ReportState.DRAFT
        return state in {ReportState.DRAFT, ReportState.QUESTIONED}


def parts_of(deal: Deal, period: Period) -> list[Part]:
    """The sums that a simple report of the period is made of, by stream and then by day."""
    return parts_in(agreed_terms(deal), period, converted=deal.converted_date)


def agreed_terms(deal: Deal) -> Terms:
    """The first signed version of the deal's terms, which fixes periods and streams.

    Raises RuleError("terms.not_accepted") before the signature.
    """
    first = deal.facts.filter(kind="terms").order_by("sequence").first()
    if first is None:
        raise RuleError("terms.not_accepted")
    found, faults, _cautions = terms.validate(first.payload)
    if found is None:
        raise facts.Refused(faults)
    return found


def filings(deal: Deal, *, today: date) -> list[Filing]:
    """Every period that has closed by `today`, oldest first, with its latest report.

    A period without a report is among them only while one is owed: not after the deal is settled,
    and inside the trial only if the terms require trial reports.
    """
    agreed = agreed_terms(deal)
    latest = {report.period: report for report in deal.reports.order_by("revision")}
    return [
        Filing(period, report_due(agreed, period), latest.get(period.name))
        for period in closed_periods(agreed, today=today)
        if period.name in latest or _is_owed(deal, agreed, period)
    ]


def next_filing(deal: Deal, *, today: date) -> Filing | None:
    """The oldest closed period that waits for the company, None when nothing does."""
    return first_open(filings(deal, today=today))


def first_open(found: Iterable[Filing]) -> Filing | None:
    """The oldest that waits for the company."""
    return next((one for one in found if one.is_open), None)


def _is_owed(deal: Deal, agreed: Terms, period: Period) -> bool:
    if deal.settled_date is not None:
        return False
    return is_owed(agreed, period, converted=deal.converted_date)


def line_payload(line: ReportLine) -> dict[str, object]:
    """A line as a contract file holds it: decimal strings, empty texts left out."""
    payload: dict[str, object] = {
        "sale_date": line.sale_date.isoformat(),
        "stream": line.stream,
        "country": line.country,
        "currency": line.currency,
        "gross": format_amount(line.gross_minor, line.currency),
        "vat_rate": _plain(line.vat_rate),
        "units": _plain(line.units),
        "deductions": {
            kind: format_amount(minor, line.currency) for kind, minor in line.deductions.items()
        },
        "third_party_royalty": format_amount(line.third_party_minor, line.currency),
    }
    texts = {"product": line.product, "invoice": line.invoice}
    return payload | {key: text for key, text in texts.items() if text}


def lines_of(payloads: Iterable[Mapping[str, Any]], *, home: str) -> list[ReportLine]:
    """Lines of a contract file in currency `home` as rows that are never saved."""
    read = (reading.line(Reader(payload, "", []), home) for payload in payloads)
    return [
        ReportLine(
            sale_date=found.sale_date,
            stream=found.stream,
            product=found.product,
            country=found.country,
            currency=found.currency,
            gross_minor=found.gross,
            vat_rate=Decimal(format_scaled(found.vat_rate, RATIO_DECIMALS)),
            units=Decimal(format_scaled(found.units, UNIT_DECIMALS)),
            deductions=dict(found.deductions),
            third_party_minor=found.third_party_royalty,
            invoice=found.invoice,
        )
        for found in read
    ]


def _plain(number: Decimal | int) -> str:
    return format(Decimal(number).normalize(), "f")


def report_payload(
    period: str, revision: int, lines: Iterable[ReportLine], *, accepted_date: date
) -> dict[str, object]:
    """A report revision as a contract file holds it."""
    rows = [line_payload(line) for line in lines]
    payload: dict[str, object] = {
        "period": period,
        "revision": revision,
        "accepted_on": accepted_date.isoformat(),
        "lines": rows,
    }
    return payload if rows else payload | {"declared_nil": True}


def preview(
    deal: Deal, *, period: str, lines: Iterable[ReportLine], today: date
) -> statement.Result:
    """What the deal's figures would be, were these lines accepted for the period today.

    Nothing is stored. Raises deals.rules.faults.Refused with every reason against the lines.
    """
    lines = list(lines)
    document = contract_file(deal, as_of=today)
    document = with_rates(document, missing_rates(deal, document, period=period, lines=lines))
    revisions = [row["revision"] for row in document["reports"] if row["period"] == period]
    revision = 1 + max(revisions, default=0)
    document["reports"].append(report_payload(period, revision, lines, accepted_date=today))
    return statement.compute(facts.load(document))


def missing_rates(
    deal: Deal, document: Mapping[str, Any], *, period: str, lines: Iterable[ReportLine]
) -> list[Missing]:
    """The exchange rates that the deal's facts still lack for these sales of a period."""
    plan = period_plan(agreed_terms(deal))
    within = plan.named(period)
    currencies = {line.currency for line in lines}
    if within is None or currencies <= {document["terms"][0]["currency"]}:
        return []
    return exchange_rates(document, currencies, period=within, plan=plan)
