"""The page of late interest: its days, its sum, and charging or waiving it."""

import pytest
from django.urls import reverse

from deals.models import InterestProposal
from tests.deals import reporting, settling
from tests.deals.reporting import noon

pytestmark = pytest.mark.django_db


@pytest.fixture
def on(time_machine):
    """Move the clock to noon of a day."""
    return lambda day: time_machine.move_to(noon(day), tick=False)


@pytest.fixture
def late(cast, on):
    on("2026-11-20")
    return settling.make_late_deal(cast)


def text(response):
    return response.content.decode()


def test_the_page_shows_the_days_and_the_sum_of_a_proposal(late, cast, sign_in):
    page = sign_in(cast.finance_a).get(reverse("deal_interest", args=[late.public_id]))
    (bill,) = page.context["bills"]
    (span,) = bill.spans
    assert (span.days, span.amount, span.rate, span.interest) == (10, 4_400_000, "3.65%", "44.0000")
    assert (bill.total, bill.before, bill.amount) == (4_400, 0, 4_400)
    assert "44.0000" in text(page)
    assert "÷ 365" in text(page)


def test_the_company_sees_the_proposal_without_the_forms(late, cast, sign_in):
    page = sign_in(cast.finance_c).get(reverse("deal_interest", args=[late.public_id]))
    assert page.context["bills"][0].charge is None
    assert "<form" not in text(page).partition("<main")[2].partition("</main>")[0]


def test_finance_charges_from_the_page(late, cast, sign_in):
    row = InterestProposal.objects.get()
    answer = sign_in(cast.finance_a).post(
        reverse("interest_charge", args=[row.public_id]), {"charge-reason": "reminded"}
    )
    assert answer.status_code == 302
    row.refresh_from_db()
    assert row.charged_minor == 4_400


def test_a_waiver_without_a_reason_stays_on_the_page_with_its_note(late, cast, sign_in):
    row = InterestProposal.objects.get()
    answer = sign_in(cast.finance_a).post(
        reverse("interest_waive", args=[row.public_id]), {"waive-note": "kept words"}
    )
    assert answer.status_code == 400
    assert "kept words" in text(answer)
    row.refresh_from_db()
    assert row.open_minor == 4_400


def test_interest_that_accrues_is_shown_before_it_is_a_proposal(cast, sign_in, on):
    on("2026-11-14")
    deal = settling.make_billed_deal(cast, late=settling.LATE)
    page = sign_in(cast.finance_c).get(reverse("deal_interest", args=[deal.public_id]))
    (bill,) = page.context["bills"]
    assert (bill.state, bill.days, bill.amount) == ("accruing", 5, 2_200)


def test_a_deal_without_late_terms_says_so(cast, sign_in, on):
    on("2026-11-20")
    document = {"late": None}
    deal = settling.make_billed_deal(cast, **document)
    page = sign_in(cast.finance_c).get(reverse("deal_interest", args=[deal.public_id]))
    assert page.context["rule"] == ""


def test_interest_waits_in_finances_work_until_it_is_decided(late, cast, sign_in):
    def titles():
        return [
            item.url for item in sign_in(cast.finance_a).get(reverse("my_work")).context["mine"]
        ]

    page = reverse("deal_interest", args=[late.public_id])
    assert page in titles()
    row = InterestProposal.objects.get()
    url = reverse("interest_charge", args=[row.public_id])
    sign_in(cast.finance_a).post(url, {"charge-reason": "reminded"})
    assert page not in titles()


def test_the_deals_page_asks_for_charged_interest_until_it_is_paid(late, cast, sign_in, on):
    row = InterestProposal.objects.get()
    url = reverse("interest_charge", args=[row.public_id])
    sign_in(cast.finance_a).post(url, {"charge-reason": "reminded"})
    reporting.work_off(noon("2026-11-20"))

    def asked():
        page = sign_in(cast.finance_c).get(reverse("deal", args=[late.public_id]))
        return page.context["money"].interest_open

    assert asked() == 4_400
    reporting.pay(late, cast, "B-2", 4_400, on="2026-11-20")
    reporting.work_off(noon("2026-11-20"))
    assert asked() == 0
