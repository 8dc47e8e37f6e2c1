"""The objects of the access matrix: one in each situation that changes who sees it.

All belong to university A, and the deals to it and company C; made by the product's own services at
fixed instants before `NOON`, the matrix's now.
"""

from dataclasses import replace
from datetime import date, timedelta

from deals.models import (
    CreditGrant,
    Deal,
    Dispute,
    DistributionPolicy,
    InterestProposal,
    Receipt,
    Rehearsal,
    Report,
    Statement,
)
from deals.services import credits, disputes, policies, reports
from listings.models import Listing
from listings.services.listings import approve_listing, submit_listing
from tests.cast import Cast
from tests.deals import disputing, makers, rehearsing, reporting
from tests.listings.factories import make_draft

NOON = reporting.noon("2026-10-15")
BEFORE = NOON - timedelta(days=3)
QUARTER = "2026-Q3"


def draft(cast: Cast) -> Listing:
    """A result that nobody outside the university has seen."""
    return make_draft(cast.officer_a, BEFORE)


def submitted(cast: Cast) -> Listing:
    """A result that waits for the head of the office."""
    return submit_listing(make_draft(cast.officer_a, BEFORE), by=cast.officer_a, at=BEFORE)


def approved(cast: Cast) -> Listing:
    """A result that waits for the platform."""
    return approve_listing(submitted(cast), by=cast.head_a, at=BEFORE)


def published(cast: Cast) -> Listing:
    """A result on the shelf."""
    return makers.make_listing(cast)


def withdrawn(cast: Cast) -> Listing:
    """A result that stood on the shelf."""
    return makers.make_listing(cast, state="withdrawn")


def requested_deal(cast: Cast) -> Deal:
    """A request that the university has not answered."""
    return makers.make_deal(cast, "requested", BEFORE)


def deal_at_the_desk(cast: Cast) -> Deal:
    """A deal that waits for the platform's first approval."""
    return makers.make_deal(cast, "awaiting_platform", BEFORE)


def trial(cast: Cast) -> Deal:
    """A deal on trial."""
    return makers.make_deal(cast, "in_trial", BEFORE)


def expired_trial(cast: Cast) -> Deal:
    """A deal whose trial ended without a decision."""
    return makers.make_deal(cast, "expired", NOON - timedelta(days=400))


def paying_deal(cast: Cast) -> Deal:
    """A deal whose last quarter is not reported yet."""
    return reporting.make_paying_deal(cast)


def drafted_report(cast: Cast) -> Report:
    """A report that the company's finance person has not submitted."""
    deal = reporting.make_paying_deal(cast)
    lines = [reporting.sale(339_000_000, on="2026-08-15")]
    return reports.save_draft(
        deal, reports.Draft(QUARTER, lines), by=cast.finance_c, at=NOON - timedelta(days=1)
    )


def submitted_report(cast: Cast) -> Report:
    """A report that waits for the university's officer."""
    deal = reporting.make_paying_deal(cast)
    lines = [reporting.sale(339_000_000, on="2026-08-15")]
    return reporting.submit(deal, cast, QUARTER, lines, at=NOON - timedelta(days=1))


def statement(cast: Cast) -> Statement:
    """The statement of an accepted report."""
    deal = reporting.make_paying_deal(cast)
    lines = [reporting.sale(339_000_000, on="2026-08-15")]
    reporting.accept(deal, cast, QUARTER, lines, at=NOON - timedelta(days=1))
    reporting.work_off(NOON - timedelta(days=1))
    return Statement.objects.get(deal=deal, period=QUARTER)


def rehearsal(cast: Cast) -> Rehearsal:
    """What company C's finance person tries out with a deal that has a statement."""
    deal = reporting.make_paying_deal(cast)
    lines = [reporting.sale(180_800_000, on="2026-05-15")]
    reporting.accept(deal, cast, "2026-Q2", lines, at=BEFORE)
    return rehearsing.of_deal(deal, cast)


def dispute(cast: Cast) -> Dispute:
    """A line that the company's finance person disputes."""
    bill = statement(cast)
    line = bill.lines.filter(code="earned").get()
    objection = replace(disputing.OBJECTION, key=line.inputs["line"])
    return disputes.dispute_line(bill, objection, by=cast.finance_c, at=NOON - timedelta(days=1))


def receipt(cast: Cast) -> Receipt:
    """A transfer that university A confirmed."""
    return reporting.pay(reporting.make_paying_deal(cast), cast, "B-1", 100, on="2026-10-12")


def interest(cast: Cast) -> InterestProposal:
    """Late interest that nobody decided about."""
    return InterestProposal.objects.create(
        deal=reporting.make_paying_deal(cast),
        period="2026-Q2",
        due_date=date(2026, 8, 10),
        until_date=date(2026, 8, 20),
        days=10,
        amount_minor=4_400,
        currency="CNY",
    )


def credit(cast: Cast) -> CreditGrant:
    """A credit that waits for the head of office."""
    grant = credits.Grant(1_000, NOON.date(), "prepaid")
    deal = reporting.make_paying_deal(cast)
    return credits.propose_credit(deal, grant=grant, by=cast.finance_a, at=BEFORE)


def policy(cast: Cast) -> DistributionPolicy:
    """A distribution policy that waits for the head of office."""
    steps = [{"take": "rest", "weights": {"university": 1}}]
    draft = policies.PolicyDraft(steps, NOON.date(), "tests")
    return policies.propose_policy(draft, by=cast.finance_a, at=BEFORE)
