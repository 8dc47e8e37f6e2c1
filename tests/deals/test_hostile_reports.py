"""Reports from people in two organisations, from programs, and with figures that nothing holds."""

import json

import pytest
import time_machine
from django.core.exceptions import ValidationError

from deals.forms.money import UnitsField
from deals.models import Report, ReportLine
from deals.services import reports
from marketplace.accounts.actors import Actor
from marketplace.accounts.rules import Role
from marketplace.base.errors import RuleError
from tests.deals import reporting
from tests.deals.reporting import noon, sale
from tests.factories import MembershipFactory

OCTOBER = noon("2026-10-05")
SALES = [sale(180_800_000, on="2026-08-01")]


@pytest.fixture
def october():
    """The third quarter of 2026 is over."""
    with time_machine.travel(OCTOBER, tick=False):
        yield


@pytest.fixture
def deal(cast, october):
    return reporting.make_paying_deal(cast)


def keep_draft(deal, cast):
    draft = reports.Draft("2026-Q3", SALES, reason="秘密")
    return reports.save_draft(deal, draft, by=cast.finance_c, at=OCTOBER)


def test_a_form_refuses_more_pieces_than_a_row_can_hold():
    with pytest.raises(ValidationError):
        UnitsField().clean("9" * 17)


@pytest.mark.parametrize("who", ["officer_a", "approver"])
def test_the_api_lists_no_draft_to_anybody_but_the_company(cast, sign_in, deal, who):
    keep_draft(deal, cast)
    path = f"/api/v1/deals/{deal.public_id}/reports/"
    assert sign_in(getattr(cast, who)).get(path).json() == []
    assert len(sign_in(cast.finance_c).get(path).json()) == 1


def test_the_api_answers_for_a_draft_as_for_no_report(cast, sign_in, deal):
    draft = keep_draft(deal, cast)
    client = sign_in(cast.officer_a)
    assert client.post(f"/api/v1/reports/{draft.public_id}/accept/").status_code == 404
    assert client.post("/api/v1/reports/nobodys/accept/").status_code == 404


def test_the_page_of_a_deal_shows_no_sum_of_a_draft_to_the_university(cast, sign_in, deal):
    keep_draft(deal, cast)
    path = f"/deals/{deal.public_id}/"
    assert "1,808,000.00" not in sign_in(cast.officer_a).get(path).content.decode()
    assert "1,808,000.00" in sign_in(cast.finance_c).get(path).content.decode()


def test_whoever_questioned_a_report_cannot_submit_it_for_the_company(cast, deal):
    report = reporting.submit(deal, cast, "2026-Q3", SALES, at=OCTOBER)
    reports.question_report(report, question="?", by=cast.officer_a, at=OCTOBER)
    keep_draft(deal, cast)
    roles = [Role.COMPANY_FINANCE]
    both = MembershipFactory(user=cast.officer_a.user, organisation=cast.company_c, roles=roles)
    with pytest.raises(RuleError, match=r"report\.decider_is_submitter"):
        reports.submit_report(report, by=Actor(both.user, both), at=OCTOBER)


def test_a_report_that_the_api_refuses_leaves_the_draft_as_it_was(cast, sign_in, deal):
    keep_draft(deal, cast)
    body = {"period": "2026-Q3", "lines": [{"sale_date": "2026-01-01", "gross": "5.00"}]}
    answer = sign_in(cast.finance_c).post(
        f"/api/v1/deals/{deal.public_id}/report/", json.dumps(body), content_type="application/json"
    )
    assert answer.status_code == 400
    assert Report.objects.get().reason == "秘密"
    assert ReportLine.objects.get().gross_minor == 180_800_000
