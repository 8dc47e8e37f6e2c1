"""Versions of a deal's terms, and what was done on the hash of one."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from deals.models.deal import Deal
from deals.rules.agreement import LICENCE_KINDS, Grant
from marketplace.accounts.models import Organisation, User


class TermsVersion(models.Model):
    """One proposal. From the moment both have accepted it a database guard lets nothing change.

    `document` is the schedule of money clauses exactly as a contract file holds it
    (deals.rules.terms), `inventors` the people behind the result with their integer weights as
    [{"name", "weight"}]. `sha256` covers both and the grant: one hash names all that was agreed.
    """

    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="terms_versions")
    number = models.PositiveSmallIntegerField()
    document = models.JSONField()
    licence_kind = models.CharField(max_length=14)
    acts = models.CharField(max_length=120)
    field_of_use = models.CharField(max_length=200)
    territory = models.CharField(max_length=120)
    inventors = models.JSONField(default=list)
    sha256 = models.CharField(max_length=64)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    licensor_accepted_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+"
    )
    licensor_accepted_at = models.DateTimeField(null=True)
    licensee_accepted_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+"
    )
    licensee_accepted_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["deal", "number"], name="terms_number_once"),
            models.CheckConstraint(
                condition=Q(licence_kind__in=LICENCE_KINDS), name="terms_licence_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id} v{self.number}"

    @property
    def grant(self) -> Grant:
        """What is licensed."""
        return Grant(self.licence_kind, self.acts, self.field_of_use, self.territory)

    @property
    def is_accepted(self) -> bool:
        """Whether both sides accepted it, and it is frozen."""
        return self.licensor_accepted_at is not None and self.licensee_accepted_at is not None


class PublicityNotice(models.Model):
    """A public notice of the agreed terms: a fixed snapshot for a number of days."""

    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="notices")
    terms = models.ForeignKey(TermsVersion, on_delete=models.PROTECT, related_name="+")
    snapshot = models.JSONField()
    opened_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=16, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["deal"], condition=Q(closed_at=None), name="notice_one_open"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gte=F("opened_at")), name="notice_ends_after_it_opens"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id} {self.opened_at:%Y-%m-%d}"


class Approval(models.Model):
    """One officer's decision on one version of the terms."""

    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="approvals")
    terms = models.ForeignKey(TermsVersion, on_delete=models.PROTECT, related_name="+")
    ordinal = models.PositiveSmallIntegerField()
    decision = models.CharField(max_length=10)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    reason = models.CharField(max_length=24, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(decision__in=["approve", "send_back", "refuse"]),
                name="approval_decision",
            ),
            models.UniqueConstraint(
                fields=["terms", "ordinal"],
                condition=Q(decision="approve"),
                name="approval_ordinal_once",
            ),
            models.UniqueConstraint(fields=["terms", "decided_by"], name="approval_once_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id} {self.ordinal} {self.decision}"


class Signature(models.Model):
    """One party's signature under one version, repeating its hash."""

    terms = models.ForeignKey(TermsVersion, on_delete=models.PROTECT, related_name="signatures")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["terms", "organisation"], name="signature_once"),
        ]

    def __str__(self) -> str:
        return f"{self.terms_id} {self.organisation_id}"
