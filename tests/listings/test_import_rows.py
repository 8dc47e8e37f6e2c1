"""Importing rows: whose they are, which are the same, what is refused, and what stays."""

import csv
import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError

from listings.models import Benefit, Inventor, Listing
from listings.services.listings import (
    DraftChanges,
    approve_many,
    publish_many,
    submit_listing,
    submit_many,
    update_draft,
)
from marketplace.accounts.models import Organisation
from marketplace.base.audit import entries_of
from tests.listings.factories import make_template

pytestmark = pytest.mark.django_db

OWNER = "--organisation=岭南理工大学"
SMALL = "title,application_no,university\n电解液,CN1001A,岭南理工大学\n封装胶膜,CN1002A,珠江大学\n"


def errors(name="list.errors.csv"):
    with Path(name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_changed_row_updates_its_draft_and_keeps_what_the_file_leaves_out(run, cast, at):
    run(SMALL)
    listing = Listing.objects.get(organisation=cast.university_a)
    update_draft(listing, DraftChanges({"trl": 5}), by=cast.officer_a, at=at)
    assert "created 0, updated 1, unchanged 1" in run(SMALL.replace("电解液", "低温电解液"))
    listing.refresh_from_db()
    assert (listing.title_zh, listing.trl) == ("低温电解液", 5)
    assert [entry.verb for entry in entries_of(listing)] == ["imported_again", "edited", "imported"]


def test_a_row_never_changes_a_listing_that_is_no_longer_a_draft(run, cast):
    run(SMALL)
    Listing.objects.filter(organisation=cast.university_a).update(state="office_review")
    out = run(SMALL.replace("电解液", "别的"))
    assert "updated 0, unchanged 1, refused 1" in out
    assert "in review" in out
    assert Listing.objects.get(organisation=cast.university_a).title_zh == "电解液"


def test_a_row_never_changes_a_public_page(run, cast, at):
    run(SMALL)
    Listing.objects.filter(organisation=cast.university_a).update(
        state="published", shelf_code="A-0000-01", published_at=at
    )
    assert "unchanged 2, refused 0" in run(SMALL)
    assert "1 x published" in run(SMALL.replace("电解液", "别的"))


def test_one_number_under_two_universities_is_two_listings(run):
    run(SMALL.replace("CN1002A", "CN1001A"))
    assert Listing.objects.filter(source_number="CN1001A").count() == 2


def test_a_university_is_found_by_either_name_in_any_case(run, cast):
    header, english = "title,application_no,university", "LINGNAN  institute of Technology"
    text = f"{header}\na,CN1,岭南理工大学\nb,CN2,{english}\n"
    run(text)
    assert set(Listing.objects.values_list("organisation", flat=True)) == {cast.university_a.pk}


def test_one_row_under_both_names_of_its_university_is_one_listing(run):
    header, english = "title,application_no,university", "Lingnan Institute of Technology"
    text = f"{header}\na,CN1,岭南理工大学\na,CN1,{english}\n"
    assert "created 1, updated 0, unchanged 1" in run(text)


def test_a_number_with_other_values_in_the_same_file_is_refused(run):
    out = run(SMALL + "封装胶膜二,CN1002A,珠江大学\n")
    assert "created 2, updated 0, unchanged 0, refused 1" in out
    assert errors()[0]["reason"].endswith("stands on line 3 with other values")
    assert "unchanged 2, refused 1" in run(SMALL + "封装胶膜二,CN1002A,珠江大学\n")


def test_rows_without_a_number_are_known_by_their_content(run):
    text = "标题,学校\n甲,岭南理工大学\n乙,岭南理工大学\n甲,岭南理工大学\n"
    assert "created 2, updated 0, unchanged 1, refused 0" in run(text)
    assert "created 0, updated 0, unchanged 3" in run(text)


def test_the_owner_column_counts_before_the_option(run, cast):
    run(SMALL + "没有单位,CN3,\n", OWNER)
    assert Listing.objects.filter(organisation=cast.university_a).count() == 2
    assert Listing.objects.filter(organisation=cast.university_b).count() == 1


def test_a_row_without_an_owner_is_refused_and_blocks_no_other(run):
    out = run(SMALL + "没有单位,CN3,\n")
    assert "created 2, updated 0, unchanged 0, refused 1" in out
    assert "no --organisation was given" in out


def test_an_unknown_university_is_refused_or_registered_unverified(run):
    text = "title,application_no,university\na,CN1,海湾大学\nb,CN2,海湾大学\n"
    out = run(text)
    assert "refused 2" in out
    assert "2 x There is no university called 海湾大学" in out
    out = run(text, "--create-organisations")
    assert "created 2" in out
    created = Organisation.objects.get(name_zh="海湾大学")
    assert (created.kind, created.verification) == ("university", "pending")
    assert "unchanged 2" in run(text, "--create-organisations")


def test_a_company_of_that_name_is_no_owner(run):
    text = "title,application_no,university\na,CN1,粤储能源有限公司\n"
    assert "There is no university called" in run(text)


def test_the_named_organisation_has_to_exist(run):
    with pytest.raises(CommandError, match="There is no university called 无名大学"):
        run(SMALL, "--organisation=无名大学")
    assert not Listing.objects.exists()


def test_a_wrong_row_is_told_with_row_column_and_reason(run):
    header = "title,application_no,university,trl"
    text = f"{header}\n电解液,CN1,岭南理工大学,十二\n好的,CN2,岭南理工大学,6\n"
    assert "created 1, updated 0, unchanged 0, refused 1" in run(text)
    (error,) = errors()
    assert (error["row"], error["column"]) == ("2", "trl")
    assert error["reason"].startswith("Write a whole number from 1 to 9")
    assert json.loads(error["values"])["title"] == "电解液"


def test_a_column_that_a_spreadsheet_would_run_is_made_harmless(run):
    text = "title,=cmd()\n,岭南1\n"
    mapping = {"columns": {"title": "title", "application": "=cmd()"}}
    Path("map.json").write_text(json.dumps(mapping), "utf-8")
    run(text, "--map=map.json", OWNER)
    assert {error["column"] for error in errors()} == {"title", "'=cmd()"}


FULL = (
    "成果名称,一句话,产业,技术成熟度,佐证,效益,数值,计量单位,对照数值,测量方法,条款,完成人,申请号\n"
    "低温电解液,15 分钟充至 80%,新能源与储能,6,中试报告,充电时间,15,分钟,60,第三方检测,A,"
    "何敏:60;陈立:40,CN202310123456.7\n"
)


def test_a_complete_row_is_imported_submitted_approved_and_published(run, cast, at):
    make_template(cast.university_a, at)
    mapping = {
        "columns": {
            "title": "成果名称",
            "pitch": "一句话",
            "industry": "产业",
            "trl": "技术成熟度",
            "trl_evidence": "佐证",
            "benefit": "效益",
            "benefit_value": "数值",
            "benefit_unit": "计量单位",
            "benefit_method": "测量方法",
            "terms": "条款",
            "benefit_compared_value": "对照数值",
            "inventors": "完成人",
            "application": "申请号",
        }
    }
    Path("map.json").write_text(json.dumps(mapping), "utf-8")
    assert "created 1" in run(FULL, "--map=map.json", OWNER)
    submit_many(Listing.objects.all(), by=cast.officer_a, at=at)
    approve_many(Listing.objects.all(), by=cast.head_a, at=at)
    publish_many(Listing.objects.all(), by=cast.reviewer, at=at + timedelta(days=1))
    listing = Listing.objects.get()
    assert (listing.state, listing.shelf_code) == ("published", "A-0000-01")
    assert Inventor.objects.count() == 2
    assert "created 0, updated 0, unchanged 1" in run(FULL, "--map=map.json", OWNER)


def test_a_complete_header_is_understood_without_a_map(run, cast, at):
    make_template(cast.university_a, at)
    assert "created 1" in run(FULL, OWNER)
    benefit = Benefit.objects.get()
    assert (benefit.value, benefit.compared_value, benefit.unit) == (15, 60, "分钟")
    listing = submit_listing(Listing.objects.get(), by=cast.officer_a, at=at)
    assert listing.state == "office_review"


def test_a_changed_benefit_replaces_the_one_before(run, cast, at):
    make_template(cast.university_a, at)
    run(FULL, OWNER)
    assert "updated 1" in run(FULL.replace(",15,", ",12,"), OWNER)
    assert Benefit.objects.get().value == 12


def test_terms_that_the_owner_does_not_have_refuse_the_row(run):
    assert "The owner has no terms template called A" in run(FULL, OWNER)


def test_an_import_that_broke_off_goes_on_where_it_stopped(run, monkeypatch):
    from listings.services import imports

    lines = [f"成果{number},CN{number},岭南理工大学" for number in range(1, 8)]
    text = "\n".join(["title,application_no,university", *lines])
    monkeypatch.setattr(imports, "CHUNK", 3)
    written = imports.write_chunk

    def break_off(chunk, book):
        if Listing.objects.exists():
            raise OSError(5, "the power went")
        return written(chunk, book)

    monkeypatch.setattr(imports, "write_chunk", break_off)
    with pytest.raises(CommandError):
        run(text)
    assert Listing.objects.count() == 3
    monkeypatch.setattr(imports, "write_chunk", written)
    assert "created 4, updated 0, unchanged 3" in run(text)


def test_what_json_can_hold_and_a_database_cannot_is_refused_and_written_down(run):
    lines = [
        '{"title": "\\ud800", "id": "1"}',
        '{"title": {"zh": "甲"}, "id": "2"}',
        '{"title": "好\\u0000的", "id": "3"}',
    ]
    assert "created 1, updated 0, unchanged 0, refused 2" in run("\n".join(lines), OWNER)
    assert [error["row"] for error in errors()] == ["1", "2"]
    assert Listing.objects.get().title_zh == "好 的"
