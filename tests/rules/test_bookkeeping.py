"""Booking changes: movements of allowed kinds after which the balances show exactly the changes."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from deals.rules.bookkeeping import Change, Changes, movements
from deals.rules.postings import PAIRS, Account, Kind

AMOUNTS = st.integers(-10_000, 10_000).filter(bool)
POSITIVE = st.integers(1, 10_000)


def changed(accruals=(), cash=(), used=0, credit=0):
    return Changes(
        "computation",
        [Change(f"statement:{index}", amount) for index, amount in enumerate(accruals)],
        [Change(f"receipt:{index}", amount) for index, amount in enumerate(cash)],
        used,
        credit,
    )


def booked(changes):
    return [(move.kind, move.amount) for move in movements(changes)]


def test_nothing_changed_books_nothing():
    assert movements(changed()) == ()


def test_a_statement_and_its_payment_are_an_accrual_and_a_receipt():
    assert booked(changed([4_400], [4_400])) == [(Kind.RECEIPT, 4_400), (Kind.ACCRUAL, 4_400)]


def test_what_was_paid_too_much_is_surplus():
    assert booked(changed(cash=[500], credit=100)) == [(Kind.RECEIPT, 400), (Kind.SURPLUS, 100)]


def test_a_correction_after_payment_is_an_overpayment():
    assert booked(changed([-240], credit=240)) == [(Kind.OVERPAYMENT, 240)]


def test_a_correction_before_payment_lowers_what_is_owed():
    assert booked(changed([-240])) == [(Kind.CORRECTION_DOWN, 240)]


def test_an_overpayment_netted_on_its_statement_is_a_credit_used():
    assert booked(changed([9_140], credit=-240)) == [(Kind.ACCRUAL, 9_140), (Kind.CREDIT_USED, 240)]


def test_a_credit_that_is_open_again_is_restored():
    assert booked(changed(credit=70)) == [(Kind.CREDIT_RESTORED, 70)]


@given(
    st.lists(AMOUNTS, max_size=4),
    st.lists(POSITIVE, max_size=4),
    st.integers(-10_000, 10_000),
    st.integers(-10_000, 10_000),
)
def test_the_balances_show_the_changes(accruals, cash, used, credit):
    balances = Counter()
    for move in movements(changed(accruals, cash, used, credit)):
        assert move.amount > 0
        debit, other = PAIRS[move.kind]
        balances[debit] += move.amount
        balances[other] -= move.amount
    assert -balances[Account.ACCRUED] == sum(accruals)
    assert balances[Account.CASH] == sum(cash)
    assert -balances[Account.COMPANY_CREDIT] == credit
    assert balances[Account.COMPANY_RECEIVABLE] == sum(accruals) - sum(cash) + credit
