"""`manage.py bench`: measure the product against what it is compared with, in one run."""

import json
from argparse import ArgumentParser
from dataclasses import asdict

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from marketplace.accounts.models import Organisation
from marketplace.site.bench import run


class Command(BaseCommand):
    """Runs on its own throw-away servers, or on an empty database that DATABASE_URL names."""

    help = "Measure the instalment run: ORM loop, product and plain COPY, as CPU time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to measure and how large."""
        parser.add_argument("what", choices=["run"])
        parser.add_argument("--size", type=int, default=1_000)
        parser.add_argument("--json", action="store_true")

    def handle(self, *_: object, size: int, **options: object) -> None:
        """Fill, measure, print; progress goes to stderr."""
        call_command("migrate", verbosity=0)
        if Organisation.objects.exists():
            raise CommandError("bench needs an empty database; nothing was changed.")
        if size < 1:
            raise CommandError("--size must be at least 1.")
        try:
            figures = run.run(size, self.stderr.write)
        except run.BenchError as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps([asdict(figure) for figure in figures]))
            return
        self._show(figures)

    def _show(self, figures: list[run.Figure]) -> None:
        loop, product, copy = figures
        for figure in figures:
            self.stdout.write(
                f"{figure.name:<12}{figure.statements:>9} statements"
                f"{figure.cpu_seconds:>10.2f} CPU s {figure.wall_seconds:>9.2f} s"
                f"{figure.rate:>12.0f} a CPU-second"
            )
        self.stdout.write(f"product / orm loop   {product.rate / loop.rate:.2f}")
        self.stdout.write(f"plain copy / product {copy.rate / product.rate:.1f}")
