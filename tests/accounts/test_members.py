"""Changing roles and ending memberships."""

import pytest

from marketplace.accounts.actors import Actor, actor_for
from marketplace.accounts.models import ApiToken, Membership
from marketplace.accounts.services.members import change_roles, deactivate_membership
from marketplace.base import audit
from marketplace.base.errors import ConflictError, RuleError
from tests.factories import MembershipFactory, UserFactory


def test_a_manager_changes_a_members_roles(cast, at):
    changed = change_roles(
        cast.contact_c.membership, roles=["contact", "company_finance"], by=cast.signatory_c, at=at
    )
    assert changed.roles == ["company_finance", "contact"]


def test_changed_roles_end_the_persons_sessions(cast, sign_in, at):
    client = sign_in(cast.contact_c)
    change_roles(cast.contact_c.membership, roles=["signatory"], by=cast.signatory_c, at=at)
    assert client.get("/profile/").status_code == 302


def test_changed_roles_leave_others_signed_in(cast, sign_in, at):
    client = sign_in(cast.finance_c)
    change_roles(cast.contact_c.membership, roles=["signatory"], by=cast.signatory_c, at=at)
    assert client.get("/profile/").status_code == 200


def test_a_member_without_the_permission_changes_nobody(cast, at):
    with pytest.raises(RuleError, match=r"role\.missing"):
        change_roles(cast.finance_c.membership, roles=["contact"], by=cast.contact_c, at=at)


def test_a_manager_elsewhere_changes_nobody_here(cast, at):
    with pytest.raises(RuleError, match=r"role\.missing"):
        change_roles(cast.contact_c.membership, roles=["contact"], by=cast.member_d, at=at)


@pytest.mark.parametrize(
    ("roles", "code"),
    [
        ([], r"roles\.none"),
        (["office_head"], r"roles\.unknown"),
        (["signatory", "office_head"], r"roles\.unknown"),
    ],
)
def test_roles_must_fit_the_organisation(cast, at, roles, code):
    with pytest.raises(RuleError, match=code):
        change_roles(cast.contact_c.membership, roles=roles, by=cast.signatory_c, at=at)


def test_an_auditor_holds_no_other_role(cast, at):
    with pytest.raises(RuleError, match=r"roles\.stand_alone"):
        change_roles(
            cast.auditor.membership,
            roles=["auditor", "deal_approver"],
            by=cast.administrator,
            at=at,
        )


def test_platform_staff_cannot_change_their_own_roles(cast, at):
    with pytest.raises(RuleError, match=r"roles\.own"):
        change_roles(
            cast.administrator.membership, roles=["deal_approver"], by=cast.administrator, at=at
        )


def test_a_company_manager_may_take_on_a_further_role(cast, at):
    changed = change_roles(
        cast.signatory_c.membership,
        roles=["signatory", "company_finance"],
        by=cast.signatory_c,
        at=at,
    )
    assert changed.roles == ["company_finance", "signatory"]


def test_the_last_manager_keeps_the_role(cast, at):
    with pytest.raises(RuleError, match=r"members\.last_manager"):
        change_roles(cast.signatory_c.membership, roles=["contact"], by=cast.signatory_c, at=at)
    cast.signatory_c.membership.refresh_from_db()
    assert cast.signatory_c.membership.roles == ["signatory"]


def test_a_disabled_person_does_not_count_as_manager(cast, at):
    MembershipFactory(
        organisation=cast.company_c, user=UserFactory(is_active=False), roles=["signatory"]
    )
    with pytest.raises(RuleError, match=r"members\.last_manager"):
        deactivate_membership(cast.signatory_c.membership, by=cast.signatory_c, at=at)


def test_an_ended_membership_no_longer_acts(cast, at):
    deactivate_membership(cast.contact_c.membership, by=cast.signatory_c, at=at)
    assert actor_for(cast.contact_c.user).membership is None


def test_an_ended_membership_ends_its_sessions(cast, sign_in, at):
    client = sign_in(cast.contact_c)
    deactivate_membership(cast.contact_c.membership, by=cast.signatory_c, at=at)
    assert client.get("/profile/").status_code == 302


def test_an_ended_membership_ends_its_keys(cast, at):
    second = MembershipFactory(organisation=cast.company_c, roles=["signatory"])
    by = Actor(second.user, second)
    deactivate_membership(cast.signatory_c.membership, by=by, at=at)
    assert not ApiToken.objects.filter(revoked_at=None).exists()


def test_a_membership_ends_once(cast, at):
    stale = Membership.objects.get(pk=cast.contact_c.membership.pk)
    deactivate_membership(cast.contact_c.membership, by=cast.signatory_c, at=at)
    with pytest.raises(ConflictError, match=r"membership\.ended"):
        deactivate_membership(stale, by=cast.signatory_c, at=at)


def test_the_history_holds_the_roles_before_and_after(cast, at):
    change_roles(cast.contact_c.membership, roles=["signatory"], by=cast.signatory_c, at=at)
    entry = audit.entries_of(cast.company_c)[0]
    assert entry.verb == "roles_changed"
    assert (entry.data["before"], entry.data["after"]) == (["contact"], ["signatory"])


def test_only_the_active_membership_counts(cast):
    assert cast.double.organisation == cast.company_d
    assert not Membership.objects.visible_to(cast.double).filter(organisation=cast.company_c)
