"""The points of a contract that people compare: a terms document in a handful of values."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from deals.rules.agreement import Grant
from deals.rules.changes import Change
from deals.rules.money import parse_amount
from deals.rules.periods import add_months, months_between

# Where the points stand in a document: a change there is shown as its point, not as a clause.
_POINTS = re.compile(
    r"stages\.trial\.(from|to)|stages\.paying\.to|effective_from|caps\.lifetime|minimum\.amount"
    r"|streams\[0\]\.(tiers\.rows\[\d+\](\.(up_to|rate|unit))?|free_allowance\.amount)"
    r"|contract|version|owners\b.*|waterfalls\b.*"
    # A clause that came or went whole is shown by its figure; a change inside it is not.
    r"|stages\.trial|streams\[0\]\.free_allowance|caps|minimum"
)


@dataclass(frozen=True, slots=True)
class Points:
    """Amounts in minor units (None: none), rates as decimal strings, days inclusive.

    `trial_months` is None for a trial that is no whole number of months. Where pieces are counted
    `tiers` is empty: `pieces` holds bounds and prices per piece, `free_pieces` the allowance, as
    decimal strings.
    """

    trial_months: int | None
    trial_from: date | None
    trial_to: date | None
    kind: str
    territory: str
    tiers: tuple[tuple[int | None, str], ...]
    allowance: int | None
    cap: int | None
    minimum: int | None
    late_rate: str | None
    paying_to: date | None
    pieces: tuple[tuple[str | None, str], ...] = ()
    free_pieces: str = ""


def points_of(document: Mapping[str, Any], grant: Grant) -> Points:
    """The points of a version that was proposed."""
    first, last = _trial(document)
    return Points(
        trial_months=_whole_months(first, last),
        trial_from=first,
        trial_to=last,
        kind=grant.kind,
        territory=grant.territory,
        paying_to=_day(document["stages"]["paying"].get("to")),
        **_figures(document),
    )


def points_offered(
    document: Mapping[str, Any], *, trial_months: int, kind: str, territory: str
) -> Points:
    """The points of the standing terms that a listing is offered under."""
    return Points(
        trial_months=trial_months,
        trial_from=None,
        trial_to=None,
        kind=kind,
        territory=territory,
        paying_to=None,
        **_figures(document),
    )


def beyond_points(changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """Those changes that no point shows."""
    return tuple(change for change in changes if not _POINTS.fullmatch(change.path))


def _figures(document: Mapping[str, Any]) -> dict[str, Any]:
    currency = document["currency"]
    stream = (document.get("streams") or [{}])[0]
    return {
        "cap": _amount((document.get("caps") or {}).get("lifetime"), currency),
        "late_rate": ((document.get("late") or {}).get("rate") or {}).get("fixed"),
        "minimum": _amount((document.get("minimum") or {}).get("amount"), currency),
        **(_pieces(stream) if stream.get("basis") == "units" else _tiers(stream, currency)),
    }


def _tiers(stream: Mapping[str, Any], currency: str) -> dict[str, Any]:
    rows = stream.get("tiers", {}).get("rows", [])
    allowance = stream.get("free_allowance") or {}
    return {
        "tiers": tuple(
            (_amount(row.get("up_to"), currency), str(row.get("rate", "0"))) for row in rows
        ),
        "allowance": _amount(allowance.get("amount"), currency),
    }


def _pieces(stream: Mapping[str, Any]) -> dict[str, Any]:
    rows = stream.get("tiers", {}).get("rows", [])
    return {
        "tiers": (),
        "allowance": None,
        "pieces": tuple((row.get("up_to"), str(row.get("unit", "0"))) for row in rows),
        "free_pieces": (stream.get("free_allowance") or {}).get("amount", ""),
    }


def _amount(text: str | None, currency: str) -> int | None:
    return None if text is None else parse_amount(text, currency)


def _trial(document: Mapping[str, Any]) -> tuple[date | None, date | None]:
    trial = document["stages"].get("trial") or {}
    return _day(trial.get("from")), _day(trial.get("to"))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _whole_months(first: date | None, last: date | None) -> int | None:
    if first is None or last is None:
        return None
    end = last + timedelta(days=1)
    months = months_between(first, end)
    return months if add_months(first, months) == end else None
