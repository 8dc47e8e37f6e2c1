"""Deals with late payments, reversals and policies, for tests of finance."""

from datetime import date

from deals.models import Deal, DistributionPolicy, InterestProposal, Receipt
from deals.services import policies, receipts
from deals.services.policies import PolicyDraft
from tests.cast import Cast
from tests.deals import reporting
from tests.deals.reporting import noon, sale

# 3 % of costs first, then half to the inventors, a fifth to the department, the rest to the school.
STEPS = [
    {"take": "costs", "to": "costs", "limit": "2000.00"},
    {
        "take": "bands",
        "window": "lifetime",
        "mode": "marginal",
        "bound": "inclusive_upper",
        "rows": [
            {"up_to": "30000.00", "shares": {"inventors": "0.7", "department": "0.1"}},
            {"up_to": None, "shares": {"inventors": "0.5", "department": "0.2"}},
        ],
    },
    {"take": "rest", "weights": {"university": 1}},
]
LATE = {"method": "simple", "basis": 365, "rate": {"fixed": "0.0365"}, "stops_in_dispute": True}
REASON = {"reason": "other", "note": "as agreed on the telephone"}


def make_billed_deal(cast: Cast, **changes: object) -> Deal:
    """44,000.00 for the third quarter of 2026, due on 9 November; nothing is paid."""
    deal = reporting.make_paying_deal(cast, **changes)
    lines = [sale(180_800_000, on="2026-08-03")]
    reporting.accept(deal, cast, "2026-Q3", lines, at=noon("2026-10-16"))
    reporting.work_off(noon("2026-10-16"))
    return deal


def make_late_deal(cast: Cast) -> Deal:
    """The billed deal, paid in full on 19 November: ten days at 3.65 %, 44.00 of interest."""
    deal = make_billed_deal(cast, late=LATE)
    reporting.pay(deal, cast, "B-1", 4_400_000, on="2026-11-19")
    reporting.work_off(noon("2026-11-19"))
    return deal


def make_proposal(cast: Cast) -> InterestProposal:
    """The proposal of the late deal."""
    return InterestProposal.objects.get(deal=make_late_deal(cast))


def make_policy(
    cast: Cast, *, since: str = "2026-07-01", steps: object = None
) -> DistributionPolicy:
    """University A's policy, proposed and confirmed on its first day."""
    draft = PolicyDraft(steps or STEPS, date.fromisoformat(since), "校发〔2025〕12 号")
    row = policies.propose_policy(draft, by=cast.finance_a, at=noon(since))
    return policies.confirm_policy(row, by=cast.head_a, at=noon(since))


def reverse(receipt: Receipt, cast: Cast, reference: str = "R-1", *, on: str) -> Receipt:
    """University A's finance person takes a transfer back on a day."""
    reversal = receipts.Reversal(reference, date.fromisoformat(on), "bounced")
    return receipts.reverse_receipt(receipt, reversal=reversal, by=cast.finance_a, at=noon(on))
