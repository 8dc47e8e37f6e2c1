"""Statements: the one pure calculation, its result, and the result as a document."""

from deals.rules.statement.computing import compute
from deals.rules.statement.document import printed_figures, to_document
from deals.rules.statement.result import (
    Allocation,
    Corrects,
    Credit,
    Instalment,
    Interest,
    Line,
    Result,
    Statement,
    Totals,
)

__all__ = [
    "Allocation",
    "Corrects",
    "Credit",
    "Instalment",
    "Interest",
    "Line",
    "Result",
    "Statement",
    "Totals",
    "compute",
    "printed_figures",
    "to_document",
]
