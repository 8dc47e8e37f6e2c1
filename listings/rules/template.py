"""Standing terms as a document: made, summed up for a label, and completed for a deal.

A template's document is the terms of a contract file without what only a deal knows: its number,
its versions, its dates and its owners. Amounts here are whole fen; in the document they are decimal
strings of yuan, rates are decimal strings as well. Source of the keys: docs/rules.md#terms.
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from deals.rules.money import format_amount, parse_amount
from deals.rules.periods import add_months

Document = dict[str, Any]

CURRENCY = "CNY"
STREAM = "product"
FREIGHT_CAP = "0.05"
SPECIMEN_DAY = date(2026, 1, 1)
SPECIMEN_YEARS = 20


@dataclass(frozen=True, slots=True)
class Tier:
    """One row of a rate table: the rate (decimal string) up to an amount in fen, None for open."""

    up_to: int | None
    rate: str


@dataclass(frozen=True, slots=True)
class Offer:
    """What a university chooses; all else in its terms is standard. Amounts in fen, None: none."""

    tiers: tuple[Tier, ...]
    trial_months: int = 6
    allowance: int | None = None
    cap: int | None = None
    minimum: int | None = None
    late_rate: str = "0.045"


@dataclass(frozen=True, slots=True)
class Dates:
    """The days of a deal, all inclusive; the two trial days are None for a deal without a trial."""

    effective_from: date
    trial_from: date | None
    trial_to: date | None
    paying_to: date


@dataclass(frozen=True, slots=True)
class Standing:
    """Standing terms as a university keeps them: the shared clauses, and what a label says."""

    document: Document
    family: str
    trial_months: int
    licence_kind: str
    territory: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What a shelf label says of terms: shares of the royalty base, and amounts in fen."""

    rate_first: Decimal
    rate_last: Decimal
    rate_highest: Decimal
    allowance: int
    cap: int | None
    minimum: int | None

    @property
    def has_minimum(self) -> bool:
        """Whether something falls due in a year without sales."""
        return self.minimum is not None


def standard_template(offer: Offer) -> Document:
    """The document of the standard terms with the offer's figures filled in.

    Quarters of the calendar, net sales less returns and capped freight, a loss carried forward,
    marginal tiers that start anew each quarter, a lifetime cap over everything that can fall due.
    """
    document: Document = {
        "schema": 1,
        "currency": CURRENCY,
        "zone": "Asia/Shanghai",
        "rounding": {"mode": "half_up", "unit_minor": 1},
        "stages": {"paying": {"from": "conversion"}},
        "periods": {
            "kind": "quarter",
            "anchor": "calendar",
            "report_days": 20,
            "pay_days": 30,
            "min_days_after_final": 10,
            "roll": "following",
        },
        "streams": [_stream(offer)],
        "credits": {"order": "fifo", "max_share_per_period": "1"},
        "late": {
            "method": "simple",
            "basis": 365,
            "rate": {"fixed": offer.late_rate},
            "grace_days": 0,
            "retroactive": False,
            "stops_in_dispute": True,
        },
        "collection": "each_owner",
    }
    _add_limits(document, offer)
    return document


def summary(document: Mapping[str, Any]) -> Summary:
    """What the document comes to on a shelf label.

    Terms without a stream, and those that count pieces, have a rate of zero and no allowance.
    """
    streams = document.get("streams") or [{}]
    is_share = streams[0].get("basis") != "units"
    rows = streams[0].get("tiers", {}).get("rows", [])
    rates = [Decimal(row.get("rate", "0")) for row in rows] or [Decimal(0)]
    allowance = streams[0].get("free_allowance") if is_share else None
    cap = document.get("caps", {}).get("lifetime")
    return Summary(
        rate_first=rates[0],
        rate_last=rates[-1],
        rate_highest=max(rates),
        allowance=_fen(document, allowance["amount"]) if allowance else 0,
        cap=None if cap is None else _fen(document, cap),
        minimum=_least(document),
    )


def as_terms(
    document: Mapping[str, Any],
    *,
    contract: str,
    version: int,
    dates: Dates,
    owners: Sequence[tuple[str, int]],
) -> Document:
    """The complete terms of one version of a contract, ready for `deals.rules.facts.load`.

    `owners` are (party, integer weight); the template's document is copied and left untouched.
    A deal without trial days loses the trial stage even if the template has one.
    """
    terms = deepcopy(dict(document))
    stages = terms["stages"]
    trial = stages.pop("trial", {})
    if dates.trial_from and dates.trial_to:
        stages["trial"] = trial | {
            "from": dates.trial_from.isoformat(),
            "to": dates.trial_to.isoformat(),
        }
    stages["paying"]["to"] = dates.paying_to.isoformat()
    return terms | {
        "contract": contract,
        "version": version,
        "effective_from": dates.effective_from.isoformat(),
        "owners": [{"party": party, "weight": weight} for party, weight in owners],
    }


def specimen(document: Mapping[str, Any], *, trial_months: int) -> Document:
    """The complete terms of an invented deal, so that standing terms can be checked.

    Its trial of so many months begins on SPECIMEN_DAY; none for 0.
    """
    paying = add_months(SPECIMEN_DAY, trial_months)
    last_day = timedelta(days=1)
    return as_terms(
        document,
        contract="specimen",
        version=1,
        dates=Dates(
            effective_from=SPECIMEN_DAY,
            trial_from=SPECIMEN_DAY if trial_months else None,
            trial_to=paying - last_day if trial_months else None,
            paying_to=add_months(paying, 12 * SPECIMEN_YEARS) - last_day,
        ),
        owners=[("university", 1)],
    )


def _stream(offer: Offer) -> Document:
    stream: Document = {
        "key": STREAM,
        "basis": "net_sales",
        "deductions": [{"type": "returns"}, {"type": "freight", "cap_of_gross": FREIGHT_CAP}],
        "negative_net": "carry_forward",
        "tiers": {
            "mode": "marginal",
            "window": "period",
            "rows": [{"up_to": _yuan(tier.up_to), "rate": tier.rate} for tier in offer.tiers],
        },
    }
    if offer.allowance:
        stream["free_allowance"] = {"per": "period", "amount": _yuan(offer.allowance)}
    return stream


def _add_limits(document: Document, offer: Offer) -> None:
    """Add the trial stage, the yearly minimum and the lifetime cap where the offer has them."""
    if offer.trial_months:
        document["stages"]["trial"] = {
            "unconverted_use": "paying_rates",
            "reports_required": True,
            "nothing_due_before": "trial_end",
        }
    if offer.minimum is not None:
        document["minimum"] = {
            "scope": "contract_year",
            "amount": _yuan(offer.minimum),
            "first_year": "prorate_days",
            "on_termination": "prorate",
            "recoup": {"kind": "none"},
        }
    if offer.cap is not None:
        document["caps"] = {
            "lifetime": _yuan(offer.cap),
            "includes": ["earned", "minimum", "milestone", "fixed"],
        }


def _least(document: Mapping[str, Any]) -> int | None:
    """The minimum of the first window, as a schedule or as one amount."""
    minimum = document.get("minimum")
    if minimum is None:
        return None
    amounts = minimum.get("schedule") or [minimum["amount"]]
    return _fen(document, amounts[0])


def _yuan(fen: int | None) -> str | None:
    return None if fen is None else format_amount(fen, CURRENCY)


def _fen(document: Mapping[str, Any], amount: str) -> int:
    return parse_amount(amount, document["currency"])
