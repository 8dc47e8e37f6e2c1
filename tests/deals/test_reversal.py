"""A transfer that the bank took back: once, mirrored to the fen, and never changed in place."""

from datetime import date

import pytest

from deals.models import Deal, Receipt
from deals.rules.postings import Account
from deals.services import invariants, ledger, receipts
from deals.services.receipts import Entry, Reversal, Transfer
from marketplace.base.errors import ConflictError, RuleError
from tests.deals import reporting, settling
from tests.deals.reporting import noon, sale

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 5)
AT = noon("2026-11-05")


@pytest.fixture
def deal(cast):
    return settling.make_billed_deal(cast)


@pytest.fixture
def receipt(deal, cast):
    found = reporting.pay(deal, cast, "B-1", 5_000_000, on="2026-11-02")
    reporting.work_off(noon("2026-11-02"))
    return found


def reversal(**changes):
    values = {"reference": "R-1", "reversed_date": DAY, "reason": "bounced"}
    return Reversal(**values | changes)


def reverse(receipt, cast, *, by=None, **changes):
    found = reversal(**changes)
    return receipts.reverse_receipt(receipt, reversal=found, by=by or cast.finance_a, at=AT)


def test_what_the_transfer_paid_is_due_again(deal, cast, receipt):
    settling.reverse(receipt, cast, on="2026-11-05")
    reporting.work_off(AT)
    assert deal.statements.get().instalments.get().outstanding_minor == 4_400_000


def test_the_split_is_mirrored_in_rows_of_its_own(deal, cast, receipt):
    row = settling.reverse(receipt, cast, on="2026-11-05")
    reporting.work_off(AT)
    assert receipt.allocations.get().amount_minor == 4_400_000
    assert row.allocations.get().amount_minor == -4_400_000


def test_every_balance_is_as_before_the_transfer(deal, cast):
    before = {key: amount for key, amount in ledger.balances(deal).items() if amount}
    paid = reporting.pay(deal, cast, "B-1", 5_000_000, on="2026-11-02")
    reporting.work_off(noon("2026-11-02"))
    settling.reverse(paid, cast, on="2026-11-05")
    reporting.work_off(AT)
    assert {key: amount for key, amount in ledger.balances(deal).items() if amount} == before
    assert not dict(invariants.broken(Deal.objects.all()))


def test_a_reversal_after_its_surplus_was_used_opens_that_as_well(deal, cast, receipt):
    lines = [sale(237_300_000, on="2026-11-20")]
    reporting.accept(deal, cast, "2026-Q4", lines, at=noon("2027-01-18"))
    reporting.work_off(noon("2027-01-18"))
    settling.reverse(receipt, cast, on="2027-01-20")
    reporting.work_off(noon("2027-01-20"))
    assert ledger.balances(deal)[Account.COMPANY_RECEIVABLE, ""] == 4_400_000 + 6_400_000
    assert ledger.balances(deal)[Account.CASH, ""] == 0
    assert not dict(invariants.broken(Deal.objects.all()))


def test_the_same_reversal_again_is_the_same_row(cast, receipt):
    assert reverse(receipt, cast) == reverse(receipt, cast)
    assert Receipt.objects.filter(reverses=receipt).count() == 1


def test_a_transfer_is_reversed_once(cast, receipt):
    reverse(receipt, cast)
    with pytest.raises(ConflictError, match=r"receipt\.reversed_already"):
        reverse(receipt, cast, reference="R-2")


def test_a_reversal_cannot_be_reversed(cast, receipt):
    row = reverse(receipt, cast)
    with pytest.raises(RuleError, match=r"receipt\.is_reversal"):
        reverse(row, cast, reference="R-2")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reference": "B-1"}, "receipt.duplicate"),
        ({"reversed_date": date(2026, 11, 1)}, "receipt.before_original"),
        ({"reversed_date": date(2026, 11, 6)}, "receipt.future"),
        ({"reason": "mood"}, "reason.unknown"),
    ],
)
def test_a_wrong_reversal_is_refused(cast, receipt, changes, code):
    with pytest.raises(RuleError, match=code.replace(".", r"\.")):
        reverse(receipt, cast, **changes)
    assert not Receipt.objects.filter(reverses=receipt).exists()


def test_only_the_universitys_finance_reverses(cast, receipt):
    for actor in (cast.officer_a, cast.head_a, cast.finance_c, cast.platform_finance):
        with pytest.raises(RuleError, match=r"role\.missing"):
            reverse(receipt, cast, by=actor)


def test_a_transfer_may_name_the_period_that_it_pays(deal, cast):
    lines = [sale(237_300_000, on="2026-11-20")]
    reporting.accept(deal, cast, "2026-Q4", lines, at=noon("2027-01-18"))
    reporting.work_off(noon("2027-01-18"))
    named = Transfer("B-7", 4_000_000, date(2027, 1, 20), "2026-Q4")
    receipts.record_receipt(deal, named, by=cast.finance_a, at=noon("2027-01-20"))
    reporting.work_off(noon("2027-01-20"))
    paid = deal.statements.order_by("position").values_list("period", "instalments__paid_minor")
    assert list(paid) == [("2026-Q3", 0), ("2026-Q4", 4_000_000)]


def test_a_transfer_for_a_period_that_the_contract_has_not_is_refused(deal, cast):
    with pytest.raises(RuleError, match=r"report\.period_unknown"):
        receipts.record_receipt(deal, Transfer("B-7", 1, DAY, "2026-13"), by=cast.finance_a, at=AT)


def test_a_bank_statement_is_recorded_whole_or_not_at_all(deal, cast):
    entries = [Entry(deal, Transfer("B-8", 1, DAY)), Entry(deal, Transfer("B-9", 0, DAY))]
    with pytest.raises(RuleError, match=r"receipt\.not_positive"):
        receipts.record_receipts(entries, by=cast.finance_a, at=AT)
    assert not Receipt.objects.exists()
