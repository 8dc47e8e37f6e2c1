"""Rehearsals: copied, played through both sides, checked offline, and without any effect."""

import hashlib
from datetime import date

import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse

from deals.models import Rehearsal
from deals.rules.states import DealState
from deals.services import rehearsals
from listings.models import TermsTemplate
from marketplace.base.errors import RuleError
from tests.deals import makers, rehearsing, reporting
from tests.deals.rehearsing import AT, report, step
from tests.deals.reporting import noon, sale

pytestmark = pytest.mark.django_db

SOLD = {"gross_0": "3,390,000.00", "vat_rate_0": "0.13", "deduction_0_0": "120000"}
# What a request may write that is no business: attempts counted, and where somebody is signed in.
ASIDE = {"base_cache", "django_session", "deals_rehearsal"}


@pytest.fixture
def client(sign_in, cast):
    return sign_in(cast.finance_c)


@pytest.fixture
def standing(cast):
    return rehearsing.of_listing(cast)


def reloaded(rehearsal):
    return Rehearsal.objects.get(pk=rehearsal.pk)


def desk(client, rehearsal, language="en"):
    return client.get(f"/{language}/rehearsals/{rehearsal.public_id}/").content.decode()


def counts():
    """The number of rows of every table, and what the sequences of none of them can show."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        found = {}
        for table in sorted(set(tables) - ASIDE):
            cursor.execute(
                f"SELECT count(*), md5(string_agg(t::text, '' ORDER BY t::text)) FROM {table} t"
            )
            found[table] = cursor.fetchone()
    return found


def converted(client, rehearsal, on="2027-07-01"):
    step(client, rehearsal, "move", to=on)
    step(client, rehearsal, "convert")
    return reloaded(rehearsal)


def test_the_days_on_the_way_happen_and_their_letters_are_named_only(client, standing):
    step(client, standing, "move", to="2027-07-15")
    assert reloaded(standing).state == DealState.AWAITING_DECISION
    text = desk(client, standing)
    assert "The trial is over; the company decides" in text
    assert "Letter, not sent: To the company: decide, go on or leave" in text
    assert mail.outbox == []


def test_a_decision_that_never_comes_ends_the_deal(client, standing):
    step(client, standing, "move", to="2027-12-31")
    assert reloaded(standing).state == DealState.EXPIRED
    assert rehearsals.play_of(reloaded(standing)).ended == date(2027, 7, 31)


def test_leaving_costs_nothing(client, standing):
    step(client, standing, "leave", last_use_date="2027-01-01")
    step(client, standing, "move", to="2028-12-31")
    assert reloaded(standing).state == DealState.EXITED
    assert rehearsing.shown(reloaded(standing))["totals"]["payable"] == "0.00"


def test_a_filed_report_is_billed_as_a_real_one(client, standing):
    row = converted(client, standing)
    step(client, row, "move", to="2027-10-15")
    report(client, row, "2027-Q3", "accepted", **SOLD)
    figures = rehearsing.shown(reloaded(row))["statements"][-1]
    assert (figures["period"], figures["payable"]) == ("2027-Q3", "91400.00")
    text = client.get(f"/en/rehearsals/{row.public_id}/statements/2027-Q3/").content.decode()
    assert "2,000,000.00 × 4% + 380,000.00 × 3%" in text
    assert "¥\u00a091,400.00" in text


def test_the_figures_are_those_of_the_royalty_command_on_the_same_file(client, standing, tmp_path):
    row = converted(client, standing)
    step(client, row, "move", to="2027-10-15")
    report(client, row, "2027-Q3", "accepted", **SOLD)
    step(client, row, "move", to="2028-01-20")
    report(client, row, "2027-Q4", "nil")
    report(client, row, "2027-Q3", "accepted", **SOLD | {"gross_0": "3000000"})
    step(client, row, "pay", amount="50000", received_date="2028-01-18")
    content = rehearsing.download(client, row)
    assert rehearsing.offline(content, tmp_path) == rehearsing.shown(reloaded(row))


def test_a_missed_payment_is_overdue_and_bears_interest(client, standing):
    row = converted(client, standing)
    step(client, row, "move", to="2027-10-15")
    report(client, row, "2027-Q3", "accepted", **SOLD)
    missed = desk(client, row)
    assert "thirty days late" in missed
    step(client, row, "move", day="2028-01-31", to="")
    assert rehearsing.shown(reloaded(row))["interest"] != []
    text = desk(client, row)
    assert "Overdue" in text
    assert "Late interest" in text


def test_paying_everything_up_to_the_cap_settles_the_deal(client, standing):
    row = converted(client, standing)
    step(client, row, "move", to="2027-10-15")
    report(client, row, "2027-Q3", "accepted", **SOLD | {"gross_0": "90000000"})
    step(client, row, "pay", amount="1200000", received_date="2027-10-15")
    assert reloaded(row).state == DealState.SETTLED


def test_a_question_brings_the_report_back(client, standing):
    row = converted(client, standing)
    step(client, row, "move", to="2027-10-15")
    report(client, row, "2027-Q3", "file", **SOLD)
    assert "Submitted" in desk(client, row)
    report(client, row, "2027-Q3", "question", question="为何没有退货？")
    page = client.get(reverse("rehearsal_report", args=[row.public_id, "2027-Q3"]))
    assert "为何没有退货？" in page.content.decode()
    assert 'value="3,390,000.00"' in page.content.decode()
    report(client, row, "2027-Q3", "file", **SOLD)
    report(client, row, "2027-Q3", "accept")
    assert rehearsing.shown(reloaded(row))["statements"][-1]["payable"] == "91400.00"


def test_a_restatement_of_a_final_period_becomes_a_correction(client, standing):
    row = converted(client, standing)
    step(client, row, "move", to="2027-10-15")
    report(client, row, "2027-Q3", "accepted", **SOLD)
    step(client, row, "move", to="2028-01-20")
    report(client, row, "2027-Q3", "accepted", **SOLD | {"gross_0": "2260000"})
    text = client.get(f"/en/rehearsals/{row.public_id}/statements/2027-Q4/").content.decode()
    assert "What changed and why" in text
    assert "Report of Q3 2027, revision 2" in text


def test_a_restatement_within_the_days_of_grace_changes_the_statement_itself(client, standing):
    row = converted(client, standing)
    step(client, row, "move", to="2027-10-15")
    report(client, row, "2027-Q3", "accepted", **SOLD)
    step(client, row, "move", to="2027-10-20")
    report(client, row, "2027-Q3", "accepted", **SOLD | {"gross_0": "2260000"})
    text = client.get(f"/en/rehearsals/{row.public_id}/statements/2027-Q3/").content.decode()
    assert "Report of Q3 2027, revision 2" in text
    assert rehearsing.shown(reloaded(row))["statements"][-1]["period"] == "2027-Q3"


def test_a_statement_names_the_checksum_of_the_file_that_is_downloaded(client, standing):
    row = converted(client, standing)
    step(client, row, "move", to="2027-10-15")
    report(client, row, "2027-Q3", "accepted", **SOLD)
    text = client.get(f"/en/rehearsals/{row.public_id}/statements/2027-Q3/").content.decode()
    assert hashlib.sha256(rehearsing.download(client, row)).hexdigest() in text


def test_ending_the_contract_early_stops_the_reports(client, standing):
    row = converted(client, standing)
    step(client, row, "move", to="2027-10-15")
    step(client, row, "terminate")
    assert reloaded(row).state == DealState.TERMINATED
    step(client, row, "move", to="2028-12-31")
    assert "Q4 2027" in desk(client, row)
    assert "Q2 2028" not in desk(client, row)
    assert report(client, row, "2028-Q2", "nil").status_code == 404
    assert report(client, row, "2027-Q4", "nil").status_code == 302


def test_starting_over_goes_back_to_the_beginning(client, standing):
    before = standing.document
    converted(client, standing)
    step(client, standing, "again")
    row = reloaded(standing)
    assert (row.document, row.state, row.today_date) == (before, "in_trial", date(2027, 1, 1))


def test_a_copy_goes_its_own_way(client, standing):
    row = converted(client, standing)
    client.post(reverse("rehearsal_copy", args=[row.public_id]))
    copy = Rehearsal.objects.exclude(pk=row.pk).get()
    step(client, copy, "move", to="2028-01-01")
    assert (reloaded(row).today_date, reloaded(copy).today_date) == (
        date(2027, 7, 1), date(2028, 1, 1),
    )  # fmt: skip


def test_a_rehearsal_can_be_thrown_away(client, standing):
    client.post(reverse("rehearsal_delete", args=[standing.public_id]))
    assert not Rehearsal.objects.exists()


def test_nothing_else_is_written_and_nothing_is_sent(client, cast):
    deal = reporting.make_paying_deal(cast)
    reporting.submit(
        deal, cast, "2026-Q3", [sale(180_800_000, on="2026-08-03")], at=noon("2026-10-10")
    )
    client.get("/en/rehearsals/")
    before = counts()
    client.post(reverse("rehearse_deal", args=[deal.public_id]), {"start_date": "2030-01-01"})
    row = Rehearsal.objects.get()
    report(client, row, "2026-Q3", "accept")
    report(client, row, "2026-Q4", "file", **SOLD)
    report(client, row, "2026-Q4", "question", question="？")
    report(client, row, "2026-Q4", "accepted", **SOLD)
    report(client, row, "2026-Q4", "recalculate", **SOLD)
    step(client, row, "pay", amount="1", received_date="2027-01-01")
    step(client, row, "move", to="2031-01-01")
    step(client, row, "terminate")
    step(client, row, "again")
    client.post(reverse("rehearsal_copy", args=[row.public_id]))
    client.post(reverse("rehearsal_delete", args=[row.public_id]))
    assert Rehearsal.objects.count() == 1
    assert counts() == before
    assert mail.outbox == []


def test_every_page_is_marked_as_a_rehearsal(client, cast, standing):
    row = converted(client, standing)
    step(client, row, "move", to="2027-10-15")
    report(client, row, "2027-Q3", "accepted", **SOLD)
    own = f"/rehearsals/{row.public_id}/"
    pages = [
        "/rehearsals/", own, f"{own}reports/2027-Q3/", f"{own}statements/2027-Q3/",
        f"/results/{row.listing.public_id}/rehearse/",
    ]  # fmt: skip
    for page in pages:
        text = client.get(page).content.decode()
        assert 'class="watermark"' in text, page
        assert "演练" in text, page


def test_a_colleague_sees_it_and_plays_a_copy_of_it(sign_in, cast, standing):
    colleague = sign_in(cast.signatory_c)
    assert "Make a copy to play on from here yourself" in desk(colleague, standing)
    answer = step(colleague, standing, "move", to="2027-02-01")
    assert answer.status_code == 403
    assert reloaded(standing).today_date == date(2027, 1, 1)
    colleague.post(reverse("rehearsal_copy", args=[standing.public_id]))
    assert Rehearsal.objects.exclude(pk=standing.pk).get().owner == cast.signatory_c.user


@pytest.mark.parametrize("stranger", ["officer_a", "member_d", "auditor"])
def test_other_organisations_learn_nothing_of_it(sign_in, cast, standing, stranger):
    client = sign_in(getattr(cast, stranger))
    assert client.get(f"/rehearsals/{standing.public_id}/").status_code == 404
    assert "弱的第一年" not in client.get("/rehearsals/").content.decode()


def test_a_stale_page_changes_nothing(client, standing):
    address = reverse("rehearsal_step", args=[standing.public_id, "move"])
    client.post(address, {"seen": "1", "to": "2027-02-01"})
    answer = client.post(address, {"seen": "1", "to": "2027-03-01"})
    assert answer.status_code == 409
    assert reloaded(standing).today_date == date(2027, 2, 1)


BAD = [
    ("move", {}, 400),
    ("move", {"to": "2027-13-01"}, 400),
    ("move", {"to": "2026-01-01"}, 400),
    ("move", {"to": "2999-01-01"}, 400),
    ("pay", {}, 400),
    ("pay", {"amount": "-5", "received_date": "2027-01-01"}, 400),
    ("pay", {"amount": "0", "received_date": "2027-01-01"}, 400),
    ("pay", {"amount": "1e5", "received_date": "2027-01-01"}, 400),
    ("pay", {"amount": "5", "received_date": "2028-01-01"}, 400),
    ("pay", {"amount": "5", "received_date": "2020-01-01"}, 400),
    ("leave", {"last_use_date": "2029-01-01"}, 400),
    ("leave", {"last_use_date": "soon"}, 400),
    ("terminate", {}, 409),
    ("nonsense", {}, 404),
]


@pytest.mark.parametrize(("name", "data", "status"), BAD)
def test_bad_input_is_named_and_changes_nothing(client, standing, name, data, status):
    answer = step(client, standing, name, **data)
    assert answer.status_code == status
    assert reloaded(standing).document == standing.document
    if status == 400:
        text = answer.content.decode()
        assert "error-summary" in text
        assert all(f'value="{typed}"' in text for typed in data.values())


def test_a_report_that_cannot_be_read_is_kept_and_marked(client, standing):
    row = converted(client, standing)
    step(client, row, "move", to="2027-10-15")
    answer = report(client, row, "2027-Q3", "accepted", **SOLD | {"gross_0": "lots"})
    assert answer.status_code == 400
    assert 'value="lots"' in answer.content.decode()
    assert rehearsals.play_of(reloaded(row)).waiting == ()


@pytest.mark.parametrize("period", ["2027-Q4", "2026-Q1", "2027-Q9", "P1"])
def test_a_period_that_cannot_be_reported_is_not_there(client, standing, period):
    row = converted(client, standing)
    step(client, row, "move", to="2027-10-15")
    assert report(client, row, period, "nil").status_code == 404


def test_a_rehearsal_has_a_largest_size(standing, cast, monkeypatch):
    monkeypatch.setattr("deals.services.rehearsals.keeping.LARGEST", 100)
    with pytest.raises(RuleError) as refused:
        rehearsals.move_date(standing, to=date(2027, 2, 1), seen=1, by=cast.finance_c, at=AT)
    assert refused.value.code == "rehearsal.too_large"


def test_a_person_keeps_so_many_rehearsals_and_no_more(client, standing, monkeypatch):
    monkeypatch.setattr("deals.services.rehearsals.keeping.MOST", 1)
    answer = client.post(reverse("rehearsal_copy", args=[standing.public_id]))
    assert answer.status_code == 400
    assert Rehearsal.objects.count() == 1


def test_playing_uses_up_no_writes_of_work(client, standing, monkeypatch):
    monkeypatch.setattr("marketplace.base.limits.WRITES_A_MINUTE", 2)
    answers = [step(client, standing, "move", to=f"2027-02-0{day}") for day in (1, 2, 3)]
    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert client.post("/deals/nothing/withdraw/").status_code == 404


def test_decades_of_periods_do_not_make_the_page_endless(client, cast):
    makers.make_listing(cast)
    template = TermsTemplate.objects.get()
    template.document["periods"]["kind"] = "month"
    template.save()
    row = rehearsing.of_listing(cast)
    step(client, row, "convert")
    step(client, row, "move", to="2032-05-31")
    short = desk(client, row)
    assert "Show the 40 before them" in short
    assert "1/2027" not in short.partition("Reports and statements")[2].partition("Instalments")[0]
    whole = client.get(f"/en/rehearsals/{row.public_id}/?show=all").content.decode()
    assert f"/rehearsals/{row.public_id}/reports/2027-01/" in whole
