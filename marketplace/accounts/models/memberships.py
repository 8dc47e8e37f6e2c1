"""What people are in organisations: memberships, invitations to one, keys that act as one."""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from marketplace.accounts.models.organisations import Organisation
from marketplace.accounts.models.people import User
from marketplace.accounts.rules import Permission, Role, permissions_of
from marketplace.base.models import new_public_id

if TYPE_CHECKING:
    from marketplace.accounts.actors import Actor

LONGEST_TOKEN = timedelta(days=366)


def hashed(secret: str) -> str:
    """SHA-256 of a link's token or an API key, as stored."""
    return sha256(secret.encode()).hexdigest()


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Questions about memberships."""

    def active(self) -> "MembershipQuerySet":
        """Memberships that still count, of people who may still sign in."""
        return self.filter(is_active=True, user__is_active=True)

    def visible_to(self, actor: "Actor") -> "MembershipQuerySet":
        """Colleagues in the organisation that the actor acts for."""
        return self.filter(organisation_id=actor.organisation_id)

    def of_person(self, user: User) -> "MembershipQuerySet":
        """What this person may act in, oldest first."""
        return self.active().filter(user=user).select_related("organisation").order_by("pk")


class Membership(models.Model):
    """What a person is in one organisation."""

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships"
    )
    roles = ArrayField(models.CharField(max_length=24, choices=[(role, role) for role in Role]))
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "organisation"], name="membership_once"),
            models.CheckConstraint(condition=Q(roles__len__gt=0), name="membership_has_a_role"),
        ]

    def __str__(self) -> str:
        return f"{self.user} @ {self.organisation}"

    def grants(self, permission: Permission) -> bool:
        """Whether its roles allow this while it is active."""
        return self.is_active and permission in permissions_of(self.roles)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Questions about invitations."""

    def open_at(self, at: datetime) -> "InvitationQuerySet":
        """Those that can still be accepted at this instant."""
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=at)

    def with_token(self, token: str) -> "InvitationQuerySet":
        """The one, if any, that this link belongs to."""
        return self.filter(token_hash=hashed(token))

    def visible_to(self, actor: "Actor") -> "InvitationQuerySet":
        """Those into the organisation that the actor acts for."""
        return self.filter(organisation_id=actor.organisation_id)


class Invitation(models.Model):
    """An offer of a membership to one e-mail address; the link's token is stored as its hash."""

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    email = models.EmailField()
    roles = ArrayField(models.CharField(max_length=24))
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "email"],
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="invitation_open_once",
            ),
            models.CheckConstraint(condition=Q(roles__len__gt=0), name="invitation_has_a_role"),
        ]

    def __str__(self) -> str:
        return f"{self.email} -> {self.organisation_id}"

    def is_open(self, at: datetime) -> bool:
        """Whether it can still be accepted at this instant."""
        return self.accepted_at is None and self.withdrawn_at is None and at < self.expires_at


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Questions about keys to the API."""

    def with_key(self, key: str) -> "ApiTokenQuerySet":
        """The one, if any, that this key belongs to."""
        return self.filter(token_hash=hashed(key))

    def live(self, at: datetime) -> "ApiTokenQuerySet":
        """Those that open something at this instant."""
        return self.filter(
            revoked_at=None,
            expires_at__gt=at,
            membership__is_active=True,
            membership__user__is_active=True,
        )

    def visible_to(self, actor: "Actor") -> "ApiTokenQuerySet":
        """Those of the organisation that the actor acts for."""
        return self.filter(membership__organisation_id=actor.organisation_id)


class ApiToken(models.Model):
    """A key to the API for one membership: shown once, stored as its hash, scoped, expiring."""

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id)
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=60)
    token_hash = models.CharField(max_length=64, unique=True)
    may_write = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["membership", "name"],
                condition=Q(revoked_at=None),
                name="token_name_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    expires_at__gt=F("created_at"),
                    expires_at__lte=F("created_at") + LONGEST_TOKEN,
                ),
                name="token_expires_within_a_year",
            ),
        ]

    def __str__(self) -> str:
        return self.name
