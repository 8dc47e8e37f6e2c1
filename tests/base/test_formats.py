"""Whole minor units become text in the reader's language, and nothing is worked out on the way."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from marketplace.base import formats


def test_a_bill_shows_two_decimals_and_groups() -> None:
    assert formats.yuan(8_900_000) == "¥\u00a089,000.00"


def test_a_negative_amount_carries_the_real_minus_sign() -> None:
    assert formats.amount(-240_005) == "\u22122,400.05"
    assert formats.yuan(-1) == "\u2212¥\u00a00.01"


def test_an_estimate_is_shown_to_the_nearest_yuan() -> None:
    assert formats.whole_yuan(19_036_749) == "¥\u00a0190,367"
    assert formats.whole_yuan(19_036_750) == "¥\u00a0190,368"


def test_less_than_half_a_yuan_below_zero_is_plain_zero() -> None:
    assert formats.whole_yuan(-49) == "¥\u00a00"


@pytest.mark.parametrize(
    ("language", "minor", "text"),
    [
        ("zh-hans", 120_000_000, "120\u00a0万元"),
        ("zh-hant", 120_000_000, "120\u00a0萬元"),
        ("en", 120_000_000, "¥1,200,000"),
        ("zh-hans", 10_480_000, "10.48\u00a0万元"),
        ("zh-hans", 900_000, "9,000\u00a0元"),
        ("zh-hans", 120_000_050, "1,200,000.5\u00a0元"),
        ("en", -50_000_000, "\u2212¥500,000"),
    ],
)
def test_labels_use_ten_thousands_in_chinese_only(language: str, minor: int, text: str) -> None:
    with translation.override(language):
        assert formats.wan(minor) == text


@pytest.mark.parametrize(
    ("language", "minor", "text"),
    [
        ("zh-hans", 120_000_000, "120\u00a0万"),
        ("zh-hans", 0, "0"),
        ("en", 120_000_000, "¥1.2M"),
        ("en", 90_000_000, "¥900k"),
        ("en", 50_000, "¥500"),
        ("en", -39_000_000, "\u2212¥390k"),
    ],
)
def test_narrow_places_get_short_amounts(language: str, minor: int, text: str) -> None:
    with translation.override(language):
        assert formats.wan_short(minor) == text


@pytest.mark.parametrize(("points", "text"), [(400, "4%"), (350, "3.5%"), (5, "0.05%"), (0, "0%")])
def test_percentages_lose_their_empty_decimals(points: int, text: str) -> None:
    assert formats.percent(points) == text


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_a_written_amount_reads_back_as_the_same_amount(minor: int) -> None:
    digits = formats.amount(minor).replace(",", "").replace(".", "").replace("\u2212", "-")
    assert int(digits) == minor


@given(st.integers(min_value=0, max_value=10**15))
def test_the_exact_label_loses_no_fen(minor: int) -> None:
    with translation.override("en"):
        yuan, _, fen = formats.wan(minor).removeprefix("¥").replace(",", "").partition(".")
    assert int(yuan) * 100 + int(fen.ljust(2, "0") or 0) == minor


def test_changes_are_signed() -> None:
    assert [formats.signed(n) for n in (7, 0, -3)] == ["+7", "0", "\u22123"]
