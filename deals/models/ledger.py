"""The ledger: one insert-only row a movement, so that balance holds by construction."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from deals.models.deal import Deal
from deals.rules.postings import Account, Kind


class LedgerAccount(models.Model):
    """One account of a deal; `party` names the owner of a clearing account, else it is empty."""

    deal = models.ForeignKey(
        Deal, on_delete=models.PROTECT, related_name="ledger_accounts", db_index=False
    )
    kind = models.CharField(max_length=24)
    party = models.CharField(max_length=40, blank=True)
    currency = models.CharField(max_length=3)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["deal", "kind", "party", "currency"], name="ledger_account_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[str(kind) for kind in Account]), name="ledger_account_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id} {self.kind}"


class LedgerMovement(models.Model):
    """An amount from one account to another. `source` and `ordinal` make it happen once."""

    # A trigger that sees all new movements together finds that both accounts are the deal's own
    # and of this currency; three foreign keys say less and cost more.
    deal = models.ForeignKey(
        Deal, on_delete=models.PROTECT, related_name="movements", db_constraint=False
    )
    debit = models.ForeignKey(
        LedgerAccount,
        on_delete=models.PROTECT,
        related_name="debits",
        db_constraint=False,
        db_index=False,
    )
    credit = models.ForeignKey(
        LedgerAccount,
        on_delete=models.PROTECT,
        related_name="credits",
        db_constraint=False,
        db_index=False,
    )
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    kind = models.CharField(max_length=20)
    source = models.CharField(max_length=80)
    ordinal = models.PositiveIntegerField()
    booked_date = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "kind", "ordinal"], name="movement_once"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="movement_positive"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="movement_two_accounts"),
            models.CheckConstraint(
                condition=Q(kind__in=[str(kind) for kind in Kind]), name="movement_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_minor}"
