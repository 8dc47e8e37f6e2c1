"""Importing a university's list: every good row becomes a draft, every bad one says why not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.utils import timezone

from listings.models import Industry
from listings.rules import rows
from listings.rules.rows import CleanRow, ColumnMap, Facts, Fault, Row
from listings.services.imports.files import Table, read_table
from listings.services.imports.owners import Owners, create_organisations, unsaved
from listings.services.imports.writing import CHUNK, Book, Owned, plan_chunk, write_chunk
from marketplace.accounts.models import User

__all__ = ["ImportReport", "ImportRequest", "import_listings"]


@dataclass(frozen=True)
class ImportRequest:
    """A file and how to read it.

    `column_map` is the one that was named, `known_maps` are tried by the header otherwise.
    `organisation` owns rows that name no owner: a name, a public id or a credit code.
    """

    path: Path
    column_map: ColumnMap | None = None
    known_maps: Sequence[ColumnMap] = ()
    encoding: str | None = None
    organisation: str | None = None
    may_create_organisations: bool = False
    is_rehearsal: bool = False


@dataclass
class ImportReport:
    """What an import did, or in a rehearsal would do; counts are of rows."""

    encoding: str = ""
    source: str = ""
    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    organisations: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def refused(self) -> int:
        """Rows with at least one fault."""
        return len({fault.line for fault in self.faults})


def import_listings(request: ImportRequest, *, by: User | None, at: datetime) -> ImportReport:
    """Read a file and write its rows as drafts.

    Importing the same file twice changes nothing. A row is known by source, number and owner; a
    changed row changes its draft, and never a listing that is no longer one. Raises FileError
    when the file as a whole cannot be read; then nothing was written.
    """
    table = read_table(request.path, encoding=request.encoding)
    column_map = _map_for(request, table)
    owners = Owners(request.organisation)
    if not request.may_create_organisations:
        owners.check_default()
    report = ImportReport(table.encoding, column_map.source, len(table.rows))
    industries = {industry.code: industry for industry in Industry.objects.all()}
    facts = Facts(timezone.localdate(at), _industry_names(industries))
    clean = list(_without_repeats(_clean(table, column_map, facts, report), owners, report))
    if request.may_create_organisations:
        _add_organisations(clean, owners, request, report, by=by, at=at)
    book = Book(column_map.source, by, at, industries)
    act = plan_chunk if request.is_rehearsal else write_chunk
    owned = _owned(clean, owners, report)
    while chunk := list(islice(owned, CHUNK)):
        plan = act(chunk, book)
        report.created += len(plan.create)
        report.updated += len(plan.update)
        report.unchanged += plan.unchanged
        report.faults += plan.faults
    report.faults.sort(key=lambda fault: fault.line)
    return report


def _map_for(request: ImportRequest, table: Table) -> ColumnMap:
    if request.column_map is None:
        source = request.path.name.partition(".")[0]
        return rows.recognise(table.header, request.known_maps, source=source)
    rows.check(request.column_map, table.header)
    return request.column_map


def _industry_names(industries: Mapping[str, Industry]) -> dict[str, str]:
    return {
        name.casefold(): industry.code
        for industry in industries.values()
        for name in (industry.code, industry.name_zh, industry.name_en)
    }


def _clean(
    table: Table, column_map: ColumnMap, facts: Facts, report: ImportReport
) -> Iterator[CleanRow]:
    readable = [row for row in table.rows if isinstance(row, Row)]
    report.faults += [row for row in table.rows if isinstance(row, Fault)]
    column_map = rows.with_date_order(column_map, readable)
    for row in readable:
        found = rows.read_row(row, column_map, facts)
        if isinstance(found, CleanRow):
            yield found
        else:
            report.faults += found


def _without_repeats(
    clean: Iterator[CleanRow], owners: Owners, report: ImportReport
) -> Iterator[CleanRow]:
    """Rows under distinct identities: a repeat is unchanged, one that contradicts is refused.

    Letting the later of two rows win would make a second import change the first one's work.
    """
    first: dict[tuple[str, str], CleanRow] = {}
    for row in clean:
        earlier = first.setdefault((owners.key_of(row), row.number), row)
        if earlier is row:
            yield row
        elif earlier.digest == row.digest:
            report.unchanged += 1
        else:
            context = {"line": earlier.line}
            report.faults.append(Fault(row.line, "", "number.twice", context, row.raw))


def _add_organisations(
    clean: Sequence[CleanRow],
    owners: Owners,
    request: ImportRequest,
    report: ImportReport,
    *,
    by: User | None,
    at: datetime,
) -> None:
    names = owners.missing(clean)
    if request.is_rehearsal:
        for name in names:
            owners.add(unsaved(name, by=by, at=at))
        report.organisations = names
    elif names:
        created = create_organisations(names, owners, by=by, at=at)
        report.organisations = [university.name_zh for university in created]


def _owned(clean: Sequence[CleanRow], owners: Owners, report: ImportReport) -> Iterator[Owned]:
    for row in clean:
        name = owners.name_of(row)
        owner = owners.find(name) if name else None
        if owner:
            yield Owned(row, owner)
            continue
        code = "owner.unknown" if name else "owner.missing"
        context = {"name": name} if name else {}
        report.faults.append(Fault(row.line, "", code, context, row.raw))
