"""The parts of an instalment: what is paid, what waits, what a dispute stops."""

from datetime import date

import pytest

from deals.rules.instalments import Due, parts_of, spread

LAST = date(2026, 11, 9)


@pytest.mark.parametrize(
    ("paid", "disputed", "day", "parts"),
    [
        (0, 0, 9, [("payment_due", 100)]),
        (0, 0, 10, [("overdue", 100)]),
        (40, 0, 9, [("part_paid", 60)]),
        (40, 0, 10, [("overdue", 60)]),
        (100, 0, 10, [("paid", 100)]),
        (0, 30, 9, [("payment_due", 70), ("disputed", 30)]),
        (0, 30, 10, [("overdue", 70), ("disputed", 30)]),
        (70, 30, 10, [("disputed", 30)]),
        (90, 30, 10, [("disputed", 10)]),
        (100, 30, 10, [("paid", 100)]),
        (0, 100, 10, [("disputed", 100)]),
    ],
)
def test_only_the_disputed_part_stops(paid, disputed, day, parts):
    found = parts_of(Due(100, paid, disputed, LAST), on=date(2026, 11, day))
    assert [(part.state, part.amount) for part in found] == parts


@pytest.mark.parametrize(
    ("disputed", "parts"), [(0, [0, 0]), (30, [30, 0]), (70, [50, 20]), (999, [50, 40])]
)
def test_a_disputed_sum_lies_on_the_earliest_instalments(disputed, parts):
    assert list(spread(disputed, [50, 40])) == parts
