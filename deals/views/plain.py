"""A terms document in plain words: one sentence for each clause that says something."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deals.forms.money import deduction_word
from deals.forms.talks import percent_of
from deals.forms.terms.values import grouped
from deals.rules.money import (
    RATIO_DECIMALS,
    UNIT_DECIMALS,
    exponent_of,
    format_amount,
    format_ratio,
    format_scaled,
)
from deals.rules.terms import CLAUSES, Terms
from deals.rules.terms.model import FixedItem, Milestone, Stream
from marketplace.base import formats

Words = str | Promise
PERIODS: dict[str, Words] = {
    "month": gettext_lazy("month"),
    "quarter": gettext_lazy("quarter"),
    "half_year": gettext_lazy("half a year"),
    "year": gettext_lazy("year"),
}
WINDOWS: dict[str, Words] = {
    "period": gettext_lazy("each reporting period"),
    "quarter": gettext_lazy("each quarter"),
    "contract_year": gettext_lazy("each contract year"),
    "calendar_year": gettext_lazy("each calendar year"),
    "lifetime": gettext_lazy("the whole term"),
}
BASES: dict[str, Words] = {
    "gross": gettext_lazy("sales without tax"),
    "net_sales": gettext_lazy("net sales"),
    "units": gettext_lazy("pieces sold"),
    "added_output_value": gettext_lazy("added output value"),
    "profit": gettext_lazy("profit"),
    "sublicence_income": gettext_lazy("income from sublicences"),
}
EVENTS: dict[str, Words] = {
    "conversion": gettext_lazy("conversion"),
    "signature": gettext_lazy("signature"),
}


@dataclass(frozen=True)
class Sentence:
    """What one clause says."""

    text: str
    clause: str


def sentences_of(terms: Terms) -> list[Sentence]:
    """What the terms say, in the order of their clauses."""
    found: list[tuple[str, str]] = [
        *_stages(terms),
        *_periods(terms),
        *(said for stream in terms.streams.values() for said in _stream(terms, stream)),
        *((_fixed(terms, item), "fixed") for item in terms.fixed),
        *((_milestone(terms, step), "milestones") for step in terms.milestones),
        *_limits(terms),
        *_lateness(terms),
    ]
    return [Sentence(text, CLAUSES[key]) for text, key in found]


def money(terms: Terms, minor: int) -> str:
    """An amount in the contract's currency, as people say it."""
    if terms.currency == "CNY":
        return formats.wan(minor)
    return f"{terms.currency} {figure(terms, minor)}"


def figure(terms: Terms, minor: int) -> str:
    """An amount to the last minor unit, without its currency: for tables."""
    return grouped(format_amount(minor, terms.currency))


def _stages(terms: Terms) -> Iterator[tuple[str, str]]:
    trial = terms.trial
    if trial is not None and trial.last is not None:
        said = {"first": trial.start.isoformat(), "last": trial.last.isoformat()}
        yield _("Free of charge from %(first)s to %(last)s.") % said, "stages.trial"
    if trial is not None and trial.nothing_due_before == "trial_end":
        yield _("Nothing falls due before the trial ends."), "stages.trial.nothing_due_before"
    if trial is not None and trial.nothing_due_before == "first_revenue":
        yield _("Nothing falls due before the first revenue."), "stages.trial.nothing_due_before"
    if trial is not None and trial.unconverted_use == "claim":
        text = _("Use after the trial without conversion is a claim of the university.")
        yield text, "stages.trial.unconverted_use"
    if terms.paying.last is not None:
        said = {"last": terms.paying.last.isoformat()}
        yield _("No sale after %(last)s bears royalty.") % said, "stages.paying"


def _periods(terms: Terms) -> Iterator[tuple[str, str]]:
    calendar = terms.calendar
    said = {
        "period": PERIODS[calendar.kind],
        "report": calendar.report_days,
        "pay": calendar.pay_days,
    }
    text = _("A report and an instalment each %(period)s: within %(report)s and %(pay)s days.")
    yield text % said, "periods"


def _stream(terms: Terms, stream: Stream) -> Iterator[tuple[str, str]]:
    said = {
        "name": stream.key,
        "rates": _rates(terms, stream),
        "basis": BASES[stream.basis],
        "window": WINDOWS[stream.tiers.window],
    }
    if stream.tiers.mode == "whole":
        text = _("%(name)s: %(rates)s, one rate for all %(basis)s of %(window)s.")
    elif len(stream.tiers.rows) == 1:
        text = _("%(name)s: %(rates)s of %(basis)s.")
    else:
        text = _("%(name)s: %(rates)s, counted part by part over the %(basis)s of %(window)s.")
    yield text % said, "streams.tiers"
    if stream.deductions:
        yield _deducted(stream), "streams.deductions"
    if stream.allowance is not None and stream.allowance.amount:
        free = _quantity(terms, stream, stream.allowance.amount)
        said = {"amount": free, "window": WINDOWS[stream.allowance.per]}
        text = _("The first %(amount)s of %(window)s are free of royalty.") % said
        yield text, "streams.free_allowance"


def _rates(terms: Terms, stream: Stream) -> str:
    words = []
    for row in stream.tiers.rows:
        said = {"rate": _price(terms, stream, row.rate)}
        if len(stream.tiers.rows) == 1:
            words.append(said["rate"])
        elif row.upper is None:
            words.append(_("%(rate)s above") % said)
        else:
            said["limit"] = _quantity(terms, stream, row.upper)
            words.append(_("%(rate)s up to %(limit)s") % said)
    return _list(words)


def _price(terms: Terms, stream: Stream, rate: int) -> str:
    text = format_ratio(rate)
    if not stream.counts_units:
        return f"{percent_of(text)}%"
    return _("%(amount)s a piece") % {"amount": _unit_price(terms, rate)}


def _unit_price(terms: Terms, rate: int) -> str:
    """Minor units over 10**10 as major units with all their decimals."""
    digits = RATIO_DECIMALS + exponent_of(terms.currency)
    number = format_scaled(rate, digits).rstrip("0").rstrip(".")
    return (
        f"¥{formats.NO_BREAK}{number}" if terms.currency == "CNY" else f"{terms.currency} {number}"
    )


def _quantity(terms: Terms, stream: Stream, amount: int) -> str:
    if not stream.counts_units:
        return money(terms, amount)
    number = format_scaled(amount, UNIT_DECIMALS).rstrip("0").rstrip(".")
    return _("%(number)s pieces") % {"number": grouped(number)}


def _deducted(stream: Stream) -> str:
    words = []
    for kind, deduction in stream.deductions.items():
        said = {"kind": deduction_word(kind)}
        if deduction.cap is None:
            words.append(said["kind"])
        else:
            said["share"] = f"{percent_of(format_ratio(deduction.cap))}%"
            words.append(_("%(kind)s up to %(share)s of sales") % said)
    return _("Taken off sales, besides tax: %(kinds)s.") % {"kinds": _list(words)}


def _fixed(terms: Terms, item: FixedItem) -> str:
    on = item.day.isoformat() if item.day else str(EVENTS.get(item.event or "", item.event))
    said = {"name": item.key, "amount": money(terms, item.amount), "on": on, "days": item.due_days}
    if item.due_days is None:
        return _("%(name)s: %(amount)s on %(on)s.") % said
    return _("%(name)s: %(amount)s, %(days)s days after %(on)s.") % said


def _milestone(terms: Terms, step: Milestone) -> str:
    said = {"name": step.key, "amount": money(terms, step.amount)}
    if step.day is not None:
        return _("%(name)s: %(amount)s on %(on)s.") % {**said, "on": step.day.isoformat()}
    said["net"] = money(terms, step.net or 0)
    return _("%(name)s: %(amount)s once net sales in all reach %(net)s.") % said


def _limits(terms: Terms) -> Iterator[tuple[str, str]]:
    minimum = terms.minimum
    if minimum is not None:
        said = {
            "amount": money(terms, minimum.amounts[0]),
            "window": WINDOWS[minimum.scope],
        }
        yield _("At least %(amount)s in %(window)s, sales or not.") % said, "minimum"
    cap = terms.caps.limits.get("lifetime") if terms.caps else None
    if cap is None:
        yield _("There is no cap over the whole term."), "caps"
    else:
        yield _("The cap over the whole term: %(amount)s.") % {"amount": money(terms, cap)}, "caps"
    stop = terms.long_stop
    if stop is not None:
        said = {"day": stop.day.isoformat()}
        text = _("What the price still lacks on %(day)s falls due.")
        if stop.balance == "waived":
            text = _("What the price still lacks on %(day)s is waived.")
        yield text % said, "long_stop"


def _lateness(terms: Terms) -> Iterator[tuple[str, str]]:
    late = terms.late
    if late is None:
        yield _("Late payment bears no interest."), "late"
    elif late.fixed is not None:
        rate = f"{percent_of(format_ratio(late.fixed))}%"
        yield _("Late payment bears %(rate)s interest a year.") % {"rate": rate}, "late"
    else:
        said = {"multiple": format_ratio(late.multiple), "series": late.series}
        yield _("Late payment bears %(multiple)s times %(series)s a year.") % said, "late"


def _list(words: list[str]) -> str:
    return reduce(lambda one, other: _("%(a)s, %(b)s") % {"a": one, "b": other}, words)
