"""Finance over the API: the same rules as the pages, and an idempotency key on every write."""

import pytest
import time_machine
from django.urls import reverse

from deals.models import CreditGrant, InterestProposal, Receipt
from tests.deals import reporting, settling
from tests.deals.reporting import noon
from tests.deals.test_api import send

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _november():
    with time_machine.travel(noon("2026-11-20"), tick=False):
        yield


@pytest.fixture
def proposal(cast):
    return settling.make_proposal(cast)


def test_both_sides_read_the_proposals(proposal, cast, sign_in):
    path = f"/api/v1/deals/{proposal.deal.public_id}/interest/"
    for actor in (cast.finance_a, cast.finance_c):
        (row,) = sign_in(actor).get(path).json()
        assert (row["days"], row["amount"], row["charged"]) == (10, "44.00", "0.00")


def test_a_repeated_charge_with_one_key_is_one_charge(proposal, cast, sign_in):
    client = sign_in(cast.finance_a)
    path = f"interest/{proposal.public_id}/charge/"
    first = send(client, path, {"reason": "reminded"}, key="k-1")
    assert first.status_code == 200, first.json()
    assert first.json()["charged"] == "44.00"
    assert send(client, path, {"reason": "reminded"}, key="k-1").json() == first.json()
    again = send(client, path, {"reason": "reminded"})
    assert (again.status_code, again.json()["errors"][0]["code"]) == (409, "interest.decided")


def test_a_wrong_reason_is_named(proposal, cast, sign_in):
    answer = send(sign_in(cast.finance_a), f"interest/{proposal.public_id}/waive/", {"reason": "x"})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["where"] == "reason"
    assert InterestProposal.objects.get().open_minor == 4_400


def test_a_transfer_is_reversed(proposal, cast, sign_in):
    receipt = Receipt.objects.get()
    body = {"reference": "R-1", "reversed_date": "2026-11-20", "reason": "bounced"}
    answer = send(sign_in(cast.finance_a), f"receipts/{receipt.public_id}/reverse/", body)
    assert answer.status_code == 200, answer.json()
    assert answer.json()["amount"] == "-44000.00"


def test_a_credit_is_proposed_confirmed_and_then_shown_to_the_company(proposal, cast, sign_in):
    deal = proposal.deal
    body = {"amount": "100.00", "usable_from_date": "2026-11-20", "reason": "goodwill"}
    made = send(sign_in(cast.finance_a), f"deals/{deal.public_id}/credit/", body)
    assert made.status_code == 200, made.json()
    listed = reverse("api_credits", args=[deal.public_id])
    assert sign_in(cast.finance_c).get(listed).json() == []
    confirmed = send(sign_in(cast.head_a), f"credits/{made.json()['id']}/confirm/")
    assert confirmed.json()["state"] == "confirmed"
    assert [row["amount"] for row in sign_in(cast.finance_c).get(listed).json()] == ["100.00"]
    assert CreditGrant.objects.get().decided_by == cast.head_a.user


def test_the_university_reads_its_distributions(cast, sign_in):
    settling.make_policy(cast)
    deal = settling.make_billed_deal(cast)
    reporting.pay(deal, cast, "B-1", 4_400_000, on="2026-11-02")
    reporting.work_off(noon("2026-11-02"))
    rows = sign_in(cast.finance_a).get(reverse("api_distributions", args=[deal.public_id])).json()
    assert sum(int(row["amount"].replace(".", "")) for row in rows) == 4_400_000
