"""Reading universities' lists: bytes, quotes, dates, numbers, and whole rows."""

import contextlib
import csv
import io
import json
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from listings.rules.rows import (
    CleanRow,
    Facts,
    Fault,
    FileError,
    Row,
    dates,
    decode,
    read_json_lines,
    read_map,
    read_row,
    read_separated,
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
CHINESE = "标题,高校\n一种磷酸铁锂电解液的制备方法,中山大学\n印染废水处理系统,华南理工大学\n"


def clean(column_map=MAP, **cells):
    return read_row(Row(2, {"title": "电解液", **cells}), column_map, FACTS)


def reasons(found):
    assert isinstance(found, list)
    return [(fault.column, fault.code) for fault in found]


# --- bytes --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "taken"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("gb18030", "gb18030"), ("utf-16", "utf-16")],
)
def test_chinese_is_read_in_the_encodings_that_tell_themselves(encoding, taken):
    assert decode(CHINESE.encode(encoding)) == (CHINESE, taken)


def test_traditional_chinese_in_gb18030_is_read_too():
    text = "標題,學校\n一種電池材料的製備方法,香港理工大學\n"
    assert decode(text.encode("gb18030")) == (text, "gb18030")


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("mac_roman", "title\nMünster, Tübingen, Nürnberg, Würzburg\n"),
        ("mac_roman", "title\nit’s “quoted” – naïve…\n"),
        ("latin-1", "title\nUniversité de Genève, Größe\n"),
        ("cp1252", "title\nprocédé “nouveau”\n"),
        ("cp1251", "title\nСпособ получения материала\n"),
        ("big5", "標題\n一種電池材料的製備方法與裝置\n"),
        ("shift_jis", "題名\n新しい電池の製造方法、およびその装置\n"),
        ("euc_jp", "題名\n新しい電池の製造方法、およびその装置\n"),
        ("euc_kr", "제목\n새로운 전지 제조 방법 및 그 장치 수소를 이용한 발전\n"),
    ],
)
def test_what_cannot_be_told_apart_is_asked_for_and_read_when_named(encoding, text):
    data = text.encode(encoding)
    with pytest.raises(FileError) as refused:
        decode(data)
    assert refused.value.code == "encoding.ask"
    assert decode(data, named=encoding)[0] == text


def test_the_line_that_is_not_utf_8_is_named():
    with pytest.raises(FileError) as refused:
        decode(b"title\nplain\nM\x9fnster\n")
    assert refused.value.context["line"] == 3


def test_a_named_encoding_that_does_not_fit_is_refused():
    with pytest.raises(FileError) as refused:
        decode("标题".encode(), named="ascii")
    assert refused.value.code == "encoding.wrong"


@pytest.mark.parametrize("name", ["klingon", "base64", "zlib", ""])
def test_an_unknown_encoding_is_refused_and_none_is_never_guessed(name):
    data = "title\nMünster\n".encode("mac_roman")
    with pytest.raises(FileError):
        decode(data, named=name)


def test_a_binary_file_is_refused():
    with pytest.raises(FileError) as refused:
        decode(b"\x00\x01\x02abc")
    assert refused.value.code == "encoding.binary"


# --- separated values ---------------------------------------------------------------------------


def table(text):
    header, rows = read_separated(text)
    return header, list(rows)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends_are_found(separator, end):
    header, rows = table(f"title{separator}owner{end}a{separator}b{end}")
    assert header == ["title", "owner"]
    assert rows == [Row(2, {"title": "a", "owner": "b"})]


def test_a_quoted_value_may_hold_separators_quotes_and_line_breaks():
    _header, rows = table('title,owner\n"a, ""b""\nc",d\ne,f\n')
    assert rows == [
        Row(2, {"title": 'a, "b"\nc', "owner": "d"}),
        Row(4, {"title": "e", "owner": "f"}),
    ]


def test_an_unclosed_quote_at_the_end_is_named_and_the_lines_after_it_are_read():
    _header, rows = table('title;owner\na;b\n"c;d\ne;f\n')
    assert [(row.line, getattr(row, "code", "")) for row in rows] == [
        (2, ""),
        (3, "quote.unclosed"),
        (4, ""),
    ]


def test_an_unclosed_quote_does_not_swallow_the_rows_before_the_next_quoted_one():
    _header, rows = table('title,owner\n"a,b\nc,d\n"e, f",g\n')
    assert [(row.line, isinstance(row, Fault)) for row in rows] == [
        (2, True),
        (3, False),
        (4, False),
    ]


def test_a_quote_that_closes_lines_later_on_a_row_of_another_width_is_unclosed():
    _header, rows = table('title,owner,filed\n"a,b,c\nd,e,""\nf,g,h\n')
    assert [(row.line, isinstance(row, Fault)) for row in rows] == [
        (2, True),
        (3, False),
        (4, False),
    ]


def test_a_quote_that_is_not_doubled_is_named_by_its_line():
    _header, rows = table('title,owner\n"the "best" one",b\nc,d\n')
    assert (rows[0].line, rows[0].code) == (2, "quote.stray")
    assert rows[1] == Row(3, {"title": "c", "owner": "d"})


def test_an_inch_mark_inside_a_plain_value_is_only_text():
    _header, rows = table('title,owner\n5" pipe,b\n')
    assert rows[0].values["title"] == '5" pipe'


def test_many_unclosed_quotes_are_found_in_good_time():
    text = "title;owner\n" + '"a"";b\n' * 3_000
    _header, rows = table(text)
    assert {row.code for row in rows} == {"quote.unclosed"}
    assert len(rows) == 3_000


def test_surplus_values_refuse_the_row_and_surplus_blanks_do_not():
    _header, rows = table("title,owner\na,b,c\nd,e,,\nf\n")
    assert rows[0].code == "row.too_wide"
    assert [row.values for row in rows[1:]] == [{"title": "d", "owner": "e"}, {"title": "f"}]


def test_a_header_that_names_a_column_twice_is_refused():
    with pytest.raises(FileError) as refused:
        table("title,title\na,b\n")
    assert refused.value.code == "header.twice"


def test_an_empty_text_is_refused():
    with pytest.raises(FileError):
        table(" \n\n")


CELL = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00\r\n", exclude_categories=["Cc", "Cs"]),
    max_size=12,
).map(str.strip)


@given(
    rows=st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=8),
    separator=st.sampled_from([",", ";", "\t"]),
)
def test_what_the_csv_module_writes_is_read_back(rows, separator):
    assume(all(any(row) for row in rows))
    file = io.StringIO()
    csv.writer(file, delimiter=separator).writerows([["one", "two", "three"], *rows])
    _header, found = table(file.getvalue())
    assert [list(row.values.values()) for row in found] == rows


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader_and_lines_are_in_order(text):
    try:
        _header, rows = table(text)
    except FileError:
        return
    lines = [row.line for row in rows]
    assert lines == sorted(set(lines))


@given(st.text('ab",\n', max_size=60))
def test_no_arrangement_of_quotes_loses_a_line_without_a_quote(text):
    header = "one,two\n"
    _header, rows = table(header + text)
    seen = " ".join(str(row.values) for row in rows)
    for line in text.split("\n"):
        if '"' not in line and line.strip(", "):
            for cell in filter(None, line.split(",")):
                assert cell in seen


# --- JSON lines ---------------------------------------------------------------------------------


def test_json_lines_keep_the_digits_of_numbers():
    rows = list(read_json_lines('{"id": 12345678901234567890123, "share": 0.10}\n'))
    assert rows == [Row(1, {"id": "12345678901234567890123", "share": "0.10"})]


@pytest.mark.parametrize("bad", ["[1]", "3", "{", '{"a": NaN}', "[" * 100_000, "null"])
def test_a_bad_json_line_is_a_fault_and_the_next_is_read(bad):
    rows = list(read_json_lines(f'{bad}\n{{"title": "a"}}\n'))
    assert (rows[0].line, rows[0].code) == (1, "json.invalid")
    assert rows[1] == Row(2, {"title": "a"})


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
