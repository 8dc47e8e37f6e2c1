"""From rows to clean values: dates, numbers, whole rows, and maps of columns."""

import contextlib
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listings.rules.rows import (
    CleanRow,
    Facts,
    FileError,
    Row,
    dates,
    read_map,
    read_row,
    recognise,
    values,
    with_date_order,
)

TODAY = date(2026, 7, 15)
FACTS = Facts(
    TODAY, {"new-energy": "new-energy", "新能源与储能": "new-energy", "海洋经济": "marine"}
)
MAP = read_map(
    {
        "columns": {
            "title": "title",
            "application": "number",
            "owner": "owner",
            "filed": "filed",
            "expires": "expires",
            "trl": "trl",
            "industry": "industry",
        }
    },
    source="test",
)


def clean(column_map=MAP, **cells):
    return read_row(Row(2, {"title": "电解液", **cells}), column_map, FACTS)


def reasons(found):
    assert isinstance(found, list)
    return [(fault.column, fault.code) for fault in found]


# --- dates --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("2024-06-16", None, date(2024, 6, 16)),
        ("2024/6/16", None, date(2024, 6, 16)),
        ("2024.06.16", None, date(2024, 6, 16)),
        ("2024年6月16日", None, date(2024, 6, 16)),
        ("20240616", None, date(2024, 6, 16)),
        ("2024-06-16T00:00:00", None, date(2024, 6, 16)),
        ("2024-06-16 12:30", None, date(2024, 6, 16)),
        ("06/16/2024", "mdy", date(2024, 6, 16)),
        ("16/06/2024", "dmy", date(2024, 6, 16)),
        ("06/16/2024", None, date(2024, 6, 16)),
        ("16/06/2024", None, date(2024, 6, 16)),
        ("5/5/2024", None, date(2024, 5, 5)),
        ("16.6.2024", None, date(2024, 6, 16)),
        ("02 April 2017", None, date(2017, 4, 2)),
        ("2nd Apr 2017", None, date(2017, 4, 2)),
        ("April 2, 2017", None, date(2017, 4, 2)),
        ("02-Apr-17", None, date(2017, 4, 2)),
        ("5/23/84", "mdy", date(1984, 5, 23)),
        ("6/3/13", "mdy", date(2013, 6, 3)),
        ("12/31/26", "mdy", date(2026, 12, 31)),
        ("1/1/27", "mdy", date(1927, 1, 1)),
    ],
)
def test_a_day_is_read_in_the_styles_that_people_write(text, order, day):
    assert dates.parse(text, order=order, latest_year=2026) == day


@pytest.mark.parametrize(
    ("text", "order", "code"),
    [
        ("5/6/24", None, "date.ambiguous"),
        ("13/5/2024", "mdy", "date.invalid"),
        ("2024-02-30", None, "date.invalid"),
        ("2024-13-01", None, "date.invalid"),
        ("sometime", None, "date.invalid"),
        ("31 Foo 2024", None, "date.invalid"),
        ("2024", None, "date.invalid"),
        ("0/0/00", "mdy", "date.invalid"),
    ],
)
def test_what_is_no_day_or_two_days_is_refused(text, order, code):
    with pytest.raises(dates.NotADateError) as refused:
        dates.parse(text, order=order, latest_year=2026)
    assert refused.value.code == code


@given(st.dates(date(1950, 1, 1), date(2049, 12, 31)), st.sampled_from(["mdy", "dmy"]))
def test_a_day_written_in_any_style_comes_back(day, order):
    numbers = (day.month, day.day) if order == "mdy" else (day.day, day.month)
    styles = [
        day.isoformat(),
        f"{day:%d %B %Y}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{numbers[0]}/{numbers[1]}/{day.year}",
        f"{numbers[0]}/{numbers[1]}/{day.year % 100:02d}",
    ]
    for text in styles:
        assert dates.parse(text, order=order, latest_year=2049) == day


@given(st.text(max_size=30), st.sampled_from(["mdy", "dmy", None]))
def test_no_text_breaks_the_reading_of_a_day(text, order):
    with contextlib.suppress(dates.NotADateError):
        assert isinstance(dates.parse(text, order=order, latest_year=2026), date)


def test_a_column_that_agrees_on_an_order_decides_its_ambiguous_days():
    rows = [Row(2, {"filed": "5/6/24"}), Row(3, {"filed": "5/23/24"})]
    assert with_date_order(MAP, rows).date_order == "mdy"
    rows.append(Row(4, {"filed": "23/5/24"}))
    assert with_date_order(MAP, rows).date_order is None


# --- values -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("CN 2023 1 0123456.7", "CN202310123456.7"),
        ("ＣＮ１２３４Ａ", "CN1234A"),
        ("10/874,003", "10/874003"),
        ("https://worldwide.espacenet.com/patent/search?q=EP84105863A", "EP84105863A"),
        ("https://worldwide.espacenet.com/patent/search?q=pn%3DEP1234567B1", "EP1234567B1"),
        ("https://patents.google.com/patent/US1234567B2", "US1234567B2"),
        ("/0", ""),
        ("n/a", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_numbers_are_brought_into_one_spelling_and_links_give_theirs(raw, number):
    assert values.number(raw, is_official=True) == number


@pytest.mark.parametrize("raw", ["=cmd|' /C calc'!A1", "申请中1", "1" * 41, "<b>1</b>"])
def test_what_is_no_number_is_refused(raw):
    with pytest.raises(values.BadValueError):
        values.number(raw, is_official=True)


@given(st.text(max_size=60))
def test_a_number_that_was_cleaned_stays_as_it_is(raw):
    try:
        found = values.number(raw)
    except values.BadValueError:
        return
    assert values.number(found) == found


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        ("granted_unitary", "granted"),
        ("EP granted & Unitary", "granted"),
        ("Refused / Withdrawn", "refused"),
        ("refused_or_withdrawn", "refused"),
        ("Issued", "granted"),
        ("Application", "pending"),
        ("有效", "granted"),
        ("无效", "lapsed"),
        ("实质审查的生效", "pending"),
        ("GM", "unknown"),
        ("", "unknown"),
    ],
)
def test_the_words_of_registers_lead_to_five_states(raw, status):
    assert values.status(raw) == status


@pytest.mark.parametrize("raw", ["6", "TRL 6", "TRL6级", "６", "6.0", "6/9"])
def test_a_readiness_level_is_read_as_people_write_it(raw):
    assert values.trl(raw) == 6


@pytest.mark.parametrize("raw", ["0", "10", "6.5", "高", "6-7"])
def test_a_readiness_level_out_of_range_is_refused(raw):
    with pytest.raises(values.BadValueError):
        values.trl(raw)


def test_a_word_for_a_readiness_level_is_refused_with_its_usual_number():
    with pytest.raises(values.BadValueError) as refused:
        values.trl("小试")
    assert "4" in refused.value.context["hint"]


def test_an_unknown_industry_is_refused_with_the_nearest_one():
    with pytest.raises(values.BadValueError) as refused:
        values.industry("海洋产业", FACTS.industries)
    assert "海洋经济" in refused.value.context["hint"]


@pytest.mark.parametrize("raw", ["NaN", "1e400", "１２", "1,23", "--1", "0x10", "1.23456"])
def test_only_plain_ascii_numbers_are_measured_values(raw):
    with pytest.raises(values.BadValueError):
        values.decimal_text(raw)


@pytest.mark.parametrize(("raw", "text"), [("1,234.5", "1234.5"), ("−3", "-3"), ("", "")])
def test_a_measured_value_keeps_its_digits(raw, text):
    assert values.decimal_text(raw) == text


def test_inventors_come_with_whole_number_shares():
    assert values.inventors("王岚:60; 李珩：40") == [("王岚", 60), ("李珩", 40)]
    assert values.inventors("王岚、李珩") == [("王岚", 1), ("李珩", 1)]
    with pytest.raises(values.BadValueError):
        values.inventors("王岚:半")


# --- rows ---------------------------------------------------------------------------------------


def test_a_row_becomes_the_fields_of_a_draft_and_a_patent():
    found = clean(
        number="cn 202310123456.7",
        owner="中山大学",
        filed="2023-01-09",
        trl="6",
        industry="海洋经济",
    )
    assert isinstance(found, CleanRow)
    assert (found.number, found.owners) == ("CN202310123456.7", ("中山大学",))
    assert found.fields == {
        "original_language": "zh-hans",
        "title_zh": "电解液",
        "trl": 6,
        "industry": "marine",
    }
    assert found.patent["filed_date"] == date(2023, 1, 9)


def test_everything_that_is_wrong_with_a_row_is_told_at_once():
    found = clean(number="申请1", filed="2023-02-30", trl="11", industry="海洋产业")
    assert sorted(reasons(found)) == [
        ("filed", "date.invalid"),
        ("industry", "industry.unknown"),
        ("number", "number.invalid"),
        ("trl", "trl.invalid"),
    ]


def test_a_filing_day_that_has_not_come_is_refused():
    assert reasons(clean(number="CN1", filed="2026-07-16")) == [("filed", "date.in_future")]


def test_an_expiry_of_two_digits_lies_ahead():
    column_map = read_map(
        {"columns": dict(MAP.columns), "date_order": "mdy"}
        | {"columns": {name: list(columns) for name, columns in MAP.columns.items()}},
        source="test",
    )
    found = clean(column_map, number="CN1", expires="8/31/32")
    assert found.patent["expires_date"] == date(2032, 8, 31)


def test_a_row_without_a_title_is_refused():
    assert reasons(clean(title=" ")) == [("title", "title.missing")]


def test_a_title_too_long_for_a_card_is_shortened_and_the_patent_keeps_it():
    found = clean(title="x" * 370, number="EP1")
    assert len(found.fields["title_en"]) == 300
    assert found.fields["title_en"].endswith("…")
    assert found.patent["title"] == "x" * 370
    assert reasons(clean(title="x" * 401)) == [("title", "text.too_long")]


def test_a_row_without_any_number_is_known_by_its_content():
    first, second = clean(owner="中山大学"), clean(owner="中山大学")
    assert first.number == second.number
    assert first.number.startswith("row-")
    assert clean(title="别的").number != first.number


def test_the_first_number_that_is_filled_in_counts():
    raw = {"application": "sn", "publication": "pub", "case": "case", "id": "id"}
    column_map = read_map({"columns": {"title": "title", **raw}}, source="test")
    cells = {"sn": "/0", "pub": "", "case": "KSC-1", "id": "7"}
    assert clean(column_map, **cells).number == "KSC-1"
    assert clean(column_map, **cells | {"pub": "CN1A"}).number == "CN1A"
    assert clean(column_map, **cells | {"sn": "13/1"}).number == "13/1"


def test_control_characters_never_reach_the_database():
    found = clean(title="电\x00解\x07液\u200b")
    assert found.fields["title_zh"] == "电 解 液"


def test_half_a_surrogate_pair_is_refused():
    assert reasons(clean(title="\ud800")) == [("title", "text.damaged")]


@given(st.dictionaries(st.sampled_from(sorted(MAP.columns)), st.text(max_size=40)))
def test_no_cells_break_a_row_and_the_same_row_reads_the_same(cells):
    row = Row(2, {MAP.columns[name][0]: text for name, text in cells.items()})
    first, second = read_row(row, MAP, FACTS), read_row(row, MAP, FACTS)
    assert first == second
    if isinstance(first, list):
        assert all(fault.reason for fault in first)


# --- maps ---------------------------------------------------------------------------------------


def test_a_header_is_understood_by_its_words_in_both_languages():
    header = ["成果名称", "申请号", "所属高校", "技术成熟度", "别的"]
    found = recognise(header, [], source="file")
    assert found.columns == {
        "title": ("成果名称",),
        "application": ("申请号",),
        "owner": ("所属高校",),
        "trl": ("技术成熟度",),
    }
    assert recognise(["Title", "Application_No", "University"], [], source="x").columns == {
        "title": ("Title",),
        "application": ("Application_No",),
        "owner": ("University",),
    }


def test_a_known_shape_is_recognised_by_all_its_columns_alone():
    known = read_map({"columns": {"title": "a"}, "recognise": ["a", "b"]}, source="known")
    assert recognise(["b", "a"], [known], source="file") is known
    with pytest.raises(FileError) as refused:
        recognise(["a", "b", "c"], [known], source="file")
    assert refused.value.code == "map.no_title"


@pytest.mark.parametrize(
    "raw",
    [
        [],
        {},
        {"columns": []},
        {"columns": {"colour": "a"}},
        {"columns": {"title": 3}},
        {"columns": {"title": []}},
        {"columns": {"title": "a"}, "date_order": "ymd"},
        {"columns": {"title": "a"}, "extra": 1},
        {"columns": {"title": "a"}, "defaults": {"state": "published"}},
        {"columns": {"title": "a"}, "source": "x" * 61},
        {"columns": {"title": "a"}, "source": 3},
    ],
)
def test_a_map_that_makes_no_sense_is_refused(raw):
    with pytest.raises(FileError) as refused:
        read_map(json.loads(json.dumps(raw)), source="file")
    assert refused.value.code == "map.invalid"
