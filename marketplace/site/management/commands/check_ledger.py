"""Check the ledger of every deal against its rows."""

from argparse import ArgumentParser
from collections.abc import Iterator

from django.core.management.base import BaseCommand, CommandError

from deals.models import Deal, LedgerMovement
from deals.services import invariants
from marketplace.base import clock


class Command(BaseCommand):
    """`python manage.py check_ledger [--park] [--chains]`: exit status 1 when a rule is broken."""

    help = "Check that every deal's ledger shows what its statements, receipts and splits say."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--park` sets broken deals aside for staff, `--chains` recomputes every hash too."""
        parser.add_argument("--park", action="store_true", help="set broken deals aside for staff")
        parser.add_argument("--chains", action="store_true", help="recompute every deal's hashes")

    def handle(self, *args: object, **options: object) -> None:
        """Check all, name the broken ones, and say how many were looked at."""
        count = 0
        for deal_id, codes in self._broken(chains=bool(options["chains"])):
            count += 1
            self.stderr.write(f"deal {deal_id}: {', '.join(codes)}")
        if options["park"]:
            invariants.park_broken(at=clock.now())
        if count:
            raise CommandError(f"{count} deals break a rule.")
        movements = LedgerMovement.objects.count()
        self.stdout.write(f"{Deal.objects.count()} deals, {movements} movements, none broken.")

    def _broken(self, *, chains: bool) -> Iterator[tuple[int, list[str]]]:
        yield from invariants.broken(Deal.objects.all())
        if chains:
            yield from invariants.with_broken_chains(Deal.objects.all())
