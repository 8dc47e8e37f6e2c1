"""The deal's rows."""

from deals.models.deal import Deal, DealQuerySet, PolicyProfile
from deals.models.fact import Fact
from deals.models.ledger import LedgerAccount, LedgerMovement
from deals.models.receipt import Allocation, Receipt
from deals.models.rehearsal import Rehearsal
from deals.models.report import Report, ReportLine
from deals.models.run import ComputedInput
from deals.models.statement import Instalment, Statement, StatementLine
from deals.models.terms import Approval, PublicityNotice, Signature, TermsVersion

__all__ = [
    "Allocation",
    "Approval",
    "ComputedInput",
    "Deal",
    "DealQuerySet",
    "Fact",
    "Instalment",
    "LedgerAccount",
    "LedgerMovement",
    "PolicyProfile",
    "PublicityNotice",
    "Receipt",
    "Rehearsal",
    "Report",
    "ReportLine",
    "Signature",
    "Statement",
    "StatementLine",
    "TermsVersion",
]
