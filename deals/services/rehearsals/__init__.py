"""Rehearsals: begun, played, copied and thrown away; none of it touches a deal."""

from deals.services.rehearsals.beginning import (
    Beginning,
    earliest_start,
    rehearse_deal,
    rehearse_listing,
)
from deals.services.rehearsals.keeping import copy_rehearsal, delete_rehearsal
from deals.services.rehearsals.playing import (
    Payment,
    accept_report,
    convert,
    file_report,
    leave,
    move_date,
    pay,
    question_report,
    start_over,
    terminate,
)
from deals.services.rehearsals.reading import (
    file_of,
    last_day_of,
    play_of,
    preview_report,
    result_of,
)

__all__ = [
    "Beginning",
    "Payment",
    "accept_report",
    "convert",
    "copy_rehearsal",
    "delete_rehearsal",
    "earliest_start",
    "file_of",
    "file_report",
    "last_day_of",
    "leave",
    "move_date",
    "pay",
    "play_of",
    "preview_report",
    "question_report",
    "rehearse_deal",
    "rehearse_listing",
    "result_of",
    "start_over",
    "terminate",
]
