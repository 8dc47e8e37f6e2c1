"""Two people at one dispute: exactly one effect. The twins at the end take the locks out."""

from dataclasses import replace
from functools import partial

import pytest

from deals.models import Dispute, Statement
from deals.services import disputes, dossiers, statement_life
from marketplace.base import audit
from tests.cast import make_cast
from tests.deals import disputing
from tests.deals.disputing import AFTER, LAST, OBJECTION
from tests.deals.reporting import noon
from tests.races.racing import WON, meet_after, race, without_locks

MOST = replace(OBJECTION, amount_minor=4_400_000)


@pytest.fixture
def cast(committed_db):
    return make_cast()


@pytest.fixture
def bill(cast):
    return disputing.make_bill(cast)


def assert_whole(bill):
    assert audit.first_broken(bill.deal) is None
    assert dossiers.first_broken_fact(bill.deal) is None
    stopped = sum(row.amount_minor for row in Dispute.objects.filter(state="open"))
    assert Statement.objects.get().disputed_minor == stopped


def test_both_sides_dispute_one_line_at_once(cast, bill):
    clicks = [
        partial(disputes.dispute_line, bill, OBJECTION, by=who, at=noon("2026-10-18"))
        for who in (cast.finance_c, cast.finance_a) * 4
    ]
    assert race(clicks) == ["dispute.open"] * 7 + [WON]
    assert_whole(bill)


def test_two_lines_cannot_stop_more_than_is_payable(cast, bill):
    clicks = [
        partial(disputes.dispute_line, bill, made, by=cast.finance_c, at=noon("2026-10-18"))
        for made in (MOST, replace(MOST, code="accrued", key=""))
    ]
    assert race(clicks) == ["dispute.too_much", WON]
    assert_whole(bill)


def test_a_dispute_is_withdrawn_or_agreed(cast, bill):
    dispute = disputing.open_dispute(bill, cast.finance_c)
    disputing.restate(bill.deal, cast, 237_300_000, day="2026-10-20")
    dispute = disputes.agree_correction(dispute, by=cast.officer_a, at=noon("2026-10-21"))
    at = noon("2026-10-22")
    outcomes = race(
        [
            partial(disputes.withdraw_dispute, dispute, by=cast.finance_c, at=at),
            partial(disputes.agree_correction, dispute, by=cast.finance_c, at=at),
        ]
    )
    assert outcomes == ["dispute.closed", WON]
    assert bill.deal.facts.filter(kind="resolution").count() == 1
    assert_whole(bill)


def test_a_dispute_resolved_while_the_statement_becomes_final(cast, bill):
    dispute = disputing.open_dispute(bill, cast.finance_c, day=LAST)
    at = noon(AFTER)
    outcomes = race(
        [
            partial(disputes.withdraw_dispute, dispute, by=cast.finance_c, at=at),
            partial(statement_life.finish_due_statements, at),
        ]
    )
    assert outcomes == [WON, WON]
    assert_whole(bill)


def test_without_locks_the_second_dispute_passes_its_check_and_falls_over_the_chain(
    cast, bill, monkeypatch
):
    """The chain of facts still holds, but by an error and not by a refusal: the lock's work."""
    without_locks(monkeypatch)
    meet_after(monkeypatch, "deals.services.disputes._check", disputes._check, count=2)
    clicks = [
        partial(disputes.dispute_line, bill, made, by=cast.finance_c, at=noon("2026-10-18"))
        for made in (MOST, replace(MOST, code="accrued", key=""))
    ]
    assert race(clicks) == ["IntegrityError", WON]
