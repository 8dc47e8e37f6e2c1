"""`bench rebuild`: contracts with many periods, posted and then rebuilt and compared."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection

from deals.models import Deal, Statement
from deals.services import rebuilds, statements
from marketplace.site.bench import deals as bench_deals
from marketplace.site.bench.figures import BenchError, Figure, measured

CHUNK = 200


@dataclass(frozen=True)
class Outcome:
    """The time that posting needed, and that rebuilding and comparing did."""

    posting: Figure
    rebuilding: Figure


def run(size: int, periods: int, say: Callable[[str], object]) -> Outcome:
    """Measure with `size` contracts; raises BenchError when a row is not what the facts give."""
    for made in bench_deals.make(size, periods):
        say(f"made {made} of {size} deals")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    ids = list(Deal.objects.order_by("pk").values_list("pk", flat=True))
    with measured("posting", size * periods) as posting:
        for start in range(0, size, CHUNK):
            statements.compute_deals(ids[start : start + CHUNK], at=bench_deals.after(periods))
    if Statement.objects.count() != size * periods:
        raise BenchError("Not every period has its statement.")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    say("posted; rebuilding")
    begun = time.monotonic()
    with measured("rebuilding", size * periods) as rebuilding:
        for progress in rebuilds.check(rebuilds.subjects()):
            if progress.differences:
                raise BenchError(f"{progress.differences[0]}")
    say(f"rebuilt and compared in {time.monotonic() - begun:.1f} s")
    return Outcome(posting[0], rebuilding[0])
