"""Inviting people into an organisation by e-mail, and answering an invitation."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.crypto import salted_hmac

from marketplace.accounts.actors import Actor
from marketplace.accounts.models import Invitation, Membership, Organisation, User
from marketplace.accounts.models.memberships import hashed
from marketplace.accounts.services.members import check_roles, lock_organisation, managing
from marketplace.base import audit, outbox
from marketplace.base.errors import ConflictError, RuleError
from marketplace.base.models import new_public_id

GOOD_FOR = timedelta(days=7)
SEND = "accounts.send_invitation"


def invite_member(
    organisation: Organisation, *, email: str, roles: Sequence[str], by: Actor, at: datetime
) -> Invitation:
    """Offer a membership to one address for seven days; an e-mail with the link goes out.

    An earlier open invitation to the same address is withdrawn. Raises RuleError("role.missing")
    unless `by` manages this organisation's members, the codes of rules.fault_in_roles, and
    "invitation.is_member" when the address belongs to an active member.
    """
    manager = managing(by, organisation)
    address = email.strip().lower()
    with transaction.atomic():
        locked = lock_organisation(organisation.pk)
        check_roles(locked, roles)
        if locked.memberships.active().filter(user__email=address).exists():
            raise RuleError("invitation.is_member", where="email")
        Invitation.objects.filter(
            organisation=locked, email=address, accepted_at=None, withdrawn_at=None
        ).update(withdrawn_at=at)
        invitation = _created(locked, address=address, roles=roles, manager=manager, at=at)
        _note(invitation, verb="invited", by=manager, at=at)
        outbox.record(SEND, invitation.pk, at=at)
    return invitation


def accept_invitation(token: str, *, by: Actor, at: datetime) -> Membership:
    """Become a member through the link's token, as the person to whose address it was sent.

    A former member becomes active again; who is a member already keeps the roles and gains the
    offered ones. Raises RuleError("invitation.invalid") when the token is unknown, used, withdrawn,
    expired or meant for another address, and the codes of rules.fault_in_roles.
    """
    user = by.person
    with transaction.atomic():
        invitation = _lock_by_token(token)
        if not invitation.is_open(at) or invitation.email != user.email.lower():
            raise RuleError("invitation.invalid")
        membership = _join(invitation, user=user, at=at)
        invitation.accepted_at = at
        invitation.save(update_fields=["accepted_at"])
        _note(invitation, verb="invitation_accepted", by=user, at=at)
    return membership


def withdraw_invitation(invitation: Invitation, *, by: Actor, at: datetime) -> Invitation:
    """Make an invitation worthless before it is accepted.

    Raises RuleError("role.missing") unless `by` manages this organisation's members, and
    ConflictError("invitation.closed") when it was accepted or withdrawn before.
    """
    manager = managing(by, invitation.organisation)
    with transaction.atomic():
        lock_organisation(invitation.organisation_id)
        locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
        if locked.accepted_at is not None or locked.withdrawn_at is not None:
            raise ConflictError("invitation.closed")
        locked.withdrawn_at = at
        locked.save(update_fields=["withdrawn_at"])
        _note(locked, verb="invitation_withdrawn", by=manager, at=at)
    return locked


def token_of(invitation: Invitation) -> str:
    """The token of the invitation's link: worked out from its id and the site's secret.

    So the database holds a hash alone, and the task that sends the e-mail can still write the link.
    """
    return _token(invitation.public_id)


def _token(public_id: str) -> str:
    return salted_hmac("marketplace.accounts.invitation", public_id, algorithm="sha256").hexdigest()


def _created(
    organisation: Organisation, *, address: str, roles: Sequence[str], manager: User, at: datetime
) -> Invitation:
    public_id = new_public_id()
    return Invitation.objects.create(
        public_id=public_id,
        organisation=organisation,
        email=address,
        roles=sorted(set(roles)),
        token_hash=hashed(_token(public_id)),
        invited_by=manager,
        created_at=at,
        expires_at=at + GOOD_FOR,
    )


def _lock_by_token(token: str) -> Invitation:
    """The organisation first, like everything else that changes its members."""
    found = Invitation.objects.with_token(token).first()
    if found is None:
        raise RuleError("invitation.invalid")
    lock_organisation(found.organisation_id)
    return (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .get(pk=found.pk)
    )


def _join(invitation: Invitation, *, user: User, at: datetime) -> Membership:
    membership, is_new = Membership.objects.select_for_update(of=("self",)).get_or_create(
        user=user,
        organisation=invitation.organisation,
        defaults={"roles": invitation.roles, "created_at": at},
    )
    if is_new:
        return membership
    kept = membership.roles if membership.is_active else []
    membership.roles = sorted({*kept, *invitation.roles})
    membership.is_active = True
    check_roles(invitation.organisation, membership.roles)
    membership.save(update_fields=["roles", "is_active"])
    return membership


def _note(invitation: Invitation, *, verb: str, by: User, at: datetime) -> None:
    data = {"invitation": invitation.pk, "roles": invitation.roles}
    audit.record(invitation.organisation, verb=verb, by=by, at=at, data=data)
