"""Amounts: reading, writing, rounding, sharing out, and capital characters."""

from fractions import Fraction

import pytest

from deals.rules.money import (
    LIMIT,
    Money,
    MoneyError,
    Rounding,
    capitals,
    format_amount,
    format_ratio,
    largest_remainder,
    parse_amount,
    round_ratio,
)


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("3390000.00", "CNY", 339_000_000),
        ("0.5", "CNY", 50),
        ("-0.01", "CNY", -1),
        ("1000", "JPY", 1000),
        ("1.005", "KWD", 1005),
    ],
)
def test_an_amount_is_read_in_minor_units_and_written_back(text, currency, minor):
    assert parse_amount(text, currency) == minor
    assert parse_amount(format_amount(minor, currency), currency) == minor


@pytest.mark.parametrize(
    "text",
    ["", "1,000.00", "1e3", "+1", "１２", "NaN", " 1", "01", "1.", ".5", "0x10", "1_0", "--1"],
)
def test_anything_but_a_plain_ascii_decimal_is_refused(text):
    with pytest.raises(MoneyError, match="malformed"):
        parse_amount(text, "CNY")


def test_too_many_decimals_and_too_much_money_are_refused():
    with pytest.raises(MoneyError, match="decimals"):
        parse_amount("0.5", "JPY")
    with pytest.raises(MoneyError, match="too_large"):
        parse_amount("90000000000000.01", "CNY")
    assert parse_amount("90000000000000.00", "CNY") == LIMIT


def test_two_currencies_do_not_add_up():
    assert Money(1, "CNY") + Money(2, "CNY") == Money(3, "CNY")
    with pytest.raises(MoneyError, match="mixed"):
        Money(1, "CNY") + Money(1, "USD")


@pytest.mark.parametrize(
    ("mode", "results"),
    [
        ("half_up", [1, 1, 2, -1, -2]),
        ("half_even", [0, 1, 2, 0, -2]),
        ("down", [0, 0, 1, 0, -1]),
        ("up", [1, 1, 2, -1, -2]),
    ],
)
def test_rounding_acts_on_the_magnitude(mode, results):
    values = [Fraction(1, 2), Fraction(3, 5), Fraction(3, 2), Fraction(-1, 2), Fraction(-3, 2)]
    assert [round_ratio(value, mode=mode) for value in values] == results


def test_a_rounding_unit_may_be_a_whole_yuan():
    assert Rounding("down", 100).of(6012) == 6000
    assert Rounding("half_up", 100).of(Fraction(12_099, 2)) == 6000


def test_the_whole_is_shared_out_to_the_last_unit():
    assert largest_remainder(800, [1, 1, 1]) == (267, 267, 266)
    assert largest_remainder(5, [70, 30]) == (4, 1)
    assert largest_remainder(547, [1, 1, 1]) == (183, 182, 182)
    assert largest_remainder(-800, [1, 1, 1]) == (-267, -267, -266)
    assert largest_remainder(1, [0, 1, 1]) == (0, 1, 0)
    assert largest_remainder(7, [3]) == (7,)


@pytest.mark.parametrize("weights", [[], [0], [1, -1], [0, 0]])
def test_nothing_is_shared_without_weight(weights):
    with pytest.raises(MoneyError, match="weights"):
        largest_remainder(1, weights)


def test_a_ratio_is_written_without_superfluous_zeros():
    assert [format_ratio(scaled) for scaled in (500_000_000, 0, 10**10)] == ["0.05", "0", "1"]


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (8_900_000, "捌万玖仟元整"),
        (0, "零元整"),
        (5, "伍分"),
        (105, "壹元零伍分"),
        (150, "壹元伍角整"),
        (100_100, "壹仟零壹元整"),
        (100_000_000, "壹佰万元整"),
        (10_000_050_000, "壹亿零伍佰元整"),
        (1_001_000_000_000_000, "壹拾万零壹佰亿元整"),
        (-123_456, "负壹仟贰佰叁拾肆元伍角陆分"),
    ],
)
def test_fen_are_written_in_capitals(fen, text):
    assert capitals(fen) == text
