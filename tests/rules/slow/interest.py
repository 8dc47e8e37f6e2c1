"""Late interest, day by day (S14)."""

from datetime import timedelta
from fractions import Fraction

from tests.rules.slow.days import ONE_DAY, day
from tests.rules.slow.numbers import shown

ZERO = Fraction(0)


class Row:
    """The instalments of one period and one due date, and the interest they bear."""

    def __init__(self, replay, index, instalments):
        self.replay = replay
        self.contract = replay.contract
        self.index = index
        self.instalments = instalments
        self.late = self.contract.terms_of(index, replay.as_of).get("late")
        self.settled = {paid_on for each in instalments for paid_on, _part in each.parts}
        self.waiting = ZERO

    def rate_on(self, when):
        rate = self.late["rate"]
        if "fixed" in rate:
            return Fraction(rate["fixed"])
        series = self.contract.document["rates"][rate["series"]]
        known = [row for row in series if day(row[0]) <= when]
        return Fraction(max(known)[1]) * Fraction(rate.get("multiple", "1"))

    def due_of(self, instalment):
        """Return the day after which an instalment is late."""
        wanted = self.replay.terms.get("correction", {}).get("interest_from")
        if instalment.corrects is not None and wanted == "original_due":
            first_due = self.replay.due_of(instalment.corrects, self.replay.as_of)
            return self.contract.workdays.roll(first_due)
        return instalment.due

    def forgiven_until(self, instalment):
        return self.due_of(instalment) + timedelta(days=self.late.get("grace_days", 0))

    def begins(self, instalment):
        """Return the day after which interest runs."""
        until = self.forgiven_until(instalment)
        is_late = any(self.unpaid(each, until + ONE_DAY) for each in self.instalments)
        if self.late.get("retroactive") and is_late:
            return self.due_of(instalment)
        return until

    def unpaid(self, instalment, when):
        """Return what is unpaid of an instalment when a day begins."""
        paid = sum((part for paid_on, part in instalment.parts if paid_on < when), ZERO)
        return instalment.amount - paid

    def bearing(self, when):
        """Return what is unpaid, and late, when a day begins."""
        return sum(
            (self.unpaid(each, when) for each in self.instalments if when > self.begins(each)),
            ZERO,
        )

    def is_forgiven(self, when):
        return all(when <= self.forgiven_until(each) for each in self.instalments)

    def amounts(self, disputed):
        """Return [days, amount, state] of each settlement; `disputed` tells by day."""
        exact = proposed = ZERO
        previous = when = min(self.begins(each) for each in self.instalments)
        found = []
        while when < self.replay.as_of:
            when += ONE_DAY
            if not is_delayed(self.contract, when):
                free = min(self.bearing(when), disputed(when)) if self.bearing(when) else ZERO
                exact += (self.bearing(when) - free) * self.rate_on(when) / self.late["basis"]
            at_the_end = when == self.replay.as_of and self.bearing(when + ONE_DAY)
            if when not in self.settled and not at_the_end:
                continue
            amount = ZERO
            if not self.is_forgiven(when):
                amount = self.contract.round(exact) - proposed
            proposed += amount
            if amount:
                state = "proposed" if when in self.settled else "accruing"
                found.append([(when - previous).days, amount, state])
            previous = when
        return found


def events_of(contract, kind, known):
    return [
        event
        for event in contract.document.get("events", [])
        if event["type"] == kind and day(event["date"]) <= known
    ]


def is_delayed(contract, when):
    return any(
        day(event["date"]) <= when <= day(event["to"])
        for event in contract.document.get("events", [])
        if event["type"] == "delay"
    )


def disputed_on(contract, index, known):
    """Return a function from a day to the disputed part of a period."""
    disputes = [
        (day(event["date"]), day(event["to"]), contract.money(event["amount"]))
        for event in events_of(contract, "dispute", known)
        if contract.periods.numbered(event["period"]) == index
    ]
    return lambda when: sum(
        (amount for first, last, amount in disputes if first <= when <= last), ZERO
    )


def stopped(row, earlier, disputed):
    """Return the disputed part that falls on one row: older rows of the period come first."""
    if not row.late.get("stops_in_dispute"):
        return lambda when: ZERO
    return lambda when: max(ZERO, disputed(when) - sum(each.bearing(when) for each in earlier))


def decided(rows, contract, index, known):
    """Split the proposals of one period into what staff charged, waived and left."""
    budgets = {
        state: sum(
            (
                contract.money(event["amount"])
                for event in events_of(contract, "interest_" + state, known)
                if contract.periods.numbered(event["period"]) == index
            ),
            ZERO,
        )
        for state in ("charged", "waived")
    }
    for days, amount, state in rows:
        left = amount
        for decision, budget in budgets.items():
            part = min(left, budget)
            budgets[decision] = budget - part
            left -= part
            if part:
                yield days, part, decision
        if left:
            yield days, left, state


def interest_rows(replay):
    contract = replay.contract
    same_row = {}
    for each in replay.instalments:
        same_row.setdefault((each.index, each.due), []).append(each)
    rows = [Row(replay, index, same_row[index, due]) for index, due in sorted(same_row)]
    found = []
    for index in sorted({row.index for row in rows}):
        mine = [row for row in rows if row.index == index and row.late]
        disputed = disputed_on(contract, index, replay.as_of)
        proposals = [
            one
            for number, row in enumerate(mine)
            for one in row.amounts(stopped(row, mine[:number], disputed))
        ]
        found += [
            {
                "period": contract.periods.name(index),
                "days": days,
                "amount": shown(amount, contract.currency),
                "state": state,
            }
            for days, amount, state in decided(proposals, contract, index, replay.as_of)
        ]
    return found
