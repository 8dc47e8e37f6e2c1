"""CPU time of whole process trees, because wall time on a shared machine is noise."""

import os
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from django.db import connection

_TICK = os.sysconf("SC_CLK_TCK")


def seconds_of(*roots: int) -> float:
    """CPU seconds of these processes, their living and their finished descendants.

    Reads /proc, so it needs Linux and processes on this machine; an unknown pid counts nothing.
    The living are counted to the nanosecond, the finished in the kernel's ticks.
    """
    children, times = _table()
    found = _family(roots, children, times)
    finished = sum(times[pid] for pid in found) / _TICK
    return finished + sum(_nanoseconds(pid) for pid in found) / 1e9


def peak_megabytes(root: int) -> float:
    """The most memory that this process or a living descendant ever held."""
    children, times = _table()
    return max(map(_peak_kilobytes, _family([root], children, times)), default=0) / 1024


def postmaster() -> int:
    """The pid of the PostgreSQL server that this connection's backend belongs to."""
    connection.ensure_connection()
    backend = connection.connection.info.backend_pid
    return _fields(Path(f"/proc/{backend}/stat"))[1]


def _table() -> tuple[dict[int, list[int]], dict[int, int]]:
    children: dict[int, list[int]] = defaultdict(list)
    times: dict[int, int] = {}
    for path in _stat_files():
        try:
            pid, parent, ticks = _fields(path)
        except (FileNotFoundError, ProcessLookupError):
            continue
        children[parent].append(pid)
        times[pid] = ticks
    return children, times


def _family(
    roots: Iterable[int], children: Mapping[int, list[int]], known: Container[int]
) -> set[int]:
    found: set[int] = set()
    waiting = [root for root in roots if root in known]
    while waiting:
        pid = waiting.pop()
        if pid not in found:
            found.add(pid)
            waiting += children[pid]
    return found


def _peak_kilobytes(pid: int) -> int:
    with suppress(FileNotFoundError, ProcessLookupError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    return 0


def _nanoseconds(pid: int) -> int:
    """Time on a CPU of a living process, over its threads."""
    total = 0
    for path in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        with suppress(FileNotFoundError, ProcessLookupError):
            total += int(path.read_text().split()[0])
    return total


def _stat_files() -> Iterable[Path]:
    return Path("/proc").glob("[0-9]*/stat")


def _fields(path: Path) -> tuple[int, int, int]:
    """Pid, parent, and the ticks of finished children; the bracketed name may hold anything."""
    text = path.read_text()
    rest = text.rpartition(")")[2].split()
    return int(text.split(" ", 1)[0]), int(rest[1]), sum(int(ticks) for ticks in rest[13:15])
