"""What becomes of each of the 1,400 trials: a plan drawn with the fixed seed, before any row."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from deals.rules.periods import add_months
from deals.rules.states import DealState
from listings.models import Listing
from marketplace.accounts.models import Organisation
from marketplace.site.demo.organisations import World

_S = DealState

# How many of each; "paying" ones settle by themselves when their revenue reaches the cap.
COUNTS: tuple[tuple[DealState, int], ...] = (
    (_S.REQUESTED, 90),
    (_S.IN_TALKS, 120),
    (_S.AWAITING_PLATFORM, 45),
    (_S.READY_TO_SIGN, 35),
    (_S.IN_TRIAL, 430),
    (_S.AWAITING_DECISION, 60),
    (_S.PAYING, 300),
    (_S.EXITED, 200),
    (_S.REFUSED, 60),
    (_S.WITHDRAWN, 60),
)
# The sign-ins' own company and university meet in one deal of each kind that waits for somebody.
HOME = (
    _S.REQUESTED,
    _S.IN_TALKS,
    _S.AWAITING_PLATFORM,
    _S.READY_TO_SIGN,
    _S.IN_TRIAL,
    _S.AWAITING_DECISION,
    *[_S.PAYING] * 4,
    _S.EXITED,
)
QUARTERS = 8
SIGNED = frozenset({_S.IN_TRIAL, _S.AWAITING_DECISION, _S.PAYING, _S.EXITED})
AGREED = SIGNED | {_S.AWAITING_PLATFORM, _S.READY_TO_SIGN}


@dataclass(frozen=True)
class Life:
    """One deal's course. Days are None where it never came to that."""

    listing: Listing
    licensee: Organisation
    state: DealState
    requested_date: date
    trial_from: date
    trial_to: date
    converted_date: date | None
    is_home: bool = False

    @property
    def is_agreed(self) -> bool:
        """Whether both sides accepted terms."""
        return self.state in AGREED

    @property
    def is_signed(self) -> bool:
        """Whether the trial ever began."""
        return self.state in SIGNED


def lives(world: World, published: list[Listing]) -> Iterator[Life]:
    """All of them, the demo's own first; no listing gets more trials than it has places."""
    chance = world.chance
    mine = [row for row in published if row.organisation_id == world.universities[0].pk]
    shelf = [row for row in published if row.organisation_id != world.universities[0].pk]
    today = world.at.date()
    for state, listing in zip(HOME, chance.sample(mine, len(HOME)), strict=True):
        yield _life(world.companies[0], listing, state, today, chance, is_home=True)
    states = [state for state, count in COUNTS for _ in range(count - HOME.count(state))]
    places = chance.sample([row for row in shelf for _ in range(2)], len(states))
    seen: set[tuple[int, int]] = set()
    for state, listing in zip(states, places, strict=True):
        company = chance.choice(world.companies[1:])
        while (listing.pk, company.pk) in seen:
            company = chance.choice(world.companies[1:])
        seen.add((listing.pk, company.pk))
        yield _life(company, listing, state, today, chance)


def last_closed_quarter_end(today: date) -> date:
    """The day after the last quarter that is over."""
    return date(today.year, (today.month - 1) // 3 * 3 + 1, 1)


def _life(
    company: Organisation,
    listing: Listing,
    state: DealState,
    today: date,
    chance: random.Random,
    *,
    is_home: bool = False,
) -> Life:
    months = listing.trial_months
    converted = None
    if state is _S.PAYING:
        back = chance.randint(4, QUARTERS) if is_home else chance.randint(1, QUARTERS)
        converted = add_months(last_closed_quarter_end(today), -3 * back)
        trial_from = add_months(converted, -months)
    elif state is _S.IN_TRIAL:
        trial_from = today - timedelta(days=chance.randint(3, months * 28 - 10))
    elif state is _S.AWAITING_DECISION:
        trial_from = add_months(today, -months) - timedelta(days=chance.randint(2, 25))
    elif state is _S.EXITED:
        trial_from = add_months(today, -months) - timedelta(days=chance.randint(40, 500))
    else:
        trial_from = today + timedelta(days=chance.randint(10, 40))
    lead = chance.randint(18, 45) if state in SIGNED else 0
    requested = trial_from - timedelta(days=lead)
    if state not in SIGNED:
        requested = today - timedelta(days=chance.randint(8, 30))
    trial_to = add_months(trial_from, months) - timedelta(days=1)
    return Life(listing, company, state, requested, trial_from, trial_to, converted, is_home)
