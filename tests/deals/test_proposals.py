"""Proposing terms: the editor of a deal, filled in, checked, kept, and shown to who decides."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation

from deals.models import PolicyProfile, TermsVersion
from deals.services.approvals import departures
from marketplace.base import clock
from tests.deals.makers import make_deal, trial_end


@pytest.fixture(autouse=True)
def chinese():
    """Addresses and words in Chinese, whatever the test before looked at."""
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def now(db):
    """The pages read the clock, so their deals happen now."""
    return clock.now()


def proposal(client, deal, **changes):
    """What the form is filled in with, as a browser would send it, with changes."""
    path = reverse("deal_propose", args=[deal.public_id])
    form = client.get(path).context["form"]
    typed = {name: value for name, value in form.typed().items() if value not in (False, "")}
    return typed | {"field_of_use": "动力电池"} | changes


def test_the_proposal_form_is_filled_in_with_the_listings_terms(cast, sign_in, now):
    deal = make_deal(cast, "requested", now)
    path = reverse("deal_propose", args=[deal.public_id])
    form = sign_in(cast.officer_a).get(path).context["form"]
    assert form["streams-0-tiers-rows-0-rate"].value() == "4"
    assert form["streams-0-tiers-rows-0-up_to"].value() == "2,000,000.00"
    assert form["caps-lifetime"].value() == "1,200,000.00"
    assert form["owners-0-party"].value() == str(cast.university_a)


def test_an_officer_proposes_terms(cast, sign_in, now):
    deal = make_deal(cast, "requested", now)
    client = sign_in(cast.officer_a)
    data = proposal(client, deal, **{"caps-lifetime": "1000000"})
    response = client.post(reverse("deal_propose", args=[deal.public_id]), data)
    assert response.status_code == 302
    version = TermsVersion.objects.get()
    assert version.document["caps"]["lifetime"] == "1000000.00"
    begins = max(deal.wished_start_date, clock.today())
    assert version.document["stages"]["trial"]["to"] == trial_end(begins).isoformat()
    assert [change.path for change in departures(version)] == ["caps.lifetime"]


def test_terms_that_nobody_changed_depart_from_nothing(cast, sign_in, now):
    deal = make_deal(cast, "requested", now)
    client = sign_in(cast.officer_a)
    client.post(reverse("deal_propose", args=[deal.public_id]), proposal(client, deal))
    assert departures(TermsVersion.objects.get()) == ()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"caps-lifetime": "12 万"}, "caps-lifetime"),
        ({"streams-0-tiers-rows-0-rate": "4 percent"}, "streams-0-tiers-rows-0-rate"),
        ({"streams-0-tiers-rows-0-up_to": ""}, "streams-0-tiers-rows-0-up_to"),
        ({"streams-0-tiers-mode": ""}, "streams-0-tiers-mode"),
        ({"field_of_use": ""}, "field_of_use"),
        ({"owners-0-party": "没有这所大学"}, "owners-0-party"),
        (
            {"stages-trial-from": "2020-01-01", "stages-trial-to": "2020-06-30"},
            "stages-trial-to",
        ),
    ],
)
def test_a_fault_in_a_proposal_stands_beside_its_field(cast, sign_in, now, changes, field):
    deal = make_deal(cast, "requested", now)
    client = sign_in(cast.officer_a)
    data = proposal(client, deal, **changes)
    response = client.post(reverse("deal_propose", args=[deal.public_id]), data)
    assert response.context["form"].errors.keys() == {field}
    assert not TermsVersion.objects.exists()


# --- unusual terms --------------------------------------------------------------------------------


def by_piece(client, deal, **changes):
    """A proposal that counts pieces at a price each."""
    data = proposal(client, deal)
    gone = ("streams-0-tiers-rows-1", "streams-0-free_allowance-amount", "streams-0-deductions")
    kept = {name: value for name, value in data.items() if not name.startswith(gone)}
    priced = {
        "streams-0-basis": "units",
        "streams-0-free_allowance-amount": "100.125",
        "streams-0-tiers-rows-0-rate": "",
        "streams-0-tiers-rows-0-unit": "5.125",
        "streams-0-tiers-rows-0-up_to": "",
    }
    return kept | priced | changes


def test_pieces_are_agreed_at_a_price_each_and_shown_so(cast, sign_in, now):
    deal = make_deal(cast, "requested", now)
    client = sign_in(cast.officer_a)
    path = reverse("deal_propose", args=[deal.public_id])
    assert client.post(path, by_piece(client, deal)).status_code == 302
    html = sign_in(cast.signatory_c).get(reverse("deal", args=[deal.public_id])).content.decode()
    assert "每件 5.125" in html
    assert "100.125 件" in html


def test_a_clause_beside_the_points_is_shown_to_who_decides(cast, sign_in, now):
    deal = make_deal(cast, "requested", now)
    client = sign_in(cast.officer_a)
    changes = {
        "streams-0-tiers-rows-0-flat": "123.00",
        "stages-trial-unconverted_use": "claim",
        "fixed-0-key": "entry",
        "fixed-0-amount": "20000",
        "fixed-0-on": "转换付费",
        "fixed-0-due_days": "10",
    }
    path = reverse("deal_propose", args=[deal.public_id])
    assert client.post(path, proposal(client, deal, **changes)).status_code == 302
    rows = sign_in(cast.signatory_c).get(reverse("deal", args=[deal.public_id]))
    shown = {row.label: row.after for row in rows.context["differences"] if row.differs}
    assert shown["第 2.3 条"] == "claim"
    assert shown["第 4.7 条"] == "123.00"
    assert "第 5.1 条" in shown


def test_a_proposal_is_checked_against_the_ceilings_in_force(cast, sign_in, now):
    deal = make_deal(cast, "requested", now)
    PolicyProfile.objects.update(
        ceiling_rate=Decimal("0.2"), ceiling_trial_months=3, ceiling_source="某通知"
    )
    client = sign_in(cast.officer_a)
    dear = proposal(client, deal, **{"streams-0-tiers-rows-1-rate": "25"})
    path = reverse("deal_propose_check", args=[deal.public_id])
    warnings = client.post(path, dear).context["panel"].warnings
    assert len(warnings) == 2
    assert warnings[0].endswith("高于 20% 的上限，依据：某通知")
    assert warnings[1].endswith("超过 3 个月的上限，依据：某通知")


def test_what_departs_from_the_listing_stands_beside_the_form(cast, sign_in, now):
    deal = make_deal(cast, "requested", now)
    client = sign_in(cast.officer_a)
    data = proposal(client, deal, **{"caps-lifetime": "1000000"})
    answer = client.post(reverse("deal_propose_check", args=[deal.public_id]), data)
    assert [row.label for row in answer.context["differences"]] == ["累计封顶"]


def test_checking_a_proposal_proposes_nothing(cast, sign_in, now):
    deal = make_deal(cast, "requested", now)
    client = sign_in(cast.officer_a)
    client.post(reverse("deal_propose_check", args=[deal.public_id]), proposal(client, deal))
    assert not TermsVersion.objects.exists()


def test_a_second_university_shares_by_weight(cast, sign_in, now):
    deal = make_deal(cast, "requested", now)
    client = sign_in(cast.officer_a)
    changes = {
        "owners-0-weight": "60",
        "owners-1-party": str(cast.university_b),
        "owners-1-weight": "40",
        "collection": str(cast.university_a),
    }
    path = reverse("deal_propose", args=[deal.public_id])
    assert client.post(path, proposal(client, deal, **changes)).status_code == 302
    document = TermsVersion.objects.get().document
    parties = [cast.university_a.public_id, cast.university_b.public_id]
    assert [owner["party"] for owner in document["owners"]] == parties
    assert document["collection"] == f"lead:{parties[0]}"


def test_a_form_of_thousands_of_rows_is_refused(cast, sign_in, now):
    deal = make_deal(cast, "requested", now)
    client = sign_in(cast.officer_a)
    rows = {f"streams-{stream}-deductions-99-type": "x" for stream in range(40)}
    path = reverse("deal_propose_check", args=[deal.public_id])
    assert client.post(path, rows).status_code == 400
