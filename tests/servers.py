"""Gives the whole run its PostgreSQL and Valkey before pytest-django reads the settings.

Loaded with `-p` (pyproject.toml): a conftest would come too late. The controller starts them once;
workers find the addresses in their environment.
"""

import os
from collections.abc import Generator

import pytest

from marketplace import embedded


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None, object, object]:
    """Join or start the servers, and be the owner of the databases made there."""
    try:
        os.environ.update(_servers())
    except embedded.ServerError as error:
        raise pytest.UsageError(str(error)) from error
    os.environ.setdefault("DATABASE_ROLE", "owner")
    os.environ.setdefault("DEVELOPMENT", "1")
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    return (yield)


def _servers() -> dict[str, str]:
    """Their addresses; data that cannot be used any more are only a cache, and made again."""
    home = embedded.HOME / "test"
    try:
        return embedded.ensure_servers(home, disposable=True)
    except embedded.ServerError:
        embedded.forget(home)
        return embedded.ensure_servers(home, disposable=True)
