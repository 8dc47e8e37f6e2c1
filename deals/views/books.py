"""What the deal's page shows of money: the task of the moment, and the record of instalments."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import F, Sum

from deals.models import Deal, Instalment, Report, Statement
from deals.rules.postings import Account
from deals.rules.states import DealState, ReportState
from deals.services import ledger, previews
from deals.services.previews import Filing
from deals.views.bills import status_of
from deals.views.periods import period_word
from marketplace.accounts.actors import Actor
from marketplace.accounts.rules import Permission

_REPORTING = {
    DealState.IN_TRIAL,
    DealState.EXTENDED,
    DealState.AWAITING_DECISION,
    DealState.PAYING,
    DealState.SETTLED,
}


@dataclass(frozen=True)
class Row:
    """One period of the record: its report and statement as far as there are any."""

    title: str
    filing: Filing
    gross: int | None
    statement: Statement | None
    state: str
    instalments: list[dict[str, Any]]


@dataclass(frozen=True)
class Books:
    """The record, newest period first, and what waits: a period, a report, or a payment."""

    rows: list[Row]
    to_file: Filing | None
    to_answer: Report | None
    to_pay: dict[str, Any] | None
    may_file: bool
    may_answer: bool
    may_record: bool
    may_distribute: bool
    interest_open: int

    @property
    def is_task(self) -> bool:
        """Whether the reader is the one that something waits for."""
        if self.to_answer is not None:
            return self.may_answer
        return self.to_file is not None and self.may_file

    @property
    def to_file_word(self) -> str:
        """The period to file, as people say it."""
        return period_word(self.to_file.period.name) if self.to_file else ""

    @property
    def to_answer_word(self) -> str:
        """The period of the report that waits."""
        return period_word(self.to_answer.period) if self.to_answer else ""


def books_of(deal: Deal, *, actor: Actor, today: date) -> Books | None:
    """Everything of money about a deal that was signed, None before."""
    if not deal.facts.filter(kind="terms").exists():
        return None
    found = _seen(deal, actor, today) if deal.state in _REPORTING else []
    statements = {row.period: row for row in deal.statements.prefetch_related("instalments").all()}
    gross = dict(deal.reports.values_list("pk").annotate(total=Sum("lines__gross_minor")))
    rows = [_row(one, gross, statements.get(one.period.name), today) for one in reversed(found)]
    reports = [one.report for one in found if one.report is not None]
    waiting = [one for one in reports if one.state == ReportState.SUBMITTED]
    unpaid = [one for row in rows for one in row.instalments if one["asked"]]
    return Books(
        rows=rows,
        to_file=previews.first_open(found),
        to_answer=waiting[0] if waiting else None,
        to_pay=min(unpaid, key=lambda one: one["row"].due_date, default=None),
        may_file=actor.may(Permission.REPORT_SUBMIT) and actor.belongs_to(deal.licensee),
        may_answer=actor.may(Permission.REPORT_DECIDE) and actor.belongs_to(deal.licensor),
        may_record=actor.may(Permission.RECEIPT_RECORD) and actor.belongs_to(deal.licensor),
        interest_open=_interest_open(deal),
        may_distribute=actor.may(Permission.DISTRIBUTION_VIEW) and actor.belongs_to(deal.licensor),
    )


def _interest_open(deal: Deal) -> int:
    """What the ledger asks for beside the instalments: charged interest that nobody paid yet."""
    asked = Instalment.objects.filter(statement__deal=deal).aggregate(
        total=Sum(F("amount_minor") - F("paid_minor"))
    )
    owed = ledger.balances(deal)[Account.COMPANY_RECEIVABLE, ""]
    return max(0, owed - (asked["total"] or 0))


def _seen(deal: Deal, actor: Actor, today: date) -> list[Filing]:
    """The closed periods, each with the latest report that the actor may see."""
    rows = Report.objects.visible_to(actor).filter(deal=deal).order_by("revision")
    latest = {report.period: report for report in rows}
    return [
        replace(one, report=latest.get(one.period.name))
        for one in previews.filings(deal, today=today)
    ]


def _row(
    one: Filing, gross: Mapping[int, int | None], statement: Statement | None, today: date
) -> Row:
    instalments = [] if statement is None else list(statement.instalments.all())
    report = one.report
    return Row(
        title=period_word(one.period.name),
        filing=one,
        gross=gross[report.pk] or 0 if report else None,
        statement=statement,
        state=report.state if report else ("overdue_report" if today > one.due_date else "due"),
        instalments=[
            status_of(row, today) for row in sorted(instalments, key=lambda row: row.due_date)
        ],
    )
