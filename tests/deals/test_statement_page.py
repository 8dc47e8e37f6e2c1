"""The statement as a document: every amount from the calculation, every step with its source."""

import json

import pytest
from django.core.management import call_command
from django.utils import translation

from deals.models import Statement
from deals.services import statement_rows
from deals.views import trace
from deals.views.bills import traced
from tests.deals import reporting
from tests.deals.reporting import noon, sale

pytestmark = pytest.mark.django_db


def report(deal, cast, period, lines, day):
    reporting.accept(deal, cast, period, lines, at=noon(day))
    reporting.work_off(noon(day))


@pytest.fixture
def deal(cast):
    deal = reporting.make_paying_deal(cast)
    q4 = sale(237_300_000, on="2026-11-02")
    report(deal, cast, "2026-Q3", [sale(180_800_000, on="2026-08-03")], "2026-10-16")
    report(deal, cast, "2026-Q4", [q4], "2027-01-18")
    restated = sale(237_300_000, on="2026-11-02", returns=6_000_000)
    report(deal, cast, "2026-Q4", [restated], "2027-03-01")
    q1 = sale(339_000_000, on="2027-02-01", returns=12_000_000)
    report(deal, cast, "2027-Q1", [q1], "2027-04-16")
    return deal


@pytest.fixture
def statement(deal):
    return deal.statements.get(period="2027-Q1")


def page(sign_in, actor, statement, language="en"):
    client = sign_in(actor)
    prefix = "" if language == "zh-hans" else f"/{language}"
    return client.get(f"{prefix}/statements/{statement.public_id}/")


def test_the_page_shows_the_design_example(sign_in, cast, statement):
    text = page(sign_in, cast.finance_c, statement).content.decode()
    for words in (
        "¥\u00a089,000.00",
        "捌万玖仟元整",
        "3,390,000.00",
        "−390,000.00",
        "−120,000.00",
        "−500,000.00",
        "2,380,000.00",
        "2,000,000.00 × 4% + 380,000.00 × 3%",
        "91,400.00",
        "−2,400.00",
        "197,000.00",
        "1,003,000.00",
    ):
        assert words in text


def test_what_changed_stands_in_a_table_with_a_link(sign_in, cast, deal, statement):
    text = page(sign_in, cast.finance_c, statement).content.decode()
    corrected = deal.statements.get(period="2026-Q4")
    assert f"/en/statements/{corrected.public_id}/" in text
    assert "64,000.00" in text
    assert "61,600.00" in text


def test_the_page_speaks_chinese(sign_in, cast, statement):
    text = page(sign_in, cast.finance_c, statement, "zh-hans").content.decode()
    for words in ("2027 年第 1 季度", "计费基数", "减去免提额", "最多还会付"):
        assert words in text


def test_both_parties_and_the_platform_read_it_and_strangers_do_not(sign_in, cast, statement):
    for actor in (cast.finance_c, cast.officer_a, cast.finance_a, cast.auditor):
        assert page(sign_in, actor, statement).status_code == 200
    for actor in (cast.member_d, cast.officer_b, cast.double):
        assert page(sign_in, actor, statement).status_code == 404


def test_the_contract_file_recomputes_to_the_same_figures(
    sign_in, cast, statement, tmp_path, capsys
):
    client = sign_in(cast.finance_c)
    answer = client.get(f"/statements/{statement.public_id}/contract.json")
    assert f'filename="{statement.number}.json"' in answer["Content-Disposition"]
    path = tmp_path / "contract.json"
    path.write_bytes(answer.content)

    call_command("royalty", str(path), as_of="2027-04-16")

    printed = json.loads(capsys.readouterr().out)
    (found,) = [row for row in printed["statements"] if row["period"] == "2027-Q1"]
    assert {name: found[name] for name in statement.figures} == statement.figures
    assert printed["totals"]["outstanding"] == "197000.00"


def test_a_contract_file_is_no_strangers_business(sign_in, cast, statement):
    client = sign_in(cast.member_d)
    assert client.get(f"/statements/{statement.public_id}/contract.json").status_code == 404


def test_steps_say_each_code_in_both_languages(statement):
    lines = traced(statement_rows.current_lines(statement))
    with translation.override("en"):
        english = [step.title for step in trace.steps_of(lines)]
    with translation.override("zh-hans"):
        chinese = [step.title for step in trace.steps_of(lines)]
    assert len(english) == len(chinese)
    assert not set(english) & set(chinese)


@pytest.mark.parametrize("code", sorted(trace.WORDS))
def test_every_code_has_a_sentence_of_its_own_in_chinese(code):
    with translation.override("zh-hans"):
        title = str(trace.words_of(code).title)
    assert any("\u4e00" <= sign <= "\u9fff" for sign in title)


def test_a_statement_of_nothing_says_so(sign_in, cast):
    deal = reporting.make_paying_deal(cast)
    report(deal, cast, "2026-Q3", [], "2026-10-16")
    text = page(sign_in, cast.finance_c, Statement.objects.get()).content.decode()
    for words in ("Nothing payable", "No revenue was reported for this period", "零元整"):
        assert words in text


def test_a_draft_says_that_it_gathers_until_its_own_report_comes(sign_in, cast):
    deal = reporting.make_paying_deal(cast)
    report(deal, cast, "2026-Q3", [sale(180_800_000, on="2026-08-03")], "2026-10-16")
    report(deal, cast, "2026-Q3", [sale(237_300_000, on="2026-08-03")], "2026-11-02")
    draft = deal.statements.get(period="2026-Q4")
    text = page(sign_in, cast.finance_c, draft).content.decode()
    assert "It gathers corrections until this period" in text
    assert "No revenue was reported" not in text


def test_the_sales_of_a_restated_quarter_link_to_the_report_that_counts(sign_in, cast, deal):
    report(deal, cast, "2027-Q1", [sale(339_000_000, on="2027-02-01")], "2027-04-20")
    second = deal.reports.get(period="2027-Q1", revision=2)
    text = page(sign_in, cast.finance_c, deal.statements.get(period="2027-Q1")).content.decode()
    assert f"Report {second.number}, accepted on 2027-04-20" in text


def test_what_is_payable_names_a_loss_that_is_kept_as_a_credit(sign_in, cast):
    deal = reporting.make_paying_deal(cast)
    report(deal, cast, "2026-Q3", [sale(180_800_000, on="2026-08-03")], "2026-10-16")
    restated = sale(180_800_000, on="2026-08-03", returns=60_000_000)
    report(deal, cast, "2026-Q3", [restated], "2027-01-10")
    report(deal, cast, "2026-Q4", [], "2027-01-18")
    found = deal.statements.get(period="2026-Q4")
    total = page(sign_in, cast.finance_c, found).context["steps"][-1]
    assert (found.corrections_minor, total.amount) == (-2_400_000, 0)
    assert total.formula == "0.00 − 24,000.00 + 24,000.00"
