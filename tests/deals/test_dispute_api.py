"""Disputes over the API: the same rules as the page, and steps as they stand."""

import pytest
import time_machine

from deals.models import Dispute
from tests.deals import disputing
from tests.deals.reporting import noon
from tests.deals.test_api import send

pytestmark = pytest.mark.django_db

BODY = {"code": "earned", "key": "product", "amount": "10000.00", "reason": "rate", "text": "4 %"}


@pytest.fixture
def bill(cast):
    return disputing.make_bill(cast)


@pytest.fixture(autouse=True)
def october():
    with time_machine.travel(noon("2026-10-20"), tick=False):
        yield


def test_a_dispute_is_opened_read_and_withdrawn(sign_in, cast, bill):
    client = sign_in(cast.finance_c)
    opened = send(client, f"statements/{bill.public_id}/dispute/", BODY)
    assert opened.status_code == 201, opened.json()
    [row] = sign_in(cast.officer_a).get(f"/api/v1/statements/{bill.public_id}/disputes/").json()
    assert (row["state"], row["amount"], row["side"]) == ("open", "10000.00", "licensee")
    shown = client.get(f"/api/v1/statements/{bill.public_id}/").json()
    assert shown["disputed"] == "10000.00"
    closed = send(client, f"disputes/{row['id']}/withdraw/")
    assert closed.json()["state"] == "withdrawn"


@pytest.mark.parametrize(
    ("change", "where"),
    [({"amount": "1e3"}, "amount"), ({"amount": "44000.01"}, "amount"), ({"code": "?"}, "line"),
     ({"reason": "mood"}, "reason"), ({"text": ""}, "text"), ({"state": "x"}, "state")],
)  # fmt: skip
def test_bad_input_names_its_field(sign_in, cast, bill, change, where):
    answer = send(sign_in(cast.finance_c), f"statements/{bill.public_id}/dispute/", BODY | change)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["where"] == where
    assert not Dispute.objects.exists()


def test_both_sides_agree_over_the_api(sign_in, cast, bill):
    dispute = disputing.open_dispute(bill, cast.finance_c)
    disputing.restate(bill.deal, cast, 237_300_000, day="2026-10-20")
    for actor, state in ((cast.finance_a, "open"), (cast.finance_c, "corrected")):
        answer = send(sign_in(actor), f"disputes/{dispute.public_id}/agree/")
        assert answer.json()["state"] == state


def test_a_restated_statement_shows_each_step_once(sign_in, cast, bill):
    disputing.restate(bill.deal, cast, 237_300_000, day="2026-10-20")
    shown = sign_in(cast.finance_c).get(f"/api/v1/statements/{bill.public_id}/").json()
    gross = [line["amount"] for line in shown["lines"] if line["code"] == "gross"]
    assert gross == ["2373000.00"]
