"""The page of credits: what each was, where it was used, and who grants one."""

import pytest
from django.urls import reverse

from deals.models import CreditGrant
from deals.services import credits
from deals.services.credits import Grant
from tests.deals import reporting, settling
from tests.deals.reporting import noon

pytestmark = pytest.mark.django_db


@pytest.fixture
def on(time_machine):
    """Move the clock to noon of a day."""
    return lambda day: time_machine.move_to(noon(day), tick=False)


@pytest.fixture
def billed(cast, on):
    on("2026-11-20")
    return settling.make_billed_deal(cast)


def text(response):
    return response.content.decode()


def credit_data(**changes):
    return {"amount": "10,000", "usable_from_date": "2026-11-20", "reason": "prepaid"} | changes


def test_finance_proposes_a_credit_and_the_head_grants_it(billed, cast, sign_in):
    url = reverse("credit_new", args=[billed.public_id])
    assert sign_in(cast.finance_a).post(url, credit_data()).status_code == 302
    row = CreditGrant.objects.get()
    answer = sign_in(cast.head_a).post(reverse("credit_confirm", args=[row.public_id]))
    assert answer.status_code == 302
    page = sign_in(cast.finance_c).get(reverse("deal_credits", args=[billed.public_id]))
    (found,) = page.context["rows"]
    assert (found.found.kind, found.found.left) == ("granted", 1_000_000)
    assert page.context["left"] == 1_000_000


def test_the_company_does_not_see_what_is_only_proposed(billed, cast, sign_in):
    grant = Grant(1_000, noon("2026-11-20").date(), "prepaid")
    credits.propose_credit(billed, grant=grant, by=cast.finance_a, at=noon("2026-11-20"))
    page = sign_in(cast.finance_c).get(reverse("deal_credits", args=[billed.public_id]))
    assert page.context["grants"] == []
    page = sign_in(cast.head_a).get(reverse("deal_credits", args=[billed.public_id]))
    assert page.context["grants"][0]["may_decide"]


def test_a_wrong_amount_is_named_and_kept(billed, cast, sign_in):
    url = reverse("credit_new", args=[billed.public_id])
    answer = sign_in(cast.finance_a).post(url, credit_data(amount="1e3"))
    assert answer.status_code == 400
    assert 'value="1e3"' in text(answer)
    assert not CreditGrant.objects.exists()


def test_a_surplus_shows_where_it_was_used(billed, cast, sign_in, on):
    reporting.pay(billed, cast, "B-1", 5_000_000, on="2026-11-02")
    lines = [reporting.sale(237_300_000, on="2026-11-20")]
    reporting.accept(billed, cast, "2026-Q4", lines, at=noon("2027-01-18"))
    reporting.work_off(noon("2027-01-18"))
    on("2027-01-18")
    page = sign_in(cast.finance_c).get(reverse("deal_credits", args=[billed.public_id]))
    (row,) = page.context["rows"]
    assert (row.source, row.found.amount, row.found.left) == ("B-1", 600_000, 0)
    assert [use["amount"] for use in row.uses] == [600_000]


def test_a_proposed_credit_waits_in_the_heads_work(billed, cast, sign_in):
    grant = Grant(1_000, noon("2026-11-20").date(), "prepaid")
    credits.propose_credit(billed, grant=grant, by=cast.finance_a, at=noon("2026-11-20"))
    mine = sign_in(cast.head_a).get(reverse("my_work")).context["mine"]
    assert reverse("deal_credits", args=[billed.public_id]) in [item.url for item in mine]
