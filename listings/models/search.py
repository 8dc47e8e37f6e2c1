"""The narrow side table that search and facets read."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from listings.models.listing import Listing


class SearchEntry(models.Model):
    """A published listing as search sees it: word tokens and the values that facets count.

    Written in the transaction that writes the listing; a listing that is not published has none.
    Rates are in parts per ten thousand of the highest tier, the cap in minor units (null: none).
    """

    listing = models.OneToOneField(
        Listing, primary_key=True, on_delete=models.CASCADE, related_name="search_entry"
    )
    tokens = SearchVectorField()
    industry = models.ForeignKey("listings.Industry", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(
        "accounts.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    city = models.ForeignKey("accounts.City", null=True, on_delete=models.PROTECT, related_name="+")
    trl = models.PositiveSmallIntegerField()
    trial_months = models.PositiveSmallIntegerField()
    rate = models.PositiveIntegerField()
    cap_minor = models.BigIntegerField(null=True)
    has_minimum = models.BooleanField()
    is_guaranteed = models.BooleanField()
    has_invention_patent = models.BooleanField()
    published_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            GinIndex(fields=["tokens"], name="search_tokens"),
            models.Index(fields=["-published_at", "-listing"], name="search_newest"),
        ]

    def __str__(self) -> str:
        return str(self.listing_id)
