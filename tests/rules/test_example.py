"""The filled-in quarter, the points of a contract, and whose turn it is."""

from datetime import date

import pytest

from deals.rules.agreement import Grant
from deals.rules.changes import deviations
from deals.rules.example import net_sales_example
from deals.rules.points import beyond_points, points_of, points_offered
from deals.rules.states import Side
from deals.rules.turns import waiting_for
from listings.rules.template import Dates, Offer, Tier, as_terms, standard_template

TIERS = (Tier(200_000_000, "0.04"), Tier(None, "0.03"))
OFFER = Offer(TIERS, allowance=50_000_000, cap=120_000_000)
GRANT = Grant("sole", "制造", "电池", "中国内地")
DATES = Dates(date(2026, 1, 1), date(2026, 1, 1), date(2026, 6, 30), date(2031, 12, 31))
BOTH = (Side.LICENSOR, Side.LICENSEE)


def terms(offer=OFFER, dates=DATES):
    return as_terms(
        standard_template(offer), contract="C-1", version=1, dates=dates, owners=[("U1", 1)]
    )


def test_the_example_is_the_worked_quarter_of_the_design():
    shown = net_sales_example(terms())
    assert (shown.gross, shown.vat, shown.deductions) == (339_000_000, 39_000_000, 12_000_000)
    assert (shown.net, shown.base) == (288_000_000, 238_000_000)
    assert shown.accrued == 9_140_000


def test_the_example_follows_the_terms():
    assert net_sales_example(terms(Offer((Tier(None, "0.1"),)))).accrued == 28_800_000


def test_terms_that_cannot_be_computed_have_no_example():
    assert net_sales_example(terms() | {"streams": "none"}) is None


def test_the_points_of_a_version():
    points = points_of(terms(), GRANT)
    assert (points.trial_months, points.trial_to) == (6, date(2026, 6, 30))
    assert (points.kind, points.territory) == ("sole", "中国内地")
    assert points.tiers == ((200_000_000, "0.04"), (None, "0.03"))
    assert (points.allowance, points.cap, points.minimum) == (50_000_000, 120_000_000, None)


def test_a_trial_of_odd_days_has_no_months():
    odd = Dates(date(2026, 1, 1), date(2026, 1, 1), date(2026, 6, 20), date(2031, 12, 31))
    assert points_of(terms(dates=odd), GRANT).trial_months is None


def test_standing_terms_have_points_without_days():
    points = points_offered(
        standard_template(OFFER), trial_months=6, kind="non_exclusive", territory="全国"
    )
    assert (points.trial_months, points.trial_from, points.cap) == (6, None, 120_000_000)


def test_a_change_that_no_point_shows_is_named_by_its_clause():
    document = terms()
    document["periods"]["pay_days"] = 60
    document["caps"]["lifetime"] = "1000000.00"
    changes = deviations(standard_template(OFFER), document, trial_months=6)
    assert [change.path for change in changes] == ["caps.lifetime", "periods.pay_days"]
    assert [change.clause for change in beyond_points(changes)] == ["3.3"]


@pytest.mark.parametrize(
    ("state", "on_the_table", "done", "expected"),
    [
        ("requested", False, (), (Side.LICENSOR,)),
        ("in_talks", False, (), (Side.LICENSOR,)),
        ("in_talks", True, (), BOTH),
        ("in_talks", True, (Side.LICENSOR,), (Side.LICENSEE,)),
        ("notice_running", False, (), ()),
        ("awaiting_platform", False, (), (Side.PLATFORM,)),
        ("ready_to_sign", False, (), BOTH),
        ("ready_to_sign", False, (Side.LICENSEE,), (Side.LICENSOR,)),
        ("in_trial", False, (), ()),
        ("awaiting_decision", False, (), (Side.LICENSEE,)),
        ("withdrawn", False, (), ()),
    ],
)
def test_whose_turn_it_is(state, on_the_table, done, expected):
    assert waiting_for(state, on_the_table=on_the_table, done=done) == expected
