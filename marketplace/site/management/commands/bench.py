"""`manage.py bench`: measure the product against what it is compared with, in one run."""

import json
from argparse import ArgumentParser
from dataclasses import asdict

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from marketplace.accounts.models import Organisation
from marketplace.site.bench import contracts, rebuild, run
from marketplace.site.bench.figures import BenchError, Figure


class Command(BaseCommand):
    """Runs on its own throw-away servers, or on an empty database that DATABASE_URL names."""

    help = "Measure the instalment run, a rebuild or the calculation alone, as CPU time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to measure and how large."""
        parser.add_argument("what", choices=["run", "rebuild", "compute"])
        parser.add_argument("--size", type=int, default=1_000, help="how many contracts")
        parser.add_argument("--periods", type=int, default=40, help="of each, for rebuild")
        parser.add_argument("--json", action="store_true")

    def handle(self, *_: object, what: str, size: int, **options: object) -> None:
        """Fill, measure, print; progress goes to stderr."""
        if size < 1:
            raise CommandError("--size must be at least 1.")
        if what == "compute":
            self._compute(size, as_json=bool(options["json"]))
            return
        call_command("migrate", verbosity=0)
        if Organisation.objects.exists():
            raise CommandError("bench needs an empty database; nothing was changed.")
        try:
            if what == "rebuild":
                self._rebuild(size, int(str(options["periods"])), as_json=bool(options["json"]))
            else:
                self._run(size, as_json=bool(options["json"]))
        except BenchError as error:
            raise CommandError(str(error)) from error

    def _run(self, size: int, *, as_json: bool) -> None:
        found = run.run(size, self.stderr.write)
        if as_json:
            self.stdout.write(json.dumps(found.document()))
            return
        for figure in (found.loop, found.product, found.copy):
            self._show(figure)
        self.stdout.write(f"product / orm loop   {found.product_to_loop:.2f}")
        self.stdout.write(f"plain copy / product {found.copy_to_product:.2f}")
        self.stdout.write(f"worker's peak memory {found.worker_megabytes:.0f} MB")
        self.stdout.write(f"{found.compared} deals have the same rows as the loop's")

    def _rebuild(self, size: int, periods: int, *, as_json: bool) -> None:
        found = rebuild.run(size, periods, self.stderr.write)
        if as_json:
            self.stdout.write(json.dumps(asdict(found)))
            return
        self._show(found.posting)
        self._show(found.rebuilding)

    def _compute(self, size: int, *, as_json: bool) -> None:
        found = contracts.run(size, self.stderr.write)
        if as_json:
            self.stdout.write(json.dumps([asdict(cost) for cost in found]))
            return
        self.stdout.write("CPU microseconds a contract: load, compute, document, all")
        for cost in found:
            figures = (cost.load, cost.compute, cost.document, cost.whole)
            shown = "".join(f"{figure:>12.1f}" for figure in figures)
            self.stdout.write(f"{cost.shape:<24}{shown}")

    def _show(self, figure: Figure) -> None:
        self.stdout.write(
            f"{figure.name:<12}{figure.statements:>9} statements"
            f"{figure.cpu_seconds:>10.2f} CPU s {figure.wall_seconds:>9.2f} s"
            f"{figure.rate:>12.0f} a CPU-second"
        )
