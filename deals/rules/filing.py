"""Which periods of a contract are to be reported, by when, and as which sums."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from deals.rules.periods import DAY, Period, PeriodPlan
from deals.rules.terms.model import Terms


@dataclass(frozen=True)
class Part:
    """What a company states as one sum: one stream over days that are all in one stage."""

    stream: str
    first: date
    last: date
    deductions: tuple[str, ...]
    counts_units: bool


def period_plan(agreed: Terms) -> PeriodPlan:
    """The reporting periods that the terms fix."""
    return PeriodPlan(agreed.calendar.kind, agreed.calendar.anchor, agreed.contract_start)


def report_due(agreed: Terms, period: Period) -> date:
    """The last day on which a period's report is in time."""
    return period.last + timedelta(days=agreed.calendar.report_days)


def closed_periods(agreed: Terms, *, today: date) -> Iterator[Period]:
    """Every period that has ended before `today` and began in the contract's time, oldest first."""
    plan = period_plan(agreed)
    period = plan.first()
    last = agreed.paying.last or date.max
    while period.end <= today and period.start <= last:
        yield period
        period = plan.after(period)


def is_owed(agreed: Terms, period: Period, *, converted: date | None) -> bool:
    """Whether a period's report is asked for: always, but inside a trial only if the terms say so.

    `converted` is the day from which the company pays, None before its conversion.
    """
    if agreed.trial is None or agreed.trial.reports_required:
        return True
    paying_from = agreed.paying.start or converted
    return paying_from is not None and period.end > paying_from


def parts_in(agreed: Terms, period: Period, *, converted: date | None) -> list[Part]:
    """The sums that a simple report of the period is made of, by stream and then by day.

    A period in which the trial ends or payment begins is cut there, so that no sum mixes days that
    are free with days that pay.
    """
    starts = {period.start, *_stage_starts(agreed, converted)}
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


def _stage_starts(agreed: Terms, converted: date | None) -> Iterator[date]:
    """The days on which the free stage ends and payment begins; a conversion ends it early."""
    begins = agreed.paying.start or converted
    trial_end = agreed.trial.last if agreed.trial else None
    if begins is not None:
        yield begins
    if trial_end is not None and (begins is None or trial_end + DAY < begins):
        yield trial_end + DAY
