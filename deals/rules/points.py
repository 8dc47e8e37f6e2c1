"""The points of a contract that people compare: a terms document in a handful of values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from deals.rules.agreement import Grant
from deals.rules.changes import Change
from deals.rules.money import parse_amount
from deals.rules.periods import add_months, months_between

# Where the points stand in a document: a change there is shown as its point, not as a clause.
_POINTS = (
    "stages.trial", "stages.paying.to", "effective_from", "streams[0].tiers.rows",
    "streams[0].free_allowance.amount", "caps.lifetime", "minimum.amount", "contract", "version",
    "owners",
)  # fmt: skip
# A clause that came or went whole is shown by its figure; a change inside it is not.
_WHOLE = ("streams[0].free_allowance", "caps", "minimum")


@dataclass(frozen=True, slots=True)
class Points:
    """Amounts in minor units (None: none), rates as decimal strings, days inclusive.

    `trial_months` is None for a trial that is no whole number of months.
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
    return tuple(
        change
        for change in changes
        if not change.path.startswith(_POINTS) and change.path not in _WHOLE
    )


def _figures(document: Mapping[str, Any]) -> dict[str, Any]:
    currency = document["currency"]
    stream = (document.get("streams") or [{}])[0]
    allowance = stream.get("free_allowance") or {}
    rows = stream.get("tiers", {}).get("rows", [])
    return {
        "tiers": tuple(
            (_amount(row.get("up_to"), currency), str(row.get("rate", "0"))) for row in rows
        ),
        "allowance": _amount(allowance.get("amount"), currency),
        "cap": _amount((document.get("caps") or {}).get("lifetime"), currency),
        "late_rate": ((document.get("late") or {}).get("rate") or {}).get("fixed"),
        "minimum": _amount((document.get("minimum") or {}).get("amount"), currency),
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
