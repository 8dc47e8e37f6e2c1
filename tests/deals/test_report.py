"""Revenue reports: who may, when, and what an answer does."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from deals.models import Report
from deals.rules.faults import Refused
from deals.services import previews, reports
from marketplace.base import audit
from marketplace.base.errors import ConflictError, RuleError
from tests.deals import reporting
from tests.deals.reporting import noon, sale

pytestmark = pytest.mark.django_db

OCTOBER = noon("2026-10-16")
Q3 = "2026-Q3"


@pytest.fixture
def deal(cast):
    return reporting.make_paying_deal(cast)


@pytest.fixture
def lines():
    return [sale(180_800_000, on="2026-08-03")]


@pytest.fixture
def submitted(deal, cast, lines):
    return reporting.submit(deal, cast, Q3, lines, at=OCTOBER)


def test_a_draft_is_kept_until_it_is_submitted(deal, cast, lines):
    draft = reports.Draft(Q3, lines, reason="旺季")
    report = reports.save_draft(deal, draft, by=cast.finance_c, at=OCTOBER)
    assert (report.state, report.revision, report.reason) == ("draft", 1, "旺季")
    assert (report.starts_date, report.ends_date) == (date(2026, 7, 1), date(2026, 10, 1))
    assert [line.gross_minor for line in report.lines.all()] == [180_800_000]


def test_saving_again_replaces_the_lines_of_the_draft(deal, cast, lines):
    for gross in (100, 200):
        draft = reports.Draft(Q3, [sale(gross, on="2026-08-03")])
        report = reports.save_draft(deal, draft, by=cast.finance_c, at=OCTOBER)
    assert deal.reports.count() == 1
    assert [line.gross_minor for line in report.lines.all()] == [200]


def test_a_period_that_runs_cannot_be_reported(deal, cast, lines):
    with pytest.raises(RuleError, match=r"report\.period_open"):
        reporting.submit(deal, cast, Q3, lines, at=noon("2026-09-30"))


def test_a_period_can_be_reported_from_the_day_after_its_last(deal, cast, lines):
    assert reporting.submit(deal, cast, Q3, lines, at=noon("2026-10-01")).state == "submitted"


def test_a_period_of_another_calendar_is_refused(deal, cast, lines):
    with pytest.raises(RuleError, match=r"report\.period_unknown"):
        reporting.submit(deal, cast, "2026-07", lines, at=OCTOBER)


def test_lines_that_cannot_be_computed_cannot_be_submitted(deal, cast):
    with pytest.raises(Refused) as refused:
        reporting.submit(deal, cast, Q3, [sale(100, on="2026-10-02")], at=OCTOBER)
    assert [fault.code for fault in refused.value.faults] == ["line.outside_period"]
    assert Report.objects.get().state == "draft"


def test_only_the_companys_finance_may_report(deal, cast, lines):
    for actor in (cast.contact_c, cast.officer_a, cast.member_d, cast.platform_finance):
        with pytest.raises(RuleError, match=r"role\.missing"):
            reports.save_draft(deal, reports.Draft(Q3, lines), by=actor, at=OCTOBER)
    assert not Report.objects.exists()


def test_only_the_universitys_officer_may_accept(submitted, cast):
    for actor in (cast.head_a, cast.finance_a, cast.officer_b, cast.finance_c, cast.approver):
        with pytest.raises(RuleError, match=r"role\.missing"):
            reports.accept_report(submitted, by=actor, at=OCTOBER)
    assert Report.objects.get().state == "submitted"


def test_whoever_submitted_cannot_accept(submitted, cast):
    submitted.submitted_by = cast.officer_a.user
    submitted.save()
    with pytest.raises(RuleError, match=r"report\.decider_is_submitter"):
        reports.accept_report(submitted, by=cast.officer_a, at=OCTOBER)


def test_the_database_refuses_a_decider_who_submitted(submitted):
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.update(decided_by=submitted.submitted_by_id)


def test_acceptance_appends_a_fact_and_owes_one_computation(submitted, deal, cast):
    reports.accept_report(submitted, by=cast.officer_a, at=OCTOBER)
    fact = deal.facts.get(kind="report")
    assert fact.payload["accepted_on"] == "2026-10-16"
    assert fact.payload["lines"][0]["gross"] == "1808000.00"
    assert reporting.owed(deal) == 1
    verbs = [entry.verb for entry in audit.entries_of(deal)]
    assert verbs[:2] == ["report.accepted", "report.submitted"]


def test_a_report_is_accepted_once(submitted, cast):
    reports.accept_report(submitted, by=cast.officer_a, at=OCTOBER)
    with pytest.raises(ConflictError, match=r"report\.not_submitted"):
        reports.accept_report(submitted, by=cast.officer_a, at=OCTOBER)
    assert reporting.owed(submitted.deal) == 1


def test_lines_of_an_accepted_report_are_kept(submitted, cast):
    reports.accept_report(submitted, by=cast.officer_a, at=OCTOBER)
    with pytest.raises(DatabaseError), transaction.atomic():
        submitted.lines.update(gross_minor=1)


def test_a_questioned_report_goes_back_to_the_company(submitted, deal, cast, lines):
    reports.question_report(submitted, question="退货在哪里？", by=cast.officer_a, at=OCTOBER)
    assert Report.objects.get().state == "questioned"
    report = reporting.submit(deal, cast, Q3, lines, at=OCTOBER)
    assert (report.pk, report.state) == (submitted.pk, "submitted")


def test_a_question_needs_words(submitted, cast):
    with pytest.raises(RuleError, match=r"note\.missing"):
        reports.question_report(submitted, question=" ", by=cast.officer_a, at=OCTOBER)


def test_nothing_is_drafted_while_a_report_waits_for_its_answer(submitted, deal, cast, lines):
    with pytest.raises(ConflictError, match=r"report\.awaiting_answer"):
        reports.save_draft(deal, reports.Draft(Q3, lines), by=cast.finance_c, at=OCTOBER)


def test_a_correction_is_a_new_revision_that_supersedes_the_first(submitted, deal, cast):
    reports.accept_report(submitted, by=cast.officer_a, at=OCTOBER)
    again = [sale(180_800_000, on="2026-08-03", returns=100)]
    reporting.accept(deal, cast, Q3, again, at=noon("2026-11-02"))
    states = dict(deal.reports.values_list("revision", "state"))
    assert states == {1: "superseded", 2: "accepted"}
    reported = deal.facts.filter(kind="report").order_by("sequence")
    assert [fact.payload["revision"] for fact in reported] == [1, 2]


def test_a_report_of_no_sales_is_declared_nil(deal, cast):
    reporting.accept(deal, cast, Q3, [], at=OCTOBER)
    assert deal.facts.get(kind="report").payload["declared_nil"] is True


def test_the_closed_periods_stand_in_order_with_their_due_days(deal, submitted):
    found = previews.filings(deal, today=date(2026, 10, 1))
    assert [filing.period.name for filing in found] == ["2026-Q1", "2026-Q2", "2026-Q3"]
    assert found[2].due_date == date(2026, 10, 25)
    assert [filing.is_open for filing in found] == [True, True, False]


def test_the_preview_stores_nothing_and_says_what_will_be_billed(deal, cast, lines):
    result = previews.preview(deal, period=Q3, lines=lines, today=date(2026, 10, 16))
    assert result.statements[-1].payable == 4_400_000
    assert not deal.reports.exists()
    assert deal.facts.count() == 2
