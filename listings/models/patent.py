"""Patents behind a listing."""

from collections.abc import Collection
from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Count

from listings.models.listing import Listing


class PatentQuerySet(models.QuerySet["Patent"]):
    """Questions about patents."""

    def counted_by_listing(self, listing_ids: Collection[int]) -> dict[int, int]:
        """How many patents stand behind each of these listings; those without are left out."""
        rows = self.filter(listing__in=listing_ids).values_list("listing_id")
        return dict(rows.annotate(patents=Count("pk")).values_list("listing_id", "patents"))


class Patent(models.Model):
    """One patent or application, as its register shows it."""

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="patents")
    number = models.CharField(max_length=40)
    office = models.CharField(max_length=4, blank=True)
    kind = models.CharField(max_length=12, default="invention")
    title = models.CharField(max_length=400, blank=True)
    status = models.CharField(max_length=20, default="granted")
    filed_date = models.DateField(null=True)
    expires_date = models.DateField(null=True)

    objects = PatentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["listing", "number"], name="patent_once_a_listing"),
        ]
        indexes: ClassVar = [models.Index(fields=["number"])]

    def __str__(self) -> str:
        return self.number

    def days_left(self, on: date) -> int | None:
        """Days of protection that remain on a day, None when the expiry is not known."""
        return max(0, (self.expires_date - on).days) if self.expires_date else None
