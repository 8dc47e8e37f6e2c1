"""From bytes to rows: encodings, quotes, separators and JSON lines."""

import csv
import io

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from listings.rules.rows import Fault, FileError, Row, decode, read_json_lines, read_separated

CHINESE = "标题,高校\n一种磷酸铁锂电解液的制备方法,中山大学\n印染废水处理系统,华南理工大学\n"


# --- bytes --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "taken"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("gb18030", "gb18030"), ("utf-16", "utf-16")],
)
def test_chinese_is_read_in_the_encodings_that_tell_themselves(encoding, taken):
    assert decode(CHINESE.encode(encoding)) == (CHINESE, taken)


def test_a_chinese_header_alone_is_enough():
    text = "名称,申请号\nElectrolyte,CN1\n"
    assert decode(text.encode("gb18030")) == (text, "gb18030")


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
