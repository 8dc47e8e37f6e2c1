"""What a rehearsal begins with: a signed deal, proposed terms, or standing terms of any kind."""

from datetime import date

import pytest
from django.urls import reverse

from deals.models import PublishedRate, Rehearsal
from deals.rules.states import DealState
from deals.services import dossiers, rehearsals
from listings.rules import standards
from tests.deals import makers, rehearsing, reporting
from tests.deals.rehearsing import AT, report, step
from tests.deals.reporting import noon, sale

pytestmark = pytest.mark.django_db

SOLD = {"gross_0": "3,390,000.00", "vat_rate_0": "0.13", "deduction_0_0": "120000"}


@pytest.fixture
def client(sign_in, cast):
    return sign_in(cast.finance_c)


def reloaded(rehearsal):
    return Rehearsal.objects.get(pk=rehearsal.pk)


def desk(client, rehearsal, language="en"):
    return client.get(f"/{language}/rehearsals/{rehearsal.public_id}/").content.decode()


def test_standing_terms_begin_with_the_trial_on_the_chosen_day(cast):
    play = rehearsals.play_of(rehearsing.of_listing(cast))
    assert play.state == DealState.IN_TRIAL
    assert play.agreed.trial.start == date(2027, 1, 1)
    assert play.agreed.trial.last == date(2027, 6, 30)
    assert play.agreed.paying.last == date(2032, 6, 30)


def test_a_signed_deal_is_copied_with_its_facts(cast):
    deal = reporting.make_paying_deal(cast)
    reporting.accept(
        deal, cast, "2026-Q3", [sale(180_800_000, on="2026-08-03")], at=noon("2026-10-10")
    )
    row = rehearsing.of_deal(deal, cast)
    play = rehearsals.play_of(row)
    assert (row.source, row.state, play.converted) == ("deal", "paying", date(2026, 7, 1))
    assert [one["period"] for one in play.lists["reports"]] == ["2026-Q3"]


def test_a_report_that_waits_is_copied_and_a_draft_is_not(cast):
    deal = reporting.make_paying_deal(cast)
    reporting.submit(
        deal, cast, "2026-Q3", [sale(180_800_000, on="2026-08-03")], at=noon("2026-10-10")
    )
    assert [one.period for one in rehearsals.play_of(rehearsing.of_deal(deal, cast)).waiting] == [
        "2026-Q3"
    ]
    deal.reports.update(state="draft")
    assert rehearsals.play_of(rehearsing.of_deal(deal, cast)).waiting == ()


def test_proposed_terms_are_played_as_if_they_were_signed(cast):
    deal = makers.make_deal(cast, "in_talks", AT)
    row = rehearsing.of_deal(deal, cast)
    assert (row.source, row.state) == ("proposal", "in_trial")
    assert rehearsals.play_of(row).lists["terms"] == [deal.terms_versions.get().document]


def test_a_request_without_terms_leads_to_the_standing_ones(client, cast):
    deal = makers.make_deal(cast, "requested", AT)
    answer = client.get(reverse("rehearse_deal", args=[deal.public_id]))
    assert answer["Location"] == reverse("rehearse_listing", args=[deal.listing.public_id])


def test_a_rehearsal_begins_from_the_page_of_a_deal(client, cast):
    deal = makers.make_deal(cast, "in_trial", AT)
    address = reverse("rehearse_deal", args=[deal.public_id])
    assert address in client.get(f"/en/deals/{deal.public_id}/").content.decode()
    answer = client.post(address, {"label": "x", "start_date": "2200-01-01"})
    assert answer.status_code == 400
    assert 'value="2200-01-01"' in answer.content.decode()
    answer = client.post(address, {"label": "晚付", "start_date": "2030-01-01"})
    row = Rehearsal.objects.get()
    assert answer["Location"] == reverse("rehearsal", args=[row.public_id])
    assert (row.owner, row.organisation, row.today_date) == (
        cast.finance_c.user, cast.company_c, date(2030, 1, 1),
    )  # fmt: skip


def test_a_deal_cannot_be_rehearsed_in_its_past(client, cast):
    deal = makers.make_deal(cast, "in_trial", AT)
    address = reverse("rehearse_deal", args=[deal.public_id])
    answer = client.post(f"/en{address}", {"label": "x", "start_date": "2020-01-01"})
    assert answer.status_code == 400
    assert "at the earliest" in answer.content.decode()
    assert not Rehearsal.objects.exists()


def test_what_a_copied_deal_disputes_stays_disputed(client, cast):
    deal = reporting.make_paying_deal(cast)
    lines = [sale(180_800_000, on="2026-08-03")]
    reporting.accept(deal, cast, "2026-Q3", lines, at=noon("2026-10-10"))
    payload = {
        "type": "dispute",
        "date": "2026-10-11",
        "period": "2026-Q3",
        "amount": "44000.00",
    }
    dossiers.append_fact(
        deal, kind="event", payload=payload, effective_date=date(2026, 10, 11), at=AT
    )
    row = rehearsing.of_deal(deal, cast)
    step(client, row, "move", to="2027-06-01")
    text = desk(client, row)
    assert "Disputed" in text
    assert "Overdue" not in text


def test_a_lending_rate_that_the_terms_name_is_copied(client, cast):
    listing = makers.make_listing(cast)
    template = listing.terms_template
    template.document["late"]["rate"] = {"series": "LPR1Y", "multiple": "1.5"}
    template.save()
    PublishedRate.objects.create(
        series="LPR1Y",
        rate_date=date(2026, 9, 20),
        value="0.03",
        source="sample",
        retrieved_at=AT,
        recorded_by=cast.platform_finance.user,
        recorded_at=AT,
    )
    row = rehearsing.of_listing(cast)
    assert rehearsals.play_of(row).lists["rates"] == {"LPR1Y": [["2026-09-20", "0.03"]]}


@pytest.mark.parametrize("name", ["a", "b", "c", "option", "staged", "fixed_licence", "buy_out"])
@pytest.mark.parametrize("months", [0, 6])
def test_every_kind_of_standard_terms_can_be_played(client, cast, tmp_path, name, months):
    start = standards.start_named(name)
    listing = makers.make_listing(cast)
    template = listing.terms_template
    template.document, template.trial_months = start.document, months
    template.save()
    row = rehearsing.of_listing(cast)
    if months:
        step(client, row, "convert")
    assert reloaded(row).state == DealState.PAYING
    step(client, row, "move", to="2027-04-20")
    sums = SOLD if start.document["streams"] else {}
    assert report(client, row, "2027-Q1", "accepted", **sums).status_code == 302
    step(client, row, "move", to="2029-02-01")
    assert 'class="watermark"' in desk(client, row)
    assert rehearsing.offline(rehearsing.download(client, row), tmp_path) == rehearsing.shown(
        reloaded(row)
    )
    assert rehearsing.shown(reloaded(row))["totals"]["payable"] != "0.00"


def test_a_deal_that_cannot_be_computed_is_not_copied(client, cast):
    deal = reporting.make_paying_deal(cast)
    refund = {"type": "refund", "date": "2026-10-11", "amount": "5.00"}
    dossiers.append_fact(
        deal, kind="event", payload=refund, effective_date=date(2026, 10, 11), at=AT
    )
    address = f"/en/deals/{deal.public_id}/rehearse/"
    answer = client.post(address, {"start_date": "2030-01-01"})
    assert answer.status_code == 400
    assert "The refund is larger than the credits of that day." in answer.content.decode()
    assert not Rehearsal.objects.exists()


def test_a_rehearsal_that_later_rules_refuse_says_why_and_can_start_over(client, cast):
    row = rehearsing.of_listing(cast)
    terms = {**row.document["lists"]["terms"][0], "rounding": "none"}
    row.document = {**row.document, "lists": {"terms": [terms]}}
    row.save()
    own = f"/en/rehearsals/{row.public_id}/"
    assert "This cannot be computed" in desk(client, row)
    for page in ("contract.json", "reports/2027-Q1/", "statements/2027-Q1/"):
        assert client.get(f"{own}{page}")["Location"] == own
    assert step(client, row, "move", to="2028-01-01").status_code == 400
    assert step(client, row, "again").status_code == 302
    assert "This cannot be computed" not in desk(client, row)


def test_proposed_terms_that_later_rules_refuse_are_named(client, cast):
    deal = makers.make_deal(cast, "in_talks", AT)
    version = deal.terms_versions.get()
    version.pk, version.number = None, 2
    version.document = {**version.document, "rounding": "none"}
    version.save(force_insert=True)
    address = f"/en/deals/{deal.public_id}/rehearse/"
    assert client.get(address).status_code == 200
    answer = client.post(address, {"start_date": "2030-01-01"})
    assert answer.status_code == 400
    assert "error-summary" in answer.content.decode()
