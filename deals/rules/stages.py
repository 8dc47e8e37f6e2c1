"""Which sales are free, which pay, and which were made without a conversion (S2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from deals.rules.money import Exact
from deals.rules.periods import DAY
from deals.rules.terms.model import Limit, Terms

FREE, PAYING, CLAIM = "free", "paying", "claim"
NEVER, ALWAYS = date.min, date.max


@dataclass(frozen=True, slots=True)
class Stage:
    """The last free day of a version (`ALWAYS` while it is open) and when its use was converted."""

    last_free: date
    converted_from: date | None

    def of(self, terms: Terms, sale_date: date) -> str:
        """Return whether a sale is free, pays, or is only claimed."""
        if sale_date <= self.last_free:
            return FREE
        if self.is_converted(sale_date) or terms.trial is None:
            return PAYING
        return CLAIM if terms.trial.unconverted_use == "claim" else PAYING

    def is_converted(self, sale_date: date) -> bool:
        """Tell whether the company had converted by the day of the sale."""
        return self.converted_from is not None and self.converted_from <= sale_date

    @property
    def is_converted_throughout(self) -> bool:
        """Tell whether every day after the free stage lies in converted use."""
        return self.last_free != ALWAYS and self.is_converted(self.last_free + DAY)

    def first_paying(self, start: date) -> date | None:
        """Return the first day that pays, None while the free stage is open."""
        if self.last_free == ALWAYS:
            return None
        return start if self.last_free == NEVER else max(start, self.last_free + DAY)


def stage_of(terms: Terms, conversion: date | None, triggered: date | None) -> Stage:
    """Return the stage of one version: its free days end at the earliest of their ends."""
    converted_from = terms.paying.start or conversion
    agreed = terms.trial.last if terms.trial else None
    ends = [day for day in (triggered, agreed) if day is not None]
    if converted_from is not None:
        ends.append(converted_from - DAY)
    return Stage(min(ends, default=ALWAYS), converted_from)


def trigger_day(limits: Iterable[Limit], sold: Iterable[tuple[date, Exact, int]]) -> date | None:
    """Return the day on which cumulative free sales meet a limit, None if they never do.

    `sold` gives day, exact net and units over 10**6, in order of the days: a period's last day with
    its sums, or a line's own.
    """
    net: Exact = 0
    units = 0
    for day, more_net, more_units in sold:
        net += more_net
        units += more_units
        for limit in limits:
            if limit.net is not None and net >= limit.net:
                return day
            if limit.units is not None and units >= limit.units:
                return day
    return None


StageMap = Mapping[int, Stage]
