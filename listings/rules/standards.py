"""Named terms that a university may start from; every figure of theirs is meant to be changed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from listings.rules.template import Document, Offer, Tier, standard_template

_YUAN = 100
_WAN = 10_000 * _YUAN
TRIAL_MONTHS = 6


@dataclass(frozen=True, slots=True)
class Start:
    """Terms to start from: the kind of deal, the trial in months, the shared clauses."""

    family: str
    document: Document
    trial_months: int = TRIAL_MONTHS


def no_minimum() -> Start:
    """Standard A: a share of revenue with an allowance and a cap, and nothing without revenue."""
    tiers = (Tier(200 * _WAN, "0.04"), Tier(None, "0.03"))
    offer = Offer(tiers, TRIAL_MONTHS, allowance=50 * _WAN, cap=120 * _WAN)
    return Start("use_first", standard_template(offer))


def _small_minimum() -> Start:
    offer = Offer((Tier(None, "0.02"),), TRIAL_MONTHS, cap=120 * _WAN, minimum=3 * _WAN)
    return Start("use_first", standard_template(offer))


def _price_from_revenue() -> Start:
    return Start("use_first", standard_template(Offer((Tier(None, "0.06"),), cap=60 * _WAN)))


def _option() -> Start:
    offer = Offer((Tier(None, "0.03"),), TRIAL_MONTHS, cap=120 * _WAN)
    entry = _fixed("entry", "50000.00", 30) | {"creditable": True}
    return Start("option", standard_template(offer) | {"fixed": [entry]})


def _staged() -> Start:
    document = standard_template(Offer((Tier(None, "0.02"),), TRIAL_MONTHS, cap=120 * _WAN))
    steps = [
        {"key": "first_million", "cumulative_net": "1000000.00", "amount": "30000.00"},
        {"key": "ten_million", "cumulative_net": "10000000.00", "amount": "100000.00"},
    ]
    # A step can be reached inside the trial, so that nothing is promised about its days.
    document["stages"]["trial"].pop("nothing_due_before")
    return Start("staged", document | {"milestones": steps})


def _fixed_licence() -> Start:
    parts = [_fixed(f"part_{year + 1}", "100000.00", 30 + 365 * year) for year in range(3)]
    return Start("fixed_licence", _at_once() | {"fixed": parts})


def _buy_out() -> Start:
    return Start("buy_out", _at_once() | {"fixed": [_fixed("price", "500000.00", 30)]})


def _at_once() -> Document:
    return standard_template(Offer((Tier(None, "0"),), TRIAL_MONTHS)) | {"streams": []}


def _fixed(key: str, amount: str, due_days: int) -> Document:
    return {"key": key, "amount": amount, "on": "conversion", "due_days": due_days}


# The first three are the standards that people compare; each kind of deal has one to start from.
COMPARED = ("a", "b", "c")
_MAKERS: Mapping[str, Callable[[], Start]] = {
    "a": no_minimum,
    "b": _small_minimum,
    "c": _price_from_revenue,
    "option": _option,
    "staged": _staged,
    "fixed_licence": _fixed_licence,
    "buy_out": _buy_out,
}


def start_named(key: str) -> Start | None:
    """The terms to start from under a key, None for an unknown one."""
    make = _MAKERS.get(key)
    return make() if make else None
