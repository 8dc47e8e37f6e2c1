"""Money received: recorded once, matched to what is due, split among the owners."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from deals.models import Allocation, Deal, Receipt
from deals.services import invariants, receipts
from deals.services.receipts import Transfer, record_receipt
from marketplace.base.errors import ConflictError, RuleError
from tests.deals import reporting
from tests.deals.reporting import noon, sale

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 2)
AT = noon("2026-11-02")


@pytest.fixture
def deal(cast):
    deal = reporting.make_paying_deal(cast)
    lines = [sale(180_800_000, on="2026-08-03")]
    reporting.accept(deal, cast, "2026-Q3", lines, at=noon("2026-10-16"))
    reporting.work_off(noon("2026-10-16"))
    return deal


@pytest.fixture
def instalment(deal):
    return deal.statements.get().instalments.get()


def test_a_receipt_pays_the_instalment(deal, cast, instalment):
    reporting.pay(deal, cast, "B-1", 4_400_000, on="2026-11-02")
    reporting.work_off(AT)
    instalment.refresh_from_db()
    assert (instalment.paid_minor, instalment.paid_date) == (4_400_000, DAY)


def test_a_part_payment_leaves_the_rest_open(deal, cast, instalment):
    reporting.pay(deal, cast, "B-1", 1_000_000, on="2026-11-02")
    reporting.work_off(AT)
    instalment.refresh_from_db()
    assert (instalment.outstanding_minor, instalment.paid_date) == (3_400_000, None)


def test_a_repeated_transfer_is_one_receipt(deal, cast):
    first = reporting.pay(deal, cast, "B-1", 100, on="2026-11-02")
    assert reporting.pay(deal, cast, "B-1", 100, on="2026-11-02") == first
    assert reporting.owed(deal) == 1


@pytest.mark.parametrize(
    "transfer", [Transfer("B-1", 200, DAY), Transfer("B-1", 100, date(2026, 11, 1))]
)
def test_a_reference_with_other_figures_is_refused(deal, cast, transfer):
    reporting.pay(deal, cast, "B-1", 100, on="2026-11-02")
    with pytest.raises(ConflictError, match=r"receipt\.duplicate"):
        record_receipt(deal, transfer, by=cast.finance_a, at=AT)


def test_the_database_takes_a_reference_once_a_university(deal, cast):
    receipt = reporting.pay(deal, cast, "B-1", 100, on="2026-11-02")
    receipt.pk, receipt.public_id = None, "another"
    with pytest.raises(IntegrityError), transaction.atomic():
        receipt.save(force_insert=True)


def test_only_the_universitys_finance_records_money(deal, cast):
    for actor in (cast.officer_a, cast.head_a, cast.finance_c, cast.platform_finance):
        with pytest.raises(RuleError, match=r"role\.missing"):
            record_receipt(deal, Transfer("B-1", 100, DAY), by=actor, at=AT)
    assert not Receipt.objects.exists()


def test_finance_of_another_university_is_refused(deal, cast):
    Deal.objects.filter(pk=deal.pk).update(licensor=cast.university_b)
    with pytest.raises(RuleError, match=r"role\.missing"):
        record_receipt(deal, Transfer("B-1", 100, DAY), by=cast.finance_a, at=AT)


def test_money_cannot_arrive_tomorrow(deal, cast):
    with pytest.raises(RuleError, match=r"receipt\.future"):
        record_receipt(deal, Transfer("B-1", 100, date(2026, 11, 3)), by=cast.finance_a, at=AT)


@pytest.mark.parametrize("day", ["0026-11-02", "2016-11-02", "2026-01-04"])
def test_money_cannot_arrive_before_the_contract(deal, cast, day):
    transfer = Transfer("B-1", 100, date.fromisoformat(day))
    with pytest.raises(RuleError, match=r"receipt\.too_early"):
        record_receipt(deal, transfer, by=cast.finance_a, at=AT)
    assert not deal.facts.filter(kind="receipt").exists()


def test_a_receipt_is_greater_than_nothing(deal, cast):
    with pytest.raises(RuleError, match=r"receipt\.not_positive"):
        record_receipt(deal, Transfer("B-1", 0, DAY), by=cast.finance_a, at=AT)


def test_what_was_paid_goes_to_the_owners(deal, cast):
    receipt = reporting.pay(deal, cast, "B-1", 4_400_000, on="2026-11-02")
    reporting.work_off(AT)
    share = receipt.allocations.get()
    assert (share.party, share.amount_minor) == (cast.university_a.public_id, 4_400_000)


def test_what_was_paid_too_much_is_split_when_it_is_used(deal, cast):
    receipt = reporting.pay(deal, cast, "B-1", 5_000_000, on="2026-11-02")
    reporting.work_off(AT)
    reporting.accept(
        deal, cast, "2026-Q4", [sale(237_300_000, on="2026-11-20")], at=noon("2027-01-18")
    )
    reporting.work_off(noon("2027-01-18"))
    steps = receipt.allocations.order_by("ordinal").values_list("ordinal", "amount_minor")
    assert list(steps) == [(1, 4_400_000), (2, 600_000)]
    assert deal.statements.get(period="2026-Q4").payable_minor == 5_800_000
    assert not dict(invariants.broken(Deal.objects.all()))


def test_a_receipt_recorded_late_matches_anew(deal, cast):
    later = reporting.pay(deal, cast, "B-2", 4_400_000, on="2026-11-09")
    reporting.work_off(noon("2026-11-09"))
    transfer = receipts.Transfer("B-1", 3_000_000, DAY)
    earlier = record_receipt(deal, transfer, by=cast.finance_a, at=noon("2026-11-10"))
    reporting.work_off(noon("2026-11-10"))
    assert sum(earlier.allocations.values_list("amount_minor", flat=True)) == 3_000_000
    assert sum(later.allocations.values_list("amount_minor", flat=True)) == 1_400_000
    assert not dict(invariants.broken(Deal.objects.all()))


def test_a_split_cannot_be_changed(deal, cast):
    reporting.pay(deal, cast, "B-1", 4_400_000, on="2026-11-02")
    reporting.work_off(AT)
    with pytest.raises(DatabaseError), transaction.atomic():
        Allocation.objects.update(amount_minor=1)
