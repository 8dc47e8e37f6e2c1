"""The steps of a random life: each does one thing to a deal and says what it did.

Sums favour the bounds of the tables, allowances and caps in tests/deals/agreements.py.
"""

from collections.abc import Callable
from random import Random

from tests.deals.life import Life, Sales, Turn

BOUNDS = (5_000_000, 8_000_000, 10_000_000, 15_000_000, 25_000_000, 30_000_000, 50_000_000)
RETURNS = (0, 0, 0, 1, 4_000_000, 60_000_000)
Step = Callable[[Life, Random], object]


def draw_turn(chance: Random) -> Turn:
    """The worker sleeps now and then, and dies before one of its writes now and then."""
    dies_before = chance.choice([None, None, chance.randrange(26)])
    return Turn(chance.random() < 0.75, chance.randrange(6), dies_before)


def draw_sales(chance: Random) -> Sales:
    """No line, one or two."""
    gross = tuple(_gross(chance) for _ in range(chance.choice([0, 1, 1, 2])))
    vat_rate = chance.choice(["0", "0", "0.13"])
    return Sales(gross, chance.choice(RETURNS), vat_rate, chance.random() < 0.5)


def _gross(chance: Random) -> int:
    return chance.choice(
        [
            chance.choice(BOUNDS) + chance.choice([-1, 0, 1]),
            chance.randrange(4),
            chance.randrange(100, 40_000_000),
            chance.choice([100_000_000, 3_390_000_000]),
        ]
    )


def days_pass(life: Life, chance: Random) -> object:
    days = chance.choice([1, 2, 10, 25, 41, 92])
    life.pass_days(days)
    return days


def the_next_period_is_reported(life: Life, chance: Random) -> object:
    life.close_a_period()
    period = [*life.unreported, *life.restatable][0]
    return _report(life, period, draw_sales(chance))


def a_period_is_reported_out_of_order(life: Life, chance: Random) -> object:
    return _report(life, chance.choice(life.unreported), draw_sales(chance))


def a_period_is_restated(life: Life, chance: Random) -> object:
    return _report(life, chance.choice(life.restatable), draw_sales(chance))


def a_period_is_restated_back(life: Life, chance: Random) -> object:
    period = chance.choice(life.restatable)
    history = life.history[period]
    return _report(life, period, chance.choice([Sales(()), history[0], history[-1]]))


def a_report_is_questioned(life: Life, chance: Random) -> object:
    life.close_a_period()
    period = chance.choice([*life.unreported, *life.restatable])
    life.submit(period, draw_sales(chance))
    life.question(period)
    return _report(life, period, draw_sales(chance))


def a_report_is_left_waiting(life: Life, chance: Random) -> object:
    life.close_a_period()
    period = chance.choice([*life.unreported, *life.restatable])
    sales = draw_sales(chance)
    life.submit(period, sales)
    return period, sales


def a_waiting_report_is_accepted(life: Life, chance: Random) -> object:
    period = chance.choice(sorted(life.waiting))
    life.accept(period)
    return period


def what_is_asked_is_paid(life: Life, chance: Random) -> object:
    asked = life.asked()
    amount = chance.choice([1, asked // 3 + 1, asked, 2 * asked + 1])
    return _pay(life, amount, days_ago=chance.choice([0, 0, 7, 100]))


def something_is_paid(life: Life, chance: Random) -> object:
    return _pay(life, chance.randrange(1, 2_000_000), days_ago=chance.choice([0, 30]))


def a_reference_comes_again(life: Life, chance: Random) -> object:
    reference, more = chance.choice(sorted(life.received)), chance.randrange(2)
    life.pay_again(reference, more=more)
    return reference, more


def _report(life: Life, period: str, sales: Sales) -> object:
    life.submit(period, sales)
    life.accept(period)
    return period, sales


def _pay(life: Life, amount: int, *, days_ago: int) -> object:
    life.pay(amount, days_ago=days_ago)
    return amount, days_ago


def _always(_life: Life) -> bool:
    return True


# Each step, and whether it can be taken now.
STEPS: dict[Step, Callable[[Life], object]] = {
    days_pass: _always,
    the_next_period_is_reported: _always,
    a_period_is_reported_out_of_order: lambda life: life.unreported,
    a_period_is_restated: lambda life: life.restatable,
    a_period_is_restated_back: lambda life: life.restatable,
    a_report_is_questioned: _always,
    a_report_is_left_waiting: lambda life: len(life.waiting) < 2,
    a_waiting_report_is_accepted: lambda life: life.waiting,
    what_is_asked_is_paid: lambda life: life.asked(),
    something_is_paid: _always,
    a_reference_comes_again: lambda life: life.received,
}
