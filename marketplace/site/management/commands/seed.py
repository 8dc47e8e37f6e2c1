"""`manage.py seed`: fill an empty database with the demonstration's invented data."""

import random
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from marketplace.accounts.models import Organisation
from marketplace.base import clock
from marketplace.site.demo import seeding


class Command(BaseCommand):
    """Seed once; refuses a database that already holds organisations."""

    help = "Fill an empty database with invented universities, listings and deals."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The seed decides every draw."""
        parser.add_argument("--seed", type=int, default=2025)
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing instead of refusing"
        )

    def handle(self, *_: object, seed: int, if_empty: bool, **__: object) -> None:
        """All in one transaction: a seeding that is stopped leaves an empty database."""
        if Organisation.objects.exists():
            if if_empty:
                return
            raise CommandError("This database already holds organisations; nothing was changed.")
        chance = random.Random(seed)  # noqa: S311
        seeding.seed(clock.now(), chance, say=self.stderr.write)
