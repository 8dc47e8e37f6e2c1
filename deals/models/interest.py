"""Late interest: what the calculation proposes, and what staff decided."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from deals.models.deal import Deal
from marketplace.accounts.models import User
from marketplace.base.models import new_public_id

DECISIONS = ("charge", "waive")


class InterestProposalQuerySet(models.QuerySet["InterestProposal"]):
    """Questions about proposals."""

    def open(self) -> Self:
        """Not decided, or not wholly."""
        return self.filter(amount_minor__gt=F("charged_minor") + F("waived_minor"))


class InterestProposal(models.Model):
    """Interest of one instalment up to one settlement day, as the calculation has it now.

    A row follows the calculation as long as nothing is decided about it; `charged_minor` and
    `waived_minor` are the parts that staff decided about.
    """

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id)
    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="interest_proposals")
    period = models.CharField(max_length=10)
    due_date = models.DateField()
    until_date = models.DateField()
    days = models.PositiveIntegerField()
    amount_minor = models.BigIntegerField()
    charged_minor = models.BigIntegerField(default=0)
    waived_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)

    objects = InterestProposalQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["deal", "period", "due_date", "until_date"], name="interest_once"
            ),
            models.CheckConstraint(
                condition=Q(charged_minor__gte=0, waived_minor__gte=0),
                name="interest_decided_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id} {self.period} {self.until_date}"

    @property
    def open_minor(self) -> int:
        """What nobody has decided about."""
        return self.amount_minor - self.charged_minor - self.waived_minor


class InterestDecision(models.Model):
    """Proposed interest that the licensor's finance office charged or waived, insert-only."""

    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="interest_decisions")
    period = models.CharField(max_length=10)
    due_date = models.DateField()
    until_date = models.DateField()
    decision = models.CharField(max_length=6)
    amount_minor = models.BigIntegerField()
    reason = models.CharField(max_length=24)
    note = models.CharField(max_length=300, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(decision__in=DECISIONS), name="interest_decision_kind"
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0), name="interest_decision_positive"
            ),
            models.CheckConstraint(
                condition=Q(due_date__lte=F("until_date")), name="interest_decision_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id} {self.period} {self.decision}"
