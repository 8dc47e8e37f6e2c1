"""Which state of the catalogue a public page was drawn from."""

from datetime import datetime

from django.db import models
from django.db.models import Count, Max


class CatalogueChangeQuerySet(models.QuerySet["CatalogueChange"]):
    """Questions about changes."""

    def version(self) -> str:
        """A text that differs whenever what a visitor can be shown may differ.

        A highest id alone would not do: of two writers the first to begin may be the last to
        commit. So the number of rows that are visible counts too.
        """
        seen = self.aggregate(last=Max("pk"), rows=Count("pk"))
        return f"{seen['last']}-{seen['rows']}"

    def forget(self, *, before: datetime) -> int:
        """Delete the old ones; the version changes by it, and pages are drawn once more."""
        return self.filter(changed_at__lt=before).delete()[0]


class CatalogueChange(models.Model):
    """One transaction that wrote something the public pages show; triggers write it, nobody else.

    Rows of their own, because a counter would make every writer wait for the one before.
    """

    transaction = models.BigIntegerField(unique=True)
    changed_at = models.DateTimeField()

    objects = CatalogueChangeQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.transaction)
