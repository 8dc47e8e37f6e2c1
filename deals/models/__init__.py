"""The deal's rows."""

from deals.models.credit import CreditGrant
from deals.models.deal import Deal, DealQuerySet, PolicyProfile
from deals.models.dispute import Dispute
from deals.models.distribution import Distribution, DistributionPolicy
from deals.models.fact import Fact
from deals.models.interest import InterestDecision, InterestProposal
from deals.models.ledger import LedgerAccount, LedgerMovement
from deals.models.rate import PublishedRate
from deals.models.receipt import Allocation, Receipt
from deals.models.rehearsal import Rehearsal
from deals.models.report import Report, ReportLine
from deals.models.run import ComputedInput, Run, RunChunk
from deals.models.statement import Instalment, Statement, StatementLine
from deals.models.terms import Approval, PublicityNotice, Signature, TermsVersion

__all__ = [
    "Allocation",
    "Approval",
    "ComputedInput",
    "CreditGrant",
    "Deal",
    "DealQuerySet",
    "Dispute",
    "Distribution",
    "DistributionPolicy",
    "Fact",
    "Instalment",
    "InterestDecision",
    "InterestProposal",
    "LedgerAccount",
    "LedgerMovement",
    "PolicyProfile",
    "PublicityNotice",
    "PublishedRate",
    "Receipt",
    "Rehearsal",
    "Report",
    "ReportLine",
    "Run",
    "RunChunk",
    "Signature",
    "Statement",
    "StatementLine",
    "TermsVersion",
]
