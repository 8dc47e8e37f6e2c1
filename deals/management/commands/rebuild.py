"""Rebuild every deal from its facts beside the real rows, and compare line by line."""

import sys
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from deals.services import rebuilds


class Command(BaseCommand):
    """`python manage.py rebuild --check`: prints every difference; status 1 when there is one."""

    help = "Check that all statements, instalments and ledgers follow from the deals' facts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """It only ever checks, and the option says so."""
        parser.add_argument(
            "--check", action="store_true", required=True, help="compare; nothing is changed"
        )

    def handle(self, *_: object, **__: object) -> None:
        """Rebuild chunk by chunk; progress goes to stderr."""
        subjects = rebuilds.subjects()
        differences = 0
        for progress in rebuilds.check(subjects):
            differences += len(progress.differences)
            for found in progress.differences:
                self.stdout.write(
                    f"deal {found.deal_id} {found.period} {found.what} {found.name}:"
                    f" posted {found.posted}, rebuilt {found.rebuilt}"
                )
            if sys.stderr.isatty():
                self.stderr.write(f"{progress.done} of {progress.total}", ending="\r")
        self.stdout.write(
            f"{subjects.total} deals rebuilt, {differences} differences;"
            f" not looked at: {subjects.owed} with a computation owed, {subjects.parked} parked."
        )
        if differences:
            raise CommandError("the rows are not what the facts give")
