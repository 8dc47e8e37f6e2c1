"""Published rates: exchange rates and lending rates by day, append-only, each with its source."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from marketplace.accounts.models import User


class PublishedRateQuerySet(models.QuerySet["PublishedRate"]):
    """Questions about published rates."""

    def first_values(self) -> Self:
        """The first value of each day: a later revision of a day counts for nobody."""
        return self.filter(revision=1)

    def of(self, series: str) -> Self:
        """One series."""
        return self.filter(series=series)


class PublishedRate(models.Model):
    """The value of a series on a day: contract currency per unit, or a yearly rate (0.0310).

    A day that is recorded again is a further revision; the calculation keeps the first.
    """

    series = models.CharField(max_length=20)
    rate_date = models.DateField()
    revision = models.PositiveSmallIntegerField(default=1)
    value = models.DecimalField(max_digits=20, decimal_places=10)
    source = models.CharField(max_length=200)
    retrieved_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects = PublishedRateQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["series", "rate_date", "revision"], name="rate_revision_once"
            ),
            models.CheckConstraint(condition=Q(value__gt=0), name="rate_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.rate_date}"
