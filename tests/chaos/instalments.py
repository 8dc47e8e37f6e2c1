"""An instalment run that is being killed: paying deals, reports, and what to aim at."""

import random
import time
from dataclasses import dataclass, field
from datetime import date

from celery import Celery
from django.db import connection
from django.utils import timezone

from deals.models import Deal
from deals.services import terms, trials
from marketplace.base.models import Outbox
from tests.cast import Cast, make_cast
from tests.deals import makers, reporting
from tests.stack import Stack, wait_until

# Quarters that are over whatever today is: from July three years ago to the end of last year.
QUARTERS = 10
VICTIMS = ("worker", "child", "valkey", "postgres")


@dataclass
class Kill:
    """What was killed, and how many published tasks were not done at that moment."""

    victim: str
    in_flight: int


@dataclass
class Run:
    """Deals whose reports are accepted a quarter at a time, with a kill in each of them."""

    stack: Stack
    seed: int
    deals: list[Deal] = field(default_factory=list)
    kills: list[Kill] = field(default_factory=list)
    accepted: int = 0
    finished_after: float = float("inf")

    def prepare(self, count: int) -> Cast:
        """Make paying deals, with nothing owed yet."""
        cast = make_cast()
        makers.make_policy()
        self.deals = [make_paying_deal(cast, number) for number in range(count)]
        Outbox.objects.all().delete()
        return cast

    def carry_out(self, cast: Cast) -> None:
        """A quarter's reports, a kill in the midst of their computation, and so on to the end."""
        chance = random.Random(self.seed)
        victims = [VICTIMS[number % len(VICTIMS)] for number in range(QUARTERS)]
        chance.shuffle(victims)
        for quarter, victim in zip(quarters(), victims, strict=True):
            self._accept_reports(cast, quarter, chance)
            self._aim(chance)
            self._kill(victim)
        begun = time.monotonic()
        if wait_until(self._is_done, 90):
            self.finished_after = time.monotonic() - begun

    def _is_done(self) -> bool:
        self.stack.revive()
        return not Outbox.objects.waiting().exists()

    def _accept_reports(self, cast: Cast, quarter: str, chance: random.Random) -> None:
        at = timezone.now()
        for deal in self.deals:
            sold = reporting.sale(chance.randrange(1, 90_000_000), on=middle_of(quarter))
            reporting.accept(deal, cast, quarter, [sold], at=at)
            self.accepted += 1

    def _aim(self, chance: random.Random) -> None:
        """Have the outbox published, and wait until its tasks are under way."""
        done = Outbox.objects.exclude(done_at=None).count()
        feeder = Celery("feeder", broker=self.stack.broker, set_as_current=False)
        feeder.conf.task_default_queue = "default"
        with feeder:
            feeder.send_task("base.publish_outbox", retry=False)
        wait_until(lambda: Outbox.objects.exclude(done_at=None).count() > done, 15)
        time.sleep(chance.uniform(0, 0.03))

    def _kill(self, victim: str) -> None:
        in_flight = Outbox.objects.waiting().filter(attempts__gt=0).count()
        self.kills.append(Kill(victim, in_flight))
        if victim == "child":
            self.stack.kill_child_of("worker")
            return
        self.stack.kill(victim)
        self.stack.start(victim)
        if victim == "postgres":
            connection.close()


def quarters() -> list[str]:
    """The names of the quarters that are reported, oldest first."""
    first = timezone.localdate().year - 3
    return [f"{first + (number + 2) // 4}-Q{(number + 2) % 4 + 1}" for number in range(QUARTERS)]


def middle_of(quarter: str) -> str:
    """A day in the middle of the quarter."""
    year, number = quarter.split("-Q")
    return date(int(year), 3 * int(number) - 1, 15).isoformat()


def make_paying_deal(cast: Cast, number: int) -> Deal:
    """A deal on trial from January three years ago and paying since July."""
    year = timezone.localdate().year - 3
    at = reporting.noon(f"{year}-01-05")
    deal = makers.make_deal(cast, "requested", at)
    document = {**makers.make_document(deal, at), "periods": reporting.PERIODS}
    document.pop("late", None)
    terms.propose_terms(deal, document=document, grant=makers.GRANT, by=cast.officer_a, at=at)
    deal = makers.accept(deal.terms_versions.get(), cast, at)
    makers.approve(deal, cast, at)
    makers.sign(deal, cast, at)
    return trials.convert_deal(deal, by=cast.signatory_c, at=reporting.noon(f"{year}-07-01"))
