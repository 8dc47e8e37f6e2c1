"""The table "what changed and why": built from the facts between two computations."""

import pytest
from django.utils import translation

from deals.rules import facts
from deals.rules.causes import Cause, causes_on, own_changes
from deals.services import statement_rows
from deals.views.changes import changes_of
from tests.deals import disputing, reporting
from tests.deals.reporting import noon, sale
from tests.rules.contracts import contract, report, terms

Q3 = "2026-Q3"


@pytest.fixture
def deal(cast):
    return disputing.make_bill(cast).deal


def day(text):
    return noon(text).date()


def rows(statement):
    with translation.override("en"):
        return changes_of(statement, statement_rows.current_lines(statement))


def load(reports, **changes):
    return facts.load(contract([terms()], reports, **changes))


def test_a_restated_report_is_the_cause_and_comes_before_others_of_theday():
    reports = [
        report("2026-Q1", ["1000.00"]),
        report("2026-Q1", ["1400.00"], "2026-07-14", 2),
        report("2026-Q2", ["1000.00"], "2026-07-14"),
    ]
    found = causes_on(load(reports), day("2026-07-14"), "2026-Q2")
    assert found == (Cause("report", "2026-Q2", 1), Cause("report", "2026-Q1", 2))


def test_an_amendment_and_an_event_are_causes():
    later = terms(version=2, effective_from="2026-07-01")
    events = [{"type": "conversion", "date": "2026-07-01"}]
    made = facts.load(contract([terms(), later], [report("2026-Q1", ["1.00"])], events=events))
    found = causes_on(made, day("2026-07-01"), "2026-Q1")
    assert found == (Cause("terms", number=2), Cause("event", "conversion"))


def test_a_dispute_changes_no_figure_and_is_no_cause():
    event = {"type": "dispute", "date": "2026-04-20", "period": "2026-Q1", "amount": "1.00"}
    made = load([report("2026-Q1", ["1000.00"])], events=[event])
    assert causes_on(made, day("2026-04-20"), "2026-Q1") == (Cause("day"),)


def test_a_statement_that_was_never_restated_has_no_changes_of_its_own():
    finals = [{"period": "2026-Q1", "date": "2026-04-24", "known_from": "2026-04-14"}]
    assert not list(own_changes(load([report("2026-Q1", ["1.00"])], finals=finals), "2026-Q1"))


def restate(deal, cast, lines, day):
    reporting.accept(deal, cast, Q3, lines, at=noon(day))
    reporting.work_off(noon(day))


@pytest.mark.django_db
def test_a_correction_names_the_report_behind_it(deal, cast):
    restate(deal, cast, [sale(180_800_000, on="2026-08-03", returns=6_000_000)], "2026-11-02")
    [row] = rows(deal.statements.get(period="2026-Q4"))
    assert (row.about, row.title) == ("Q3 2026", "Royalty by tiers")
    assert (row.before, row.after, row.amount) == ("44,000.00", "41,600.00", -240_000)
    [because] = row.because
    assert because.text == "Report of Q3 2026, revision 2"
    assert because.url.endswith(f"/reports/{deal.reports.get(revision=2).public_id}/")


@pytest.mark.django_db
def test_a_change_before_the_last_day_stands_on_the_statement_itself(deal, cast):
    restate(deal, cast, [sale(237_300_000, on="2026-08-03")], "2026-10-20")
    found = {row.title: (row.before, row.after) for row in rows(deal.statements.get())}
    assert found["Royalty by tiers"] == ("44,000.00", "64,000.00")
    assert found["Revenue you reported, tax included"] == ("1,808,000.00", "2,373,000.00")


@pytest.mark.django_db
def test_the_page_shows_the_table_with_its_reason(deal, cast, sign_in):
    restate(deal, cast, [sale(237_300_000, on="2026-08-03")], "2026-10-20")
    answer = sign_in(cast.finance_c).get(f"/en/statements/{deal.statements.get().public_id}/")
    for words in ("What changed and why", "Report of Q3 2026, revision 2", "20,000.00"):
        assert words in answer.content.decode()


@pytest.mark.django_db
def test_the_same_figures_again_change_nothing(deal, cast):
    restate(deal, cast, [sale(180_800_000, on="2026-08-03")], "2026-10-20")
    assert rows(deal.statements.get()) == []
