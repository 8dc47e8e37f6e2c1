"""Replay the posting days of a contract in order and post the differences (S12, S13)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from deals.rules import minimum
from deals.rules.facts.model import Contract, Receipt
from deals.rules.faults import Fault, Refused
from deals.rules.periods import Period
from deals.rules.stages import Stage
from deals.rules.statement.book import Book
from deals.rules.statement.entries import CORRECTION, FIXED, OWN, Posting
from deals.rules.statement.figures import Figures, Key, Targets
from deals.rules.statement.known import Known, final_days
from deals.rules.statement.target import TargetRun

DECISIONS = frozenset(("guarantee_call", "refund"))


@dataclass(frozen=True, slots=True)
class Correction:
    """A part of a final period that changed, and the statement that carries the change."""

    on: Period
    about: Period
    part: Key
    day: date
    before: int
    after: int
    terms_version: int


class Replay:
    """Walks the posting days up to `as_of`; afterwards everything posted can be read from it."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.book = Book(contract)
        self.final_on = final_days(contract)
        self.statements: dict[Period, Figures] = {}
        self.opened: set[Period] = set()
        self.corrections: list[Correction] = []
        self.target: Targets = {}
        self._posted: dict[Period, Figures] = {}
        self._own: dict[Period, dict[str, int]] = {}
        self._targets = TargetRun(contract)
        self._to_come = sorted(self.final_on.items(), key=lambda entry: entry[1], reverse=True)
        self._finals: set[Period] = set()
        self._last_final: Period | None = None

    def run(self) -> None:
        """Replay every day; on one day postings precede receipts."""
        as_of = self.contract.as_of
        postings = posting_days(self.contract)
        received: dict[date, list[Receipt]] = {}
        for receipt in self.contract.receipts:
            if receipt.day <= as_of:
                received.setdefault(receipt.day, []).append(receipt)
        decided = {one.day for one in self.contract.events if one.type in DECISIONS}
        for day in sorted(postings.union(received, (day for day in decided if day <= as_of))):
            if day in postings:
                self._post_day(day)
            if day in received:
                self._receive_day(received[day])
            if day in decided:
                self._decide_day(day)
        self._targets.see(as_of)

    @property
    def known(self) -> Known:
        """The contract as it was last seen: on the day of a posting, in the end on `as_of`."""
        return self._targets.known

    @property
    def stages(self) -> dict[int, Stage]:
        """Where the free stage of every version ends."""
        return self._targets.stages

    def _receive_day(self, found: list[Receipt]) -> None:
        for receipt in sorted(
            found, key=lambda receipt: (bool(receipt.reverses), receipt.reference)
        ):
            if receipt.reverses:
                self.book.reverse(receipt)
            else:
                self.book.receive(receipt)

    def _decide_day(self, day: date) -> None:
        """Carry out guarantee calls and refunds; more than there is to pay is refused."""
        for index, event in enumerate(self.contract.events):
            amount = event.amount or 0
            if event.day != day or event.type not in DECISIONS:
                continue
            if event.type == "guarantee_call":
                over = self.book.call_guarantee(day, amount)
            else:
                over = self.book.refund(day, amount)
            if over:
                message = "the amount is larger than what is open on that day"
                raise Refused(
                    (Fault(f"{event.type}.too_large", f"events[{index}].amount", message),)
                )

    def _post_day(self, day: date) -> None:
        known, self.target = self._targets.on(day)
        self._pass_finals(day)
        self._check_price(known)
        postings: list[tuple[Posting, str]] = []
        for period in self._targets.changed:
            figures = self.target.get(period) or Figures(period, known.in_force(period))
            if period in self._finals:
                postings.extend(self._correct(known, figures))
            else:
                postings.extend(self._settle(known, figures))
        order = {FIXED: 0, CORRECTION: 1, OWN: 2}
        for posting, granted in sorted(
            postings,
            key=lambda entry: (entry[0].amount >= 0, entry[0].about, order[entry[0].kind]),
        ):
            self.book.post(posting)
            if granted:
                self.book.grant(day, granted, posting.amount)
        self._release(known)

    def _pass_finals(self, day: date) -> None:
        """Note which statements were final before a day; corrections go after the last of them."""
        while self._to_come and self._to_come[-1][1] < day:
            period, _ = self._to_come.pop()
            self._finals.add(period)
            self._last_final = max(period, self._last_final or period)

    def _check_price(self, known: Known) -> None:
        """Refuse a version whose lifetime cap is below what is final when it takes effect."""
        terms = known.in_force_on(known.day)
        cap = terms.caps.limits.get("lifetime") if terms.caps else None
        if cap is None or terms.effective_from != known.day:
            return
        posted = self._finals & self._posted.keys()
        final = sum(self._posted[period].capped.counted for period in posted)
        if final > cap:
            where = f"terms[{self.contract.terms.index(terms)}].caps.lifetime"
            message = "the cap is below what was final when the version took effect"
            raise Refused((Fault("cap.below_final", where, message),))

    def _settle(self, known: Known, figures: Figures) -> Iterator[tuple[Posting, str]]:
        """Put every difference of a period that is not final on its own statement."""
        period = figures.period
        before = self._posted.get(period)
        self.statements[period] = self._posted[period] = figures
        if before is not figures and period not in self.opened and figures.parts():
            self.opened.add(period)
        change = figures.capped.accrued - (before.capped.accrued if before else 0)
        own, posted = figures.own_instalments(), self._own.get(period, {})
        self._own[period] = own
        for key in sorted({*own, *posted}):
            amount = own.get(key, 0) - posted.get(key, 0)
            change -= amount
            if amount:
                yield self._fixed(known, figures, key, amount)
        if change:
            due = due_date(self.contract, figures, self._final_by(period, known.day))
            yield self._posting(known, OWN, (period, period), (due, change)), ""

    def _fixed(self, known: Known, figures: Figures, key: str, amount: int) -> tuple[Posting, str]:
        found = next((due for due in figures.fixed if due.item.key == key), None)
        day = found.day if found else known.day
        days = found.item.due_days or 0 if found else 0
        calendar = figures.terms.calendar
        due = self.contract.workdays.roll(day + timedelta(days=days), calendar.roll)
        period = figures.period
        posting = self._posting(known, FIXED, (period, period), (due, amount))
        return posting, key if found and found.item.creditable and amount > 0 else ""

    def _correct(self, known: Known, figures: Figures) -> Iterator[tuple[Posting, str]]:
        """Put the difference of a final period on the open statement, after the last final one."""
        period = figures.period
        on = self.contract.plan.after(self._last_final or period)
        before = self._posted.get(period) or Figures(period, figures.terms)
        if before.capped is figures.capped:
            return
        change = figures.capped.accrued - before.capped.accrued
        if not change:
            return
        self._posted[period] = figures
        self._own[period] = figures.own_instalments()
        old, new = before.parts(), figures.parts()
        for part in sorted({*old, *new}):
            if old.get(part, 0) != new.get(part, 0):
                self.corrections.append(
                    Correction(
                        on, period, part, known.day, old.get(part, 0), new.get(part, 0),
                        figures.terms.version,
                    )
                )  # fmt: skip
        terms = known.in_force_on(known.day)
        after = known.day + timedelta(days=terms.calendar.pay_days)
        due = self.contract.workdays.roll(after, terms.calendar.roll)
        yield self._posting(known, CORRECTION, (on, period), (due, change)), ""

    def _posting(
        self, known: Known, kind: str, periods: tuple[Period, Period], asked: tuple[date, int]
    ) -> Posting:
        on, about = periods
        terms = known.in_force(on)
        due, amount = asked
        started: date | None = None
        if kind == CORRECTION and terms.correction_interest == "original_due":
            figures = self._posted[about]
            started = due_date(self.contract, figures, self.final_on.get(about))
        threshold = 0 if is_last(known, on) else terms.min_payable
        return Posting(
            kind=kind,
            period=on,
            about=about,
            day=known.day,
            due=due,
            amount=amount,
            max_share=terms.credits.max_share,
            threshold=threshold,
            interest_from=started,
        )

    def _release(self, known: Known) -> None:
        """Ask for deferred sums once the last period is reported."""
        for period in known.periods:
            if self.book.deferred and is_last(known, period):
                due = due_date(
                    self.contract, self._posted[period], self._final_by(period, known.day)
                )
                self.book.release(self._posting(known, OWN, (period, period), (due, 0)))

    def _final_by(self, period: Period, day: date) -> date | None:
        """Return when a statement becomes final, if that is settled or has happened by a day."""
        final = self.final_on.get(period)
        recorded = self.contract.finals.get(period.name)
        settled = final if recorded is None else recorded.known_from or date.min
        return final if settled is not None and settled <= day else None


def is_last(known: Known, period: Period) -> bool:
    """Tell whether the paying stage or the contract ends in or before the period."""
    ends = (known.in_force(period).paying.last, known.event_day("termination"))
    return any(day is not None and day <= period.last for day in ends)


def due_date(contract: Contract, figures: Figures, final: date | None) -> date:
    """Return when a period's own instalment falls due, on a workday if the terms say so."""
    calendar = figures.terms.calendar
    due = figures.period.last + timedelta(days=calendar.pay_days)
    if calendar.min_days_after_final is not None and final is not None:
        due = max(due, final + timedelta(days=calendar.min_days_after_final))
    return contract.workdays.roll(due, calendar.roll)


def posting_days(contract: Contract) -> set[date]:
    """Return every day up to `as_of` on which a target may differ from the one before.

    Before the first day that can put a sum on a statement there is nothing to differ from.
    """
    sums = {report.accepted_on for report in contract.reports if report.accepted_on is not None}
    for terms in contract.terms:
        sums.update([item.day for item in terms.fixed if item.day is not None])
        sums.update([milestone.day for milestone in terms.milestones if milestone.day is not None])
        if terms.long_stop is not None:
            sums.add(terms.long_stop.day)
    sums |= _closing_days(contract)
    events = {event.day for event in contract.events}
    if any(item.event for terms in contract.terms for item in terms.fixed):
        sums |= events
    first = min(sums, default=date.max)
    days = sums.union(events, [terms.effective_from for terms in contract.terms])
    return {day for day in days if first <= day <= contract.as_of}


def _closing_days(contract: Contract) -> set[date]:
    if all(terms.minimum is None for terms in contract.terms):
        return set()
    known = Known(contract, contract.as_of)
    return {
        minimum.closing_day(window, None)
        for window in minimum.windows(contract.plan, known.in_force, contract.as_of)
    }
