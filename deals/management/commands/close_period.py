"""Plan the computation of every paying deal, as after the end of a period."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from deals.services import runs
from marketplace.base import clock


class Command(BaseCommand):
    """`python manage.py close_period`: one outbox row a chunk; the workers do the rest."""

    help = "Plan the computation of all paying deals as of today; running it twice plans once."

    def handle(self, *args: object, **options: object) -> None:
        """Plan, and say how many."""
        at = clock.now()
        count = runs.plan_all(on=timezone.localdate(at), at=at)
        self.stdout.write(f"{count} deals planned.")
