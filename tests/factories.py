"""Builders of people and organisations, with just enough filled in to satisfy the database."""

import datetime
from functools import lru_cache
from hashlib import sha256

import factory
from django.contrib.auth.hashers import make_password
from stdnum.cn import uscc

from marketplace.accounts.models import (
    ApiToken,
    City,
    Invitation,
    Membership,
    Organisation,
    User,
)

PASSWORD = "a quiet shelf in may"
BEGINNING = datetime.datetime(2025, 1, 6, 9, 0, tzinfo=datetime.UTC)


@lru_cache
def hashed_password(hasher: str = "md5") -> str:
    """`PASSWORD`, hashed once for everybody: the hashing is not what tests are about."""
    return make_password(PASSWORD, hasher=hasher)


def credit_code(number: int) -> str:
    """A unified social credit code with a correct check digit, a different one per number."""
    body = f"91440000{number:09d}"
    return body + uscc.calc_check_digit(body)


class CityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = City

    code = factory.Sequence(lambda number: f"city-{number}")
    name_zh = factory.Sequence(lambda number: f"城市{number}")
    name_en = factory.Sequence(lambda number: f"City {number}")


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda number: f"person{number}@example.org")
    name = factory.Sequence(lambda number: f"Person {number}")
    password = factory.LazyFunction(hashed_password)


class OrganisationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organisation

    kind = "company"
    name_zh = factory.Sequence(lambda number: f"企业{number}")
    name_en = factory.Sequence(lambda number: f"Company {number}")
    credit_code = factory.Sequence(credit_code)
    verification = "verified"
    created_at = BEGINNING


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    roles = factory.LazyFunction(lambda: ["contact"])
    created_at = BEGINNING


class InvitationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Invitation

    class Params:
        token = factory.Sequence(lambda number: f"invitation-{number}")

    organisation = factory.SubFactory(OrganisationFactory)
    email = factory.Sequence(lambda number: f"invited{number}@example.org")
    roles = factory.LazyFunction(lambda: ["contact"])
    token_hash = factory.LazyAttribute(lambda made: sha256(made.token.encode()).hexdigest())
    invited_by = factory.SubFactory(UserFactory)
    created_at = BEGINNING
    expires_at = datetime.datetime(2099, 1, 1, tzinfo=datetime.UTC)


class ApiTokenFactory(factory.django.DjangoModelFactory):
    """A token whose key is `key`; it stays good through every instant that a test may use."""

    class Meta:
        model = ApiToken

    class Params:
        key = factory.Sequence(lambda number: f"key-{number}")

    membership = factory.SubFactory(MembershipFactory)
    name = "test"
    token_hash = factory.LazyAttribute(lambda made: sha256(made.key.encode()).hexdigest())
    created_at = factory.LazyFunction(lambda: datetime.datetime.now(datetime.UTC))
    expires_at = factory.LazyAttribute(lambda made: made.created_at + datetime.timedelta(days=365))
