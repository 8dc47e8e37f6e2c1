"""The facts of a contract that were known by a day (S0): what a target may be computed from."""

from bisect import bisect_right, insort
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
    """A contract seen on a day, which only moves on. Nothing recorded later can be read through it.

    `fresh` are the periods of which the last move learned a first or another report.
    """

    def __init__(self, contract: Contract, day: date) -> None:
        self.contract = contract
        self.day = date.min
        self.versions = contract.terms[:1]
        self.epochs: dict[int, int] = {}
        self.events: tuple[Event, ...] = ()
        self.reports: dict[Period, Report] = {}
        self.first_accepted: dict[Period, date] = {}
        self.periods: list[Period] = []
        self.fresh: list[Period] = []
        self._effective = [terms.effective_from for terms in contract.terms]
        self._event_days = sorted(event.day for event in contract.events)
        self._first_events: dict[str, date] = {}
        accepted = [
            (report.accepted_on, report) for report in contract.reports if report.accepted_on
        ]
        self._waiting = sorted(accepted, key=lambda entry: entry[0], reverse=True)
        self._count_resets()
        self.move_to(day)

    def move_to(self, day: date) -> None:
        """Learn what was recorded and took effect up to a day, which must not be an earlier one."""
        self.day = day
        count = max(1, bisect_right(self._effective, day))
        if count != len(self.versions):
            self.versions = self.contract.terms[:count]
            self._count_resets()
        if bisect_right(self._event_days, day) != len(self.events):
            self._learn_events()
        self.fresh = []
        while self._waiting and self._waiting[-1][0] <= day:
            accepted, report = self._waiting.pop()
            self._learn(report, accepted)

    def _learn_events(self) -> None:
        self.events = tuple(event for event in self.contract.events if event.day <= self.day)
        self._first_events = {}
        for event in self.events:
            first = self._first_events.get(event.type, event.day)
            self._first_events[event.type] = min(first, event.day)

    def _learn(self, report: Report, accepted: date) -> None:
        period = report.period
        known = self.reports.get(period)
        if known is None:
            insort(self.periods, period)
            self.first_accepted[period] = accepted
        if known is None or known.revision < report.revision:
            self.reports[period] = report
            self.fresh.append(period)

    def _count_resets(self) -> None:
        count = 0
        for terms in self.versions:
            count += terms.reset_windows
            self.epochs[terms.version] = count

    def governing(self, sale_date: date) -> Terms:
        """Return the version that a sale of a day follows."""
        return governing(self.versions, sale_date)

    def in_force_on(self, day: date) -> Terms:
        """Return the version in force on a day."""
        if len(self.versions) == 1:
            return self.versions[0]
        return self.versions[max(0, bisect_right(self._effective, day, 0, len(self.versions)) - 1)]

    def in_force(self, period: Period) -> Terms:
        """Return the version in force on a period's last day."""
        return self.in_force_on(period.last)

    def event_day(self, kind: str) -> date | None:
        """Return the day of the first event of a type."""
        return self._first_events.get(kind)

    def spans(self, kind: str) -> tuple[Span, ...]:
        """Return the spans of all events of a type."""
        return tuple([Span(event.day, event.last) for event in self.events if event.type == kind])

    def costs_by(self, day: date) -> int | None:
        """Return all costs on record by a day, None as long as none is."""
        found = [event.amount for event in self.events if event.type == "cost" and event.day <= day]
        return sum(amount or 0 for amount in found) if found else None

    def stage(self, terms: Terms, triggered: date | None) -> Stage:
        """Return where the free stage of a version ends."""
        return stage_of(terms, self.event_day("conversion"), triggered)

    def window(self, kind: str, period: Period, terms: Terms) -> int:
        """Return the number of the window of a kind that a period belongs to."""
        if kind == "lifetime":
            return 0
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


def final_days(contract: Contract) -> dict[Period, date]:
    """Return when each statement becomes final: as recorded, else its first acceptance.

    A day that has not come counts where it was settled before; else nobody knows of it yet.
    """
    found: dict[Period, date] = {}
    for report in contract.reports:
        day = report.accepted_on
        if day is not None and day <= contract.as_of:
            found[report.period] = min(day, found.get(report.period, day))
    for name, final in contract.finals.items():
        period = contract.plan.named(name)
        if period is not None and (final.known_from or final.day) <= contract.as_of:
            found[period] = final.day
    return found
