"""Several people act on one deal at one instant: one wins, the others are told, nothing is torn.

Every client has its own connection and commits for real. The twins at the end take the locks out
and show the damage that the locks prevent.
"""

from functools import partial

import pytest

from deals.models import Deal, Fact, Signature
from deals.services import grants, moves
from deals.services.approvals import approve_deal, refuse_deal, send_back_deal
from deals.services.terms import accept_terms
from deals.services.trials import (
    ExitDeclaration,
    convert_deal,
    exit_deal,
    request_trial,
    sign_deal,
    withdraw_deal,
)
from listings.models import Listing
from marketplace.accounts.actors import Actor
from marketplace.base import audit
from tests.cast import make_cast
from tests.deals.makers import EXCLUSIVE, for_company_d, make_deal, make_listing, make_request
from tests.factories import MembershipFactory
from tests.races.racing import WON, meet_after, race, without_locks

ROUNDS = 5
MOVED = "state.moved"


@pytest.fixture
def cast(committed_db):
    return make_cast()


def approvers(cast, count):
    members = [
        MembershipFactory(organisation=cast.platform, roles=["deal_approver"]) for _ in range(count)
    ]
    return [Actor(member.user, member) for member in members]


def assert_whole(deal):
    """The history is unbroken and ends where the deal stands."""
    deal.refresh_from_db()
    assert audit.first_broken(deal) is None
    last = next(entry for entry in audit.entries_of(deal) if "to" in entry.data)
    assert last.data["to"] == deal.state


def test_of_eight_approvers_one_is_first_and_one_is_second(cast, at):
    deal = make_deal(cast, "awaiting_platform", at)
    sha256 = deal.terms.sha256
    outcomes = race(
        [
            partial(approve_deal, deal, sha256=sha256, by=person, at=at)
            for person in approvers(cast, 8)
        ]
    )
    assert outcomes == [MOVED] * 6 + [WON] * 2
    assert sorted(deal.approvals.values_list("ordinal", flat=True)) == [1, 2]
    assert_whole(deal)


def test_eight_clicks_of_one_approver_are_one_approval(cast, at):
    deal = make_deal(cast, "awaiting_platform", at)
    click = partial(approve_deal, deal, sha256=deal.terms.sha256, by=cast.approver, at=at)
    assert race([click] * 8) == ["approver.is_first"] * 7 + [WON]
    assert_whole(deal)


def test_a_deal_is_approved_or_sent_back_or_refused(cast, at):
    for _ in range(ROUNDS):
        deal = make_deal(cast, "half_approved", at)
        sha256 = deal.terms.sha256
        no = {"sha256": sha256, "reason": "other", "note": "改", "at": at}
        first, second, third = approvers(cast, 3)
        outcomes = race(
            [
                partial(approve_deal, deal, sha256=sha256, by=first, at=at),
                partial(send_back_deal, deal, by=second, **no),
                partial(refuse_deal, deal, by=third, **no),
            ]
        )
        assert outcomes == [MOVED, MOVED, WON]
        assert_whole(deal)


def test_a_withdrawal_beside_an_approval_always_ends_the_deal(cast, at):
    for _ in range(ROUNDS):
        deal = make_deal(cast, "half_approved", at)
        sha256 = deal.terms.sha256
        outcomes = race(
            [
                partial(approve_deal, deal, sha256=sha256, by=cast.second_approver, at=at),
                partial(withdraw_deal, deal, by=cast.contact_c, at=at),
            ]
        )
        # Approved first and then withdrawn is two steps; withdrawn first leaves nothing to approve.
        assert outcomes in ([WON, WON], [MOVED, WON])
        assert_whole(deal)
        assert deal.state == "withdrawn"


def test_eight_requests_of_one_company_are_one_deal(cast, at):
    listing = make_listing(cast)
    ask = partial(request_trial, listing, request=make_request(at), by=cast.contact_c, at=at)
    assert race([ask] * 8) == ["trial.exists"] * 7 + [WON]
    assert Deal.objects.count() == 1


def test_both_sides_accept_at_once_and_agree_once(cast, at):
    for _ in range(ROUNDS):
        deal = make_deal(cast, "in_talks", at)
        version = deal.terms_versions.get()
        people = (cast.head_a, cast.signatory_c)
        accept = partial(accept_terms, version, sha256=version.sha256, at=at)
        assert race([partial(accept, by=person) for person in people]) == [WON, WON]
        assert_whole(deal)
        assert deal.terms == version
        assert deal.notices.count() == 1


def test_eight_signatures_of_one_side_are_one(cast, at):
    deal = make_deal(cast, "ready_to_sign", at)
    sign = partial(sign_deal, deal, sha256=deal.terms.sha256, by=cast.head_a, at=at)
    assert race([sign] * 8) == ["signature.given"] * 7 + [WON]
    assert Signature.objects.count() == 1


def test_both_sides_sign_at_once_and_the_trial_starts_once(cast, at):
    for _ in range(ROUNDS):
        deal = make_deal(cast, "ready_to_sign", at)
        sign = partial(sign_deal, deal, sha256=deal.terms.sha256, at=at)
        people = (cast.head_a, cast.signatory_c)
        assert race([partial(sign, by=person) for person in people]) == [WON, WON]
        assert_whole(deal)
        assert deal.state == "in_trial"
        assert Fact.objects.filter(deal=deal, kind="terms").count() == 1


def test_a_company_converts_or_leaves(cast, at):
    stopped = ExitDeclaration(has_stopped=True, last_use_date=at.date())
    for _ in range(ROUNDS):
        deal = make_deal(cast, "in_trial", at)
        outcomes = race(
            [
                partial(convert_deal, deal, by=cast.signatory_c, at=at),
                partial(exit_deal, deal, declaration=stopped, by=cast.signatory_c, at=at),
            ]
        )
        assert outcomes == [MOVED, WON]
        assert_whole(deal)
        assert Fact.objects.filter(deal=deal, kind="event").count() == 1


def last_signatures(cast, at, **choices):
    """Two companies' deals on one result, each lacking only the company's signature."""
    listing = make_listing(cast, trial_places=choices.pop("places", 3))
    clients = []
    for side in (cast, for_company_d(cast)):
        deal = make_deal(side, "half_signed", at, listing=listing, **choices)
        sha256 = deal.terms.sha256
        clients.append(partial(sign_deal, deal, sha256=sha256, by=side.signatory_c, at=at))
    return listing, clients


def test_the_last_trial_place_is_given_once(cast, at):
    for _ in range(ROUNDS):
        listing, clients = last_signatures(cast, at, places=1)
        assert race(clients) == ["listing.no_places", WON]
        assert Listing.objects.get(pk=listing.pk).trials_running == 1


def test_an_exclusive_licence_is_given_once(cast, at):
    for _ in range(ROUNDS):
        _listing, clients = last_signatures(cast, at, grant=EXCLUSIVE)
        assert race(clients) == ["grant.overlaps", WON]


# --- the twins: the same without locks ------------------------------------------------------------


def test_without_locks_one_place_is_given_twice(cast, at, monkeypatch):
    listing, clients = last_signatures(cast, at, places=1)
    without_locks(monkeypatch)
    meet_after(monkeypatch, "deals.services.moves.lock_listing", moves.lock_listing, count=2)
    assert race(clients) == [WON, WON]
    assert Deal.objects.filter(listing=listing, state="in_trial").count() == 2


def test_without_locks_an_exclusive_licence_is_given_twice(cast, at, monkeypatch):
    listing, clients = last_signatures(cast, at, grant=EXCLUSIVE)
    without_locks(monkeypatch)
    check = grants.refuse_overlap_for_good
    meet_after(monkeypatch, "deals.services.grants.refuse_overlap_for_good", check, count=2)
    assert race(clients) == [WON, WON]
    assert Deal.objects.filter(listing=listing, state="in_trial").count() == 2


def test_without_locks_the_losing_approver_meets_a_bare_database_error(cast, at, monkeypatch):
    """The unique rows still hold, but nobody is told what happened: that is the lock's work."""
    deal = make_deal(cast, "half_approved", at)
    people = approvers(cast, 2)
    sha256 = deal.terms.sha256
    without_locks(monkeypatch)
    meet_after(monkeypatch, "deals.services.grants.refuse_overlap", grants.refuse_overlap, count=2)
    clients = [partial(approve_deal, deal, sha256=sha256, by=person, at=at) for person in people]
    assert race(clients) == ["IntegrityError", WON]
