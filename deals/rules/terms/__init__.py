"""The terms of a contract as data: reading, checking, and the clause each key owns."""

from deals.rules.terms.clauses import CLAUSES
from deals.rules.terms.model import Terms
from deals.rules.terms.validating import validate

__all__ = ["CLAUSES", "Terms", "validate"]
