"""Compute what a contract file owes, offline: no database, no server."""

import json
import sys
from argparse import ArgumentParser
from io import TextIOWrapper
from pathlib import Path

from django.core.management.base import BaseCommand

from deals.rules.facts import Fault, Refused
from deals.rules.files import SIZE_LIMIT, answer, parse
from deals.rules.tables import as_table


class Command(BaseCommand):
    help = "Compute the statements of a contract file (or of a JSON list of them)."
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="a contract file, or - for standard input")
        parser.add_argument("--as-of", help="the day to compute for, such as 2027-06-30")
        parser.add_argument("--format", choices=("json", "table"), default="json")
        parser.add_argument("--posted", help="an earlier result: print only what is new")

    def handle(self, *_: object, **options: str | None) -> None:
        _speak_utf8()
        try:
            name, posted = options["file"] or "-", options["posted"]
            _check_apart(name, posted)
            earlier = None if posted is None else parse(_read(posted))
            result = answer(parse(_read(name)), options["as_of"], earlier)
        except Refused as refusal:
            for fault in refusal.faults:
                self.stderr.write(f"{fault.where or '(file)'}: {fault.code}: {fault.message}")
            sys.exit(2)
        if options["format"] == "table":
            self.stdout.write(as_table(result))
            return
        self.stdout.write(json.dumps(result, ensure_ascii=False, indent=1))


def _speak_utf8() -> None:
    """Write UTF-8 whatever the terminal's language; the file holds names in any writing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8")


def _check_apart(name: str, posted: str | None) -> None:
    """Refuse to read both files from standard input."""
    if name == posted == "-":
        message = "only one of the two files can come from standard input"
        raise Refused((Fault("file.unreadable", "posted", message),))


def _read(name: str) -> bytes:
    """Read a file, or standard input, a little past the size limit at most."""
    try:
        if name == "-":
            return sys.stdin.buffer.read(SIZE_LIMIT + 1)
        with Path(name).open("rb") as file:
            return file.read(SIZE_LIMIT + 1)
    except OSError as error:
        message = error.strerror or "the file cannot be read"
        raise Refused((Fault("file.unreadable", "", message),)) from error
