"""The facts of a contract: what a contract file holds, read and checked."""

from deals.rules.facts.loading import governing, load
from deals.rules.facts.model import Contract, Credit, Event, Line, Receipt, Report, Series
from deals.rules.faults import Caution, Fault, Refused

__all__ = [
    "Caution",
    "Contract",
    "Credit",
    "Event",
    "Fault",
    "Line",
    "Receipt",
    "Refused",
    "Report",
    "Series",
    "governing",
    "load",
]
