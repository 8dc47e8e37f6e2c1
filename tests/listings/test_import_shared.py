"""Every public file beside the project is taken, and says what became of its rows."""

from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from listings.models import Listing, Patent
from marketplace.accounts.models import Organisation

FOLDER = Path(settings.BASE_DIR).parent / "shared" / "data" / "listings"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.django_db,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="the shared data is not here"),
]

# File, its options, rows, created, repeated within the file, refused, universities.
FILES = [
    ("ep_university_patents.csv.gz", [], 8210, 8210, 0, 0, 72),
    ("ep_university_patents_enriched.jsonl", [], 78, 78, 0, 0, 2),
    ("ep_university_patents_raw_excerpt.csv", ["--encoding=mac_roman"], 377, 377, 0, 0, 54),
    ("nasa_patents.csv", [], 815, 813, 0, 2, 11),
    ("nasa_patents_raw_excerpt.csv", [], 262, 261, 0, 1, 10),
    ("cn_patent_titles.csv.gz", ["--organisation=岭南理工大学"], 7662, 7662, 0, 0, 1),
    ("cn_patents_cpc_sample.jsonl", ["--organisation=岭南理工大学"], 34, 34, 0, 0, 1),
    ("zh_science_abstracts.jsonl.gz", ["--organisation=岭南理工大学"], 1396, 1396, 0, 0, 1),
    ("zh_science_titles.csv.gz", ["--organisation=岭南理工大学"], 5632, 5631, 1, 0, 1),
]


def run(name: str, *options: str, errors: Path) -> str:
    """What the command says about one of the files."""
    out = StringIO()
    call_command(
        "import_listings",
        str(FOLDER / name),
        "--create-organisations",
        f"--errors={errors}",
        *options,
        stdout=out,
    )
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "options", "rows", "created", "repeated", "refused", "universities"), FILES
)
def test_a_shared_file_is_imported_and_a_second_time_changes_nothing(
    name, options, rows, created, repeated, refused, universities, tmp_path
):
    errors = tmp_path / "errors.csv"
    first = run(name, *options, errors=errors)
    assert f"{rows} rows" in first
    assert f"created {created}, updated 0, unchanged {repeated}, refused {refused}" in first
    assert Listing.objects.count() == created
    assert Organisation.objects.count() == universities

    before = dict(Listing.objects.values_list("pk", "version"))
    second = run(name, *options, errors=errors)
    assert f"created 0, updated 0, unchanged {created + repeated}, refused {refused}" in second
    assert dict(Listing.objects.values_list("pk", "version")) == before


def test_the_mac_roman_file_asks_for_its_encoding(tmp_path):
    with pytest.raises(CommandError, match="Line 93 is neither UTF-8 nor Chinese GB18030"):
        run("ep_university_patents_raw_excerpt.csv", errors=tmp_path / "errors.csv")
    assert not Listing.objects.exists()


def test_the_mac_roman_file_keeps_umlauts_dates_and_numbers(tmp_path):
    name = "ep_university_patents_raw_excerpt.csv"
    run(name, "--encoding=mac_roman", errors=tmp_path / "errors.csv")
    assert Organisation.objects.filter(name_en="University of Erlangen-Nürnberg").exists()
    patent = Patent.objects.get(number="EP84105863A")
    assert (patent.filed_date.isoformat(), patent.office, patent.status) == (
        "1984-05-23",
        "EP",
        "granted",
    )


def test_the_unclosed_quote_is_named_and_the_lines_after_it_are_read(tmp_path):
    errors = tmp_path / "errors.csv"
    out = run("nasa_patents_raw_excerpt.csv", errors=errors)
    assert "A quote opened on line 253 is never closed" in out
    assert errors.read_text("utf-8-sig").splitlines()[1].startswith("253,,A quote opened")
    assert Listing.objects.filter(title_en="HANDHELD HYDROGEN FIRE IMAGER").exists()


def test_a_number_under_two_universities_is_two_listings(tmp_path):
    run("ep_university_patents.csv.gz", errors=tmp_path / "errors.csv")
    assert Listing.objects.filter(source_number="EP05810892A").count() == 2
