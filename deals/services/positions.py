"""Where a deal stands on a day, computed afresh: what pages explain and guards look at."""

from datetime import date

from deals.models import Deal
from deals.rules import facts, statement
from deals.rules.faults import Refused
from deals.services.dossiers import contract_file
from marketplace.base.errors import RuleError


def position(deal: Deal, *, on: date) -> statement.Result:
    """The deal's figures from all facts known now, as of a day; nothing is stored.

    Raises RuleError("deal.parked") with the first reason when the calculation refuses the contract.
    """
    try:
        return statement.compute(facts.load(contract_file(deal, as_of=on)))
    except Refused as refused:
        raise RuleError("deal.parked", reason=refused.faults[0].message) from refused
