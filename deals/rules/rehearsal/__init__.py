"""Rehearsals: a deal played through with invented days, reports and payments."""

from deals.rules.rehearsal.happenings import Happening, happenings, open_periods
from deals.rules.rehearsal.model import (
    Entry,
    Play,
    Tables,
    Waiting,
    computed,
    contract_file,
    from_document,
    to_document,
)

__all__ = [
    "Entry",
    "Happening",
    "Play",
    "Tables",
    "Waiting",
    "computed",
    "contract_file",
    "from_document",
    "happenings",
    "open_periods",
    "to_document",
]
