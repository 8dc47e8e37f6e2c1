"""A deal's life for the state machine: what can happen to it, and what we remember of it.

Everything goes through the product's services and its outbox; `Life` remembers only what people
did, so that the records can be compared with it.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest
import time_machine
from celery import current_app
from django.db import connection
from django.utils import timezone

from deals.models import Deal, Instalment, Report
from deals.rules.states import DealState, ReportState
from deals.services import previews, receipts, reports, runs, statements
from marketplace.base.errors import ConflictError
from marketplace.base.models import Outbox
from tests.cast import Cast
from tests.deals.reporting import noon, sale

START = noon("2026-07-02")
THE_END = date(2031, 12, 31)
SIGNED = date(2026, 1, 5)
_WRITES = ("INSERT", "UPDATE", "DELETE")


class PulledPlugError(Exception):
    """The worker dies before one of its writes."""


@dataclass(frozen=True)
class Turn:
    """How the worker takes its turn: not at all, in which order, dying before which write."""

    is_awake: bool = True
    order: int = 0
    dies_before: int | None = None


@dataclass(frozen=True)
class Sales:
    """A period's sales: the gross of each line in fen, what came back, and the tax inside."""

    gross: tuple[int, ...]
    returns: int = 0
    vat_rate: str = "0"
    is_at_edge: bool = False


@dataclass
class Life:
    """One paying deal, and what people did to it so far."""

    deal: Deal
    cast: Cast
    at: datetime = START
    reported: dict[str, Sales] = field(default_factory=dict)
    history: dict[str, list[Sales]] = field(default_factory=dict)
    waiting: dict[str, tuple[Report, Sales]] = field(default_factory=dict)
    received: dict[str, tuple[int, str]] = field(default_factory=dict)
    # The statements' lines that were already found to be true.
    shown: dict[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # The other agreements' deals rest meanwhile.
        Deal.objects.exclude(pk=self.deal.pk).update(state=DealState.EXITED)
        found = previews.filings(self.deal, today=THE_END)
        self.periods = {filing.period.name: filing.period for filing in found}

    @property
    def closed(self) -> list[str]:
        """Every period that can be reported, oldest first."""
        today = timezone.localdate(self.at)
        return [name for name, period in self.periods.items() if period.end <= today]

    @property
    def unreported(self) -> list[str]:
        """Closed periods without any report."""
        return [name for name in self.closed if name not in {**self.reported, **self.waiting}]

    @property
    def restatable(self) -> list[str]:
        """Periods with an accepted report and none that waits."""
        return sorted(self.reported.keys() - self.waiting.keys())

    def pass_days(self, days: int) -> None:
        """Let days pass; beat was down before the last of them, and fires what is due then."""
        self.at += timedelta(days=days)
        runs.fire_due(on=timezone.localdate(self.at), at=self.at)

    def close_a_period(self) -> None:
        """Let days pass until there is a period to report, or the contract is over."""
        if self.unreported:
            return
        later = [period.end for name, period in self.periods.items() if name not in self.closed]
        if later:
            self.pass_days((min(later) - timezone.localdate(self.at)).days)

    def submit(self, period: str, sales: Sales) -> Report:
        """Company C's finance person hands these sales in."""
        draft = reports.Draft(period, list(self._lines(period, sales)))
        report = reports.save_draft(self.deal, draft, by=self.cast.finance_c, at=self.at)
        report = reports.submit_report(report, by=self.cast.finance_c, at=self.at)
        self.waiting[period] = (report, sales)
        return report

    def question(self, period: str) -> None:
        """University A's officer asks, so that the company has to hand in again."""
        report, _ = self.waiting.pop(period)
        reports.question_report(report, question="含税?", by=self.cast.officer_a, at=self.at)

    def accept(self, period: str) -> None:
        """University A's officer accepts what was handed in."""
        report, sales = self.waiting.pop(period)
        report = reports.accept_report(report, by=self.cast.officer_a, at=self.at)
        assert report.state == ReportState.ACCEPTED
        self.reported[period] = sales
        self.history.setdefault(period, []).append(sales)

    def _lines(self, period: str, sales: Sales) -> Iterator[object]:
        days = self.periods[period]
        first = max(days.start, SIGNED)
        edges = (first, days.last) if sales.is_at_edge else (first + timedelta(days=9),)
        for number, gross in enumerate(sales.gross):
            on = edges[number % len(edges)].isoformat()
            returns = sales.returns if number == 0 else 0
            yield sale(gross, on=on, returns=returns, vat_rate=sales.vat_rate)

    def pay(self, amount: int, *, days_ago: int) -> None:
        """University A's finance person finds a transfer on the bank's list."""
        on = max(START, self.at - timedelta(days=days_ago)).date()
        reference = f"L-{self.deal.pk}-{len(self.received)}"
        transfer = receipts.Transfer(reference, amount, on)
        self._record(transfer)
        self.received[reference] = (amount, on.isoformat())

    def pay_again(self, reference: str, *, more: int) -> None:
        """The same reference once more: ignored with the same figures, refused with others."""
        amount, day = self.received[reference]
        transfer = receipts.Transfer(reference, amount + more, noon(day).date())
        if more:
            with pytest.raises(ConflictError):
                self._record(transfer)
            return
        self._record(transfer)

    def _record(self, transfer: receipts.Transfer) -> None:
        receipts.record_receipt(self.deal, transfer, by=self.cast.finance_a, at=self.at)

    def asked(self) -> int:
        """What all instalments still ask for, in fen."""
        rows = Instalment.objects.filter(statement__deal=self.deal)
        return sum(row.outstanding_minor for row in rows)

    def work_off(self, turn: Turn) -> None:
        """The worker does what the outbox owes in any order, perhaps dying once before."""
        if not turn.is_awake:
            return
        with time_machine.travel(self.at, tick=False):
            while rows := list(Outbox.objects.waiting().order_by("pk")):
                random.Random(turn.order).shuffle(rows)
                self._die_at(rows[0], turn.dies_before)
                for row in rows:
                    current_app.tasks[row.task](row.pk)

    def work_again(self) -> None:
        """Compute with nothing new, and let the last messages come once more, in any order."""
        statements.compute_deal(self.deal.pk, at=self.at)
        with time_machine.travel(self.at, tick=False):
            for row in Outbox.objects.order_by("-pk")[:2]:
                current_app.tasks[row.task](row.pk)

    def _die_at(self, row: Outbox, write: int | None) -> None:
        if write is None:
            return
        try:
            with dying_before(write):
                current_app.tasks[row.task](row.pk)
        except PulledPlugError:
            row.refresh_from_db()
            assert row.done_at is None


@contextmanager
def dying_before(write: int) -> Iterator[None]:
    """Raise PulledPlugError in place of the write with this number, counted from 0."""
    left = write

    def fall(execute, sql, params, many, context):
        nonlocal left
        if sql.lstrip().upper().startswith(_WRITES):
            left -= 1
            if left < 0:
                raise PulledPlugError
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fall):
        yield
