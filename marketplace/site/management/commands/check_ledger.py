"""Check the ledger of every deal against its rows."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from deals.models import Deal, LedgerMovement
from deals.services import invariants
from marketplace.base import clock


class Command(BaseCommand):
    """`python manage.py check_ledger [--park]`: exit status 1 when a deal breaks a rule."""

    help = "Check that every deal's ledger shows what its statements, receipts and splits say."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--park` sets broken deals aside for staff."""
        parser.add_argument("--park", action="store_true", help="set broken deals aside for staff")

    def handle(self, *args: object, **options: object) -> None:
        """Check all, name the broken ones, and say how many were looked at."""
        count = 0
        for deal_id, codes in invariants.broken(Deal.objects.all()):
            count += 1
            self.stderr.write(f"deal {deal_id}: {', '.join(codes)}")
        if options["park"]:
            invariants.park_broken(at=clock.now())
        if count:
            raise CommandError(f"{count} deals break a rule.")
        movements = LedgerMovement.objects.count()
        self.stdout.write(f"{Deal.objects.count()} deals, {movements} movements, none broken.")
