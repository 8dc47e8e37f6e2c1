"""Revenue reports and their lines."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from deals.models.deal import Deal
from deals.rules.states import ReportState
from marketplace.accounts.actors import Actor
from marketplace.accounts.models import User
from marketplace.accounts.rules import Permission
from marketplace.base.models import new_public_id


class ReportQuerySet(models.QuerySet["Report"]):
    """Questions about reports."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of deals that the actor may see; drafts are for who reports, nobody else."""
        found = self.filter(deal__in=Deal.objects.visible_to(actor))
        if actor.may(Permission.REPORT_SUBMIT):
            return found
        return found.exclude(state=ReportState.DRAFT)

    def submitted(self) -> Self:
        """Waiting for the licensor's answer."""
        return self.filter(state=ReportState.SUBMITTED)

    def accepted(self) -> Self:
        """Counting, or counted until a later revision."""
        return self.filter(state__in=[ReportState.ACCEPTED, ReportState.SUPERSEDED])


class Report(models.Model):
    """One revision of what a company sold in a period; revision n + 1 restates the whole period.

    `period` is its name in the contract ("2027-Q1"); the dates are half-open.
    """

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id)
    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="reports")
    period = models.CharField(max_length=10)
    starts_date = models.DateField()
    ends_date = models.DateField()
    revision = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=12, default=ReportState.DRAFT)
    reason = models.CharField(max_length=300, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()
    submitted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    accepted_date = models.DateField(null=True)
    question = models.CharField(max_length=500, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["deal", "period", "revision"], name="report_revision_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[str(state) for state in ReportState]), name="report_state"
            ),
            models.CheckConstraint(
                condition=Q(starts_date__lt=F("ends_date")), name="report_period_order"
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=F("submitted_by")),
                name="report_decider_is_not_submitter",
            ),
            models.UniqueConstraint(
                fields=["deal", "period"],
                condition=Q(state=ReportState.ACCEPTED),
                name="report_one_accepted_a_period",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id} {self.period} r{self.revision}"

    @property
    def number(self) -> str:
        """The label that people quote."""
        return f"R-{self.deal_id:04d}-{self.period}-{self.revision}"


class ReportLine(models.Model):
    """What was sold of one product at one tax rate. Amounts in minor units of `currency`.

    `gross_minor` includes tax; `deductions` maps each type to its tax-exclusive amount.
    """

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="lines")
    ordinal = models.PositiveIntegerField()
    sale_date = models.DateField()
    stream = models.CharField(max_length=40)
    product = models.CharField(max_length=120, blank=True)
    country = models.CharField(max_length=2, default="CN")
    currency = models.CharField(max_length=3, default="CNY")
    gross_minor = models.BigIntegerField()
    vat_rate = models.DecimalField(max_digits=14, decimal_places=10, default=0)
    units = models.DecimalField(max_digits=20, decimal_places=6, default=0)
    deductions = models.JSONField(default=dict)
    third_party_minor = models.BigIntegerField(default=0)
    invoice = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "ordinal"], name="report_line_once"),
        ]

    def __str__(self) -> str:
        return f"{self.report_id}.{self.ordinal}"
