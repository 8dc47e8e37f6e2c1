"""What a report would do to the figures before anybody files it, and which periods can be filed.

The preview, the check page, the API and the statement run the one calculation on the one contract
file, so what a company sees before it submits is what it will be billed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from deals.models import Deal, Report, ReportLine
from deals.rules import facts, statement, terms
from deals.rules.money import format_amount
from deals.rules.periods import DAY, Period, PeriodPlan
from deals.rules.states import ReportState
from deals.rules.terms.model import Terms
from deals.services.dossiers import contract_file
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


@dataclass(frozen=True)
class Part:
    """What a company states as one sum: one stream over days that are all in one stage."""

    stream: str
    first: date
    last: date
    deductions: tuple[str, ...]
    counts_units: bool


def parts_of(deal: Deal, period: Period) -> list[Part]:
    """The sums that a simple report of the period is made of, by stream and then by day.

    A period in which the trial ends or payment begins is cut there, so that no sum mixes days that
    are free with days that pay.
    """
    agreed = agreed_terms(deal)
    starts = {period.start, *_stage_starts(deal, agreed)}
    edges = sorted(day for day in starts if period.holds(day))
    ends = [*edges[1:], period.end]
    return [
        Part(
            stream=stream.key,
            first=first,
            last=end - DAY,
            deductions=tuple(stream.deductions),
            counts_units=stream.counts_units,
        )
        for stream in agreed.streams.values()
        for first, end in zip(edges, ends, strict=True)
    ]


def _stage_starts(deal: Deal, agreed: Terms) -> Iterator[date]:
    """The days on which the free stage ends and payment begins; a conversion ends it early."""
    begins = agreed.paying.start or deal.converted_date
    trial_end = agreed.trial.last if agreed.trial else None
    if begins is not None:
        yield begins
    if trial_end is not None and (begins is None or trial_end + DAY < begins):
        yield trial_end + DAY


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


def period_plan(agreed: Terms) -> PeriodPlan:
    """The reporting periods that the terms fix."""
    return PeriodPlan(agreed.calendar.kind, agreed.calendar.anchor, agreed.contract_start)


def filings(deal: Deal, *, today: date) -> list[Filing]:
    """Every period that has closed by `today`, oldest first, with its latest report.

    A period without a report is among them only while one is owed: not after the deal is settled,
    and inside the trial only if the terms require trial reports.
    """
    agreed = agreed_terms(deal)
    latest = {report.period: report for report in deal.reports.order_by("revision")}
    return [
        Filing(period, report_due(agreed, period), latest.get(period.name))
        for period in _closed(agreed, today)
        if period.name in latest or _is_owed(deal, agreed, period)
    ]


def report_due(agreed: Terms, period: Period) -> date:
    """The last day on which a period's report is in time."""
    return period.last + timedelta(days=agreed.calendar.report_days)


def next_filing(deal: Deal, *, today: date) -> Filing | None:
    """The oldest closed period that waits for the company, None when nothing does."""
    return first_open(filings(deal, today=today))


def first_open(found: Iterable[Filing]) -> Filing | None:
    """The oldest that waits for the company."""
    return next((one for one in found if one.is_open), None)


def _is_owed(deal: Deal, agreed: Terms, period: Period) -> bool:
    if deal.settled_date is not None:
        return False
    if agreed.trial is None or agreed.trial.reports_required:
        return True
    paying_from = agreed.paying.start or deal.converted_date
    return paying_from is not None and period.end > paying_from


def _closed(agreed: Terms, today: date) -> Iterator[Period]:
    plan = period_plan(agreed)
    period = plan.first()
    last = agreed.paying.last or date.max
    while period.end <= today and period.start <= last:
        yield period
        period = plan.after(period)


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
    document = contract_file(deal, as_of=today)
    revisions = [row["revision"] for row in document["reports"] if row["period"] == period]
    revision = 1 + max(revisions, default=0)
    document["reports"].append(report_payload(period, revision, lines, accepted_date=today))
    return statement.compute(facts.load(document))
