"""What the catalogue does by the clock."""

from datetime import timedelta

from celery import shared_task

from listings.models import CatalogueChange
from marketplace.base import clock

KEPT = timedelta(days=1)


@shared_task(name="listings.forget_changes")
def forget_changes() -> None:
    """Forget changes that every visitor's page is newer than; beat calls this every hour."""
    CatalogueChange.objects.all().forget(before=clock.now() - KEPT)
