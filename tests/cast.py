"""The cast: the same people in every test.

University A offers, company C takes, the platform decides; university B and company D are
strangers to every deal of A and C. Each name is an `Actor`: give it to a service as `by`, to
`visible_to`, or sign in as it with the `sign_in` fixture.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client, override_settings

from marketplace.accounts.actors import ANONYMOUS, Actor
from marketplace.accounts.http import SESSION_KEY
from marketplace.accounts.models import ApiToken, Invitation, Membership, Organisation, User
from marketplace.accounts.rules import Role
from tests import factories

SignIn = Callable[[Actor], Client]

ORGANISATIONS = {
    "university_a": ("university", "岭南理工大学", "Lingnan Institute of Technology"),
    "university_b": ("university", "珠江大学", "Pearl River University"),
    "company_c": ("company", "粤储能源有限公司", "Yuechu Energy"),
    "company_d": ("company", "海湾医疗有限公司", "Bay Medical"),
    "platform": ("platform", "成果超市", "Results Supermarket"),
}

# Name: organisation and roles of its membership.
PEOPLE = {
    "researcher_a": ("university_a", [Role.RESEARCHER]),
    "officer_a": ("university_a", [Role.TRANSFER_OFFICER]),
    "head_a": ("university_a", [Role.OFFICE_HEAD]),
    "approver_a": ("university_a", [Role.UNIVERSITY_APPROVER]),
    "finance_a": ("university_a", [Role.UNIVERSITY_FINANCE]),
    "audit_a": ("university_a", [Role.INTERNAL_AUDIT]),
    "officer_b": ("university_b", [Role.TRANSFER_OFFICER]),
    "head_b": ("university_b", [Role.OFFICE_HEAD]),
    "contact_c": ("company_c", [Role.CONTACT]),
    "finance_c": ("company_c", [Role.COMPANY_FINANCE]),
    "signatory_c": ("company_c", [Role.SIGNATORY]),
    "member_d": ("company_d", [Role.CONTACT, Role.COMPANY_FINANCE, Role.SIGNATORY]),
    "reviewer": ("platform", [Role.LISTING_REVIEWER]),
    "approver": ("platform", [Role.DEAL_APPROVER]),
    "second_approver": ("platform", [Role.DEAL_APPROVER]),
    "guarantee_officer": ("platform", [Role.GUARANTEE_OFFICER]),
    "platform_finance": ("platform", [Role.PLATFORM_FINANCE]),
    "administrator": ("platform", [Role.ADMINISTRATOR]),
    "auditor": ("platform", [Role.AUDITOR]),
    # Member of two organisations: acts for D at first, and then sees nothing of C.
    "double": ("company_d", [Role.CONTACT]),
    "disabled": ("company_c", [Role.CONTACT]),
}


@dataclass(frozen=True)
class Cast:
    """Everybody, by name."""

    university_a: Organisation
    university_b: Organisation
    company_c: Organisation
    company_d: Organisation
    platform: Organisation

    anonymous: Actor
    researcher_a: Actor
    officer_a: Actor
    head_a: Actor
    approver_a: Actor
    finance_a: Actor
    audit_a: Actor
    officer_b: Actor
    head_b: Actor
    contact_c: Actor
    finance_c: Actor
    signatory_c: Actor
    member_d: Actor
    reviewer: Actor
    approver: Actor
    second_approver: Actor
    guarantee_officer: Actor
    platform_finance: Actor
    administrator: Actor
    auditor: Actor
    double: Actor
    double_for_c: Actor
    disabled: Actor
    # Signed up, member of nothing, with an open invitation to company C.
    guest: Actor
    invitation: Invitation
    invitation_token: str
    # Keys of tokens of company C's signatory.
    read_token: ApiToken
    read_key: str
    write_token: ApiToken
    write_key: str

    @property
    def actors(self) -> dict[str, Actor]:
        """Every actor by name."""
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in found.items() if isinstance(value, Actor)}


def make_cast() -> Cast:
    """Write everybody to the database, in six statements."""
    organisations = Organisation.objects.bulk_create(
        factories.OrganisationFactory.build(
            kind=kind,
            name_zh=name_zh,
            name_en=name_en,
            credit_code=factories.credit_code(900_000 + number),
        )
        for number, (kind, name_zh, name_en) in enumerate(ORGANISATIONS.values())
    )
    at = dict(zip(ORGANISATIONS, organisations, strict=True))
    users = User.objects.bulk_create(
        factories.UserFactory.build(
            email=f"{name.replace('_', '.')}@example.org",
            name=name.replace("_", " ").capitalize(),
            is_active=name != "disabled",
            is_staff=name == "administrator",
            is_superuser=name == "administrator",
        )
        for name in [*PEOPLE, "guest"]
    )
    user = dict(zip([*PEOPLE, "guest"], users, strict=True))
    actors = _memberships(user, at)
    signatory = actors["signatory_c"]
    invitation = factories.InvitationFactory(
        organisation=at["company_c"],
        email=user["guest"].email,
        invited_by=signatory.user,
        token="the-guests-own-invitation-token",
    )
    tokens = ApiToken.objects.bulk_create(
        factories.ApiTokenFactory.build(
            membership=signatory.membership, key=key, name=key, may_write=key.startswith("write")
        )
        for key in ("read-key-of-c", "write-key-of-c")
    )
    return Cast(
        **at,
        **actors,
        anonymous=ANONYMOUS,
        guest=Actor(user["guest"]),
        invitation=invitation,
        invitation_token="the-guests-own-invitation-token",
        read_token=tokens[0],
        read_key="read-key-of-c",
        write_token=tokens[1],
        write_key="write-key-of-c",
    )


def _memberships(user: dict[str, User], at: dict[str, Organisation]) -> dict[str, Actor]:
    rows = [(name, where, roles) for name, (where, roles) in PEOPLE.items()]
    rows.append(("double_for_c", "company_c", [Role.CONTACT]))
    made = Membership.objects.bulk_create(
        factories.MembershipFactory.build(
            user=user[name.removesuffix("_for_c")],
            organisation=at[where],
            roles=[str(role) for role in roles],
        )
        for name, where, roles in rows
    )
    names = [name for name, _, _ in rows]
    return {
        name: Actor(membership.user, membership)
        for name, membership in zip(names, made, strict=True)
    }


def signed_in(actor: Actor) -> Client:
    """A browser with a session of the actor, acting for the actor's organisation."""
    client = Client()
    if actor.user is None:
        return client
    client.force_login(actor.user, settings.AUTHENTICATION_BACKENDS[0])
    session = client.session
    session[SESSION_KEY] = actor.membership.public_id if actor.membership else None
    session.save()
    return client


@pytest.fixture(scope="session", autouse=True)
def fast_passwords() -> Iterator[None]:
    """Hash with MD5: signing in a hundred people is not a test of PBKDF2."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    """The cast, in this test's database."""
    return make_cast()


@pytest.fixture
def sign_in(db: None) -> SignIn:
    """Give a browser that is signed in as an actor, acting for the actor's organisation."""

    return signed_in


@pytest.fixture
def later(at: datetime) -> datetime:
    """A day after `at`."""
    return at + timedelta(days=1)
