"""What differs between two terms documents, leaf by leaf, each with the clause it belongs to."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from deals.rules.periods import add_months
from deals.rules.reading import join
from deals.rules.terms import CLAUSES

_INDEX = re.compile(r"\[\d+\]")
# What a deal adds to standing terms: its own number, days and parties are no deviation.
_OF_THE_DEAL = (
    "contract", "version", "effective_from", "owners", "stages.trial.from", "stages.trial.to",
    "stages.paying.to", "waterfalls",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One leaf that differs: its path, its clause number ("" without one), None where absent."""

    path: str
    clause: str
    before: object
    after: object


def differences(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[Change, ...]:
    """Every leaf that two documents do not share, in the order of their paths."""
    return tuple(
        Change(path, clause_of(path), old, new) for path, old, new in _compare("", before, after)
    )


def deviations(
    template: Mapping[str, object], document: Mapping[str, object], *, trial_months: int
) -> tuple[Change, ...]:
    """How a deal's document departs from the standing terms it was offered under.

    The deal's own number, parties and days are left out, except that the length of the trial is
    compared with `trial_months` (a change at `stages.trial` with both ends' dates).
    """
    found = [
        change
        for change in differences(template, document)
        if not change.path.startswith(_OF_THE_DEAL)
    ]
    expected, agreed = _trial_ends(document, trial_months)
    if expected != agreed:
        found.append(Change("stages.trial", clause_of("stages.trial"), expected, agreed))
    return tuple(found)


def clause_of(path: str) -> str:
    """The clause number of the longest known start of a path, "" without one."""
    words = _INDEX.sub("", path).split(".")
    starts = (".".join(words[:length]) for length in range(len(words), 0, -1))
    return next((CLAUSES[start] for start in starts if start in CLAUSES), "")


def _compare(path: str, before: object, after: object) -> Iterator[tuple[str, object, object]]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in sorted({*before, *after}):
            yield from _compare(join(path, str(key)), before.get(key), after.get(key))
        return
    if isinstance(before, list) and isinstance(after, list):
        for index in range(max(len(before), len(after))):
            yield from _compare(join(path, index), _at(before, index), _at(after, index))
        return
    if before != after:
        yield path, before, after


def _at(values: list[object], index: int) -> object:
    return values[index] if index < len(values) else None


def _trial_ends(document: Mapping[str, object], months: int) -> tuple[str | None, str | None]:
    """The last day that a trial of so many months would have, and the one that is agreed."""
    stages = document.get("stages")
    trial = stages.get("trial") if isinstance(stages, Mapping) else None
    if not isinstance(trial, Mapping) or not trial.get("from") or not trial.get("to"):
        return None, None
    last = add_months(date.fromisoformat(str(trial["from"])), months) - timedelta(days=1)
    return last.isoformat(), str(trial["to"])
