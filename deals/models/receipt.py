"""Bank transfers that a university's finance office confirmed, and how they were split."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from deals.models.deal import Deal
from marketplace.accounts.models import Organisation, User
from marketplace.base.models import new_public_id


class Receipt(models.Model):
    """Money that arrived in the university's account; the platform holds none.

    A reversal is a row of its own: its amount is the other's, negative. `for_period` is what the
    company wrote that it pays, "" when it pays the oldest first.
    """

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id)
    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="receipts")
    licensor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=60)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    received_date = models.DateField()
    for_period = models.CharField(max_length=10, blank=True)
    reverses = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="reversal"
    )
    reason = models.CharField(max_length=24, blank=True)
    note = models.CharField(max_length=300, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["licensor", "reference"], name="receipt_reference_once"
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, reverses=None)
                | Q(amount_minor__lt=0, reverses__isnull=False),
                name="receipt_sign",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class Allocation(models.Model):
    """An owner's part of a receipt, insert-only. `party` is the owner's key in the terms.

    What a receipt paid too much is split when it is used, and a receipt recorded late can re-match
    an earlier one: each change is a row of its own (`ordinal`), negative where it takes back.
    """

    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="allocations")
    party = models.CharField(max_length=40)
    ordinal = models.PositiveSmallIntegerField(default=1)
    amount_minor = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["receipt", "party", "ordinal"], name="allocation_step_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.receipt_id} {self.party}"
