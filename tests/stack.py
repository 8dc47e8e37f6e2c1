"""A whole installation of a test's own: servers, tables, and the product's real processes.

For tests whose subject is a process that dies or a server that is away.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from marketplace.embedded.servers import Postgres, Server, Valkey, start, stop
from marketplace.site.demo import supervisor


class Stack:
    """Servers and processes by name; every one of them can be killed and started again."""

    def __init__(self, home: Path, port: int = 0) -> None:
        self.home = home
        self.port = port
        self.servers: dict[str, Server] = {
            # Not disposable: a commit that was answered has to survive its server's death.
            "postgres": Postgres(home),
            "valkey": Valkey(home),
        }
        self.parts = {part.name: part for part in supervisor.parts(port)}
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def environment(self) -> dict[str, str]:
        """What the processes are given; durable enough for a killed server, not for a power cut."""
        postgres, valkey = self.servers["postgres"], self.servers["valkey"]
        return os.environ | {
            "DEVELOPMENT": "1",
            "DATABASE_URL": postgres.url("marketplace_web"),
            "DATABASE_OWNER_URL": postgres.url("marketplace_owner"),
            "DATABASE_WORKER_URL": postgres.url("marketplace_worker"),
            "REDIS_URL": valkey.url(),
            "CELERY_BEAT_FILE": str(self.home / "celerybeat"),
            "DATABASE_POOL": "4",
            "LOG_LEVEL": "WARNING",
        }

    @property
    def broker(self) -> str:
        """The address of the Celery broker."""
        return self.servers["valkey"].url().replace("unix://", "redis+socket://")

    def start(self, name: str) -> None:
        """Start a server or a process by its name."""
        if name in self.servers:
            self.running[name] = start(self.servers[name])
            return
        part = self.parts[name]
        with (self.home / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                part.command,
                cwd=supervisor.PROJECT,
                env=self.environment | {"DATABASE_ROLE": part.role},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self, name: str) -> None:
        """End it as a power cut would, with everything that it started."""
        child = self.running.pop(name)
        if name in self.servers:
            child.kill()
        else:
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()

    def revive(self) -> None:
        """Start again what ended by itself, as whatever watches over a real installation does."""
        for name, child in list(self.running.items()):
            if name not in self.servers and child.poll() is not None:
                self.start(name)

    def kill_child_of(self, name: str) -> None:
        """End one of a process's own children, as the kernel does when memory runs out."""
        parent = self.running[name].pid
        # Any thread may have forked: a replaced child belongs to the pool's own.
        tasks = Path(f"/proc/{parent}/task")

        def children() -> list[str]:
            return [
                pid for listed in tasks.glob("*/children") for pid in listed.read_text().split()
            ]

        assert wait_until(children), f"{name} has no children"
        with suppress(ProcessLookupError, IndexError):
            os.kill(int(children()[0]), signal.SIGKILL)

    def manage(self, *arguments: str) -> str:
        """Run a management command as the owner and return what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=supervisor.PROJECT,
            env=self.environment | {"DATABASE_ROLE": "owner"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def log(self, name: str) -> str:
        """What a process wrote."""
        return (self.home / f"{name}.log").read_text()

    def end(self) -> None:
        """Stop everything that still runs, servers last."""
        for name in [name for name in self.running if name not in self.servers]:
            self.kill(name)
        for child in self.running.values():
            stop(child)


@contextmanager
def stack(home: Path, port: int = 0) -> Iterator[Stack]:
    """Servers that run, with migrated tables; processes are started by the test."""
    found = Stack(home, port)
    try:
        found.start("postgres")
        found.start("valkey")
        found.manage("migrate", "--verbosity", "0")
        yield found
    finally:
        found.end()


def wait_until(holds: Callable[[], object], within: float = 30.0) -> bool:
    """Whether something came true within so many seconds."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.05)
    return False


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_ready(found: Stack) -> bool:
    """Whether its web process says so."""
    return supervisor.is_ready(found.port)
