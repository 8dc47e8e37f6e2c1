"""Covers and charts are drawn from whole numbers alone, the same each time, inside their canvas."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.base import charts, covers


@pytest.mark.parametrize("family", sorted(covers.FAMILIES))
@pytest.mark.parametrize("shape", ["", "wide"])
def test_a_cover_is_small_valid_and_free_of_style_and_ids(family: str, shape: str) -> None:
    drawing = covers.draw(family, "A-031207", shape)
    shapes = ElementTree.fromstring(f"<svg>{drawing}</svg>")
    names = {name for shape in shapes.iter() for name in shape.attrib}
    assert not names & {"style", "id", "class", "onload"}
    assert len(drawing) < 5000


@pytest.mark.parametrize("family", sorted(covers.FAMILIES))
def test_a_cover_stays_the_same_for_ever_and_differs_between_codes(family: str) -> None:
    first = covers.draw(family, "A-000001")
    covers.draw.cache_clear()
    assert covers.draw(family, "A-000001") == first
    assert any(covers.draw(family, f"A-{number:06}") != first for number in range(2, 6))


def test_an_unknown_family_is_drawn_as_dots() -> None:
    assert 'fill="#22303b"' in covers.draw("unheard-of", "A-000001")


amounts = st.integers(min_value=0, max_value=10**12)


@given(st.lists(amounts, min_size=1, max_size=40), st.none() | amounts)
def test_every_bar_and_point_of_the_quarter_chart_lies_on_the_canvas(
    payments: list[int], cap: int | None
) -> None:
    chart = charts.quarter_chart(payments, cap=cap, width=760)
    assert all(0 <= bar.y <= bar.y + bar.height <= chart.height for bar in chart.bars)
    points = [tuple(map(int, point.split(","))) for point in chart.line.split()]
    assert len(points) == len(payments)
    assert all(0 <= x <= chart.width and 0 <= y <= chart.base for x, y in points)


def test_the_quarter_in_which_the_cap_is_reached_is_marked() -> None:
    chart = charts.quarter_chart([40, 40, 20, 0], cap=100, width=340)
    assert chart.reached is not None
    assert chart.reached.x == chart.bars[2].middle
    assert chart.reached.y == chart.cap_y


def test_without_a_cap_nothing_is_marked() -> None:
    chart = charts.quarter_chart([40, 40], cap=None, width=340)
    assert chart.cap_y is None
    assert chart.reached is None


@given(amounts)
def test_an_axis_covers_its_highest_value_and_divides_by_four(highest: int) -> None:
    top = charts.nice_top(highest)
    assert top >= highest
    assert top % 4 == 0


def test_a_waterfall_step_hangs_from_where_the_one_before_ended() -> None:
    steps = [
        charts.Step("gross", 339, is_total=True),
        charts.Step("VAT", -39),
        charts.Step("base", 300, is_total=True),
    ]
    gross, tax, base = charts.waterfall_chart(steps, width=860).bars
    assert tax.y == gross.y
    assert tax.join_y == base.y
    assert gross.y + gross.height in (base.y + base.height, base.y + base.height + 1)


def test_a_long_label_is_broken_at_the_space_nearest_its_middle() -> None:
    assert charts.Bar(0, 0, 40, 0, 0, label="Free allowance").lines == ("Free", "allowance")
    assert charts.Bar(0, 0, 400, 0, 0, label="Free allowance").lines == ("Free allowance",)


def test_an_empty_bin_of_a_histogram_can_still_be_seen() -> None:
    empty, full = charts.histogram([0, 10])
    assert (empty.height, full.height) == (3, 56)


def test_a_sparkline_of_one_value_has_no_points() -> None:
    assert charts.spark_points([5]) == ""
    assert charts.spark_points([1, 3]) == "0,16 56,2"
