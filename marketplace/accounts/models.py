"""People, organisations, and what a person is in one."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac

from marketplace.accounts.rules import Kind, Permission, Role, permissions_of
from marketplace.base.models import new_public_id

if TYPE_CHECKING:
    from marketplace.accounts.actors import Actor

VERIFICATIONS = ("pending", "verified", "refused")
LONGEST_TOKEN = timedelta(days=366)


class City(models.Model):
    """A city that organisations stand in; `in_bay_area` marks the eleven of the bay area."""

    code = models.SlugField(unique=True)
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60)
    in_bay_area = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.name_zh


class UserManager(BaseUserManager["User"]):
    """Makes users by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        """A user with a normalised address; without a password nobody can sign in as it."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        """A user who may open the admin site."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """A person, known by e-mail address. What a person may do comes from memberships alone."""

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=80, blank=True)
    # The language of e-mails and of the page after sign-in; "" follows the site.
    language = models.CharField(max_length=8, blank=True)
    # Part of every session's check value: counting it up ends all sessions of the person.
    session_epoch = models.PositiveIntegerField(default=0)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.name or self.email

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Django's check value of a session, with the epoch in it (also for former secrets)."""
        return salted_hmac(
            "marketplace.accounts.session",
            f"{self.session_epoch}:{self.password}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Questions about organisations."""

    def awaiting_verification(self) -> "OrganisationQuerySet":
        """Registered and not yet looked at, oldest first."""
        return self.filter(verification="pending").order_by("created_at")

    def verified(self) -> "OrganisationQuerySet":
        """Checked by the platform."""
        return self.filter(verification="verified")

    def visible_to(self, actor: "Actor") -> "OrganisationQuerySet":
        """Registrations that the actor may read: all for the platform, else one's own."""
        if actor.may(Permission.PLATFORM_VIEW):
            return self
        return self.filter(pk=actor.organisation_id)


class Organisation(models.Model):
    """A university, a company or the platform itself."""

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id)
    kind = models.CharField(max_length=12, choices=[(kind, kind) for kind in Kind])
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160, blank=True)
    credit_code = models.CharField(max_length=18, null=True)  # noqa: DJ001
    city = models.ForeignKey(City, on_delete=models.PROTECT, null=True, related_name="+")
    verification = models.CharField(max_length=10, default="pending")
    verification_note = models.CharField(max_length=300, blank=True)
    is_sample = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    registered_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="registrations"
    )
    verified_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    verified_at = models.DateTimeField(null=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            # A refused registration must not keep the code's true owner out.
            models.UniqueConstraint(
                fields=["credit_code"],
                condition=~Q(verification="refused"),
                name="organisation_credit_code_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[str(kind) for kind in Kind]), name="organisation_kind"
            ),
            models.CheckConstraint(
                condition=Q(verification__in=VERIFICATIONS), name="organisation_verification"
            ),
            models.CheckConstraint(
                condition=~Q(verified_by=F("registered_by")),
                name="organisation_verifier_is_not_registrant",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["kind", "verification"])]

    def __str__(self) -> str:
        return self.name_zh

    @property
    def is_verified(self) -> bool:
        """Whether the platform has checked it."""
        return self.verification == "verified"


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
