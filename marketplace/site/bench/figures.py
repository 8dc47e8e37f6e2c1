"""What a contestant needed: CPU time of everything that worked for it, and memory."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from marketplace.site.bench import cpu


class BenchError(Exception):
    """The runs do not agree, or the worker did not finish: no figure would mean anything."""


@dataclass(frozen=True)
class Figure:
    """One contestant: how many statements it wrote, and in how many seconds."""

    name: str
    statements: int
    cpu_seconds: float
    wall_seconds: float

    @property
    def rate(self) -> float:
        """Statements per CPU-second."""
        return self.statements / self.cpu_seconds if self.cpu_seconds else 0.0


@contextmanager
def measured(name: str, count: int, *pids: int) -> Iterator[list[Figure]]:
    """Measure this process, PostgreSQL and these processes; the figure is there at the end."""
    figures: list[Figure] = []
    pids = (os.getpid(), cpu.postmaster(), *pids)
    cpu_before, wall_before = cpu.seconds_of(*pids), time.monotonic()
    yield figures
    spent = cpu.seconds_of(*pids) - cpu_before
    figures.append(Figure(name, count, spent, time.monotonic() - wall_before))
