"""The whole product on one machine: servers, data, web, worker and beat, until it is told to stop.

Knows no Django: each part is a process of its own with its own database role, as in production.
"""

import http.client
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from marketplace import embedded
from marketplace.embedded.keeper import PROJECT
from marketplace.embedded.places import die_with_parent
from marketplace.site.demo.people import sign_ins

PROGRAMS = Path(sys.executable).parent
STARTS_WITHIN = 60.0
STOPS_WITHIN = 3.0
SETTLED_AFTER = 5.0
_asked = threading.Event()


class DemoError(Exception):
    """Why the demo cannot run, in one sentence for the person at the terminal."""


class Stopped(Exception):  # noqa: N818 (asked for, not an error)
    """Somebody asked the demo to stop."""


@dataclass(frozen=True)
class Part:
    """One process of the product."""

    name: str
    role: str
    command: tuple[str, ...]


def parts(port: int) -> tuple[Part, ...]:
    """The processes of the product; docker-compose.yml runs the same programs."""
    celery = (str(PROGRAMS / "celery"), "--app", "marketplace")
    quiet = ("--loglevel", "WARNING")
    return (
        Part(
            "web",
            "web",
            (
                *(str(PROGRAMS / "granian"), "--interface", "wsgi", "--no-ws"),
                *("--host", "127.0.0.1", "--port", str(port)),
                *("--workers", "2", "--blocking-threads", "4", "--log-level", "warning"),
                "marketplace.wsgi:application",
            ),
        ),
        Part("worker", "worker", (*celery, "worker", "--concurrency", "2", *quiet)),
        Part("beat", "worker", (*celery, "beat", "--pidfile=", *quiet)),
    )


def run(*, port: int, reset: bool) -> None:
    """Start everything, print where it is, and stop everything on Ctrl-C or SIGTERM.

    Raises `DemoError`, or `ServerError` of the embedded servers, when it cannot start.
    """
    _asked.clear()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    children: dict[Part, subprocess.Popen[bytes]] = {}
    try:
        refuse_busy_port(port)
        environment = prepare(port=port, reset=reset)
        web, *others = parts(port)
        children[web] = launch(web, environment)
        wait_for_page(port, children)
        # Only now, so that on two cores the first page does not wait for them.
        children |= {part: launch(part, environment) for part in others}
        announce(port)
        watch(children, environment)
    except Stopped:
        sys.stderr.write("\nStopping ...\n")
    finally:
        # A second Ctrl-C must not leave half of it running.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        end(children)
        embedded.leave()


def refuse_busy_port(port: int) -> None:
    """Raise `DemoError` when somebody listens on the port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise DemoError(
                f"Port {port} is taken; choose another: `make demo DEMO_PORT={port + 1}`."
            ) from None


def prepare(*, port: int, reset: bool) -> dict[str, str]:
    """Servers, tables and data; returns the environment of the parts."""
    if reset:
        embedded.forget(embedded.HOME)
        shutil.rmtree(embedded.HOME / "media", ignore_errors=True)
    os.environ.update(embedded.ensure_servers(embedded.HOME))
    environment = os.environ | {
        "DEMO": "1",
        "DEVELOPMENT": "1",
        "DATABASE_POOL": "4",
        "SECRET_KEY": os.environ.get("SECRET_KEY") or own_secret(),
        "SITE_URL": f"http://localhost:{port}",
        "CELERY_BEAT_FILE": str(embedded.HOME / "celerybeat"),
    }
    manage("migrate", "--verbosity", "0", environment=environment)
    manage("seed", "--if-empty", environment=environment)
    return environment


def own_secret() -> str:
    """This clone's key: sessions outlive a restart and nobody else can forge them."""
    path = embedded.HOME / "secret_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(64))
    return path.read_text()


def manage(*arguments: str, environment: Mapping[str, str]) -> None:
    """Run one management command as the owner of the tables."""
    done = subprocess.run(
        [sys.executable, str(PROJECT / "manage.py"), *arguments],
        cwd=PROJECT,
        env={**environment, "DATABASE_ROLE": "owner"},
        check=False,
        start_new_session=True,
        preexec_fn=die_with_parent,
    )
    if done.returncode:
        raise DemoError(
            f"`manage.py {arguments[0]}` failed; `make demo RESET=1` starts with empty data."
        )


def launch(part: Part, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start one part; it writes to its own log and dies with us."""
    with log_of(part).open("ab") as log:
        return subprocess.Popen(
            part.command,
            cwd=PROJECT,
            env={**environment, "DATABASE_ROLE": part.role},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            # Ctrl-C reaches the supervisor alone, which then stops its parts in order.
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509 (this process has one thread)
        )


def log_of(part: Part) -> Path:
    """Where a part writes."""
    folder = embedded.HOME / "log"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{part.name}.log"


def wait_for_page(port: int, children: Mapping[Part, subprocess.Popen[bytes]]) -> None:
    """Return once the site says that it is ready; raises `DemoError` when a part dies first."""
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline:
        heed()
        for part, child in children.items():
            if child.poll() is not None:
                raise DemoError(f"The {part.name} process ended; {log_of(part)} says why.")
        if is_ready(port):
            return
        time.sleep(0.1)
    raise DemoError(f"No page within {STARTS_WITHIN:.0f} s; {embedded.HOME / 'log'} may say why.")


def is_ready(port: int) -> bool:
    """Whether the site answers that it is ready."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": "localhost"})
        # An answer that is not closed keeps the socket until it is collected.
        with connection.getresponse() as answer:
            return answer.status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()


def announce(port: int) -> None:
    """Print the address and one sign-in per role."""
    sys.stdout.write(f"\nThe marketplace is open: http://localhost:{port}\n\n")
    for who, address, password in sign_ins():
        sys.stdout.write(f"  {address:<30}{password}   {who}\n")
    sys.stdout.write(f"\nCtrl-C stops it and keeps its data. Logs: {embedded.HOME / 'log'}\n")
    sys.stdout.flush()


def watch(children: dict[Part, subprocess.Popen[bytes]], environment: Mapping[str, str]) -> None:
    """Start a part again when it dies; raises `DemoError` for one that keeps dying."""
    started = dict.fromkeys(children, time.monotonic())
    while True:
        heed()
        time.sleep(0.5)
        for part, child in children.items():
            if child.poll() is None:
                continue
            if time.monotonic() - started[part] < SETTLED_AFTER:
                raise DemoError(f"The {part.name} process keeps ending; see {log_of(part)}.")
            sys.stderr.write(f"The {part.name} process ended; starting it again.\n")
            children[part] = launch(part, environment)
            started[part] = time.monotonic()


def end(children: Mapping[Part, subprocess.Popen[bytes]]) -> None:
    """Stop the parts in order, and those that take too long at once."""
    for child in children.values():
        child.terminate()
    deadline = time.monotonic() + STOPS_WITHIN
    for child in children.values():
        with suppress(subprocess.TimeoutExpired):
            child.wait(max(0.0, deadline - time.monotonic()))
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _stop(_number: int, _frame: FrameType | None) -> None:
    _asked.set()
    raise Stopped


def heed() -> None:
    """Stop if somebody asked for it while an exception could not get through.

    Python drops what is raised inside its own callbacks, such as those around a fork.
    """
    if _asked.is_set():
        raise Stopped
