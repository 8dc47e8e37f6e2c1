"""Requests that no browser sends: refused with words, never answered with a fault of ours."""

import json

import pytest
from django.test import Client, RequestFactory

from marketplace.wsgi import application

pytestmark = pytest.mark.django_db


def served(content_type):
    """What the server's entry point answers, beneath everything that the test client replaces."""
    said = []
    environ = RequestFactory().get("/healthz", {"q": "x"}).environ | {"CONTENT_TYPE": content_type}
    application(environ, lambda status, _headers: said.append(status))
    return said[0]


@pytest.mark.parametrize(
    "content_type",
    [
        *(f"text/html; charset={name}" for name in ("zlib", "base64", "idna", "utf-16", "zzz")),
        "multipart/form-data; boundary=b; charset=zlib",
        "text/html; x*=nonsense'en'b",
    ],
)
def test_another_charset_is_a_bad_request(content_type):
    assert served(content_type) == "400 Bad Request"


@pytest.mark.parametrize("content_type", ["", "text/html", "application/json; charset=UTF-8"])
def test_utf_8_is_served(content_type):
    assert served(content_type) == "200 OK"


def test_a_session_cookie_with_a_nul_is_a_bad_request():
    client = Client(headers={"Cookie": r'sessionid="\000aaaaaaaaaaaa"'})
    assert client.get("/").status_code == 400


def test_a_nul_in_a_query_string_is_a_bad_request(cast, sign_in):
    assert sign_in(cast.officer_a).get("/desk/results/?q=%00").status_code == 400


@pytest.mark.parametrize(
    ("path", "field"), [("/organisations/switch/", "membership"), ("/profile/", "form_key")]
)
def test_a_nul_in_a_posted_key_is_a_bad_request(cast, sign_in, path, field):
    assert sign_in(cast.officer_a).post(path, {field: "a\0b"}).status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        "[" * 100_000,
        '{"a":' * 100_000,
        '{"document":{"a":' + "[" * 900 + "]" * 900 + "}}",
        r'{"licence_kind": "\ud800"}',
        r'{"document": {"\ud800": 1}}',
        r'{"document": {"a": "\u0000"}}',
        r'{"document": {"\u0000": 1}}',
        "\x00",
        "NaN",
        "",
    ],
    ids=lambda body: body[:24],
)
def test_json_that_cannot_be_kept_is_refused_in_the_usual_shape(cast, sign_in, body):
    answer = sign_in(cast.officer_a).post(
        "/api/v1/deals/nobodys/propose/", body, content_type="application/json"
    )
    assert answer.status_code == 400
    assert answer.json()["errors"]


def test_json_beyond_the_limit_of_a_body_is_a_bad_request(cast, sign_in):
    body = '{"document":' + " " * 5_300_000 + "{}}"
    answer = sign_in(cast.officer_a).post(
        "/api/v1/deals/nobodys/propose/", body, content_type="application/json"
    )
    assert answer.status_code == 400


def test_a_backslash_before_u0000_is_ordinary_text(cast, sign_in):
    note = {"note": "\\u0000"}
    answer = sign_in(cast.officer_a).post(
        "/api/v1/deals/nobodys/decline/", json.dumps(note), content_type="application/json"
    )
    assert answer.status_code == 404


@pytest.mark.parametrize("path", ["/", "/deals/", "/work/", "/api/v1/deals/", "/nowhere/"])
def test_no_cache_between_keeps_what_a_signed_in_person_is_shown(cast, sign_in, path):
    assert "private" in sign_in(cast.officer_a).get(path).headers["Cache-Control"]


def test_a_page_for_everybody_may_be_kept_and_is_asked_for_again():
    assert Client().get("/").headers["Cache-Control"] == "no-cache"
