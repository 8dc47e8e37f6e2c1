"""Signing up, in and out, and a forgotten password."""

import re

import pytest
from django.core import mail
from django.test import Client

from marketplace.accounts.models import User
from marketplace.base import audit
from tests.factories import PASSWORD

LOGIN = "/accounts/login/"


def sign_in_by_password(email, password=PASSWORD, path=LOGIN):
    client = Client()
    return client, client.post(path, {"login": email, "password": password})


def test_a_person_signs_in_by_address_and_password(cast):
    _, response = sign_in_by_password(cast.officer_a.user.email)
    assert response.status_code == 302
    assert response["Location"] == "/work/"


def test_signing_in_leads_to_the_persons_own_language(cast):
    User.objects.filter(pk=cast.officer_a.user.pk).update(language="en")
    _, response = sign_in_by_password(cast.officer_a.user.email)
    assert response["Location"] == "/en/work/"


def test_signing_in_leads_back_to_the_page_that_asked(cast):
    _, response = sign_in_by_password(cast.officer_a.user.email, path=f"{LOGIN}?next=/profile/")
    assert response["Location"] == "/profile/"


def test_signing_in_never_leads_to_another_site(cast):
    _, response = sign_in_by_password(
        cast.officer_a.user.email, path=f"{LOGIN}?next=https://elsewhere.example/"
    )
    assert response["Location"] == "/work/"


def test_a_wrong_password_is_said_beside_the_form(cast):
    _, response = sign_in_by_password(cast.officer_a.user.email, "wrong")
    assert response.status_code == 200
    assert 'class="error-summary"' in response.text


def test_attempts_with_wrong_passwords_are_limited(cast):
    for _ in range(5):
        sign_in_by_password(cast.officer_a.user.email, "wrong")
    client, response = sign_in_by_password(cast.officer_a.user.email)
    assert response.status_code == 200
    assert client.get("/profile/").status_code == 302


def test_a_disabled_person_does_not_get_in(cast):
    client, response = sign_in_by_password(cast.disabled.user.email)
    assert response["Location"] == "/accounts/inactive/"
    assert client.get("/profile/").status_code == 302


def test_signing_in_stands_in_the_persons_history(cast):
    sign_in_by_password(cast.officer_a.user.email)
    assert [entry.verb for entry in audit.entries_of(cast.officer_a.user)] == ["signed_in"]


def test_signing_up_makes_a_person_without_any_role(db):
    client = Client()
    said = {"email": "New@Example.org", "password1": PASSWORD, "name": "陈新"}
    assert client.post("/accounts/signup/", said).status_code == 302
    person = User.objects.get(email="new@example.org")
    assert person.name == "陈新"
    assert not person.memberships.exists()


@pytest.mark.parametrize("password", ["short", "password12"])
def test_a_weak_password_is_refused(db, password):
    said = {"email": "new@example.org", "password1": password, "name": "New"}
    assert Client().post("/accounts/signup/", said).status_code == 200
    assert not User.objects.filter(email="new@example.org").exists()


def test_signing_out_needs_a_button(cast, sign_in):
    client = sign_in(cast.officer_a)
    client.get("/accounts/logout/")
    assert client.get("/profile/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/profile/").status_code == 302


def test_a_forgotten_password_is_set_anew_through_a_letter(cast):
    client = Client()
    client.post("/accounts/password/reset/", {"email": cast.officer_a.user.email})
    link = re.search(r"http://testserver(\S+)", mail.outbox[0].body)[1]
    form = client.get(link, follow=True)
    both = dict.fromkeys(("password1", "password2"), "another quiet shelf")
    client.post(form.request["PATH_INFO"], both)
    _, response = sign_in_by_password(cast.officer_a.user.email, "another quiet shelf")
    assert response.status_code == 302
    assert response["Location"] == "/work/"


def test_a_new_password_ends_other_sessions(cast, sign_in):
    elsewhere = sign_in(cast.officer_a)
    cast.officer_a.user.set_password("another quiet shelf")
    cast.officer_a.user.save()
    assert elsewhere.get("/profile/").status_code == 302


def test_an_unknown_address_is_not_given_away(cast):
    known = Client().post("/accounts/password/reset/", {"email": cast.officer_a.user.email})
    unknown = Client().post("/accounts/password/reset/", {"email": "nobody@example.org"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


PAGES = [
    *("login", "signup", "logout", "inactive", "password/reset", "password/reset/done"),
    *("password/change", "email", "reauthenticate", "confirm-email", "2fa", "2fa/totp/activate"),
]


@pytest.mark.parametrize("page", PAGES)
def test_no_page_around_signing_in_holds_inline_code(cast, sign_in, page):
    entrance = page in ("login", "signup", "password/reset")
    client = Client() if entrance else sign_in(cast.officer_a)
    body = client.get(f"/accounts/{page}/", follow=True).text
    assert "<h1>" in body
    assert not re.search(r"\sstyle=|\son\w+=|<script(?![^>]*src=)", body)
