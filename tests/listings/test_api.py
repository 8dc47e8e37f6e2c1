"""The public catalogue over the API."""

import pytest
from django.test import Client

from tests.listings.factories import PublishedFactory

LISTINGS = "/api/v1/listings/"


@pytest.fixture
def shelf(db):
    """Three results of different maturity."""
    return [PublishedFactory(trl=level) for level in (3, 6, 9)]


def test_everyone_reads_the_shelf(shelf):
    answer = Client().get(LISTINGS).json()
    assert answer["count"] == 3
    assert {row["id"] for row in answer["results"]} == {row.public_id for row in shelf}


def test_the_filters_are_those_of_the_browse_page(shelf):
    answer = Client().get(LISTINGS, {"trl_min": "5", "trl_max": "8"}).json()
    assert [row["trl"] for row in answer["results"]] == [6]


def test_a_filter_that_cannot_be_read_is_named(shelf):
    answer = Client().get(LISTINGS, {"trl_min": "high"})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["where"] == "trl_min"


def test_an_unknown_parameter_is_refused(shelf):
    answer = Client().get(LISTINGS, {"organisation__verified_by__password": "x"})
    assert answer.status_code == 400


def test_one_listing_has_its_benefits_and_patents(shelf):
    row = Client().get(f"{LISTINGS}{shelf[0].public_id}/").json()
    assert {"benefits", "patents", "trl_evidence"} <= set(row)


def test_amounts_are_decimal_strings(db):
    listing = PublishedFactory(cap_minor=120_000_000)
    assert Client().get(f"{LISTINGS}{listing.public_id}/").json()["cap"] == "1200000.00"


def test_a_draft_is_not_there_for_others(db, cast, sign_in):
    draft = PublishedFactory(
        organisation=cast.university_a, state="draft", shelf_code=None, published_at=None
    )
    path = f"{LISTINGS}{draft.public_id}/"
    assert Client().get(path).status_code == 404
    assert sign_in(cast.officer_b).get(path).status_code == 404
    assert sign_in(cast.officer_a).get(path).status_code == 200


def test_the_pages_of_a_long_list_name_their_neighbours(db):
    for _ in range(21):
        PublishedFactory()
    first = Client().get(LISTINGS).json()
    second = Client().get(first["next"]).json()
    assert (len(first["results"]), len(second["results"])) == (20, 1)
    assert first["previous"] is None
    assert second["previous"]


def test_the_schema_describes_every_step(db):
    schema = Client().get("/api/v1/schema/?format=json").json()
    assert "/api/v1/deals/{public_id}/approve/" in schema["paths"]


def test_the_documentation_page_needs_no_script(db):
    page = Client().get("/en/developers/").content.decode()
    assert "/api/v1/deals/{public_id}/sign/" in page
