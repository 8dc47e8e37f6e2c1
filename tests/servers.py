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
        os.environ.update(embedded.ensure_servers(embedded.HOME / "test", disposable=True))
    except embedded.ServerError as error:
        raise pytest.UsageError(str(error)) from error
    os.environ.setdefault("DATABASE_ROLE", "owner")
    os.environ.setdefault("DEVELOPMENT", "1")
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    return (yield)
