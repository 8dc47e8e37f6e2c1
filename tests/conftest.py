"""Databases and the clock for every test.

Ordinary tests use pytest-django's `db`: a transaction that is rolled back. Tests whose subject is a
commit (races, append-only tables, workers) use `committed_db`: a database of their own, cloned from
the migrated template and never flushed.
"""

import datetime
from collections.abc import Callable, Iterator

import psycopg
import pytest
from django.conf import settings
from django.utils import translation
from pytest_django import DjangoDbBlocker

from tests import databases
from tests.cast import cast, fast_passwords, later, sign_in  # noqa: F401


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """One cloned database for all tests of this process that roll back."""
    databases.drop_leftovers()
    with django_db_blocker.unblock():
        databases.make_template()
    with databases.cloned():
        yield


@pytest.fixture(autouse=True)
def in_the_sites_own_language() -> Iterator[None]:
    """A test that looked at an English page does not change the addresses of the next one."""
    translation.activate(settings.LANGUAGE_CODE)
    yield
    translation.deactivate()


@pytest.fixture
def committed_db(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[str]:
    """The name of a database of this test's own, where everything commits for real."""
    with django_db_blocker.unblock():
        databases.make_template()
        with databases.cloned() as name:
            yield name


@pytest.fixture
def connect_as() -> Iterator[Callable[[str], psycopg.Connection]]:
    """Give a plain connection to the database in use as `owner`, `web` or `worker`.

    It sees committed rows only, so it belongs with `committed_db`.
    """
    opened: list[psycopg.Connection] = []

    def connect(role: str) -> psycopg.Connection:
        opened.append(psycopg.connect(databases.address(role), autocommit=True))
        return opened[-1]

    yield connect
    for connection in opened:
        connection.close()


@pytest.fixture
def at() -> datetime.datetime:
    """The instant at which most tests happen: a Wednesday noon in Shanghai."""
    china = datetime.timezone(datetime.timedelta(hours=8))
    return datetime.datetime(2026, 7, 15, 12, 0, tzinfo=china)
