"""Organisations, the cities they stand in, and what the platform found out about them."""

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q

from marketplace.accounts.models.people import User
from marketplace.accounts.rules import Kind, Permission
from marketplace.base.formats import is_chinese
from marketplace.base.models import new_public_id

if TYPE_CHECKING:
    from marketplace.accounts.actors import Actor

VERIFICATIONS = ("pending", "verified", "refused")


class City(models.Model):
    """A city that organisations stand in; `in_bay_area` marks the eleven of the bay area."""

    code = models.SlugField(unique=True)
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60)
    in_bay_area = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        """The name in the reader's language; Chinese where there is no English one."""
        return self.name_zh if is_chinese() or not self.name_en else self.name_en


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Questions about organisations."""

    def awaiting_verification(self) -> "OrganisationQuerySet":
        """Registered and not yet looked at, oldest first."""
        return self.filter(verification="pending").order_by("created_at")

    def in_state(self, verification: str) -> "OrganisationQuerySet":
        """Registrations that wait, oldest first, or that were decided so, newest first."""
        if verification == "pending":
            return self.awaiting_verification()
        return self.filter(verification=verification, registered_by__isnull=False).order_by(
            F("verified_at").desc(nulls_last=True)
        )

    def verified(self) -> "OrganisationQuerySet":
        """Checked by the platform."""
        return self.filter(verification="verified")

    def universities(self) -> "OrganisationQuerySet":
        """Those whose results anybody may look at: verified, with their city."""
        return self.verified().filter(kind=Kind.UNIVERSITY).select_related("city")

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
        """The name in the reader's language; Chinese where there is no English one."""
        return self.name_zh if is_chinese() or not self.name_en else self.name_en

    @property
    def is_verified(self) -> bool:
        """Whether the platform has checked it."""
        return self.verification == "verified"
