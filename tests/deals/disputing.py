"""Disputes for tests: a billed quarter, and somebody who questions it."""

from deals.models import Deal, Dispute, Statement
from deals.services import disputes
from deals.services.disputes import Objection
from marketplace.accounts.actors import Actor
from tests.cast import Cast
from tests.deals import reporting
from tests.deals.reporting import noon, sale

Q3 = "2026-Q3"
ACCEPTED, LAST, AFTER = "2026-10-16", "2026-10-26", "2026-10-27"
OBJECTION = Objection("earned", "product", 1_000_000, "rate", "第一档按 4% 计。")


def make_bill(cast: Cast) -> Statement:
    """44,000.00 for the third quarter, accepted on 16 October, payable by 9 November."""
    deal = reporting.make_paying_deal(cast)
    restate(deal, cast, 180_800_000, day=ACCEPTED)
    return Statement.objects.get(deal=deal)


def restate(deal: Deal, cast: Cast, gross: int, *, day: str) -> None:
    """The quarter's sales are these, accepted and computed on a day."""
    lines = [sale(gross, on="2026-08-03")]
    reporting.accept(deal, cast, Q3, lines, at=noon(day))
    reporting.work_off(noon(day))


def open_dispute(
    bill: Statement, by: Actor, *, day: str = "2026-10-18", objection: Objection = OBJECTION
) -> Dispute:
    """Somebody disputes 10,000.00 of the royalty."""
    return disputes.dispute_line(bill, objection, by=by, at=noon(day))
