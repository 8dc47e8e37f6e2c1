"""The terms of a contract as data: reading, checking, and the clause each key owns."""

from collections.abc import Mapping

from deals.rules.faults import Caution, Fault
from deals.rules.terms import checks, reading
from deals.rules.terms.clauses import CLAUSES
from deals.rules.terms.model import Terms

__all__ = ["CLAUSES", "Terms", "validate"]


def validate(
    version: Mapping[str, object], where: str = ""
) -> tuple[Terms | None, tuple[Fault, ...], tuple[Caution, ...]]:
    """Read one terms version for an editor: the terms, what forbids them, what to look at.

    The terms are None when there is a fault. `where` is put before every path.
    """
    faults: list[Fault] = []
    terms = reading.read(version, where, faults)
    if not faults:
        faults.extend(checks.faults(terms, where))
    if faults:
        return None, tuple(faults), ()
    return terms, (), tuple(checks.cautions(terms, where))
