"""The order of seeding, and its progress bar."""

import random
import time
from collections.abc import Callable
from datetime import datetime

from django.db import connection, transaction

from marketplace.site.demo.catalogue import make_catalogue
from marketplace.site.demo.deals import make_deals
from marketplace.site.demo.finance import make_finance
from marketplace.site.demo.ledgers import make_money
from marketplace.site.demo.organisations import make_organisations
from marketplace.site.demo.rehearsals import make_rehearsal

WIDTH = 30


@transaction.atomic
def seed(at: datetime, chance: random.Random, *, say: Callable[[str], object]) -> None:
    """Make the whole demonstration in one transaction, saying how far it is."""
    bar = Bar(say)
    bar.show(0.0, "universities, companies, people")
    world = make_organisations(at, chance)
    bar.show(0.1, "6,000 listings on their shelves")
    published = make_catalogue(world)
    bar.show(0.5, "1,400 trials")
    make_finance(world)
    stories = make_deals(world, published)
    for share in make_money(world, stories):
        bar.show(0.6 + 0.4 * share, "reports, statements, receipts")
    make_rehearsal(world, stories)
    bar.show(1.0, "done")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


class Bar:
    """A progress bar of one line for each step."""

    def __init__(self, say: Callable[[str], object]) -> None:
        self.say = say
        self.started = time.monotonic()
        self.last = ""

    def show(self, share: float, step: str) -> None:
        """Say where it is, unless that was said already."""
        filled = round(share * WIDTH)
        line = f"[{'#' * filled}{'.' * (WIDTH - filled)}] {share:4.0%} {step}"
        if line != self.last:
            self.say(f"{line} ({time.monotonic() - self.started:.0f} s)")
            self.last = line
