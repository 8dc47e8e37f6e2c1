"""The publicity notice: agreed terms stand in public for some days before the platform decides."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from deals.models import Deal, PolicyProfile, PublicityNotice, TermsVersion
from deals.rules.states import DealState
from deals.services import moves
from marketplace.accounts.actors import MACHINE
from marketplace.base.errors import RuleError

ENDED_CLEAN = "ended_clean"
CANCELLED = "cancelled"


def policy_on(at: datetime) -> PolicyProfile:
    """The policy profile in force at an instant; RuleError("policy.missing") before the first."""
    profile = PolicyProfile.objects.in_force(timezone.localdate(at))
    if profile is None:
        raise RuleError("policy.missing")
    return profile


def open_notice(deal: Deal, *, at: datetime) -> Deal:
    """Publish a fixed snapshot of the accepted terms for as many days as the policy asks.

    `deal` is locked and has accepted terms. A notice of no days ends in the same transaction, so
    that the platform's desk sees the deal at once. Raises RuleError("policy.missing").
    """
    days = policy_on(at).notice_days
    version = deal.terms
    assert version is not None, "only accepted terms are noticed"
    notice = PublicityNotice.objects.create(
        deal=deal,
        terms=version,
        snapshot=_snapshot(deal, version),
        opened_at=at,
        ends_at=at + timedelta(days=days),
    )
    moves.move(deal, "open_notice", by=MACHINE, at=at, data={"days": days})
    return _close(deal, notice, at=at) if notice.ends_at <= at else deal


def close_due_notices(at: datetime) -> int:
    """End every notice whose time is up; how many deals went on to the platform's desk."""
    due = PublicityNotice.objects.filter(closed_at=None, ends_at__lte=at).order_by("ends_at", "pk")
    return sum(_close_if_due(notice, at=at) for notice in due.select_related("deal"))


def cancel_notice(deal: Deal, *, at: datetime) -> None:
    """Take a running notice back because its deal ended; `deal` is locked."""
    deal.notices.filter(closed_at=None).update(closed_at=at, outcome=CANCELLED)


@transaction.atomic
def _close_if_due(notice: PublicityNotice, *, at: datetime) -> bool:
    deal = moves.locked(notice.deal)
    notice.refresh_from_db()
    if notice.closed_at is not None or deal.state != DealState.NOTICE_RUNNING:
        return False
    _close(deal, notice, at=at)
    return True


def _close(deal: Deal, notice: PublicityNotice, *, at: datetime) -> Deal:
    notice.closed_at = at
    notice.outcome = ENDED_CLEAN
    notice.save(update_fields=["closed_at", "outcome"])
    return moves.move(deal, "close_notice", by=MACHINE, at=at)


def _snapshot(deal: Deal, version: TermsVersion) -> dict[str, object]:
    """What the notice says, copied so that it stays what it was whatever is renamed later."""
    return {
        "listing": {"zh": deal.listing.title_zh, "en": deal.listing.title_en},
        "licensor": deal.licensor.name_zh,
        "licensee": deal.licensee.name_zh,
        "grant": {
            "kind": version.licence_kind,
            "acts": version.acts,
            "field_of_use": version.field_of_use,
            "territory": version.territory,
        },
        "document": version.document,
        "inventors": version.inventors,
        "sha256": version.sha256,
    }
