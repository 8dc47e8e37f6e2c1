"""The facts of a contract that were known by a day (S0): what a target may be computed from."""

from bisect import bisect_right
from datetime import date
from fractions import Fraction

from deals.rules.facts.loading import governing
from deals.rules.facts.model import Contract, Event, Report
from deals.rules.faults import Fault, Refused
from deals.rules.money import Exact
from deals.rules.periods import Period, pin, window_number
from deals.rules.pieces import conversion
from deals.rules.sales import Portion
from deals.rules.stages import Stage, stage_of
from deals.rules.terms.model import Span, Terms


class Known:
    """A contract seen on a day. Nothing recorded later can be read through it."""

    def __init__(self, contract: Contract, day: date) -> None:
        self.contract = contract
        self.day = day
        versions = tuple(terms for terms in contract.terms if terms.effective_from <= day)
        self.versions = versions or contract.terms[:1]
        self._effective = [terms.effective_from for terms in self.versions]
        self.events = tuple(event for event in contract.events if event.day <= day)
        self.reports: dict[Period, Report] = {}
        self.first_accepted: dict[Period, date] = {}
        for report in contract.reports:
            if report.accepted_on is not None and report.accepted_on <= day:
                self._learn(report, report.accepted_on)
        self.periods = sorted(self.reports)
        self.epochs = self._count_resets()

    def _learn(self, report: Report, accepted: date) -> None:
        period = report.period
        known = self.reports.get(period)
        if known is None or known.revision < report.revision:
            self.reports[period] = report
        self.first_accepted[period] = min(self.first_accepted.get(period, accepted), accepted)

    def _count_resets(self) -> dict[int, int]:
        count = 0
        found: dict[int, int] = {}
        for terms in self.versions:
            count += terms.reset_windows
            found[terms.version] = count
        return found

    def governing(self, sale_date: date) -> Terms:
        """Return the version that a sale of a day follows."""
        return governing(self.versions, sale_date)

    def in_force_on(self, day: date) -> Terms:
        """Return the version in force on a day."""
        return self.versions[max(0, bisect_right(self._effective, day) - 1)]

    def in_force(self, period: Period) -> Terms:
        """Return the version in force on a period's last day."""
        return self.in_force_on(period.last)

    def first_event(self, kind: str) -> Event | None:
        """Return the first event of a type, None if there was none."""
        found = [event for event in self.events if event.type == kind]
        return min(found, key=lambda event: event.day, default=None)

    def event_day(self, kind: str) -> date | None:
        """Return the day of the first event of a type."""
        event = self.first_event(kind)
        return event.day if event is not None else None

    def spans(self, kind: str) -> tuple[Span, ...]:
        """Return the spans of all events of a type."""
        return tuple(Span(event.day, event.last) for event in self.events if event.type == kind)

    def costs_by(self, day: date) -> int | None:
        """Return all costs on record by a day, None as long as none is."""
        found = [event.amount for event in self.events if event.type == "cost" and event.day <= day]
        return sum(amount or 0 for amount in found) if found else None

    def stage(self, terms: Terms, triggered: date | None) -> Stage:
        """Return where the free stage of a version ends."""
        return stage_of(terms, self.event_day("conversion"), triggered)

    def window(self, kind: str, period: Period, terms: Terms) -> int:
        """Return the number of the window of a kind that a period belongs to."""
        return window_number(kind, self.contract.start, pin(period, terms.paying.last))

    def tier_window(self, kind: str, period: Period, portion: Portion) -> tuple[int, int]:
        """Return the tier window of a portion; a version with a reset opens new ones."""
        terms = portion.terms
        return self.epochs[terms.version], self.window(kind, period, terms)

    def convert(self, currency: str, period: Period) -> Exact:
        """Return home minor units per minor unit of a currency at a period's last day.

        Raises `Refused` with `rate.missing` when no rate is dated early enough.
        """
        home = self.contract.currency
        if currency == home:
            return 1
        name = f"{currency}/{home}"
        series = self.contract.rates.get(name)
        rate = series.on(min(period.last, self.day)) if series else None
        if rate is None:
            message = f"no rate is dated on or before {period.last.isoformat()}"
            raise Refused((Fault("rate.missing", f"rates.{name}", message),))
        factor: Fraction = conversion(home, currency, rate)
        return factor

    def open_for_corrections(self, finals: dict[Period, date]) -> Period | None:
        """Return the period right after the last one that was final before this day."""
        last = max((period for period, day in finals.items() if day < self.day), default=None)
        return None if last is None else self.contract.plan.after(last)

    def final_days(self) -> dict[Period, date]:
        """Return when each statement becomes final: as recorded, else its first acceptance.

        A day that has not come counts where it was settled before; else nobody knows of it yet.
        """
        found = dict(self.first_accepted)
        for name, final in self.contract.finals.items():
            period = self.contract.plan.named(name)
            if period is not None and (final.known_from or final.day) <= self.contract.as_of:
                found[period] = final.day
        return found
