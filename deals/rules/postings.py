"""Which two accounts each kind of movement touches. A pair that is not here does not exist."""

from collections.abc import Mapping
from enum import StrEnum


class Account(StrEnum):
    """Kinds of ledger account; each deal has one of each that it needs, clearing one per owner."""

    COMPANY_RECEIVABLE = "company_receivable"
    COMPANY_CREDIT = "company_credit"
    ACCRUED = "accrued_not_collected"
    CASH = "cash_confirmed"
    OWNERS_CLEARING = "owners_clearing"


class Kind(StrEnum):
    """Kinds of movement."""

    ACCRUAL = "accrual"
    CORRECTION_DOWN = "correction_down"
    CREDIT_USED = "credit_used"
    OVERPAYMENT = "overpayment"
    RECEIPT = "receipt"
    SURPLUS = "surplus"
    OWNER_SPLIT = "owner_split"
    # A receipt recorded late can re-match what earlier ones had paid: what was posted for them is
    # taken back by a movement of its own.
    CREDIT_RESTORED = "credit_restored"
    SPLIT_TAKEN_BACK = "split_taken_back"


# kind -> (debit, credit)
PAIRS: Mapping[Kind, tuple[Account, Account]] = {
    Kind.ACCRUAL: (Account.COMPANY_RECEIVABLE, Account.ACCRUED),
    Kind.CORRECTION_DOWN: (Account.ACCRUED, Account.COMPANY_RECEIVABLE),
    Kind.OVERPAYMENT: (Account.ACCRUED, Account.COMPANY_CREDIT),
    Kind.CREDIT_USED: (Account.COMPANY_CREDIT, Account.COMPANY_RECEIVABLE),
    Kind.RECEIPT: (Account.CASH, Account.COMPANY_RECEIVABLE),
    Kind.SURPLUS: (Account.CASH, Account.COMPANY_CREDIT),
    Kind.OWNER_SPLIT: (Account.ACCRUED, Account.OWNERS_CLEARING),
    Kind.CREDIT_RESTORED: (Account.COMPANY_RECEIVABLE, Account.COMPANY_CREDIT),
    Kind.SPLIT_TAKEN_BACK: (Account.OWNERS_CLEARING, Account.ACCRUED),
}
