"""Inviting people, and answering an invitation."""

from datetime import timedelta

import pytest
from django.core import mail

from marketplace.accounts.mail import mail_invitation
from marketplace.accounts.models import Invitation, Membership
from marketplace.accounts.services.invitations import (
    accept_invitation,
    invite_member,
    token_of,
    withdraw_invitation,
)
from marketplace.accounts.services.members import deactivate_membership
from marketplace.base import audit
from marketplace.base.errors import ConflictError, RuleError
from marketplace.base.models import Outbox


@pytest.fixture
def invited(cast, at):
    """An invitation of the guest into university A."""
    return invite_member(
        cast.university_a,
        email=" Guest@Example.org ",
        roles=["researcher"],
        by=cast.head_a,
        at=at,
    )


def test_an_invitation_is_good_for_seven_days(invited, at):
    assert invited.expires_at == at + timedelta(days=7)
    assert invited.is_open(at + timedelta(days=7) - timedelta(seconds=1))
    assert not invited.is_open(at + timedelta(days=7))


def test_the_address_is_kept_in_small_letters(invited):
    assert invited.email == "guest@example.org"


def test_the_database_holds_no_token(invited):
    assert token_of(invited) not in str(Invitation.objects.filter(pk=invited.pk).values())


def test_the_letter_is_owed_to_a_task(invited):
    row = Outbox.objects.get(task="accounts.send_invitation")
    assert row.subject_id == invited.pk


def test_the_letter_holds_the_link(cast, invited, at):
    mail_invitation(invited.pk, at=at)
    [letter] = mail.outbox
    assert letter.to == ["guest@example.org"]
    assert f"/invitation/{token_of(invited)}/" in letter.body


def test_the_letter_is_in_the_language_of_who_invites(cast, invited, at):
    cast.head_a.user.language = "en"
    cast.head_a.user.save()
    mail_invitation(invited.pk, at=at)
    assert mail.outbox[0].subject == "Lingnan Institute of Technology invites you"
    assert f"/en/invitation/{token_of(invited)}/" in mail.outbox[0].body


def test_no_letter_goes_out_for_a_withdrawn_invitation(cast, invited, at):
    withdraw_invitation(invited, by=cast.head_a, at=at)
    mail_invitation(invited.pk, at=at)
    assert not mail.outbox


def test_the_addressee_becomes_a_member_with_the_offered_roles(cast, invited, at):
    membership = accept_invitation(token_of(invited), by=cast.guest, at=at)
    assert membership.organisation == cast.university_a
    assert membership.roles == ["researcher"]


def test_another_address_cannot_accept(cast, invited, at):
    with pytest.raises(RuleError, match=r"invitation\.invalid"):
        accept_invitation(token_of(invited), by=cast.officer_b, at=at)


def test_an_invitation_is_accepted_once(cast, invited, at):
    accept_invitation(token_of(invited), by=cast.guest, at=at)
    with pytest.raises(RuleError, match=r"invitation\.invalid"):
        accept_invitation(token_of(invited), by=cast.guest, at=at)


def test_an_old_invitation_cannot_be_accepted(cast, invited, at):
    with pytest.raises(RuleError, match=r"invitation\.invalid"):
        accept_invitation(token_of(invited), by=cast.guest, at=at + timedelta(days=8))


def test_an_unknown_token_opens_nothing(cast, at):
    with pytest.raises(RuleError, match=r"invitation\.invalid"):
        accept_invitation("0" * 64, by=cast.guest, at=at)


def test_a_withdrawn_invitation_cannot_be_accepted(cast, invited, at):
    withdraw_invitation(invited, by=cast.head_a, at=at)
    with pytest.raises(RuleError, match=r"invitation\.invalid"):
        accept_invitation(token_of(invited), by=cast.guest, at=at)


def test_an_accepted_invitation_cannot_be_withdrawn(cast, invited, at):
    accept_invitation(token_of(invited), by=cast.guest, at=at)
    with pytest.raises(ConflictError, match=r"invitation\.closed"):
        withdraw_invitation(invited, by=cast.head_a, at=at)


def test_a_second_invitation_replaces_the_first(cast, invited, at):
    again = invite_member(
        cast.university_a, email="guest@example.org", roles=["legal"], by=cast.head_a, at=at
    )
    assert list(Invitation.objects.open_at(at).visible_to(cast.head_a)) == [again]


def test_a_member_is_not_invited_again(cast, at):
    with pytest.raises(RuleError, match=r"invitation\.is_member"):
        invite_member(
            cast.university_a,
            email=cast.officer_a.user.email,
            roles=["legal"],
            by=cast.head_a,
            at=at,
        )


def test_a_former_member_comes_back_with_the_offered_roles_alone(cast, at):
    deactivate_membership(cast.officer_a.membership, by=cast.head_a, at=at)
    invitation = invite_member(
        cast.university_a, email=cast.officer_a.user.email, roles=["legal"], by=cast.head_a, at=at
    )
    membership = accept_invitation(token_of(invitation), by=cast.officer_a, at=at)
    assert membership == cast.officer_a.membership
    assert (membership.is_active, membership.roles) == (True, ["legal"])


@pytest.mark.parametrize("name", ["officer_a", "head_b", "member_d", "administrator", "guest"])
def test_only_managers_of_the_organisation_invite(cast, at, name):
    with pytest.raises(RuleError, match=r"role\.missing"):
        invite_member(
            cast.university_a,
            email="new@example.org",
            roles=["legal"],
            by=getattr(cast, name),
            at=at,
        )


def test_nobody_is_invited_to_a_role_of_another_kind(cast, at):
    with pytest.raises(RuleError, match=r"roles\.unknown"):
        invite_member(
            cast.university_a,
            email="new@example.org",
            roles=["deal_approver"],
            by=cast.head_a,
            at=at,
        )


def test_the_history_holds_ids_and_no_address(cast, invited, at):
    accept_invitation(token_of(invited), by=cast.guest, at=at)
    entries = list(audit.entries_of(cast.university_a))
    assert [entry.verb for entry in entries] == ["invitation_accepted", "invited"]
    assert "guest" not in str([entry.data for entry in entries])


def test_the_guest_of_the_cast_may_accept(cast, at):
    accept_invitation(cast.invitation_token, by=cast.guest, at=at)
    assert Membership.objects.filter(user=cast.guest.user, organisation=cast.company_c).exists()
