"""Keys to the API: making, revoking, and what they open."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from marketplace.accounts.api import TokenAuthentication
from marketplace.accounts.models import ApiToken
from marketplace.accounts.services.tokens import Wish, make_token, revoke_token
from marketplace.base.errors import ConflictError, RuleError
from tests.factories import ApiTokenFactory

WISH = Wish(name="nightly export", may_write=False, days=90)


def call(key, method="get"):
    request = getattr(APIRequestFactory(), method)("/", HTTP_AUTHORIZATION=f"Token {key}")
    return TokenAuthentication().authenticate(Request(request))


def test_a_key_is_shown_once_and_stored_as_its_hash(cast, at):
    token, key = make_token(WISH, by=cast.signatory_c, at=at)
    stored = ApiToken.objects.filter(pk=token.pk).values().get()
    assert key not in str(stored)
    assert ApiToken.objects.with_key(key).get() == token


def test_a_key_acts_as_the_membership_that_made_it(cast, at):
    user, token = call(cast.read_key)
    assert user == cast.signatory_c.user
    assert token.membership == cast.signatory_c.membership


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_key_expires_within_a_year(cast, at, days):
    with pytest.raises(RuleError, match=r"token\.days"):
        make_token(Wish("long", may_write=False, days=days), by=cast.signatory_c, at=at)


def test_the_database_refuses_a_longer_life(cast, at):
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiTokenFactory(
            membership=cast.signatory_c.membership, expires_at=at + timedelta(days=4000)
        )


def test_two_live_keys_of_one_member_have_two_names(cast, at):
    make_token(WISH, by=cast.signatory_c, at=at)
    with pytest.raises(RuleError, match=r"token\.name_taken"):
        make_token(WISH, by=cast.signatory_c, at=at)


def test_only_who_manages_keys_makes_one(cast, at):
    with pytest.raises(RuleError, match=r"role\.missing"):
        make_token(WISH, by=cast.contact_c, at=at)


def test_a_revoked_key_opens_nothing(cast, at):
    revoke_token(cast.read_token, by=cast.signatory_c, at=at)
    with pytest.raises(AuthenticationFailed):
        call(cast.read_key)


def test_a_key_is_revoked_once(cast, at):
    revoke_token(cast.read_token, by=cast.signatory_c, at=at)
    with pytest.raises(ConflictError, match=r"token\.revoked"):
        revoke_token(cast.read_token, by=cast.signatory_c, at=at)


def test_another_organisations_key_cannot_be_revoked(cast, at):
    with pytest.raises(RuleError, match=r"role\.missing"):
        revoke_token(cast.read_token, by=cast.member_d, at=at)


def test_an_expired_key_opens_nothing(cast):
    long_ago = cast.read_token.created_at - timedelta(days=30)
    ApiToken.objects.filter(pk=cast.read_token.pk).update(
        created_at=long_ago, expires_at=long_ago + timedelta(days=1)
    )
    with pytest.raises(AuthenticationFailed):
        call(cast.read_key)


def test_a_key_of_a_disabled_person_opens_nothing(cast):
    cast.signatory_c.user.is_active = False
    cast.signatory_c.user.save()
    with pytest.raises(AuthenticationFailed):
        call(cast.write_key)


def test_a_reading_key_cannot_write(cast):
    with pytest.raises(AuthenticationFailed):
        call(cast.read_key, "post")


def test_a_writing_key_may_write(cast):
    user, _token = call(cast.write_key, "post")
    assert user == cast.signatory_c.user


def test_an_unknown_key_opens_nothing(cast):
    with pytest.raises(AuthenticationFailed):
        call("rs_nonsense\x00")


def test_no_header_is_no_key(db):
    assert TokenAuthentication().authenticate(Request(APIRequestFactory().get("/"))) is None


def test_the_last_use_is_noted_once_an_hour(cast):
    call(cast.read_key)
    cast.read_token.refresh_from_db()
    first = cast.read_token.last_used_at
    assert first is not None
    call(cast.read_key)
    cast.read_token.refresh_from_db()
    assert cast.read_token.last_used_at == first
