"""The publicity notice between the agreement and the platform's desk."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from deals.models import Deal, PolicyProfile, PublicityNotice
from deals.services.publicity import close_due_notices
from marketplace.base import audit
from marketplace.base.errors import RuleError
from tests.deals.makers import accept, make_deal, make_policy

DAYS = 15


@pytest.fixture
def deal(cast, at):
    make_policy(notice_days=DAYS)
    return make_deal(cast, "notice_running", at)


def test_a_notice_of_no_days_ends_at_once(cast, at):
    deal = make_deal(cast, "awaiting_platform", at)
    notice = deal.notices.get()
    assert (notice.closed_at, notice.outcome) == (at, "ended_clean")


def test_a_notice_runs_for_the_days_of_the_policy(deal, at):
    notice = deal.notices.get()
    assert deal.state == "notice_running"
    assert notice.ends_at == at + timedelta(days=DAYS)
    assert notice.closed_at is None


def test_the_notice_is_a_fixed_snapshot_of_what_was_agreed(deal):
    snapshot = deal.notices.get().snapshot
    assert snapshot["sha256"] == deal.terms.sha256
    assert snapshot["document"] == deal.terms.document
    assert snapshot["licensor"] == deal.licensor.name_zh


def test_nothing_closes_before_its_time(deal, at):
    assert close_due_notices(at + timedelta(days=DAYS, seconds=-1)) == 0
    deal.refresh_from_db()
    assert deal.state == "notice_running"


def test_a_notice_closes_when_its_time_is_up(deal, at):
    assert close_due_notices(at + timedelta(days=DAYS)) == 1
    deal.refresh_from_db()
    assert deal.state == "awaiting_platform"
    assert audit.entries_of(deal)[0].verb == "close_notice"
    assert audit.entries_of(deal)[0].actor is None


def test_closing_twice_is_closing_once(deal, at):
    close_due_notices(at + timedelta(days=DAYS))
    assert close_due_notices(at + timedelta(days=DAYS)) == 0


def test_without_a_policy_in_force_nothing_is_agreed(cast, at):
    deal = make_deal(cast, "in_talks", at)
    PolicyProfile.objects.all().delete()
    with pytest.raises(RuleError, match=r"policy\.missing"):
        accept(deal.terms_versions.get(), cast, at)
    assert Deal.objects.get(pk=deal.pk).state == "in_talks"


def test_the_profile_of_the_day_counts(db, at):
    older = make_policy()
    newer = PolicyProfile.objects.create(effective_from=at.date(), notice_days=DAYS, source="tests")
    assert PolicyProfile.objects.in_force(at.date()) == newer
    assert PolicyProfile.objects.in_force(at.date() - timedelta(days=1)) == older


def test_the_database_holds_one_open_notice_a_deal(deal, at):
    notice = deal.notices.get()
    notice.pk = None
    with pytest.raises(IntegrityError, match="notice_one_open"), transaction.atomic():
        notice.save(force_insert=True)
    assert PublicityNotice.objects.filter(deal=deal).count() == 1
