"""How terms stand to the ceilings that public guidance sets, and the most that they can cost."""

from collections.abc import Iterator
from dataclasses import dataclass

from deals.rules.faults import Caution
from deals.rules.periods import add_months
from deals.rules.terms import Terms


@dataclass(frozen=True, slots=True)
class Ceilings:
    """Dated guidance as data: None where it sets no ceiling.

    `rate` is a ratio over 10**10 of net sales, `fixed` the sum of agreed sums in minor units of
    yuan, `trial_months` whole months; `source` says where they are written.
    """

    rate: int | None = None
    fixed: int | None = None
    trial_months: int | None = None
    source: str = ""


def above(terms: Terms, ceilings: Ceilings) -> tuple[Caution, ...]:
    """Each place of the terms that lies above a ceiling: `rate.ceiling`, `fixed.ceiling` or
    `trial.ceiling`. Guidance warns, it forbids nothing.
    """
    found = (_rates(terms, ceilings), _sums(terms, ceilings), _trial(terms, ceilings))
    return tuple(caution for cautions in found for caution in cautions)


def most_payable(terms: Terms) -> int | None:
    """The most that the terms can ever ask for in minor units, None if nothing holds it.

    Late interest and tax come on top. What the lifetime cap does not include is added to it.
    """
    open_ended = _uncapped(terms, set())
    limit = None if terms.caps is None else terms.caps.limits.get("lifetime")
    if terms.caps is None or limit is None:
        return open_ended
    beside = _uncapped(terms, set(terms.caps.includes))
    capped = None if beside is None else limit + beside
    known = [amount for amount in (open_ended, capped) if amount is not None]
    return min(known, default=None)


def _uncapped(terms: Terms, included: set[str]) -> int | None:
    """What the components that are not included come to, None if they have no end."""
    if "earned" not in included and terms.streams:
        return None
    if "minimum" not in included and terms.minimum is not None:
        return None
    fixed = 0 if "fixed" in included else sum(item.amount for item in terms.fixed)
    steps = 0 if "milestone" in included else sum(one.amount for one in terms.milestones)
    return fixed + steps


def _rates(terms: Terms, ceilings: Ceilings) -> Iterator[Caution]:
    if ceilings.rate is None:
        return
    for index, stream in enumerate(terms.streams.values()):
        if stream.basis not in {"net_sales", "gross"}:
            continue
        for number, row in enumerate(stream.tiers.rows):
            if row.rate > ceilings.rate:
                yield Caution("rate.ceiling", f"streams[{index}].tiers.rows[{number}].rate")


def _sums(terms: Terms, ceilings: Ceilings) -> Iterator[Caution]:
    if ceilings.fixed is None or terms.currency != "CNY":
        return
    if sum(item.amount for item in terms.fixed) > ceilings.fixed:
        yield Caution("fixed.ceiling", "fixed")


def _trial(terms: Terms, ceilings: Ceilings) -> Iterator[Caution]:
    trial, months = terms.trial, ceilings.trial_months
    if months is None or trial is None or trial.last is None:
        return
    if trial.last >= add_months(trial.start, months):
        yield Caution("trial.ceiling", "stages.trial.to")
