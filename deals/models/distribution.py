"""What an owner does with its money: its dated policies, and every receipt's way through them."""

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from deals.models.deal import Deal
from deals.models.receipt import Receipt
from deals.rules.states import GrantState
from marketplace.accounts.actors import Actor
from marketplace.accounts.models import Organisation, User
from marketplace.base.models import new_public_id


class DistributionPolicyQuerySet(models.QuerySet["DistributionPolicy"]):
    """Questions about policies."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of the actor's organisation."""
        return self.filter(organisation_id=actor.organisation_id)

    def confirmed(self) -> Self:
        """Counting from their day on."""
        return self.filter(state=GrantState.CONFIRMED)

    def in_force(self, organisation: Organisation, on: date) -> "DistributionPolicy | None":
        """The version for receipts of a day, None before the first."""
        found = self.confirmed().filter(organisation=organisation, effective_from__lte=on)
        return found.order_by("-effective_from").first()


class DistributionPolicy(models.Model):
    """One version of an organisation's policy. `steps` are as in a contract file, without people.

    The people that share what the steps give to `inventors` come from each deal's terms.
    """

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    effective_from = models.DateField()
    steps = models.JSONField()
    source = models.CharField(max_length=200)
    state = models.CharField(max_length=10, default=GrantState.PROPOSED)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = DistributionPolicyQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "number"], name="policy_number_once"),
            models.UniqueConstraint(
                fields=["organisation", "effective_from"],
                condition=Q(state=GrantState.CONFIRMED),
                name="policy_one_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[str(state) for state in GrantState]), name="policy_state"
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=F("proposed_by")), name="policy_decider_is_not_proposer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} v{self.number}"


class DistributionQuerySet(models.QuerySet["Distribution"]):
    """Questions about distributions."""

    def owned_by(self, actor: Actor) -> Self:
        """What the actor's own organisation distributed."""
        organisation = actor.organisation
        return self.filter(party=organisation.public_id) if organisation else self.none()


class Distribution(models.Model):
    """A recipient's part of an owner's part of a receipt, insert-only.

    `recipient` is the name in the policy: "university", "inventor:" and a name ... Like the
    owners' parts it comes in steps (`ordinal`), negative where one takes back.
    """

    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="distributions")
    receipt = models.ForeignKey(Receipt, on_delete=models.PROTECT, related_name="distributions")
    party = models.CharField(max_length=40)
    recipient = models.CharField(max_length=120)
    ordinal = models.PositiveSmallIntegerField(default=1)
    amount_minor = models.BigIntegerField()
    booked_date = models.DateField()

    objects = DistributionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["receipt", "party", "recipient", "ordinal"], name="distribution_step_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.receipt_id} {self.recipient}"
