"""A keeper starts one server and stops it when nobody uses it any more.

Using means holding a shared lock on a file, which the kernel drops with the process: a killed
command leaves nothing running, and commands that overlap share a server without owning it.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from marketplace.embedded.places import ServerError
from marketplace.embedded.servers import (
    Postgres,
    Server,
    Valkey,
    end_leftover,
    start,
    stop,
)

PROJECT = Path(__file__).resolve().parent.parent.parent
_used: dict[Server, list[int]] = {}


def join(server: Server) -> None:
    """Use a server for the life of this process, starting its keeper when it has none."""
    with _locked(server, "start", fcntl.LOCK_EX):
        _used.setdefault(server, []).append(_lock(server, "users", fcntl.LOCK_SH))
        if _is_kept(server):
            return
        disposable = ["disposable"] if server.disposable else []
        keeper = subprocess.run(
            [sys.executable, "-m", __name__, type(server).__name__, server.home, *disposable],
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            start_new_session=True,
        )
        if keeper.stdout != "ready\n":
            raise ServerError((keeper.stderr or keeper.stdout).strip())


def leave(server: Server, *, within: float = 5.0) -> bool:
    """Stop using a server; whether it ended, which it does within moments unless others use it."""
    for descriptor in _used.pop(server, ()):
        os.close(descriptor)
    deadline = time.monotonic() + within
    while _is_kept(server) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not _is_kept(server)


def forget(server: Server) -> None:
    """Throw a server's data away; raises `ServerError` while somebody uses it."""
    with _locked(server, "start", fcntl.LOCK_EX):
        if _is_kept(server):
            raise ServerError(f"Another command uses {server.data}; stop it first.")
        end_leftover(server)
        shutil.rmtree(server.data, ignore_errors=True)


def keep(server: Server) -> None:
    """Run a server until it ends or its last user is gone; says "ready" on stdout once it runs."""
    if os.fork():
        os._exit(0)
    try:
        kept = _lock(server, "kept", fcntl.LOCK_EX)
        child = start(server)
    except ServerError as error:
        sys.exit(f"{error}")
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    _fall_silent()
    threading.Thread(target=_stop_when_unused, args=(server, child), daemon=True).start()
    child.wait()
    # Before the users' lock, which ends with this process: who waits for that must not think that
    # the server is still kept.
    os.close(kept)


def _fall_silent() -> None:
    """Let go of the terminal or pipe of whoever asked first."""
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silence, stream)


def _stop_when_unused(server: Server, child: subprocess.Popen[bytes]) -> None:
    _lock(server, "users", fcntl.LOCK_EX)
    stop(child)


def _is_kept(server: Server) -> bool:
    try:
        with _locked(server, "kept", fcntl.LOCK_SH | fcntl.LOCK_NB):
            return False
    except BlockingIOError:
        return True


@contextmanager
def _locked(server: Server, what: str, kind: int) -> Iterator[None]:
    descriptor = _lock(server, what, kind)
    try:
        yield
    finally:
        os.close(descriptor)


def _lock(server: Server, what: str, kind: int) -> int:
    """Take a file lock; while the returned descriptor stays open, this process holds it."""
    path = server.data.with_suffix(f".{what}.lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, kind)
    except BlockingIOError:
        os.close(descriptor)
        raise
    return descriptor


if __name__ == "__main__":
    kinds: dict[str, type[Server]] = {"Postgres": Postgres, "Valkey": Valkey}
    keep(kinds[sys.argv[1]](Path(sys.argv[2]), "disposable" in sys.argv[3:]))
