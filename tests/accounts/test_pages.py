"""The pages about people and organisations."""

import re

import pytest
from django.test import Client

from marketplace.accounts.models import ApiToken, Invitation, Membership, Organisation, User
from marketplace.accounts.rules import Kind
from marketplace.accounts.services.invitations import invite_member, token_of
from marketplace.accounts.services.organisations import Registration, register_organisation
from marketplace.base import clock
from tests.factories import OrganisationFactory, credit_code

SAID = {
    "kind": "company",
    "name_zh": "穗能科技有限公司",
    "name_en": "",
    "credit_code": credit_code(7),
}


@pytest.fixture
def waiting(cast):
    """A registration by the guest that nobody has answered."""
    said = Registration(Kind.COMPANY, "穗能科技有限公司", "", credit_code(7), None)
    return register_organisation(said, by=cast.guest, at=clock.now()).organisation


# --- registering and switching -----------------------------------------------------------------


def test_a_person_registers_an_organisation_and_acts_for_it(cast, sign_in):
    client = sign_in(cast.guest)
    page = client.post("/organisations/register/", SAID, follow=True)
    assert page.redirect_chain == [("/organisations/", 302)]
    assert page.context["actor"].organisation == Organisation.objects.get(
        name_zh="穗能科技有限公司"
    )


def test_a_wrong_code_is_said_at_its_field_and_the_rest_is_kept(cast, sign_in):
    page = sign_in(cast.guest).post("/organisations/register/", SAID | {"credit_code": "123"})
    assert page.context["form"].errors.keys() == {"credit_code"}
    assert 'href="#id_credit_code"' in page.text
    assert "穗能科技有限公司" in page.text
    assert not Organisation.objects.filter(name_zh="穗能科技有限公司").exists()


def test_a_person_switches_between_organisations(cast, sign_in):
    client = sign_in(cast.double)
    chosen = cast.double_for_c.membership.public_id
    client.post("/organisations/switch/", {"membership": chosen})
    assert client.get("/organisations/").context["actor"].organisation == cast.company_c


def test_nobody_switches_into_anothers_membership(cast, sign_in):
    client = sign_in(cast.double)
    chosen = cast.signatory_c.membership.public_id
    assert client.post("/organisations/switch/", {"membership": chosen}).status_code == 404
    assert client.get("/organisations/").context["actor"].organisation == cast.company_d


def test_a_guest_is_told_what_to_do_next(cast, sign_in):
    page = sign_in(cast.guest).get("/organisations/")
    assert "/organisations/register/" in page.text


# --- members and invitations -------------------------------------------------------------------


def test_a_manager_invites_from_the_members_page(cast, sign_in):
    said = {"email": "new@example.org", "roles": ["researcher", "legal"]}
    page = sign_in(cast.head_a).post("/members/", said, follow=True)
    assert "new@example.org" in page.text
    assert Invitation.objects.get(email="new@example.org").roles == ["legal", "researcher"]


def test_the_members_page_names_only_ones_own_colleagues(cast, sign_in):
    page = sign_in(cast.head_a).get("/members/").text
    assert cast.officer_a.user.email in page
    assert cast.officer_b.user.email not in page


def test_an_invitation_without_a_role_is_refused_at_its_field(cast, sign_in):
    page = sign_in(cast.head_a).post("/members/", {"email": "new@example.org"})
    assert page.context["form"].errors.keys() == {"roles"}


def test_a_manager_changes_roles(cast, sign_in):
    path = f"/members/{cast.officer_a.membership.public_id}/"
    sign_in(cast.head_a).post(path, {"roles": ["legal"]})
    cast.officer_a.membership.refresh_from_db()
    assert cast.officer_a.membership.roles == ["legal"]


def test_who_changes_the_own_roles_stays_signed_in_here(cast, sign_in):
    client, elsewhere = sign_in(cast.signatory_c), sign_in(cast.signatory_c)
    path = f"/members/{cast.signatory_c.membership.public_id}/"
    client.post(path, {"roles": ["signatory", "company_finance"]})
    assert client.get("/members/").status_code == 200
    assert elsewhere.get("/members/").status_code == 302


def test_a_refused_ending_says_why(cast, sign_in):
    path = f"/members/{cast.signatory_c.membership.public_id}/end/"
    page = sign_in(cast.signatory_c).post(path)
    assert page.status_code == 400
    assert Membership.objects.get(pk=cast.signatory_c.membership.pk).is_active


def test_a_withdrawn_invitation_leaves_the_page(cast, sign_in):
    client = sign_in(cast.signatory_c)
    client.post(f"/members/invitations/{cast.invitation.public_id}/withdraw/")
    assert cast.invitation not in client.get("/members/").context["invitations"]


def test_the_link_asks_a_stranger_to_sign_in_and_comes_back(cast):
    path = f"/invitation/{cast.invitation_token}/"
    page = Client().get(path).text
    assert re.search(
        rf'href="/accounts/login/\?next={re.escape(path).replace("/", "(?:/|%2F)")}', page
    )


def test_the_addressee_accepts_by_one_button(cast, sign_in):
    client = sign_in(cast.guest)
    client.post(f"/invitation/{cast.invitation_token}/")
    assert client.get("/organisations/").context["actor"].organisation == cast.company_c


def test_somebody_else_is_told_about_the_other_address(cast, sign_in):
    page = sign_in(cast.officer_b).get(f"/invitation/{cast.invitation_token}/").text
    assert 'name="next"' in page
    assert "/accounts/logout/" in page


def test_somebody_else_cannot_accept(cast, sign_in):
    response = sign_in(cast.officer_b).post(f"/invitation/{cast.invitation_token}/")
    assert response.status_code == 400


def test_a_used_link_answers_like_an_unknown_one(cast, sign_in):
    client = sign_in(cast.guest)
    path = f"/invitation/{cast.invitation_token}/"
    client.post(path)
    assert client.get(path).status_code == client.get("/invitation/unknown/").status_code == 404


def test_the_link_of_an_invitation_made_here_works(cast, sign_in):
    made = invite_member(
        cast.university_a,
        email="guest@example.org",
        roles=["legal"],
        by=cast.head_a,
        at=clock.now(),
    )
    assert sign_in(cast.guest).get(f"/invitation/{token_of(made)}/").status_code == 200


# --- keys and profile --------------------------------------------------------------------------


def test_a_key_is_shown_once_and_never_stored_by_a_cache(cast, sign_in):
    client = sign_in(cast.signatory_c)
    page = client.post("/tokens/", {"name": "export", "days": 30})
    [key] = re.findall(r"rs_[\w-]+", page.text)
    assert "no-store" in page["Cache-Control"]
    assert ApiToken.objects.with_key(key).exists()
    assert key not in client.get("/tokens/").text


def test_sending_the_form_again_makes_no_second_key(cast, sign_in):
    client = sign_in(cast.signatory_c)
    for _ in range(2):
        page = client.post("/tokens/", {"name": "export", "days": 30})
    assert page.context["form"].errors.keys() == {"name"}
    assert ApiToken.objects.filter(name="export").count() == 1


def test_a_revoked_key_leaves_the_page(cast, sign_in):
    client = sign_in(cast.signatory_c)
    client.post(f"/tokens/{cast.write_token.public_id}/revoke/")
    assert cast.write_token not in client.get("/tokens/").context["tokens"]


def test_a_person_changes_name_and_language(cast, sign_in):
    sign_in(cast.guest).post("/profile/", {"name": "Gu Ke", "language": "en"})
    person = User.objects.get(pk=cast.guest.user.pk)
    assert (person.name, person.language) == ("Gu Ke", "en")


def test_the_profile_form_changes_nothing_else(cast, sign_in):
    said = {"name": "x", "email": "root@example.org", "is_superuser": "on", "session_epoch": 9}
    sign_in(cast.guest).post("/profile/", said)
    person = User.objects.get(pk=cast.guest.user.pk)
    assert (person.email, person.is_superuser, person.session_epoch) == (
        cast.guest.user.email,
        False,
        0,
    )


# --- the verification desk ---------------------------------------------------------------------


def test_the_oldest_registration_stands_first(cast, sign_in, waiting):
    older = OrganisationFactory(verification="pending", registered_by=cast.member_d.user)
    page = sign_in(cast.administrator).get("/verification/")
    assert list(page.context["page"]) == [older, waiting]


def test_decided_registrations_have_their_own_lists(cast, sign_in, waiting):
    client = sign_in(cast.administrator)
    client.post(f"/verification/{waiting.public_id}/", {"decision": "verify"})
    assert list(client.get("/verification/").context["page"]) == []
    assert list(client.get("/verification/?state=verified").context["page"]) == [waiting]


def test_an_invented_state_shows_the_queue(cast, sign_in, waiting):
    page = sign_in(cast.administrator).get("/verification/?state=nonsense")
    assert list(page.context["page"]) == [waiting]


def test_a_refusal_without_reason_is_said_at_its_field(cast, sign_in, waiting):
    page = sign_in(cast.administrator).post(
        f"/verification/{waiting.public_id}/", {"decision": "refuse"}
    )
    assert page.context["form"].errors.keys() == {"reason"}


def test_the_registrant_reads_the_reason(cast, sign_in, waiting):
    said = {"decision": "refuse", "reason": "The name differs from the register."}
    sign_in(cast.administrator).post(f"/verification/{waiting.public_id}/", said)
    assert said["reason"] in sign_in(cast.guest).get("/organisations/").text


def test_who_may_only_look_sees_no_button(cast, sign_in, waiting):
    page = sign_in(cast.auditor).get(f"/verification/{waiting.public_id}/").text
    assert 'value="verify"' not in page


def test_who_may_only_look_cannot_decide(cast, sign_in, waiting):
    path = f"/verification/{waiting.public_id}/"
    sign_in(cast.auditor).post(path, {"decision": "verify"})
    waiting.refresh_from_db()
    assert waiting.verification == "pending"


def test_the_page_shows_the_history(cast, sign_in, waiting):
    page = sign_in(cast.administrator).get(f"/verification/{waiting.public_id}/")
    assert cast.guest.user.name in page.text


@pytest.mark.parametrize("language", ["", "/en", "/zh-hant"])
def test_the_pages_stand_in_every_language(cast, sign_in, language):
    client = sign_in(cast.signatory_c)
    for path in ("organisations", "organisations/register", "members", "tokens", "profile"):
        assert client.get(f"{language}/{path}/").status_code == 200
