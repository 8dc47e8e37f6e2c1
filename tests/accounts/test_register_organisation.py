"""Registering an organisation and the platform's answer."""

import pytest
from django.db import IntegrityError, transaction

from marketplace.accounts.models import Membership, Organisation
from marketplace.accounts.rules import Kind
from marketplace.accounts.services.organisations import (
    Registration,
    refuse_organisation,
    register_organisation,
    verify_organisation,
)
from marketplace.base import audit
from marketplace.base.errors import ConflictError, RuleError
from tests.factories import OrganisationFactory, credit_code


def registration(**changes):
    said = {
        "kind": Kind.COMPANY,
        "name_zh": "穗能科技有限公司",
        "name_en": "Suineng",
        "credit_code": credit_code(7),
        "city": None,
    }
    return Registration(**(said | changes))


@pytest.fixture
def registered(cast, at):
    return register_organisation(registration(), by=cast.guest, at=at).organisation


def test_a_registered_organisation_waits_for_the_platform(cast, registered):
    assert list(Organisation.objects.awaiting_verification()) == [registered]


def test_the_registrant_of_a_company_becomes_signatory_and_contact(cast, registered):
    roles = Membership.objects.get(organisation=registered, user=cast.guest.user).roles
    assert set(roles) == {"signatory", "contact"}


def test_the_registrant_of_a_university_becomes_head_and_officer(cast, at):
    membership = register_organisation(registration(kind=Kind.UNIVERSITY), by=cast.guest, at=at)
    assert set(membership.roles) == {"office_head", "transfer_officer"}


def test_nobody_registers_a_second_platform(cast, at):
    with pytest.raises(RuleError, match=r"kind\.closed"):
        register_organisation(registration(kind=Kind.PLATFORM), by=cast.guest, at=at)


def test_a_stranger_cannot_register(cast, at):
    with pytest.raises(RuleError, match=r"sign_in\.missing"):
        register_organisation(registration(), by=cast.anonymous, at=at)


@pytest.mark.parametrize("wrong", ["", "123", "91110000600037341M", "91110000600037341Ⅰ"])
def test_a_code_with_a_wrong_check_digit_is_refused(cast, at, wrong):
    with pytest.raises(RuleError, match=r"credit_code\.invalid"):
        register_organisation(registration(credit_code=wrong), by=cast.guest, at=at)


def test_a_code_is_stored_without_spaces_and_in_capitals(cast, at):
    written = registration(credit_code=" 91110000 600037341l ")
    membership = register_organisation(written, by=cast.guest, at=at)
    assert membership.organisation.credit_code == "91110000600037341L"


def test_a_code_is_registered_once(cast, registered, at):
    with pytest.raises(RuleError, match=r"credit_code\.taken"):
        register_organisation(registration(name_zh="另一家"), by=cast.member_d, at=at)


def test_a_refused_registration_frees_its_code(cast, registered, at):
    refuse_organisation(registered, reason="Not the same name.", by=cast.administrator, at=at)
    again = register_organisation(registration(), by=cast.member_d, at=at)
    assert again.organisation.credit_code == registered.credit_code


def test_the_administrator_verifies(cast, registered, at):
    verified = verify_organisation(registered, by=cast.administrator, at=at)
    assert verified.is_verified
    assert verified.verified_by == cast.administrator.user


def test_a_refusal_keeps_its_reason(cast, registered, at):
    refused = refuse_organisation(registered, reason=" Wrong name. ", by=cast.administrator, at=at)
    assert (refused.verification, refused.verification_note) == ("refused", "Wrong name.")


def test_a_refusal_needs_a_reason(cast, registered, at):
    with pytest.raises(RuleError, match=r"note\.missing"):
        refuse_organisation(registered, reason="  ", by=cast.administrator, at=at)


def test_only_the_administrator_verifies(cast, registered, at):
    for actor in cast.actors.values():
        if actor.user == cast.administrator.user:
            continue
        with pytest.raises(RuleError, match=r"role\.missing"):
            verify_organisation(registered, by=actor, at=at)


def test_the_registrant_cannot_verify_even_as_administrator(cast, at):
    registered = register_organisation(registration(), by=cast.administrator, at=at).organisation
    with pytest.raises(RuleError, match=r"verifier\.is_registrant"):
        verify_organisation(registered, by=cast.administrator, at=at)


def test_the_database_refuses_a_registrant_as_verifier(cast):
    user = cast.administrator.user
    with pytest.raises(IntegrityError), transaction.atomic():
        OrganisationFactory(registered_by=user, verified_by=user)


def test_an_organisation_is_decided_once(cast, registered, at):
    verify_organisation(registered, by=cast.administrator, at=at)
    with pytest.raises(ConflictError, match=r"state\.moved"):
        refuse_organisation(registered, reason="Too late.", by=cast.administrator, at=at)


def test_each_step_stands_in_the_history(cast, registered, at):
    verify_organisation(registered, by=cast.administrator, at=at)
    verbs = [(entry.verb, entry.actor) for entry in audit.entries_of(registered)]
    assert verbs == [("verified", cast.administrator.user), ("registered", cast.guest.user)]
    assert audit.first_broken(registered) is None
