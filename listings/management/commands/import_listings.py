"""`manage.py import_listings FILE`: a university's list becomes drafts."""

import csv
import json
from argparse import ArgumentParser
from collections import defaultdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from listings.rules.rows import ColumnMap, Fault, FileError, read_map
from listings.rules.rows.faults import words
from listings.services.imports import ImportReport, ImportRequest, import_listings
from marketplace.base import clock

MAPS = Path(__file__).resolve().parent.parent / "maps"
# A spreadsheet would run a cell that begins like this.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class Command(BaseCommand):
    """Reads CSV, JSON lines and Excel files; rows that are wrong go to an error file."""

    help = "Import a university's list as drafts. The same file twice changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the file and how to read it."""
        parser.add_argument("file", type=Path, help="CSV, JSON lines or .xlsx; .gz is read too")
        parser.add_argument("--map", type=Path, help="a JSON file that says what each column holds")
        parser.add_argument("--encoding", help="for example gb18030 or mac_roman")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done")
        parser.add_argument("--organisation", help="the owner of rows that name none")
        parser.add_argument(
            "--create-organisations",
            action="store_true",
            help="register unknown owners, unverified",
        )
        parser.add_argument("--errors", type=Path, help="where refused rows go")

    def handle(self, *args: object, **options: Any) -> None:
        """Import the file and say what became of its rows."""
        path: Path = options["file"]
        try:
            report = import_listings(_request(path, options), by=None, at=clock.now())
        except FileError as error:
            raise CommandError(words(error.code, error.context)) from error
        except OSError as error:
            raise CommandError(f"{error.filename or path}: {error.strerror}.") from error
        for line in _told(path, report):
            self.stdout.write(line)
        if options["dry_run"]:
            self.stdout.write("Dry run: nothing was written.")
        if report.faults:
            errors = options["errors"] or Path(f"{path.name.partition('.')[0]}.errors.csv")
            try:
                write_errors(errors, report.faults)
            except OSError as error:
                raise CommandError(f"{errors}: {error.strerror}. Use --errors.") from error
            self.stdout.write(f"Refused rows: {errors}")


def _request(path: Path, options: dict[str, Any]) -> ImportRequest:
    return ImportRequest(
        path=path,
        column_map=_named_map(options["map"], path) if options["map"] else None,
        known_maps=known_maps(),
        encoding=options["encoding"],
        organisation=options["organisation"],
        may_create_organisations=options["create_organisations"],
        is_rehearsal=options["dry_run"],
    )


def known_maps() -> list[ColumnMap]:
    """The maps that come with the product."""
    files = sorted(MAPS.glob("*.json"))
    return [read_map(json.loads(file.read_text("utf-8")), source=file.stem) for file in files]


def _named_map(file: Path, path: Path) -> ColumnMap:
    try:
        raw = json.loads(file.read_text("utf-8-sig"))
    except ValueError as error:
        raise FileError("map.invalid", reason=f"{file.name} is no JSON") from error
    return read_map(raw, source=path.name.partition(".")[0])


def _told(path: Path, report: ImportReport) -> list[str]:
    counts = f"created {report.created}, updated {report.updated}, unchanged {report.unchanged}"
    lines = [
        f"{path.name}: {report.rows} rows, encoding {report.encoding}, source {report.source}",
        f"{counts}, refused {report.refused}",
    ]
    if report.organisations:
        lines.append(f"organisations registered, unverified: {len(report.organisations)}")
    return [*lines, *grouped(report.faults)]


def grouped(faults: list[Fault]) -> list[str]:
    """Each reason with its count, the most frequent first; where words differ, with one of them."""
    by_code: dict[str, list[Fault]] = defaultdict(list)
    for fault in faults:
        by_code[fault.code].append(fault)
    groups = sorted(by_code.values(), key=len, reverse=True)
    return [f"  {len(group)} x {_example(group)}" for group in groups]


def _example(group: list[Fault]) -> str:
    first = group[0]
    if len({fault.reason for fault in group}) == 1:
        return first.reason
    return f"{first.reason} (line {first.line}, for example)"


def write_errors(path: Path, faults: list[Fault]) -> None:
    """Write one line for each fault: row, column, reason and the row's values as JSON."""
    with path.open("w", encoding="utf-8-sig", newline="", errors="backslashreplace") as file:
        writer = csv.writer(file)
        writer.writerow(["row", "column", "reason", "values"])
        for fault in faults:
            values = json.dumps(dict(fault.values), ensure_ascii=False, default=str)
            writer.writerow([fault.line, _harmless(fault.column), fault.reason, values])


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
