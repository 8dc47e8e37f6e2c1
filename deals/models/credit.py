"""Credits that a licensor grants a company: one person proposes, another confirms."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from deals.models.deal import Deal
from deals.rules.states import GrantState
from marketplace.accounts.models import User
from marketplace.base.models import new_public_id


class CreditGrant(models.Model):
    """A granted credit; the calculation knows it once it is confirmed. `key` names it there."""

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id)
    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="credit_grants")
    key = models.CharField(max_length=40)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    usable_from_date = models.DateField()
    reason = models.CharField(max_length=24)
    note = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, default=GrantState.PROPOSED)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["deal", "key"], name="credit_key_once"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="credit_positive"),
            models.CheckConstraint(
                condition=Q(state__in=[str(state) for state in GrantState]), name="credit_state"
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=F("proposed_by")), name="credit_decider_is_not_proposer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id} {self.key}"
