"""`manage.py demo`: the whole product with invented data."""

import os
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from marketplace.embedded.places import ServerError
from marketplace.site.demo import supervisor


class Command(BaseCommand):
    """Start servers, data, web, worker and beat; Ctrl-C stops them."""

    help = "Start the whole product with invented data; Ctrl-C stops it and keeps the data."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen and whether to start anew."""
        parser.add_argument("--port", type=int, default=int(os.environ.get("DEMO_PORT", "8000")))
        parser.add_argument("--reset", action="store_true", help="throw the data away first")

    def handle(self, *_: object, port: int, reset: bool, **__: object) -> None:
        """Run until stopped; a reason not to is one sentence."""
        try:
            supervisor.run(port=port, reset=reset)
        except (supervisor.DemoError, ServerError) as error:
            raise CommandError(str(error)) from error
