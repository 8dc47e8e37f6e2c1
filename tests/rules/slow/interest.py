"""Late interest, day by day (S14)."""

from datetime import timedelta
from fractions import Fraction

from tests.rules.slow.days import ONE_DAY, day
from tests.rules.slow.numbers import shown

ZERO = Fraction(0)


def rate_on(contract, when):
    late = contract.first["late"]
    if "fixed" in late["rate"]:
        return Fraction(late["rate"]["fixed"])
    series = contract.document["rates"][late["rate"]["series"]]
    known = [row for row in series if day(row[0]) <= when]
    return Fraction(max(known)[1]) * Fraction(late["rate"].get("multiple", "1"))


def unpaid_at_start(replay, instalments, when):
    """Return what is unpaid, and late, of one row of instalments when a day begins."""
    return sum(
        each.amount - sum(part for paid_on, part in each.parts if paid_on < when)
        for each in instalments
        if when > begins(replay, each)
    )


def begins(replay, instalment):
    """Return the day after which interest runs."""
    grace = timedelta(days=replay.terms["late"].get("grace_days", 0))
    wanted = replay.terms.get("correction", {}).get("interest_from")
    if instalment.corrects is not None and wanted == "original_due":
        first_due = replay.due_of(instalment.corrects, replay.as_of)
        return replay.contract.workdays.roll(first_due) + grace
    return instalment.due + grace


def row_interest(replay, instalments):
    contract = replay.contract
    settled = {paid_on for each in instalments for paid_on, _part in each.parts}
    basis = contract.first["late"]["basis"]
    exact = proposed = ZERO
    delays = [
        (day(event["date"]), day(event["to"]))
        for event in contract.document.get("events", [])
        if event["type"] == "delay"
    ]
    previous = when = min(begins(replay, each) for each in instalments)
    while when < replay.as_of:
        when += ONE_DAY
        if not any(first <= when <= last for first, last in delays):
            exact += unpaid_at_start(replay, instalments, when) * rate_on(contract, when) / basis
        open_still = when == replay.as_of and unpaid_at_start(replay, instalments, when + ONE_DAY)
        if when not in settled and not open_still:
            continue
        amount = contract.round(exact) - proposed
        proposed += amount
        if amount:
            yield (when - previous).days, amount, "proposed" if when in settled else "accruing"
        previous = when


def interest_rows(replay):
    if "late" not in replay.terms:
        return []
    contract = replay.contract
    rows = {}
    for each in replay.instalments:
        rows.setdefault((each.index, each.due), []).append(each)
    return [
        {
            "period": contract.periods.name(index),
            "days": days,
            "amount": shown(amount, contract.currency),
            "state": state,
        }
        for (index, _due), together in sorted(rows.items(), key=lambda row: row[0])
        for days, amount, state in row_interest(replay, together)
    ]
