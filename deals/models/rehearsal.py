"""Rehearsals: deals that are only played through."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from deals.models.deal import STATES, Deal
from listings.models import Listing
from marketplace.accounts.actors import Actor
from marketplace.accounts.models import Organisation, User
from marketplace.base.models import new_public_id

SOURCES = ("deal", "proposal", "standard")


class RehearsalQuerySet(models.QuerySet["Rehearsal"]):
    """Questions about rehearsals."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of the actor's own organisation; what somebody tries out is nobody else's."""
        if actor.organisation is None:
            return self.none()
        return self.filter(organisation=actor.organisation)

    def for_pages(self) -> Self:
        """With what every page of a rehearsal shows."""
        return self.select_related(
            "listing__organisation", "deal__licensor", "deal__licensee", "owner", "organisation"
        )


class Rehearsal(models.Model):
    """A copy of a deal, of proposed terms, or of a listing's standing terms, on an invented date.

    `document` is everything it knows (deals.rules.rehearsal), `beginning` the same as it began;
    `state` and `today_date` repeat the document's for lists. It is no Deal: no fact, statement,
    history, notification or outbox row ever comes from it. `revision` rises with each step, so
    that a page that was left open changes nothing.
    """

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="+")
    deal = models.ForeignKey(Deal, null=True, on_delete=models.CASCADE, related_name="+")
    source = models.CharField(max_length=8)
    label = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=20)
    today_date = models.DateField()
    revision = models.PositiveIntegerField(default=1)
    document = models.JSONField()
    beginning = models.JSONField()
    begun_at = models.DateTimeField()
    played_at = models.DateTimeField()

    objects = RehearsalQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="rehearsal_state"),
            models.CheckConstraint(condition=Q(source__in=SOURCES), name="rehearsal_source"),
        ]
        indexes: ClassVar = [models.Index(fields=["organisation", "-played_at"])]

    def __str__(self) -> str:
        return f"{self.public_id} {self.state}"
