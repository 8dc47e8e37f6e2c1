"""What the calculation posted: statements, their lines, and the instalments they are due in."""

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from deals.models.deal import Deal
from deals.rules.instalments import spread
from deals.rules.states import StatementState
from marketplace.accounts.actors import Actor
from marketplace.base.models import new_public_id

STATES = [str(state) for state in StatementState]


class StatementQuerySet(models.QuerySet["Statement"]):
    """Questions about statements."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of deals that the actor may see."""
        return self.filter(deal__in=Deal.objects.visible_to(actor))

    def due_to_be_final(self, today: date) -> Self:
        """Issued ones whose last day to question them is over."""
        return self.filter(state=StatementState.ISSUED, final_date__lt=today)


class Statement(models.Model):
    """One period's account of one deal, as posted; later differences are lines of a later one.

    `figures` holds the statement's amounts as the calculation prints them (decimal strings); the
    columns repeat in minor units what lists and sums need.
    """

    public_id = models.CharField(max_length=24, default=new_public_id)
    # No index of its own: the constraint on deal and period begins with it.
    deal = models.ForeignKey(
        Deal, on_delete=models.PROTECT, related_name="statements", db_index=False
    )
    period = models.CharField(max_length=10)
    position = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=6, default=StatementState.DRAFT)
    figures = models.JSONField()
    accrued_minor = models.BigIntegerField()
    corrections_minor = models.BigIntegerField()
    credits_minor = models.BigIntegerField()
    payable_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    issued_at = models.DateTimeField()
    final_date = models.DateField(null=True)
    input_hash = models.CharField(max_length=64)
    # The last computation that changed anything here: its day, and the last fact that it knew.
    computed_date = models.DateField(null=True)
    computed_sequence = models.PositiveIntegerField(default=0, db_default=0)
    # The sum of the open disputes about its lines.
    disputed_minor = models.BigIntegerField(default=0, db_default=0)
    # SHA-256 of the figures and standing lines as posted: what is the same needs no comparison.
    content_hash = models.CharField(max_length=64, blank=True)

    objects = StatementQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["public_id"], name="statement_public_id_once"),
            models.UniqueConstraint(fields=["deal", "period"], name="statement_period_once"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="statement_state"),
            models.CheckConstraint(condition=Q(payable_minor__gte=0), name="statement_payable"),
            models.CheckConstraint(condition=Q(disputed_minor__gte=0), name="statement_disputed"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The label that people quote."""
        return f"S-{self.deal_id:04d}-{self.position:02d}"


class StatementLine(models.Model):
    """One step of a statement, insert-only, with all that a stranger needs to recompute it."""

    # A statement's existence is asked for once a posting and not once a line: a trigger that sees
    # all new lines together costs a tenth (docs/decisions/007-the-run.md).
    statement = models.ForeignKey(
        Statement,
        on_delete=models.PROTECT,
        related_name="lines",
        db_index=False,
        db_constraint=False,
    )
    ordinal = models.PositiveIntegerField()
    stage = models.CharField(max_length=4)
    code = models.CharField(max_length=60)
    amount_minor = models.BigIntegerField()
    inputs = models.JSONField()
    formula = models.CharField(max_length=200)
    terms_version = models.PositiveSmallIntegerField(null=True)
    corrects = models.JSONField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["statement", "ordinal"], name="statement_line_once"),
        ]

    def __str__(self) -> str:
        return f"{self.statement_id}.{self.ordinal} {self.code}"


class Instalment(models.Model):
    """An amount of a statement with its due date; `paid_minor` follows the matched receipts."""

    statement = models.ForeignKey(
        Statement, on_delete=models.PROTECT, related_name="instalments", db_index=False
    )
    amount_minor = models.BigIntegerField()
    due_date = models.DateField()
    paid_minor = models.BigIntegerField(default=0)
    paid_date = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["statement", "due_date"], name="instalment_due_date_once"
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="instalment_positive"),
            models.CheckConstraint(
                condition=Q(paid_minor__gte=0, paid_minor__lte=models.F("amount_minor")),
                name="instalment_paid_within",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.statement_id} {self.due_date}"

    @property
    def outstanding_minor(self) -> int:
        """What is still to be paid."""
        return self.amount_minor - self.paid_minor

    @property
    def disputed_minor(self) -> int:
        """What of it is disputed: a statement's disputed sum lies on its earliest instalments."""
        if not self.statement.disputed_minor:
            return 0
        rows = sorted(self.statement.instalments.all(), key=lambda row: row.due_date)
        parts = spread(self.statement.disputed_minor, [row.outstanding_minor for row in rows])
        return dict(zip([row.pk for row in rows], parts, strict=True))[self.pk]
