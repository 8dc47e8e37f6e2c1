"""A listing: what a university offers, with its people and its measured benefits."""

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Abs

from listings.models.industry import Industry
from listings.models.terms_template import TermsTemplate
from listings.rules.states import ListingState
from marketplace.accounts.actors import Actor
from marketplace.accounts.models import Organisation, User
from marketplace.accounts.rules import Permission
from marketplace.base.models import new_public_id

STATES = [str(state) for state in ListingState]


class ListingQuerySet(models.QuerySet["Listing"]):
    """Questions about listings."""

    def published(self) -> Self:
        """On the shelf, for everyone."""
        return self.filter(state=ListingState.PUBLISHED)

    def visible_to(self, actor: Actor) -> Self:
        """Everyone sees the shelf; a university all of its own; reviewers what was submitted."""
        public = Q(state__in=[ListingState.PUBLISHED, ListingState.WITHDRAWN]) & ~Q(shelf_code=None)
        if actor.organisation is None:
            return self.filter(public)
        if actor.is_platform and actor.may(Permission.PLATFORM_VIEW):
            return self.exclude(state=ListingState.DRAFT)
        return self.filter(public | Q(organisation=actor.organisation))

    def owned_by(self, actor: Actor) -> Self:
        """All of the actor's own university, nothing for anyone else."""
        if actor.organisation is None or actor.organisation.kind != "university":
            return self.none()
        return self.filter(organisation=actor.organisation)

    def awaiting_office(self, actor: Actor) -> Self:
        """Submitted in the actor's university and not by the actor."""
        return self.owned_by(actor).filter(state=ListingState.OFFICE_REVIEW)

    def awaiting_platform(self) -> Self:
        """Approved by their office, oldest first."""
        return self.filter(state=ListingState.PLATFORM_REVIEW).order_by("state_since", "pk")

    def for_cards(self) -> Self:
        """With what a card or a row shows."""
        related = self.select_related("organisation__city", "industry")
        return related.defer("description_zh", "description_en")

    def for_page(self) -> Self:
        """With all that a listing's own page shows."""
        related = self.select_related("organisation__city", "industry", "terms_template")
        return related.prefetch_related("benefits", "patents", "inventors")

    def neighbours_of(self, listing: "Listing") -> Self:
        """Others on the shelf of the same industry, the most alike in maturity first."""
        others = self.published().for_cards().filter(industry=listing.industry)
        distance = Abs(F("trl") - (listing.trl or 1))
        return others.exclude(pk=listing.pk).order_by(distance, "-published_at", "-pk")

    def shelved_near(self, code: str) -> Self:
        """On the shelf, from this code backwards: what stands beside a place in the hall."""
        return self.published().filter(shelf_code__lte=code).order_by("-shelf_code")


class Listing(models.Model):
    """A technology on offer.

    The last group of columns is what a listing shows about its terms and deals; the services of
    listings and deals keep them, so that a page of cards needs no other table.
    """

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="listings"
    )
    state = models.CharField(max_length=16, default=ListingState.DRAFT)
    state_since = models.DateTimeField()
    state_note = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    # Where an imported row came from: (source, source_number, organisation) is its identity.
    source = models.CharField(max_length=60, blank=True)
    source_number = models.CharField(max_length=80, blank=True)
    row_hash = models.CharField(max_length=64, blank=True)
    is_sample = models.BooleanField(default=False)

    original_language = models.CharField(max_length=7, default="zh-hans")
    title_zh = models.CharField(max_length=300, blank=True)
    title_en = models.CharField(max_length=300, blank=True)
    pitch_zh = models.CharField(max_length=400, blank=True)
    pitch_en = models.CharField(max_length=400, blank=True)
    description_zh = models.TextField(blank=True)
    description_en = models.TextField(blank=True)
    keywords = ArrayField(models.CharField(max_length=80), default=list)
    industry = models.ForeignKey(Industry, null=True, on_delete=models.PROTECT)
    trl = models.PositiveSmallIntegerField(null=True)
    trl_evidence = models.CharField(max_length=500, blank=True)
    trl_missing = models.CharField(max_length=500, blank=True)
    terms_template = models.ForeignKey(TermsTemplate, null=True, on_delete=models.PROTECT)

    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    submitted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reviewed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    shelf_code = models.CharField(max_length=9, unique=True, null=True)  # noqa: DJ001
    published_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    trial_months = models.PositiveSmallIntegerField(default=0)
    rate_first = models.DecimalField(max_digits=14, decimal_places=10, default=0)
    rate_last = models.DecimalField(max_digits=14, decimal_places=10, default=0)
    allowance_minor = models.BigIntegerField(default=0)
    cap_minor = models.BigIntegerField(null=True)
    has_minimum = models.BooleanField(default=False)
    is_guaranteed = models.BooleanField(default=False)
    trial_places = models.PositiveSmallIntegerField(default=3)
    trials_running = models.PositiveSmallIntegerField(default=0)
    is_licensed_exclusively = models.BooleanField(default=False)

    objects = ListingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="listing_state"),
            models.CheckConstraint(
                condition=Q(trl=None) | Q(trl__range=(1, 9)), name="listing_trl_1_to_9"
            ),
            models.CheckConstraint(
                condition=~Q(approved_by=F("submitted_by")),
                name="listing_approver_is_not_submitter",
            ),
            models.CheckConstraint(
                condition=~Q(reviewed_by=F("approved_by")) & ~Q(reviewed_by=F("submitted_by")),
                name="listing_reviewer_is_neither",
            ),
            models.CheckConstraint(
                condition=~Q(state=ListingState.PUBLISHED)
                | Q(shelf_code__isnull=False, published_at__isnull=False),
                name="listing_published_has_a_code",
            ),
            models.UniqueConstraint(
                fields=["source", "source_number", "organisation"],
                condition=~Q(source=""),
                name="listing_source_identity",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "state"]),
            models.Index(fields=["state", "state_since"]),
        ]

    def __str__(self) -> str:
        return self.title_zh or self.title_en

    @property
    def places_left(self) -> int:
        """Trials that can still start."""
        return max(0, self.trial_places - self.trials_running)

    @property
    def is_open(self) -> bool:
        """Whether a new trial may be asked for."""
        return self.state == ListingState.PUBLISHED and not self.is_licensed_exclusively


class Inventor(models.Model):
    """A person behind the result, with a share as an integer weight."""

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="inventors")
    name = models.CharField(max_length=80)
    weight = models.PositiveIntegerField(default=1)
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.name


class Benefit(models.Model):
    """A measured gain: this result against the usual way, and how it was measured."""

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="benefits")
    label_zh = models.CharField(max_length=120)
    label_en = models.CharField(max_length=160, blank=True)
    value = models.DecimalField(max_digits=18, decimal_places=4)
    compared_value = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    unit = models.CharField(max_length=24, blank=True)
    compared_with = models.CharField(max_length=160, blank=True)
    method = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.label_zh} {self.value} {self.unit}"


class ShelfCounter(models.Model):
    """The last number given out in an aisle; its row lock makes shelf codes unique for ever."""

    aisle = models.CharField(max_length=1, unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.aisle}-{self.last}"
