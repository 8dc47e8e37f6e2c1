"""Databases cloned from one migrated template.

The template is named after the migrations' digest, so it is made once and again only when a
migration changes, and runs that overlap share it. Clones are named after the run's process.
"""

import hashlib
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

import dj_database_url
import psycopg
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

TEMPLATE = "template_"
# Branches with other migrations keep theirs for a while.
TEMPLATES_KEPT = 3
CLONE = "test_"
PATIENCE = 40
_numbers = count()


@contextmanager
def cloned() -> Iterator[str]:
    """A migrated, empty database of one's own; all connections of the process use it meanwhile."""
    template = make_template()
    name = f"{CLONE}{os.getpid()}_{next(_numbers)}"
    before = _name()
    with _maintenance() as server:
        server.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
    _use(name)
    try:
        yield name
    finally:
        _use(before)
        _drop(name)


@contextmanager
def elsewhere(url: str) -> Iterator[None]:
    """All connections of the process go to another server meanwhile."""
    default = settings.DATABASES["default"]
    before = dict(default)
    _point_to(dj_database_url.parse(url))
    try:
        yield
    finally:
        _point_to(before)


def address(role: str) -> str:
    """The address of the database in use for `owner`, `web` or `worker`."""
    variable = "DATABASE_URL" if role == "web" else f"DATABASE_{role.upper()}_URL"
    url = os.environ.get(variable, os.environ["DATABASE_URL"])
    return f"{url.rpartition('/')[0]}/{_name()}"


def drop_leftovers() -> None:
    """Remove clones of runs that were killed."""
    with _maintenance() as server:
        names = [name for (name,) in server.execute("SELECT datname FROM pg_database")]
    for name in names:
        pid = name.removeprefix(CLONE).partition("_")[0]
        if name.startswith(CLONE) and pid.isdigit() and not Path(f"/proc/{pid}").exists():
            _drop(name)


def make_template() -> str:
    """The name of the migrated template, made now unless it exists."""
    name = TEMPLATE + _digest()
    with _maintenance() as server:
        # Workers and overlapping runs wait here for the first of them.
        server.execute("SELECT pg_advisory_lock(hashtext('test template'))")
        known = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if not known:
            _migrate_into(server, name)
            _drop_old_templates(server)
    return name


def _drop_old_templates(server: psycopg.Connection) -> None:
    rows = server.execute(
        "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY oid DESC",
        [TEMPLATE],
    )
    for (name,) in rows.fetchall()[TEMPLATES_KEPT:]:
        _drop(name)


def _migrate_into(server: psycopg.Connection, name: str) -> None:
    half = f"{name}_half"
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(half)))
    server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(half)))
    before = _name()
    _use(half)
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        _use(before)
    server.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(half), sql.Identifier(name))
    )


def _digest() -> str:
    """Of every migration of our own apps and the versions of the others'."""
    digest = hashlib.sha256()
    root = Path(settings.BASE_DIR)
    for app in apps.get_app_configs():
        folder = Path(app.path) / "migrations"
        for file in sorted(folder.glob("*.py")):
            digest.update(file.name.encode())
            digest.update(file.read_bytes() if root in file.parents else b"")
    return digest.hexdigest()[:16]


def _drop(name: str) -> None:
    words = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
    with _maintenance() as server, suppress(psycopg.errors.InvalidCatalogName):
        for _ in range(PATIENCE):
            # A closed connection of another role takes a moment to go; it cannot be sent away.
            with suppress(psycopg.errors.InsufficientPrivilege):
                server.execute(words)
                return
            time.sleep(0.05)
        server.execute(words)


def _maintenance() -> psycopg.Connection:
    url = os.environ.get("DATABASE_OWNER_URL", os.environ["DATABASE_URL"])
    return psycopg.connect(f"{url.rpartition('/')[0]}/postgres", autocommit=True)


def _name() -> str:
    return str(settings.DATABASES["default"]["NAME"])


def _use(name: str) -> None:
    _point_to({"NAME": name})


def _point_to(place: Mapping[str, object]) -> None:
    connection = connections["default"]
    connection.close()
    connection.close_pool()
    for key in {"HOST", "PORT", "USER", "PASSWORD", "NAME"} & place.keys():
        settings.DATABASES["default"][key] = place[key]
        connection.settings_dict[key] = place[key]
