"""Rows of a university's own list, read without guessing: pure functions from text to values."""

from listings.rules.rows.columns import ColumnMap, check, read_map, recognise
from listings.rules.rows.decoding import decode
from listings.rules.rows.faults import REASONS, Fault, FileError
from listings.rules.rows.reading import CleanRow, Facts, read_row, with_date_order
from listings.rules.rows.tables import Row, read_json_lines, read_separated

__all__ = [
    "REASONS",
    "CleanRow",
    "ColumnMap",
    "Facts",
    "Fault",
    "FileError",
    "Row",
    "check",
    "decode",
    "read_json_lines",
    "read_map",
    "read_row",
    "read_separated",
    "recognise",
    "with_date_order",
]
