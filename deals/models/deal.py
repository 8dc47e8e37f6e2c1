"""A deal: one company's use of one listing, from the request on."""

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from deals.rules.states import OVER, DealState
from listings.models import Listing
from marketplace.accounts.actors import Actor
from marketplace.accounts.models import Organisation, User
from marketplace.accounts.rules import Permission
from marketplace.base.models import new_public_id

STATES = [str(state) for state in DealState]


class DealQuerySet(models.QuerySet["Deal"]):
    """Questions about deals."""

    def visible_to(self, actor: Actor) -> Self:
        """The two parties' members and the platform's desks; nobody else learns that it exists."""
        if actor.organisation is None or not (
            actor.may(Permission.DEAL_VIEW) or actor.may(Permission.TRIAL_REQUEST)
        ):
            return self.none()
        if actor.is_platform:
            return self
        return self.filter(Q(licensor=actor.organisation) | Q(licensee=actor.organisation))

    def open(self) -> Self:
        """Not over."""
        return self.exclude(state__in=[str(state) for state in OVER])

    def awaiting_approval(self) -> Self:
        """In the platform's queue, oldest first."""
        return self.filter(state=DealState.AWAITING_PLATFORM).order_by("state_since", "pk")

    def parked(self) -> Self:
        """Set aside for staff, the longest waiting first."""
        return self.filter(parked_at__isnull=False).order_by("parked_at", "pk")

    def for_lists(self) -> Self:
        """With what a row of a list shows."""
        return self.select_related("listing__industry", "licensor", "licensee", "terms")

    def for_turns(self) -> Self:
        """With what tells whose turn it is."""
        return self.for_lists().prefetch_related("terms_versions", "terms__signatures")

    def for_page(self) -> Self:
        """With what the page of one deal shows of people and standing terms."""
        return self.for_turns().select_related(
            "listing__terms_template", "requested_by", "first_approver", "second_approver"
        )


class Deal(models.Model):
    """One licensee, one licensor, one listing. The row's lock serialises everything about it."""

    public_id = models.CharField(max_length=24, unique=True, default=new_public_id)
    listing = models.ForeignKey(Listing, on_delete=models.PROTECT, related_name="deals")
    licensor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="deals_out")
    licensee = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="deals_in")
    state = models.CharField(max_length=20, default=DealState.REQUESTED)
    state_since = models.DateTimeField()
    state_note = models.CharField(max_length=500, blank=True)

    use = models.CharField(max_length=500)
    site = models.CharField(max_length=200)
    indicators = models.CharField(max_length=500)
    wished_start_date = models.DateField()
    # What the company tried in the simulator, as the query of the result's page.
    estimate = models.CharField(max_length=200, blank=True)
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()

    # The version that both accepted; everything after decides on its hash.
    terms = models.ForeignKey(
        "deals.TermsVersion", null=True, on_delete=models.PROTECT, related_name="+"
    )
    first_approver = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    second_approver = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    trial_from_date = models.DateField(null=True)
    trial_to_date = models.DateField(null=True)
    converted_date = models.DateField(null=True)
    settled_date = models.DateField(null=True)
    # A deal whose figures break a rule waits here for staff while the others go on.
    parked_reason = models.CharField(max_length=300, blank=True)
    parked_code = models.CharField(max_length=40, blank=True, default="", db_default="")
    parked_where = models.CharField(max_length=200, blank=True, default="", db_default="")
    parked_at = models.DateTimeField(null=True)
    # Set while a correction has reopened it after it was settled: others may run beside it.
    reopened_date = models.DateField(null=True)
    is_sample = models.BooleanField(default=False)

    objects = DealQuerySet.as_manager()

    # Not a column: true on the instance that deals.services.moves loaded under the row's lock.
    is_locked = False

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="deal_state"),
            models.CheckConstraint(
                condition=~Q(licensor=F("licensee")), name="deal_parties_differ"
            ),
            models.CheckConstraint(
                condition=~Q(first_approver=F("second_approver")),
                name="deal_two_different_approvers",
            ),
            models.CheckConstraint(
                condition=~Q(first_approver=F("requested_by"))
                & ~Q(second_approver=F("requested_by")),
                name="deal_approver_is_not_requester",
            ),
            models.UniqueConstraint(
                fields=["listing", "licensee"],
                condition=~Q(state__in=[str(state) for state in sorted(OVER)])
                & Q(reopened_date=None),
                name="deal_one_open_a_company_and_listing",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["licensor", "state"]),
            models.Index(fields=["licensee", "state"]),
            models.Index(fields=["state", "state_since"]),
            models.Index(
                fields=["parked_at"], condition=Q(parked_at__isnull=False), name="deal_parked"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The label that people quote; never a key."""
        return f"D-{self.requested_at.year}-{self.pk:04d}"


class PolicyProfileQuerySet(models.QuerySet["PolicyProfile"]):
    """Questions about policy profiles."""

    def in_force(self, on: date) -> "PolicyProfile | None":
        """The one that holds on a day, None before the first."""
        return self.filter(effective_from__lte=on).order_by("-effective_from").first()


class PolicyProfile(models.Model):
    """Dated, sourced numbers that law or house rules set: never constants in code.

    `second_approval_from_minor` is the amount from which two approvers are needed (0: always).
    """

    effective_from = models.DateField(unique=True)
    notice_days = models.PositiveSmallIntegerField()
    second_approval_from_minor = models.BigIntegerField(default=0)
    trial_decision_days = models.PositiveSmallIntegerField(default=30)
    # How many days after the acceptance of its report a statement can still be questioned.
    grace_days = models.PositiveSmallIntegerField(default=10)
    source = models.CharField(max_length=200)
    # What public guidance would not go above: the editor of terms warns, and names the source.
    ceiling_rate = models.DecimalField(max_digits=14, decimal_places=10, null=True)
    ceiling_fixed_minor = models.BigIntegerField(null=True)
    ceiling_trial_months = models.PositiveSmallIntegerField(null=True)
    ceiling_source = models.CharField(max_length=200, blank=True)

    objects = PolicyProfileQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.effective_from} ({self.source})"
