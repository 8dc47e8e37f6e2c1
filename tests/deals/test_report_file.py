"""A company's own file: read strictly, every wrong cell named by line and column."""

from datetime import date
from decimal import Decimal

import pytest

from deals.rules.filing import period_plan
from deals.services import previews
from deals.services.report_files import Wrong, read_report_file
from marketplace.base.errors import RuleError
from tests.deals import reporting

pytestmark = pytest.mark.django_db

HEADER = "sale_date,gross,vat_rate,deduction:returns,product\n"


@pytest.fixture
def read(cast):
    deal = reporting.make_paying_deal(cast)
    agreed = previews.agreed_terms(deal)
    period = period_plan(agreed).named("2026-Q3")

    def read_text(text, encoding="utf-8"):
        return read_report_file(text.encode(encoding), agreed=agreed, period=period)

    return read_text


def test_a_line_is_read_to_the_fen(read):
    file = read(f"{HEADER}2026-08-03,3390000.00,13%,120000,电解液\n")
    (line,) = file.lines
    assert (line.sale_date, line.stream) == (date(2026, 8, 3), "product")
    assert (line.gross_minor, line.vat_rate) == (339_000_000, Decimal("0.13"))
    assert line.deductions == {"returns": 12_000_000}
    assert line.product == "电解液"


def test_chinese_headers_and_gb18030_are_understood(read):
    text = "销售日期,含税销售额,税率,产品\n2026/8/3,100.00,0.06,低温快充电解液的中试样品\n"
    file = read(text, "gb18030")
    assert (file.encoding, file.lines[0].gross_minor) == ("gb18030", 10_000)


@pytest.mark.parametrize("text", ["1e5", "１２０", "NaN", "12.345", "1 000", "￥5", "0x10", "--1"])
def test_an_amount_that_is_no_plain_number_is_named(read, text):
    (wrong,) = read(f"{HEADER}2026-08-03,{text},0.13,,\n").wrong
    assert (wrong.line, wrong.column, wrong.text) == (2, "gross", text)


def test_every_wrong_cell_is_named_and_nothing_is_taken(read):
    file = read(f"{HEADER}2026-10-01,5,0.13,,\n,5,2,-1,\n2026-08-03,5,0.13,,\n")
    assert file.lines == []
    assert file.wrong == [
        Wrong(2, "sale_date", "line.outside_period", "2026-10-01"),
        Wrong(3, "sale_date", "cell.missing"),
        Wrong(3, "vat_rate", "number.range", "2"),
        Wrong(3, "deduction:returns", "amount.negative", "-1"),
    ]


def test_an_unclosed_quote_is_named_and_the_lines_after_it_are_read(read):
    file = read(f'{HEADER}2026-08-03,5,0.13,,"half\n2026-08-04,x,0.13,,\n')
    assert [(wrong.line, wrong.code) for wrong in file.wrong] == [
        (2, "quote.unclosed"),
        (3, "number.malformed"),
    ]


def test_an_unknown_column_is_refused(read):
    (wrong,) = read("sale_date,gross,colour\n2026-08-03,5,red\n").wrong
    assert (wrong.column, wrong.code) == ("colour", "column.unknown")


def test_a_negative_line_is_a_return_of_goods(read):
    assert read(f"{HEADER}2026-08-03,-5.00,0.13,,\n").lines[0].gross_minor == -500


def test_a_file_that_is_no_text_is_refused(read):
    with pytest.raises(RuleError):
        read("\x00\x01\x02")


def test_a_file_that_is_too_long_is_refused(read):
    with pytest.raises(RuleError, match=r"file\.too_many_rows"):
        read(HEADER + "2026-08-03,5,0.13,,\n" * 5_001)


def test_a_row_that_ends_early_has_empty_cells_at_its_end(read):
    (line,) = read(f"{HEADER}2026-08-03,5\n").lines
    assert (line.gross_minor, line.product) == (500, "")


def test_a_row_that_ends_before_its_amount_is_named(read):
    (wrong,) = read(f"{HEADER}2026-08-03\n").wrong
    assert (wrong.line, wrong.column, wrong.code) == (2, "gross", "cell.missing")


def test_a_number_of_pieces_that_no_row_can_hold_is_named(read):
    (wrong,) = read("sale_date,gross,units\n2026-08-03,5,99999999999999999\n").wrong
    assert (wrong.column, wrong.code) == ("units", "amount.too_large")


def test_two_columns_for_one_amount_are_refused(read):
    with pytest.raises(RuleError, match=r"header\.twice"):
        read("sale_date,gross,含税销售额\n2026-08-03,5,7\n")
