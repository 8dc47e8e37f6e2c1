"""Whose row it is: universities by the names that files use."""

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import connection, transaction

from listings.rules.rows import CleanRow, FileError
from listings.rules.rows.values import is_chinese
from marketplace.accounts.models import Organisation, User
from marketplace.accounts.rules import Kind
from marketplace.base import audit

NAME_LIMIT = 120


class Owners:
    """Universities by name, in either language and any case."""

    def __init__(self, default: str | None) -> None:
        self._known: dict[str, Organisation] = {}
        self._default_name = default or ""
        for university in Organisation.objects.filter(kind=Kind.UNIVERSITY).order_by("-pk"):
            self.add(university)

    def add(self, university: Organisation) -> None:
        """Know this university by its names, its public id and its credit code."""
        names = (university.name_zh, university.name_en, university.public_id)
        for name in (*names, university.credit_code or ""):
            if name:
                self._known[_plain(name)] = university

    def name_of(self, row: CleanRow) -> str:
        """The name that the row is filed under: the first known one of its owners, else its first.

        A row without any is the default's; "" when there is none either.
        """
        known = (name for name in row.owners if _plain(name) in self._known)
        return next(known, next(iter(row.owners), self._default_name))

    def key_of(self, row: CleanRow) -> str:
        """What tells the row's owner from others, whichever of its names the row uses."""
        name = self.name_of(row)
        university = self.find(name)
        return university.public_id if university else _plain(name)

    def find(self, name: str) -> Organisation | None:
        """The university of this name."""
        return self._known.get(_plain(name))

    def missing(self, rows: Iterable[CleanRow]) -> list[str]:
        """The names that no university has, in the order of the rows."""
        found = dict.fromkeys(filter(None, (self.name_of(row) for row in rows)))
        unknown: Mapping[str, str] = {_plain(name): name for name in found if not self.find(name)}
        return list(unknown.values())

    def check_default(self) -> None:
        """Raise FileError("owner.unknown") when the default is named and is no university."""
        if self._default_name and not self.find(self._default_name):
            raise FileError("owner.unknown", name=self._default_name)


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).split()).casefold()


@transaction.atomic
def create_organisations(
    names: Iterable[str], owners: Owners, *, by: User | None, at: datetime
) -> list[Organisation]:
    """Register universities that a file names, unverified; two imports never make one twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('import organisations'))")
    fresh = Owners(None)
    created = []
    for name in names:
        university = fresh.find(name) or None
        if university is None:
            university = unsaved(name, by=by, at=at)
            university.save(force_insert=True)
            audit.record(university, verb="imported", by=by, at=at)
            created.append(university)
        owners.add(university)
    return created


def unsaved(name: str, *, by: User | None, at: datetime) -> Organisation:
    """A university as a file names it, not yet in the database."""
    return Organisation(
        kind=Kind.UNIVERSITY,
        name_zh=name[:NAME_LIMIT],
        name_en="" if is_chinese(name) else name[:NAME_LIMIT],
        created_at=at,
        registered_by=by,
    )
