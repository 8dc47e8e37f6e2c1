"""Which two accounts each kind of movement touches. A pair that is not here does not exist."""

from collections.abc import Mapping
from enum import StrEnum


class Account(StrEnum):
    """Kinds of ledger account; each deal has one of each that it needs, some one per owner."""

    COMPANY_RECEIVABLE = "company_receivable"
    COMPANY_CREDIT = "company_credit"
    ACCRUED = "accrued_not_collected"
    CASH = "cash_confirmed"
    OWNERS_CLEARING = "owners_clearing"
    INTEREST_DUE = "interest_due"
    WAIVER = "waiver"
    GUARANTOR = "guarantor"
    GUARANTOR_CLAIM = "guarantor_claim"
    PAYABLE_UNIVERSITY = "payable_university"
    COST_RECOVERY = "cost_recovery"
    PAYABLE_INVENTOR = "payable_inventor"
    PAYABLE_DEPARTMENT = "payable_department"


# What these hold belongs to one owner each; the account names it.
OF_ONE_OWNER = frozenset(
    {
        Account.OWNERS_CLEARING,
        Account.PAYABLE_UNIVERSITY,
        Account.COST_RECOVERY,
        Account.PAYABLE_INVENTOR,
        Account.PAYABLE_DEPARTMENT,
    }
)


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
    RECEIPT_REVERSED = "receipt_reversed"
    SURPLUS_REVERSED = "surplus_reversed"
    REFUND = "refund"
    INTEREST_CHARGED = "interest_charged"
    INTEREST_WAIVED = "interest_waived"
    GUARANTEE_CALLED = "guarantee_called"
    GUARANTOR_RECOURSE = "guarantor_recourse"
    TO_UNIVERSITY = "to_university"
    TO_COSTS = "to_costs"
    TO_INVENTORS = "to_inventors"
    TO_DEPARTMENT = "to_department"
    BACK_FROM_UNIVERSITY = "back_from_university"
    BACK_FROM_COSTS = "back_from_costs"
    BACK_FROM_INVENTORS = "back_from_inventors"
    BACK_FROM_DEPARTMENT = "back_from_department"


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
    Kind.RECEIPT_REVERSED: (Account.COMPANY_RECEIVABLE, Account.CASH),
    Kind.SURPLUS_REVERSED: (Account.COMPANY_CREDIT, Account.CASH),
    Kind.REFUND: (Account.COMPANY_CREDIT, Account.CASH),
    Kind.INTEREST_CHARGED: (Account.COMPANY_RECEIVABLE, Account.INTEREST_DUE),
    Kind.INTEREST_WAIVED: (Account.WAIVER, Account.COMPANY_RECEIVABLE),
    Kind.GUARANTEE_CALLED: (Account.CASH, Account.COMPANY_RECEIVABLE),
    Kind.GUARANTOR_RECOURSE: (Account.GUARANTOR_CLAIM, Account.GUARANTOR),
    Kind.TO_UNIVERSITY: (Account.OWNERS_CLEARING, Account.PAYABLE_UNIVERSITY),
    Kind.TO_COSTS: (Account.OWNERS_CLEARING, Account.COST_RECOVERY),
    Kind.TO_INVENTORS: (Account.OWNERS_CLEARING, Account.PAYABLE_INVENTOR),
    Kind.TO_DEPARTMENT: (Account.OWNERS_CLEARING, Account.PAYABLE_DEPARTMENT),
    Kind.BACK_FROM_UNIVERSITY: (Account.PAYABLE_UNIVERSITY, Account.OWNERS_CLEARING),
    Kind.BACK_FROM_COSTS: (Account.COST_RECOVERY, Account.OWNERS_CLEARING),
    Kind.BACK_FROM_INVENTORS: (Account.PAYABLE_INVENTOR, Account.OWNERS_CLEARING),
    Kind.BACK_FROM_DEPARTMENT: (Account.PAYABLE_DEPARTMENT, Account.OWNERS_CLEARING),
}
