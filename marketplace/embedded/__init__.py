"""PostgreSQL and Valkey from wheels, so that development, demo and tests need no installed server.

Used by manage.py and the tests, never by settings. Each server has a keeper (`keeper.py`): a
process of its own that stops the server when nobody uses it any more.
"""

import os
import sys
from pathlib import Path

from marketplace.embedded import keeper
from marketplace.embedded.places import ServerError
from marketplace.embedded.servers import Postgres, Valkey

HOME = Path(os.environ.get("MARKETPLACE_HOME", keeper.PROJECT / "var")).absolute()
SERVERLESS = {
    *("check", "collectstatic", "compilemessages", "demo", "diffsettings", "help", "makemessages"),
    *("makemigrations", "royalty", "spectacular", "startapp", "version"),
}
OWNER_COMMANDS = {"bench", "createcachetable", "flush", "migrate", "rebuild", "seed"}


def provide(arguments: list[str]) -> None:
    """Put the servers' addresses into the environment of the command in `arguments`.

    Addresses that are set already win. Commands that need no server start none.
    """
    command = arguments[1] if len(arguments) > 1 else "help"
    if command in OWNER_COMMANDS:
        os.environ.setdefault("DATABASE_ROLE", "owner")
    asks_database = any(argument.startswith("--database") for argument in arguments)
    if command in SERVERLESS and not asks_database:
        return
    if {"-h", "--help", "--version"} & set(arguments):
        return
    try:
        os.environ.update(_own_servers() if command == "bench" else ensure_servers(HOME))
    except ServerError as error:
        sys.exit(f"{error}")


def _own_servers() -> dict[str, str]:
    """Servers with nothing in them, for measuring; the last measurement's data go."""
    home = HOME / "bench"
    if "DATABASE_URL" not in os.environ:
        forget(home)
    return ensure_servers(home, disposable=True)


def ensure_servers(home: Path, *, disposable: bool = False) -> dict[str, str]:
    """Join or start the servers that the environment does not name; returns variables to set.

    They run at least as long as this process. `disposable` data may be lost with the machine and
    its owner role may create databases: for tests.
    """
    found: dict[str, str] = {}
    if "DATABASE_URL" not in os.environ:
        found |= ensure_postgres(home, disposable=disposable) | {"DEVELOPMENT": "1"}
    if "REDIS_URL" not in os.environ:
        found |= ensure_redis(home, disposable=disposable)
    return found


def ensure_postgres(home: Path, *, disposable: bool = False) -> dict[str, str]:
    """Join or start PostgreSQL below `home`; returns one address for each role."""
    server = Postgres(home.absolute(), disposable)
    keeper.join(server)
    return {
        "DATABASE_URL": server.url("marketplace_web"),
        "DATABASE_OWNER_URL": server.url("marketplace_owner"),
        "DATABASE_WORKER_URL": server.url("marketplace_worker"),
    }


def ensure_redis(home: Path, *, disposable: bool = False) -> dict[str, str]:
    """Join or start Valkey below `home`; returns its address."""
    server = Valkey(home.absolute(), disposable)
    keeper.join(server)
    return {"REDIS_URL": server.url()}


def leave(home: Path = HOME) -> None:
    """Stop using the servers below `home` and see them end, unless others use them."""
    for server in (Postgres(home), Valkey(home)):
        keeper.leave(server)


def forget(home: Path) -> None:
    """Throw away the data below `home`; raises `ServerError` while somebody uses them."""
    for server in (Postgres(home), Valkey(home)):
        keeper.forget(server)
