"""A settled deal that a correction reopens while the company has begun another one."""

import pytest

from deals.models import Deal
from deals.services import trials
from marketplace.base.errors import ConflictError
from tests.deals import makers, reporting
from tests.deals.reporting import noon, sale

pytestmark = pytest.mark.django_db

LATER = noon("2026-11-10")


@pytest.fixture
def settled(cast):
    deal = reporting.make_paying_deal(cast)
    report(deal, cast, 5_650_000_000, "2026-10-16")
    reporting.pay(deal, cast, "B-1", 120_000_000, on="2026-11-02")
    reporting.work_off(noon("2026-11-02"))
    return Deal.objects.get()


def report(deal, cast, gross, day):
    reporting.accept(deal, cast, "2026-Q3", [sale(gross, on="2026-08-03")], at=noon(day))
    reporting.work_off(noon(day))


def ask(settled, cast):
    request = makers.make_request(LATER)
    return trials.request_trial(settled.listing, request=request, by=cast.contact_c, at=LATER)


def test_room_under_the_cap_reopens_it_beside_the_new_deal(settled, cast):
    fresh = ask(settled, cast)
    report(settled, cast, 180_800_000, "2026-12-01")
    settled.refresh_from_db()
    assert (settled.state, settled.parked_reason, fresh.state) == ("paying", "", "requested")
    assert settled.reopened_date.isoformat() == "2026-12-01"


def test_settled_again_it_is_as_before(settled, cast):
    ask(settled, cast)
    report(settled, cast, 180_800_000, "2026-12-01")
    report(settled, cast, 5_650_000_000, "2026-12-02")
    settled.refresh_from_db()
    assert (settled.state, settled.reopened_date) == ("settled", None)


def test_while_it_is_reopened_no_other_trial_is_asked_for(settled, cast):
    report(settled, cast, 180_800_000, "2026-12-01")
    with pytest.raises(ConflictError, match=r"trial\.exists"):
        ask(settled, cast)
