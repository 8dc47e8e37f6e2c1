"""Late interest of every instalment, and what staff decided about it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from deals.rules.facts.model import Series
from deals.rules.interest import Charge, Debt, Exempt, Tariff, charges, yearly_rate
from deals.rules.periods import Period
from deals.rules.statement.entries import Asked
from deals.rules.statement.known import Known
from deals.rules.statement.replay import Replay
from deals.rules.statement.result import Interest
from deals.rules.terms.model import Late, Span


def interest(replay: Replay, known: Known) -> tuple[Interest, ...]:
    """Return the interest rows by period and due date, each with the state staff gave it."""
    rows: list[Interest] = []
    debts: dict[Period, tuple[Debt, ...]] = {}
    for asked in replay.book.instalments():
        terms = known.in_force(asked.period)
        if terms.late is None or known.day <= _first_start(asked):
            continue
        debt, earlier = _debt(asked), debts.get(asked.period, ())
        tariff = _tariff(known, terms.late, asked.period, earlier)
        rows.extend([_row(asked, charge) for charge in charges(debt, tariff, known.day)])
        debts[asked.period] = (*earlier, debt)
    return tuple(_decided(rows, known))


def _row(asked: Asked, charge: Charge) -> Interest:
    state = "proposed" if charge.is_settled else "accruing"
    return Interest(
        asked.period,
        asked.due,
        charge.days,
        charge.amount,
        state,
        charge.until,
        charge.total,
        charge.spans,
    )


def _first_start(asked: Asked) -> date:
    """Return the day before which nothing of an instalment can bear interest."""
    return min([posting.interest_from or asked.due for posting, _ in asked.posted])


def _debt(asked: Asked) -> Debt:
    owed = [(posting.interest_from or asked.due, amount) for posting, amount in asked.posted]
    return Debt(asked.due, owed, [(paid.day, paid.amount) for paid in asked.payments])


def _tariff(known: Known, late: Late, period: Period, earlier: tuple[Debt, ...]) -> Tariff:
    series = known.contract.rates.get(late.series or "", Series((), ()))

    def rate_on(day: date) -> int:
        return yearly_rate(late, series.days, series.values, day)

    return Tariff(
        late=late,
        rounding=known.in_force(period).rounding,
        rate_on=rate_on,
        changes=series.days,
        exempt=_exempt(known, late, period),
        earlier=earlier,
    )


def _exempt(known: Known, late: Late, period: Period) -> list[Exempt]:
    found = [Exempt(span, None) for span in known.spans("delay")]
    if late.stops_in_dispute:
        found += [
            Exempt(Span(event.day, event.last), event.amount)
            for event in known.events
            if event.type == "dispute" and event.period == period
        ]
    return found


def _decided(rows: list[Interest], known: Known) -> Iterator[Interest]:
    """Mark what was charged or waived, oldest first; a row decided in part is split."""
    left: dict[tuple[str, Period], int] = {}
    for event in known.events:
        if event.period is not None and event.amount is not None:
            key = (event.type, event.period)
            left[key] = left.get(key, 0) + event.amount
    for row in rows:
        open_amount = row.amount
        for state, kind in (("charged", "interest_charged"), ("waived", "interest_waived")):
            key = (kind, row.period)
            taken = min(open_amount, left.get(key, 0))
            if taken > 0:
                left[key] -= taken
                open_amount -= taken
                yield replace(row, amount=taken, state=state)
        if open_amount:
            yield row if open_amount == row.amount else replace(row, amount=open_amount)
