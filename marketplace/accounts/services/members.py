"""What people are in an organisation: their roles, and the end of a membership."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from marketplace.accounts.actors import Actor
from marketplace.accounts.models import ApiToken, Membership, Organisation, User
from marketplace.accounts.rules import Kind, Permission, fault_in_roles
from marketplace.base import audit
from marketplace.base.errors import ConflictError, RuleError


def change_roles(
    membership: Membership, *, roles: Sequence[str], by: Actor, at: datetime
) -> Membership:
    """Give a member exactly these roles and end all of his or her sessions.

    Raises RuleError("role.missing") unless `by` manages this organisation's members,
    "roles.none", "roles.unknown" or "roles.stand_alone" (rules.fault_in_roles), "roles.own" at the
    platform for one's own, "members.last_manager" when nobody could manage members afterwards,
    and ConflictError("membership.ended") for a former one. Source: docs/rules.md#people.
    """
    manager = managing(by, membership.organisation)
    with transaction.atomic():
        locked = _lock(membership)
        check_roles(locked.organisation, roles)
        if locked.user_id == manager.pk and locked.organisation.kind == Kind.PLATFORM:
            raise RuleError("roles.own")
        before = locked.roles
        locked.roles = sorted(set(roles))
        locked.save(update_fields=["roles"])
        _keep_a_manager(locked.organisation)
        end_sessions(locked.user)
        audit.record(
            locked.organisation,
            verb="roles_changed",
            by=manager,
            at=at,
            data={"membership": locked.pk, "before": before, "after": locked.roles},
        )
    return locked


def deactivate_membership(membership: Membership, *, by: Actor, at: datetime) -> Membership:
    """End a membership: its sessions and API tokens end with it, its history stays.

    Raises as `change_roles`.
    """
    manager = managing(by, membership.organisation)
    with transaction.atomic():
        locked = _lock(membership)
        locked.is_active = False
        locked.save(update_fields=["is_active"])
        _keep_a_manager(locked.organisation)
        ApiToken.objects.filter(membership=locked, revoked_at=None).update(revoked_at=at)
        end_sessions(locked.user)
        audit.record(
            locked.organisation,
            verb="membership_ended",
            by=manager,
            at=at,
            data={"membership": locked.pk},
        )
    return locked


def managing(by: Actor, organisation: Organisation) -> User:
    """The person behind `by`; raises RuleError("role.missing") unless a manager of its members."""
    by.require(Permission.MEMBERS_MANAGE)
    if not by.belongs_to(organisation):
        raise RuleError("role.missing", permission=str(Permission.MEMBERS_MANAGE))
    return by.person


def check_roles(organisation: Organisation, roles: Sequence[str]) -> None:
    """Raise RuleError with the code of rules.fault_in_roles unless the roles fit."""
    fault = fault_in_roles(Kind(organisation.kind), roles)
    if fault:
        raise RuleError(fault, where="roles")


def lock_organisation(pk: int) -> Organisation:
    """The organisation, locked: whatever changes its members, invitations or keys queues here."""
    return Organisation.objects.select_for_update(of=("self",)).get(pk=pk)


def end_sessions(user: User) -> None:
    """Make every session of the person worthless, on all devices."""
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)


def _lock(membership: Membership) -> Membership:
    lock_organisation(membership.organisation_id)
    locked = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("organisation", "user")
        .get(pk=membership.pk)
    )
    if not locked.is_active:
        raise ConflictError("membership.ended")
    return locked


def _keep_a_manager(organisation: Organisation) -> None:
    members = Membership.objects.active().filter(organisation=organisation)
    if not any(member.grants(Permission.MEMBERS_MANAGE) for member in members):
        raise RuleError("members.last_manager", where="roles")
