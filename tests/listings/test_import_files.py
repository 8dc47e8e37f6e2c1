"""Importing lists of any shape: what is created, what is refused and why, and what stays."""

import csv
import gzip
import io
import json
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from listings.models import Listing, Patent
from listings.services.imports import files
from marketplace.accounts.models import Organisation
from marketplace.base.audit import entries_of

pytestmark = pytest.mark.django_db

OWNER = "--organisation=岭南理工大学"
SMALL = "title,application_no,university\n电解液,CN1001A,岭南理工大学\n封装胶膜,CN1002A,珠江大学\n"


def test_rows_become_drafts_of_their_owners_with_patents_and_history(run, cast):
    assert "created 2, updated 0, unchanged 0, refused 0" in run(SMALL)
    listing = Listing.objects.get(organisation=cast.university_a)
    assert (listing.state, listing.title_zh, listing.source) == ("draft", "电解液", "list")
    assert listing.patents.get().number == "CN1001A"
    assert [entry.verb for entry in entries_of(listing)] == ["imported"]


def test_the_same_file_twice_changes_nothing(run):
    run(SMALL)
    before = list(Listing.objects.order_by("pk").values())
    assert "created 0, updated 0, unchanged 2, refused 0" in run(SMALL)
    assert list(Listing.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (SMALL.encode("gb18030"), "list.csv"),
        (SMALL.encode("utf-8-sig"), "list.csv"),
        (SMALL.replace(",", ";").encode(), "list.csv"),
        (SMALL.replace(",", "\t").encode("utf-16"), "list.txt"),
        (gzip.compress(SMALL.encode()), "list.csv.gz"),
    ],
)
def test_other_encodings_separators_and_packing_are_the_same_rows(run, content, name):
    run(SMALL)
    assert "unchanged 2" in run(content, name=name)


def test_json_lines_and_excel_are_the_same_rows(run, folder):
    run(SMALL)
    rows = list(csv.DictReader(io.StringIO(SMALL)))
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    assert "unchanged 2" in run(lines, name="list.jsonl")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([])
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append(list(row.values()))
    book.save(folder / "made.xlsx")
    assert "unchanged 2" in run((folder / "made.xlsx").read_bytes(), name="list.xlsx")


def test_cells_of_excel_keep_days_and_whole_numbers(run, folder):
    book = openpyxl.Workbook()
    book.active.append(["title", "application_no", "filing_date", "trl"])
    book.active.append(["电解液", 202310123456, date(2023, 1, 9), 6])
    book.save(folder / "made.xlsx")
    run((folder / "made.xlsx").read_bytes(), OWNER, name="list.xlsx")
    patent = Patent.objects.get()
    assert (patent.number, patent.filed_date) == ("202310123456", date(2023, 1, 9))
    assert patent.listing.trl == 6


def test_a_dry_run_writes_nothing_and_says_the_same(run):
    text = "title,application_no,university\na,CN1,海湾大学\nb,CN2,岭南理工大学\n"
    dry = run(text, "--dry-run", "--create-organisations")
    assert not Listing.objects.exists()
    assert not Organisation.objects.filter(name_zh="海湾大学").exists()
    assert "Dry run: nothing was written." in dry
    assert dry.splitlines()[:3] == run(text, "--create-organisations").splitlines()[:3]


def test_a_map_says_what_columns_hold_and_where_rows_come_from(run):
    mapping = {
        "source": "our-system",
        "columns": {"title": ["neu", "alt"], "id": "Nr", "filed": "Tag"},
        "date_order": "dmy",
    }
    Path("map.json").write_text(json.dumps(mapping), "utf-8")
    run("Nr;alt;neu;Tag\n1;Alt;;1/2/2020\n2;Alt;Neu;31/1/2020\n", "--map=map.json", OWNER)
    titles = dict(Listing.objects.values_list("source_number", "title_en"))
    assert titles == {"1": "Alt", "2": "Neu"}
    assert set(Listing.objects.values_list("source", flat=True)) == {"our-system"}


@pytest.mark.parametrize("content", ["no json", '{"columns": {"colour": "a"}}', "[]"])
def test_a_map_that_is_none_is_refused(run, content):
    Path("map.json").write_text(content, "utf-8")
    with pytest.raises(CommandError, match="The map is not valid"):
        run(SMALL, "--map=map.json")


def test_a_map_of_columns_that_are_not_there_is_refused(run):
    Path("map.json").write_text('{"columns": {"title": "Titel"}}', "utf-8")
    with pytest.raises(CommandError, match=r"does not have: Titel.*title, application_no"):
        run(SMALL, "--map=map.json")


def test_a_file_without_a_title_column_asks_for_a_map(run):
    with pytest.raises(CommandError, match="--map"):
        run("a,b\n1,2\n")


def test_a_file_that_is_not_there_is_named(cast, folder):
    with pytest.raises(CommandError, match=r"nowhere\.csv: No such file"):
        call_command("import_listings", "nowhere.csv")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no row"),
        (b"title,university\n", "no row"),
        (b"\xd0\xcf\x11\xe0old", "old Excel"),
        (b"\x1f\x8bbroken", "damaged"),
        (b"PK\x03\x04broken", "damaged"),
        (gzip.compress(SMALL.encode())[:-12], "damaged"),
        (b"title\n\x00\x01", "not a text file"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(run, content, reason):
    with pytest.raises(CommandError, match=reason):
        run(content)


def test_limits_hold_before_anything_is_opened(run, monkeypatch):
    monkeypatch.setattr(files, "UNPACKED_LIMIT_MB", 1)
    bomb = gzip.compress(b"title\n" + b"a" * 3 * files.MEGABYTE)
    with pytest.raises(CommandError, match="Unpacked, the file is larger than 1 MB"):
        run(bomb)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", b"a" * 3 * files.MEGABYTE)
    with pytest.raises(CommandError, match="Unpacked, the file is larger than 1 MB"):
        run(archive.getvalue(), name="list.xlsx")
    monkeypatch.setattr(files, "PACKED_LIMIT_MB", 0)
    with pytest.raises(CommandError, match="larger than 0 MB"):
        run(SMALL)
    assert not Listing.objects.exists()


@pytest.mark.parametrize(
    ("column", "row", "reason"), [(16_384, 9, "damaged"), (1, 1_048_576, "more than 200000 rows")]
)
def test_a_small_sheet_with_a_far_cell_is_refused_before_it_is_opened(
    run, folder, column, row, reason
):
    book = openpyxl.Workbook()
    book.active.append(["title"])
    book.active.cell(row, column, "x")
    book.save(folder / "made.xlsx")
    with pytest.raises(CommandError, match=reason):
        run((folder / "made.xlsx").read_bytes(), OWNER, name="list.xlsx")


def test_an_empty_coloured_cell_far_away_does_no_harm(run, folder):
    book = openpyxl.Workbook()
    book.active.append(["title", "trl"])
    book.active.append(["电解液", 6])
    book.active.cell(9, 16_384).font = openpyxl.styles.Font(bold=True)
    book.save(folder / "made.xlsx")
    assert "created 1" in run((folder / "made.xlsx").read_bytes(), OWNER, name="list.xlsx")


@pytest.mark.parametrize("name", ["list.csv", "list.jsonl"])
def test_a_file_with_too_many_rows_is_refused(run, monkeypatch, name):
    monkeypatch.setattr(files, "ROW_LIMIT", 1)
    rows = list(csv.DictReader(io.StringIO(SMALL)))
    lines = "\n".join(json.dumps(row) for row in rows)
    with pytest.raises(CommandError, match="more than 1 rows"):
        run(lines if name.endswith("jsonl") else SMALL, name=name)


def test_an_error_file_that_cannot_be_written_is_named(run):
    with pytest.raises(CommandError, match="Use --errors"):
        run(SMALL + "没有单位,CN3,\n", "--errors=nowhere/errors.csv")
    assert Listing.objects.count() == 2
