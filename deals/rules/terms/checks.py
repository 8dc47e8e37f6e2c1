"""What a terms version must not say although each value is well formed, and what to warn of.

Faults forbid the version; cautions are for the people who sign it.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from deals.rules.faults import Caution, Fault
from deals.rules.money import RATIO_SCALE
from deals.rules.periods import DAY, PeriodPlan, Workdays, add_months
from deals.rules.reading import join
from deals.rules.terms import model

HIGH_RATE = RATIO_SCALE // 5
HIGH_FIXED_YUAN = 20_000_000_00
LONG_TRIAL_MONTHS = 36
_BEFORE = "the terms promise that nothing falls due before that point"


def faults(terms: model.Terms, where: str) -> Iterator[Fault]:
    """Yield what forbids this version, each with the place it stands at."""
    yield from _stage_faults(terms, where)
    yield from _cap_faults(terms, where)
    yield from _early_faults(terms, where)
    yield from _party_faults(terms, where)


def _stage_faults(terms: model.Terms, where: str) -> Iterator[Fault]:
    if not terms.streams and not terms.fixed and not terms.milestones:
        place = join(where, "streams")
        yield Fault("streams.empty", place, "without streams a fixed item or milestone is needed")
    retroactive = terms.retroactive_from
    if retroactive is not None and retroactive > terms.effective_from:
        place = join(where, "retroactive_from")
        yield Fault("dates.reversed", place, "it must not lie after effective_from")
    minimum = terms.minimum
    if minimum and minimum.scope == "quarter" and terms.calendar.kind in {"half_year", "year"}:
        place = join(where, "minimum.scope")
        yield Fault(
            "minimum.scope", place, "a quarterly minimum needs periods of a quarter or less"
        )
    for name, keys in (
        ("fixed", [item.key for item in terms.fixed]),
        ("milestones", [item.key for item in terms.milestones]),
    ):
        if len(set(keys)) < len(keys):
            yield Fault("key.repeated", join(where, name), "two entries have the same key")


def _cap_faults(terms: model.Terms, where: str) -> Iterator[Fault]:
    if terms.caps is None:
        if terms.long_stop is not None and terms.long_stop.balance == "due":
            place = join(where, "long_stop")
            yield Fault("long_stop.cap", place, "a balance due needs a lifetime cap as the price")
        return
    if terms.minimum is None or terms.minimum.scope == "quarter":
        return
    for name in ("contract_year", "calendar_year"):
        cap = terms.caps.limits.get(name)
        if cap is not None and cap < max(terms.minimum.amounts):
            place = join(where, f"caps.{name}")
            yield Fault("cap.below_minimum", place, "the cap of the year is below its minimum")


def _early_faults(terms: model.Terms, where: str) -> Iterator[Fault]:
    trial = terms.trial
    if trial is None or trial.nothing_due_before is None:
        return
    for index, item in enumerate(terms.fixed):
        if _fixed_is_early(terms, trial, item):
            yield Fault("due.too_early", join(where, f"fixed[{index}].on"), _BEFORE)
    for index, milestone in enumerate(terms.milestones):
        if _milestone_is_early(terms, trial, milestone):
            yield Fault("due.too_early", join(where, f"milestones[{index}]"), _BEFORE)
    if terms.minimum is not None and trial.nothing_due_before == "first_revenue":
        yield Fault("due.too_early", join(where, "minimum"), _BEFORE)


def _fixed_is_early(terms: model.Terms, trial: model.Trial, item: model.FixedItem) -> bool:
    if trial.nothing_due_before == "first_revenue":
        return True
    if item.day is None:
        return item.event != "conversion"
    if item.due_days is None:
        return _falls_in(terms, item.day)
    return _is_early(terms, item.day + timedelta(days=item.due_days))


def _milestone_is_early(terms: model.Terms, trial: model.Trial, milestone: model.Milestone) -> bool:
    if trial.nothing_due_before == "first_revenue":
        return milestone.day is not None or milestone.net == 0
    return _falls_in(terms, milestone.day or trial.start)


def _falls_in(terms: model.Terms, day: date) -> bool:
    """Tell whether the instalment of the period that holds a day is due within the trial."""
    calendar = terms.calendar
    plan = PeriodPlan(calendar.kind, calendar.anchor, terms.contract_start)
    last = plan.holding(max(day, plan.start)).last
    return _is_early(terms, last + timedelta(days=calendar.pay_days))


def _is_early(terms: model.Terms, due: date) -> bool:
    """Tell whether a due date lies within the longest trial that the terms allow.

    One that moves to the workday before counts as if it had moved over a weekend already.
    """
    ends = [terms.trial.last if terms.trial else None]
    if terms.paying.start is not None:
        ends.append(terms.paying.start - DAY)
    last = min((day for day in ends if day is not None), default=None)
    rolled = Workdays().roll(due, terms.calendar.roll)
    return last is None or min(due, rolled) <= last


def _party_faults(terms: model.Terms, where: str) -> Iterator[Fault]:
    parties = {owner.party for owner in terms.owners}
    lead = terms.collection.removeprefix("lead:")
    if terms.collection != "each_owner" and (lead == terms.collection or lead not in parties):
        place = join(where, "collection")
        yield Fault("collection.unknown", place, "each_owner or lead: and an owner is expected")


def cautions(terms: model.Terms, where: str) -> Iterator[Caution]:
    """Yield what the people who sign this version should look at twice."""
    yield from _stream_cautions(terms, where)
    yield from _sum_cautions(terms, where)
    vat = terms.tax.vat if terms.tax else None
    if vat is not None and vat.rate is None and not vat.is_exempt:
        yield Caution("tax.rate_missing", join(where, "tax.vat"))
    if _is_long(terms.trial):
        yield Caution("trial.long", join(where, "stages.trial.to"))
    parties = {owner.party for owner in terms.owners}
    for party in terms.waterfalls:
        if party not in parties:
            yield Caution("party.idle", join(where, f"waterfalls.{ascii(party)[1:-1]}"))


def _is_long(trial: model.Trial | None) -> bool:
    if trial is None or trial.last is None:
        return False
    return trial.last >= add_months(trial.start, LONG_TRIAL_MONTHS)


def _stream_cautions(terms: model.Terms, where: str) -> Iterator[Caution]:
    for index, stream in enumerate(terms.streams.values()):
        place = join(where, f"streams[{index}].tiers")
        rates = [row.rate for row in stream.tiers.rows]
        if stream.tiers.mode == "whole" and rates != sorted(rates):
            yield Caution("tiers.whole_falling", place)
        if stream.basis in {"net_sales", "gross"} and max(rates) > HIGH_RATE:
            yield Caution("rate.high", place)


def _sum_cautions(terms: model.Terms, where: str) -> Iterator[Caution]:
    if terms.currency == "CNY" and sum(item.amount for item in terms.fixed) > HIGH_FIXED_YUAN:
        yield Caution("fixed.high", join(where, "fixed"))
    for index, item in enumerate(terms.fixed):
        if item.creditable and item.due_days is None:
            yield Caution("fixed.creditable", join(where, f"fixed[{index}].creditable"))
