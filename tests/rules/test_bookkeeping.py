"""Booking changes: movements of allowed kinds after which the balances show exactly the changes."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from deals.rules.bookkeeping import Change, Changes, movements
from deals.rules.postings import PAIRS, Account, Kind

AMOUNTS = st.integers(-10_000, 10_000).filter(bool)
POSITIVE = st.integers(1, 10_000)


def changed(accruals=(), cash=(), used=0, credit=0, **more):
    return Changes(
        "computation",
        [Change(f"statement:{index}", amount) for index, amount in enumerate(accruals)],
        [Change(f"receipt:{index}", amount) for index, amount in enumerate(cash)],
        used,
        credit,
        **{name: [Change(f"fact:{name}", amount)] for name, amount in more.items() if amount},
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


def test_a_reversal_opens_what_its_receipt_paid():
    assert booked(changed(cash=[-4_400])) == [(Kind.RECEIPT_REVERSED, 4_400)]


def test_a_reversal_takes_its_surplus_from_the_credit():
    assert booked(changed(cash=[-500], credit=-100)) == [
        (Kind.SURPLUS_REVERSED, 100),
        (Kind.RECEIPT_REVERSED, 400),
    ]


def test_charged_interest_is_asked_for():
    assert booked(changed(charged=60)) == [(Kind.INTEREST_CHARGED, 60)]


def test_waived_interest_is_charged_and_let_go():
    assert booked(changed(waived=60)) == [(Kind.INTEREST_CHARGED, 60), (Kind.INTEREST_WAIVED, 60)]


def test_a_refund_pays_credit_back():
    assert booked(changed(credit=-80, refunds=80)) == [(Kind.REFUND, 80)]


@given(
    st.lists(AMOUNTS, max_size=4),
    st.lists(AMOUNTS, max_size=4),
    st.integers(-10_000, 10_000),
    st.integers(-10_000, 10_000),
    st.tuples(*[st.integers(0, 10_000)] * 3),
)
def test_the_balances_show_the_changes(accruals, cash, used, credit, decided):
    """Property 17: every movement is positive and joins two accounts of an allowed pair."""
    charged, waived, refunds = decided
    balances = Counter()
    more = {"charged": charged, "waived": waived, "refunds": refunds}
    for move in movements(changed(accruals, cash, used, credit, **more)):
        assert move.amount > 0
        debit, other = PAIRS[move.kind]
        balances[debit] += move.amount
        balances[other] -= move.amount
    assert -balances[Account.ACCRUED] == sum(accruals)
    assert balances[Account.CASH] == sum(cash) - refunds
    assert -balances[Account.COMPANY_CREDIT] == credit
    assert -balances[Account.INTEREST_DUE] == charged + waived
    assert balances[Account.WAIVER] == waived
    asked = sum(accruals) + charged - (sum(cash) - refunds) + credit
    assert balances[Account.COMPANY_RECEIVABLE] == asked
