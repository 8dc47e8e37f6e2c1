"""A line of a statement that one side questions while it can still be changed."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from deals.models.deal import Deal
from deals.models.statement import Statement
from deals.rules.states import DisputeState, Side
from marketplace.accounts.actors import Actor
from marketplace.accounts.models import User
from marketplace.base.models import new_public_id

PARTIES = (Side.LICENSOR, Side.LICENSEE)


class DisputeQuerySet(models.QuerySet["Dispute"]):
    """Questions about disputes."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of deals that the actor may see."""
        return self.filter(statement__deal__in=Deal.objects.visible_to(actor))

    def open(self) -> Self:
        """Not resolved yet."""
        return self.filter(state=DisputeState.OPEN)


class Dispute(models.Model):
    """What of a statement one side disputes, why, and how the two sides resolved it.

    `code` and `key` name the line (its step and which of several). `amount_minor` is the part of
    what is payable that stops. `sequence` is the fact that says so to the calculation.
    """

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id)
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="disputes")
    code = models.CharField(max_length=60)
    key = models.CharField(max_length=200, blank=True)
    amount_minor = models.BigIntegerField()
    reason = models.CharField(max_length=24)
    text = models.CharField(max_length=500)
    state = models.CharField(max_length=9, default=DisputeState.OPEN)
    side = models.CharField(max_length=8)
    sequence = models.PositiveIntegerField()
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    # Both sides say that a restated report put it right; who said so for each.
    licensor_agreed_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+"
    )
    licensee_agreed_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)

    objects = DisputeQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["statement", "code", "key"],
                condition=Q(state=DisputeState.OPEN),
                name="dispute_one_open_a_line",
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="dispute_positive"),
            models.CheckConstraint(
                condition=Q(state__in=[str(state) for state in DisputeState]), name="dispute_state"
            ),
            models.CheckConstraint(
                condition=Q(side__in=[str(side) for side in PARTIES]), name="dispute_side"
            ),
            models.CheckConstraint(
                condition=Q(state=DisputeState.OPEN, closed_at=None)
                | (~Q(state=DisputeState.OPEN) & Q(closed_at__isnull=False)),
                name="dispute_closed_when_resolved",
            ),
            models.CheckConstraint(
                condition=~Q(licensor_agreed_by=F("licensee_agreed_by")),
                name="dispute_two_different_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.statement_id} {self.code}"

    def agreed_by(self, side: str) -> User | None:
        """Who said for a side that it was put right."""
        return self.licensor_agreed_by if side == Side.LICENSOR else self.licensee_agreed_by
