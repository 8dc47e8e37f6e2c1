"""How each server is made, started, asked and stopped."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marketplace.embedded.places import (
    ServerError,
    die_with_parent,
    make_private,
    postgres_program,
    room_for_data,
    socket_folder,
    unprivileged,
    valkey_program,
)

PROGRAMS = {"postgres", "valkey-server", "redis-server"}
# Without these initdb takes the locale from the environment: under C, trigrams and lower-casing
# of Chinese are silently dead.
INITDB_OPTIONS = (
    *("-U", "postgres", "-A", "trust", "--no-sync"),
    *("--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"),
)


@dataclass(frozen=True)
class Postgres:
    """PostgreSQL with its data below `home`, reached through a socket only its user can open."""

    home: Path
    disposable: bool = False

    @property
    def data(self) -> Path:
        """The folder to delete for a fresh start."""
        return room_for_data(self.home) / "postgres"

    @property
    def pid_file(self) -> Path:
        """Where the server writes its process id."""
        return self.data / "postmaster.pid"

    def url(self, user: str, database: str = "marketplace") -> str:
        """The address for one role."""
        folder = str(socket_folder(self.data)).replace("/", "%2F")
        return f"postgresql://{user}@{folder}/{database}"

    def prepare(self) -> None:
        """Make the data folder once; half-made ones are thrown away."""
        if self.data.exists():
            return
        half = self.data.with_suffix(".new")
        shutil.rmtree(half, ignore_errors=True)
        make_private(half)
        done = subprocess.run(
            [postgres_program("initdb"), "-D", half, *INITDB_OPTIONS],
            capture_output=True,
            text=True,
            check=False,
            **unprivileged(),
        )
        if done.returncode:
            raise ServerError(f"PostgreSQL's data folder could not be made: {done.stderr.strip()}")
        half.rename(self.data)

    def command(self) -> list[str | Path]:
        """What to execute."""
        settings = ["listen_addresses=", "max_connections=200", "unix_socket_permissions=0700"]
        if self.disposable:
            settings += ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
            settings += ["autovacuum=off"]
        options = [part for setting in settings for part in ("-c", setting)]
        program = postgres_program("postgres")
        return [program, "-D", self.data, "-k", socket_folder(self.data), *options]

    def options(self) -> dict[str, Any]:
        """Whom to be: PostgreSQL refuses to run as root."""
        return unprivileged()

    def is_ready(self) -> bool:
        """Whether it answers; makes the roles and the database when they are missing."""
        import psycopg

        try:
            with psycopg.connect(self.url("postgres", "postgres"), autocommit=True) as connection:
                self._make_roles(connection)
        except psycopg.OperationalError:
            return False
        return True

    def _make_roles(self, connection: Any) -> None:
        known = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
        for name in ("marketplace_owner", "marketplace_web", "marketplace_worker"):
            if name not in known:
                connection.execute(f"CREATE ROLE {name} LOGIN")
        if self.disposable:
            connection.execute("ALTER ROLE marketplace_owner CREATEDB")
        databases = {name for (name,) in connection.execute("SELECT datname FROM pg_database")}
        if "marketplace" not in databases:
            connection.execute("CREATE DATABASE marketplace OWNER marketplace_owner")


@dataclass(frozen=True)
class Valkey:
    """Valkey (or an installed Redis) with its data below `home`."""

    home: Path
    disposable: bool = False

    @property
    def data(self) -> Path:
        """The folder to delete for a fresh start."""
        return self.home / "valkey"

    @property
    def pid_file(self) -> Path:
        """Where the server writes its process id."""
        return self.data / "valkey.pid"

    @property
    def socket(self) -> Path:
        """Where it listens."""
        return socket_folder(self.data) / "valkey.sock"

    def url(self) -> str:
        """Its address, as the client library wants it."""
        return f"unix://{self.socket}"

    def prepare(self) -> None:
        """Make the data folder."""
        self.data.mkdir(parents=True, exist_ok=True)

    def command(self) -> list[str | Path]:
        """What to execute."""
        options = {
            "--port": "0",
            "--unixsocket": str(self.socket),
            "--unixsocketperm": "700",
            "--pidfile": self.pid_file.name,
            "--appendonly": "no" if self.disposable else "yes",
            "--save": "",
            "--maxmemory-policy": "noeviction",
        }
        return [valkey_program(), *(part for option in options.items() for part in option)]

    def options(self) -> dict[str, Any]:
        """Where to run: its own `--dir` takes no blanks."""
        return {"cwd": self.data, "preexec_fn": die_with_parent}

    def is_ready(self) -> bool:
        """Whether it answers and has read its data."""
        with suppress(OSError), socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            client.connect(str(self.socket))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        return False


Server = Postgres | Valkey


def start(server: Server, *, within: float = 30.0) -> subprocess.Popen[bytes]:
    """Start a server as a child of this process and return it once it answers.

    `within` is in seconds. Raises `ServerError` with the server's own reason.
    """
    end_leftover(server)
    server.prepare()
    log_path = server.data.with_suffix(".log")
    with log_path.open("wb") as log:
        child = subprocess.Popen(
            server.command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log, **server.options()
        )
    deadline = time.monotonic() + within
    while child.poll() is None and time.monotonic() < deadline:
        if server.is_ready():
            return child
        time.sleep(0.01)
    child.kill()
    child.wait()
    lines = log_path.read_text(errors="replace").strip().splitlines() or ["it said nothing"]
    reason = next((line for line in lines if "FATAL" in line or "rror" in line), lines[-1])
    raise ServerError(
        f"The data in {server.data} cannot be used ({reason.strip()}); "
        "`make demo RESET=1` throws them away and starts anew."
    )


def stop(child: subprocess.Popen[bytes]) -> None:
    """End a server in order, or at once when it takes longer than ten seconds."""
    child.send_signal(signal.SIGINT)
    try:
        child.wait(10)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def end_leftover(server: Server) -> None:
    """End what outlived its keeper in the data folder; another program's process is left alone."""
    deadline = time.monotonic() + 10
    while left := list(_left_in(server.data)):
        number = signal.SIGKILL if time.monotonic() > deadline else signal.SIGINT
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, number)
        time.sleep(0.05)
    server.pid_file.unlink(missing_ok=True)
    for lock in socket_folder(server.data).glob(".s.PGSQL.*"):
        lock.unlink()


def _left_in(data: Path) -> Iterator[int]:
    """Our servers' processes that run in this folder; a killed one may leave its children."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            is_ours = (process / "exe").readlink().name in PROGRAMS
            if is_ours and (process / "cwd").samefile(data):
                yield int(process.name)
