"""The deal's steps over the API: the same rules as the pages, one shape of refusal."""

import json

import pytest
import time_machine
from django.test import Client

from deals.models import Deal, Receipt, Report
from marketplace.base.models import IdempotencyKey
from tests.deals import makers, reporting
from tests.deals.reporting import noon

REPORT = {
    "period": "2026-Q3",
    "lines": [
        {"sale_date": "2026-08-01", "gross": "1808000.00", "vat_rate": "0.13", "invoice": "F-1"}
    ],
}


def send(client: Client, path: str, body: object = None, key: str = ""):
    """POST JSON to a path below /api/v1/."""
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(
        f"/api/v1/{path}", json.dumps(body or {}), content_type="application/json", headers=headers
    )


@pytest.fixture
def october():
    """The third quarter of 2026 is over."""
    with time_machine.travel(noon("2026-10-05"), tick=False):
        yield


def test_a_company_asks_for_a_trial(cast, sign_in):
    makers.make_policy()
    listing = makers.make_listing(cast)
    wish = {
        "use": "中试",
        "site": "东莞",
        "indicators": "15 分钟",
        "wished_start_date": "2099-01-01",
    }
    answer = send(sign_in(cast.contact_c), f"listings/{listing.public_id}/request/", wish)
    assert answer.status_code == 201
    assert Deal.objects.get().public_id == answer.json()["id"]


def test_the_whole_way_to_a_trial_in_seven_calls(cast, sign_in, at):
    with time_machine.travel(at, tick=False):
        deal = makers.make_deal(cast, "requested", at)
        proposal = {
            "document": makers.make_document(deal, at),
            "licence_kind": "non_exclusive",
            "acts": "制造",
            "field_of_use": "动力电池",
            "territory": "中国内地",
        }
        path = f"deals/{deal.public_id}"
        proposed = send(sign_in(cast.officer_a), f"{path}/propose/", proposal)
        words = {"sha256": proposed.json()["sha256"]}
        for actor, verb in (
            (cast.head_a, "accept"),
            (cast.signatory_c, "accept"),
            (cast.approver, "approve"),
            (cast.second_approver, "approve"),
            (cast.head_a, "sign"),
            (cast.signatory_c, "sign"),
        ):
            answer = send(sign_in(actor), f"{path}/{verb}/", words)
            assert answer.status_code == 200, answer.json()
    assert answer.json()["state"] == "in_trial"


def test_one_person_cannot_approve_twice(cast, sign_in, at):
    deal = makers.make_deal(cast, "awaiting_platform", at)
    words = {"sha256": deal.terms.sha256}
    approver = sign_in(cast.approver)
    send(approver, f"deals/{deal.public_id}/approve/", words)
    answer = send(approver, f"deals/{deal.public_id}/approve/", words)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "approver.is_first"


def test_a_step_out_of_its_turn_is_a_conflict(cast, sign_in, at):
    deal = makers.make_deal(cast, "in_trial", at)
    answer = send(sign_in(cast.contact_c), f"deals/{deal.public_id}/withdraw/")
    assert answer.status_code == 409
    assert answer.json()["errors"][0]["code"] == "state.moved"


def test_a_stranger_gets_the_answer_for_a_deal_that_does_not_exist(cast, sign_in, at):
    deal = makers.make_deal(cast, "in_trial", at)
    stranger = sign_in(cast.member_d)
    real = stranger.get(f"/api/v1/deals/{deal.public_id}/")
    missing = stranger.get("/api/v1/deals/nothing-here/")
    assert (real.status_code, real.content) == (missing.status_code, missing.content)
    assert real.status_code == 404


def test_an_unknown_field_is_refused_by_its_name(cast, sign_in, at):
    deal = makers.make_deal(cast, "awaiting_platform", at)
    body = {"sha256": deal.terms.sha256, "state": "paying"}
    answer = send(sign_in(cast.approver), f"deals/{deal.public_id}/approve/", body)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["where"] == "state"


def test_nobody_calls_without_signing_in(cast, at):
    deal = makers.make_deal(cast, "in_trial", at)
    assert send(Client(), f"deals/{deal.public_id}/convert/").status_code == 401


def test_a_reading_key_cannot_write(cast, at):
    deal = makers.make_deal(cast, "in_trial", at)
    client = Client(headers={"Authorization": f"Token {cast.read_key}"})
    assert client.get(f"/api/v1/deals/{deal.public_id}/").status_code == 200
    assert send(client, f"deals/{deal.public_id}/convert/").status_code in (401, 403)


def test_a_preview_shows_the_figures_and_stores_nothing(cast, sign_in, october):
    deal = reporting.make_paying_deal(cast)
    answer = send(sign_in(cast.finance_c), f"deals/{deal.public_id}/preview/", REPORT)
    assert answer.status_code == 200, answer.json()
    newest = answer.json()["statements"][-1]
    assert (newest["period"], newest["payable"]) == ("2026-Q3", "44000.00")
    assert not Report.objects.exists()


def test_a_report_goes_from_filing_to_a_statement(cast, sign_in, october):
    deal = reporting.make_paying_deal(cast)
    filed = send(sign_in(cast.finance_c), f"deals/{deal.public_id}/report/", REPORT)
    assert filed.status_code == 201, filed.json()
    accepted = send(sign_in(cast.officer_a), f"reports/{filed.json()['id']}/accept/")
    assert accepted.json()["state"] == "accepted"
    reporting.work_off(noon("2026-10-05"))
    statements = sign_in(cast.finance_c).get(f"/api/v1/deals/{deal.public_id}/statements/").json()
    assert statements[0]["payable"] == "44000.00"
    assert any(line["code"].startswith("earned") for line in statements[0]["lines"])


@pytest.mark.parametrize("amount", ["NaN", "1e400", "１２", "-", "12.345", "", None])
def test_a_bad_amount_is_refused_at_its_line(cast, sign_in, october, amount):
    deal = reporting.make_paying_deal(cast)
    body = {"period": "2026-Q3", "lines": [{"sale_date": "2026-08-01", "gross": amount}]}
    answer = send(sign_in(cast.finance_c), f"deals/{deal.public_id}/preview/", body)
    assert answer.status_code == 400
    assert "gross" in answer.json()["errors"][0]["where"]


def test_the_same_key_records_a_transfer_once(cast, sign_in, october):
    deal = reporting.make_paying_deal(cast)
    body = {"reference": "B-1", "amount": "10.00", "received_date": "2026-10-02"}
    finance = sign_in(cast.finance_a)
    path = f"deals/{deal.public_id}/receipt/"
    first = send(finance, path, body, key="k-1")
    again = send(finance, path, body, key="k-1")
    assert first.status_code == 200, first.json()
    assert first.json() == again.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert Receipt.objects.count() == 1


def test_a_key_with_another_body_is_refused(cast, sign_in, october):
    deal = reporting.make_paying_deal(cast)
    finance = sign_in(cast.finance_a)
    path = f"deals/{deal.public_id}/receipt/"
    body = {"reference": "B-1", "amount": "10.00", "received_date": "2026-10-02"}
    send(finance, path, body, key="k-1")
    answer = send(finance, path, body | {"amount": "11.00"}, key="k-1")
    assert answer.status_code == 422


def test_a_refused_call_leaves_its_key_free(cast, sign_in, october):
    deal = reporting.make_paying_deal(cast)
    finance = sign_in(cast.finance_a)
    path = f"deals/{deal.public_id}/receipt/"
    body = {"reference": "B-1", "amount": "0.00", "received_date": "2026-10-02"}
    assert send(finance, path, body, key="k-1").status_code == 400
    assert not IdempotencyKey.objects.exists()
    assert send(finance, path, body | {"amount": "10.00"}, key="k-1").status_code == 200


def test_the_contract_file_holds_the_deals_facts(cast, sign_in, october):
    deal = reporting.make_paying_deal(cast)
    file = sign_in(cast.finance_c).get(f"/api/v1/deals/{deal.public_id}/contract/").json()
    assert file["events"] == [{"type": "conversion", "date": "2026-07-01"}]
