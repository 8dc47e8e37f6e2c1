"""Why figures changed on a day: the facts of that day, and what they did to a statement."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from deals.rules.facts.model import Contract
from deals.rules.periods import DAY
from deals.rules.statement import Line, Result, compute

# Lines that say enough of a restated period to people; the others lie between them.
_TOLD = ("gross", "net", "earned", "stacking", "fixed", "milestone", "minimum", "cap", "accrued")
# They stop money or decide about it, and change no figure of a statement.
_SILENT = ("dispute", "delay", "interest_charged", "interest_waived", "guarantee_call", "refund")


@dataclass(frozen=True, slots=True)
class Cause:
    """A fact: a report (period, revision), a terms version (number), an event (its type).

    `kind` is "report", "terms", "event", or "day" when only the day itself closed a window or
    made a sum due.
    """

    kind: str
    name: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class OwnChange:
    """A line of a statement that changed on a day while it was not final; minor units."""

    day: date
    code: str
    key: str
    before: int
    after: int


def causes_on(contract: Contract, day: date, about: str) -> tuple[Cause, ...]:
    """The facts that took effect on a day, a report of the period `about` first.

    Never empty: where no fact lies on the day, the day itself is the cause.
    """
    reports = sorted(
        (report for report in contract.reports if report.accepted_on == day),
        key=lambda report: (report.period.name != about, report.period, report.revision),
    )
    found = [Cause("report", report.period.name, report.revision) for report in reports]
    found += [
        Cause("terms", number=terms.version)
        for terms in contract.terms[1:]
        if terms.effective_from == day
    ]
    found += [
        Cause("event", event.type)
        for event in contract.events
        if event.day == day and event.type not in _SILENT
    ]
    return tuple(found) or (Cause("day"),)


def own_changes(contract: Contract, period: str) -> Iterator[OwnChange]:
    """What changed on a period's own statement between its issue and its last day, by day.

    The contract is computed as of each day that brought a report and the day before it; what the
    two differ in is the change. Nothing for a statement that was never restated.
    """
    accepted = [
        report.accepted_on
        for report in contract.reports
        if report.period.name == period and report.accepted_on is not None
    ]
    final = contract.finals.get(period)
    if not accepted or final is None:
        return
    last = min(final.day, contract.as_of)
    days = {report.accepted_on for report in contract.reports if report.accepted_on is not None}
    for day in sorted(day for day in days if min(accepted) < day <= last):
        before = _told(compute(replace(contract, as_of=day - DAY)), period)
        after = _told(compute(replace(contract, as_of=day)), period)
        for code, key in (*before, *(name for name in after if name not in before)):
            old, new = before.get((code, key), 0), after.get((code, key), 0)
            if old != new:
                yield OwnChange(day, code, key, old, new)


def _told(result: Result, period: str) -> Mapping[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for statement in result.statements:
        for line in statement.lines if statement.period.name == period else ():
            if line.corrects is None and _is_told(line):
                name = (line.code, line.inputs.get("line", ""))
                found[name] = found.get(name, 0) + line.amount
    return found


def _is_told(line: Line) -> bool:
    family, _, part = line.code.partition(".")
    return family in _TOLD and part not in {"tier", "rounding", "lapsed"}
