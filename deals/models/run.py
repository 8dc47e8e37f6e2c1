"""What was computed from which input, and the runs that compute many deals."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from deals.models.deal import Deal


class ComputedInput(models.Model):
    """The input that a deal's rows show: the head of its facts and the day, as one hash."""

    deal = models.OneToOneField(
        Deal, primary_key=True, on_delete=models.PROTECT, related_name="computed"
    )
    input_hash = models.CharField(max_length=64)
    as_of_date = models.DateField()
    computed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.deal_id} {self.as_of_date}"


class Run(models.Model):
    """One planned computation of many deals: of all that pay, or of those with dated clauses."""

    ALL, DATED = "all", "dated"

    kind = models.CharField(max_length=5)
    day = models.DateField()
    deals = models.PositiveIntegerField()
    planned_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "day"], name="run_once_a_day"),
            models.CheckConstraint(condition=Q(kind__in=("all", "dated")), name="run_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"


class RunChunk(models.Model):
    """The deals of a run from one id to another, both included: one transaction's work.

    `statements` and `checksum` say what was posted; a chunk that would not end was split in two
    and posted nothing itself.
    """

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="chunks")
    first_deal_id = models.BigIntegerField()
    last_deal_id = models.BigIntegerField()
    statements = models.PositiveIntegerField(default=0)
    checksum = models.CharField(max_length=64, blank=True)
    is_split = models.BooleanField(default=False)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["run", "first_deal_id", "last_deal_id"], name="run_chunk_once"
            ),
            models.CheckConstraint(
                condition=Q(first_deal_id__lte=F("last_deal_id")), name="run_chunk_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.first_deal_id}-{self.last_deal_id}"
