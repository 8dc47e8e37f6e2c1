"""Published rates: recorded once with their source, copied into the deals that need them."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse

from deals.models import Deal, PublishedRate
from deals.rules.faults import Refused
from deals.services import dossiers, previews, rates
from deals.services.rates import Quote
from marketplace.base.errors import RuleError
from tests.deals import reporting, settling
from tests.deals.reporting import noon, sale

pytestmark = pytest.mark.django_db

AT = noon("2026-10-16")
SERIES = "USD/CNY"
LATE = {**settling.LATE, "rate": {"series": "LPR1Y", "multiple": "1.5"}}


def record(cast, *quotes, at=AT, by=None, source="tests"):
    found = [
        Quote(series, date.fromisoformat(day), Decimal(value)) for series, day, value in quotes
    ]
    return rates.record_rates(found, source=source, by=by or cast.platform_finance, at=at)


def in_dollars(gross=10_000_00):
    return [sale(gross, on="2026-08-03", currency="USD", vat_rate=Decimal(0))]


@pytest.fixture
def deal(cast):
    return reporting.make_paying_deal(cast)


def test_a_rate_is_kept_with_its_source(cast):
    (row,) = record(cast, (SERIES, "2026-09-30", "7.1000"), source="中国外汇交易中心")
    assert (row.value, row.source, row.revision) == (Decimal("7.1"), "中国外汇交易中心", 1)


def test_the_same_value_again_is_the_same_row(cast):
    quote = (SERIES, "2026-09-30", "7.1")
    assert record(cast, quote) == record(cast, quote)


def test_another_value_of_a_day_is_a_revision_that_counts_for_nobody(cast):
    record(cast, (SERIES, "2026-09-30", "7.1"))
    (second,) = record(cast, (SERIES, "2026-09-30", "7.2"))
    assert second.revision == 2
    assert rates.last_quote(SERIES, on=date(2026, 12, 31)).value == Decimal("7.1")


def test_a_published_rate_can_be_neither_changed_nor_deleted(cast):
    record(cast, (SERIES, "2026-09-30", "7.1"))
    for change in (lambda rows: rows.update(value=1), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(PublishedRate.objects.all())


@pytest.mark.parametrize(
    ("quote", "code"),
    [
        (("USDCNY", "2026-09-30", "7.1"), "rate.series"),
        (("CNY/CNY", "2026-09-30", "1"), "rate.series"),
        (("XXX/CNY", "2026-09-30", "1"), "rate.series"),
        ((SERIES, "2026-09-30", "0"), "rate.value"),
        ((SERIES, "2026-09-30", "-1"), "rate.value"),
        (("LPR1Y", "2026-09-30", "3.1"), "rate.value"),
        ((SERIES, "2026-10-17", "7.1"), "rate.future"),
    ],
)
def test_a_quote_that_no_series_can_hold_is_refused(cast, quote, code):
    with pytest.raises(RuleError, match=code.replace(".", r"\.")):
        record(cast, (SERIES, "2026-09-29", "7.0"), quote)
    assert not PublishedRate.objects.exists()


def test_a_rate_needs_a_source(cast):
    with pytest.raises(RuleError, match=r"source\.missing"):
        record(cast, (SERIES, "2026-09-30", "7.1"), source=" ")


def test_only_the_platforms_finance_records_rates(cast):
    for actor in (cast.finance_a, cast.approver, cast.administrator, cast.finance_c):
        with pytest.raises(RuleError, match=r"role\.missing"):
            record(cast, (SERIES, "2026-09-30", "7.1"), by=actor)


def test_a_report_in_dollars_waits_for_a_rate(deal, cast):
    with pytest.raises(Refused) as refused:
        previews.preview(deal, period="2026-Q3", lines=in_dollars(), today=AT.date())
    assert [fault.code for fault in refused.value.faults] == ["rate.missing"]
    assert Deal.objects.get().parked_reason == ""


def test_a_report_in_dollars_is_billed_in_yuan(deal, cast):
    record(cast, (SERIES, "2026-09-29", "7.2"), (SERIES, "2026-09-30", "7.1"))
    record(cast, (SERIES, "2026-10-08", "9"))
    reporting.accept(deal, cast, "2026-Q3", in_dollars(100_000_00), at=AT)
    reporting.work_off(AT)
    row = deal.statements.get()
    assert row.figures["gross"] == "710000.00"
    # 710,000.00 less the allowance of 500,000.00, at 4 %.
    assert row.payable_minor == 8_400_00
    assert dossiers.contract_file(deal, as_of=AT.date())["rates"] == {
        SERIES: [["2026-09-30", "7.1"]]
    }


def test_a_rate_published_after_the_acceptance_changes_nothing(deal, cast):
    record(cast, (SERIES, "2026-09-29", "7.2"))
    reporting.accept(deal, cast, "2026-Q3", in_dollars(100_000_00), at=AT)
    record(cast, (SERIES, "2026-09-30", "7.1"))
    reporting.work_off(AT)
    later = noon("2026-11-20")
    reporting.accept(deal, cast, "2026-Q3", in_dollars(100_000_00), at=later)
    reporting.work_off(later)
    assert Deal.objects.get().parked_reason == ""
    assert deal.statements.get(period="2026-Q3").figures["gross"] == "720000.00"


def test_interest_follows_the_published_lending_rate(cast):
    deal = settling.make_billed_deal(cast, late=LATE)
    record(cast, ("LPR1Y", "2026-06-22", "0.03"), ("LPR1Y", "2025-12-22", "0.031"))
    record(cast, ("LPR1Y", "2026-11-15", "0.02"), at=noon("2026-11-16"))
    reporting.pay(deal, cast, "B-1", 4_400_000, on="2026-11-19")
    reporting.work_off(noon("2026-11-19"))
    row = deal.interest_proposals.get()
    # Five days at 4.5 %, five at 3 %: 44,000 x (5 x 0.045 + 5 x 0.03) / 365 = 45.205...
    assert (row.days, row.amount_minor) == (10, 45_21)


def test_only_changes_of_a_lending_rate_are_copied(cast):
    quotes = [(f"2026-{month:02d}-20", "0.03") for month in range(1, 10)]
    record(cast, *(("LPR1Y", day, value) for day, value in quotes), ("LPR1Y", "2025-12-20", "0.03"))
    deal = settling.make_billed_deal(cast, late=LATE)
    file = dossiers.contract_file(deal, as_of=AT.date())
    assert file["rates"] == {"LPR1Y": [["2025-12-20", "0.03"]]}


def test_a_deal_that_waits_for_a_rate_is_computed_when_it_comes(cast):
    deal = settling.make_billed_deal(cast, late=LATE)
    reporting.pay(deal, cast, "B-1", 4_400_000, on="2026-11-19")
    reporting.work_off(noon("2026-11-19"))
    assert "LPR1Y" in Deal.objects.get().parked_reason
    record(cast, ("LPR1Y", "2025-12-20", "0.03"), at=noon("2026-11-20"))
    reporting.work_off(noon("2026-11-20"))
    assert Deal.objects.get().parked_reason == ""
    assert deal.interest_proposals.get().amount_minor == 5_425


def dollar_file():
    rows = "sale_date,stream,currency,gross\n2026-08-03,product,USD,100000.00\n"
    return SimpleUploadedFile("sales.csv", rows.encode())


def test_a_file_of_dollars_is_previewed_only_once_the_rate_is_there(
    deal, cast, sign_in, time_machine
):
    time_machine.move_to(AT, tick=False)
    client = sign_in(cast.finance_c)
    place = [deal.public_id, "2026-Q3"]
    assert (
        client.post(reverse("report_upload", args=place), {"file": dollar_file()}).status_code
        == 302
    )
    page = client.get(reverse("report_form", args=place)).content.decode()
    assert "汇率" in page
    client.post(reverse("report_check", args=place))
    assert not deal.reports.exclude(state="draft").exists()
    record(cast, (SERIES, "2026-09-30", "7.1"))
    assert client.post(reverse("report_check", args=place)).status_code == 302
    assert deal.reports.get().state == "submitted"
