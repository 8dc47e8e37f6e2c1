"""The append-only log that every figure of a deal is computed from."""

from typing import ClassVar

from django.db import models

from deals.models.deal import Deal

KINDS = (
    "terms", "event", "report", "credit", "receipt", "finality", "resolution", "rate", "policy",
)  # fmt: skip


class Fact(models.Model):
    """One thing the calculation must know, in the words of a contract file.

    `payload` is one element of the list that `kind` names there (a terms version, an event, a
    report revision, a receipt ...); a resolution says when an earlier event ended. The hash covers
    the previous one, the sequence and the payload, so that the same figures reported again are
    still another input.
    """

    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="facts")
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=10)
    effective_date = models.DateField()
    recorded_at = models.DateTimeField()
    payload = models.JSONField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["deal", "sequence"], name="fact_sequence_once"),
            models.CheckConstraint(condition=models.Q(kind__in=KINDS), name="fact_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id} {self.sequence} {self.kind}"
