"""The platform decides on a deal: two different people, on one hash, and never for themselves.

Whoever decides repeats the hash of the terms that he or she read, so that a page left open cannot
decide on newer ones. Everything is checked under the deal's lock; the database refuses the same
person twice even to a program that forgets to ask.
"""

from datetime import datetime

from django.db import transaction

from deals.models import Approval, Deal, TermsVersion
from deals.rules.changes import Change, deviations
from deals.services import grants, moves, publicity
from listings.rules.template import summary
from marketplace.accounts.actors import Actor
from marketplace.accounts.models import Membership
from marketplace.base.errors import RuleError

REASONS = ("use_unclear", "beyond_listing", "evidence_missing", "overlap", "unfit", "other")


@transaction.atomic
def approve_deal(deal: Deal, *, sha256: str, by: Actor, at: datetime, note: str = "") -> Deal:
    """Approve the agreed terms; the last approval that is needed makes the deal ready to sign.

    Raises ConflictError("state.moved") when the deal is no longer before the platform, and
    RuleError "role.missing", "terms.hash_differs", "approver.is_requester", "approver.is_first",
    "approver.is_party", "approver.is_author" or "grant.overlaps".
    """
    deal = moves.locked(deal)
    version = _guard(deal, "approve", sha256=sha256, by=by)
    grants.refuse_overlap(deal, version.licence_kind)
    approval = _decide(deal, "approve", by=by, at=at, note=note)
    if approval.ordinal == 1:
        deal.first_approver = approval.decided_by
    else:
        deal.second_approver = approval.decided_by
    data = {"ordinal": approval.ordinal, "sha256": version.sha256}
    if approval.ordinal == 1 and needs_second(deal, at=at):
        deal.save(update_fields=["first_approver"])
        moves.record(deal, "approve_first", by=by, at=at, data=data)
        return deal
    return moves.move(deal, "approve", by=by, at=at, data=data)


@transaction.atomic
def send_back_deal(
    deal: Deal, *, sha256: str, reason: str, note: str, by: Actor, at: datetime
) -> Deal:
    """Send the deal back into talks: its acceptances and approvals are void.

    `reason` is one of REASONS and `note` says what to change. Raises what `approve_deal` raises,
    RuleError("reason.unknown") and RuleError("note.missing").
    """
    deal = moves.locked(deal)
    version = _guard(deal, "send_back", sha256=sha256, by=by)
    _decide(deal, "send_back", by=by, at=at, note=note, reason=reason)
    deal.terms = deal.first_approver = deal.second_approver = None
    deal.state_note = note
    data = {"reason": reason, "sha256": version.sha256}
    return moves.move(deal, "send_back", by=by, at=at, data=data)


@transaction.atomic
def refuse_deal(
    deal: Deal, *, sha256: str, reason: str, note: str, by: Actor, at: datetime
) -> Deal:
    """End the deal before it begins; raises what `send_back_deal` raises."""
    deal = moves.locked(deal)
    version = _guard(deal, "refuse", sha256=sha256, by=by)
    _decide(deal, "refuse", by=by, at=at, note=note, reason=reason)
    deal.state_note = note
    data = {"reason": reason, "sha256": version.sha256}
    return moves.move(deal, "refuse", by=by, at=at, data=data)


def why_not(deal: Deal, *, by: Actor) -> RuleError | None:
    """Why this person may not decide on the deal, for the page that shows no button; None if so."""
    try:
        moves.check(deal, "approve", by=by)
        _refuse_person(deal, by=by)
    except RuleError as refusal:
        return refusal
    return None


def needs_second(deal: Deal, *, at: datetime) -> bool:
    """Whether one approval is not enough, by the policy profile in force at `at`.

    It is not from the profile's amount on (the cap counts; without a cap there is no upper end),
    nor when the terms deviate from those the result is offered under.
    """
    version = _agreed(deal)
    cap = summary(version.document).cap
    if cap is None or cap >= publicity.policy_on(at).second_approval_from_minor:
        return True
    return deviates(version)


def deviates(version: TermsVersion) -> bool:
    """Whether a version departs from the standing terms of its listing, or there are none."""
    template = version.deal.listing.terms_template
    if template is None:
        return True
    standing = (template.licence_kind, template.territory)
    return (version.licence_kind, version.territory) != standing or bool(departures(version))


def departures(version: TermsVersion) -> tuple[Change, ...]:
    """Each money clause in which a version departs from its listing's standing terms."""
    template = version.deal.listing.terms_template
    if template is None:
        return ()
    return deviations(template.document, version.document, trial_months=template.trial_months)


def _guard(deal: Deal, verb: str, *, sha256: str, by: Actor) -> TermsVersion:
    """The version that is decided on, if this person may decide and has read that one."""
    moves.check(deal, verb, by=by)
    version = _agreed(deal)
    if version.sha256 != sha256:
        raise RuleError("terms.hash_differs", where="sha256")
    _refuse_person(deal, by=by)
    return version


def _refuse_person(deal: Deal, *, by: Actor) -> None:
    person = by.person
    if person.pk == deal.requested_by_id:
        raise RuleError("approver.is_requester")
    if person.pk == deal.first_approver_id:
        raise RuleError("approver.is_first")
    # Any membership counts, not only the one that is acted for.
    parties = (deal.licensor_id, deal.licensee_id)
    if Membership.objects.active().filter(user=person, organisation__in=parties).exists():
        raise RuleError("approver.is_party")
    # Who wrote or accepted the terms stays barred after leaving, or one could leave and approve.
    version = deal.terms
    if version and person.pk in {
        version.proposed_by_id,
        version.licensor_accepted_by_id,
        version.licensee_accepted_by_id,
    }:
        raise RuleError("approver.is_author")


def _decide(
    deal: Deal, decision: str, *, by: Actor, at: datetime, note: str, reason: str = ""
) -> Approval:
    """Write the decision down, with its reason when it is not an approval."""
    if decision != "approve":
        _refuse_silence(reason, note)
    return Approval.objects.create(
        deal=deal,
        terms=_agreed(deal),
        ordinal=1 if deal.first_approver_id is None else 2,
        decision=decision,
        decided_by=by.person,
        decided_at=at,
        reason=reason,
        note=note,
    )


def _refuse_silence(reason: str, note: str) -> None:
    if reason not in REASONS:
        raise RuleError("reason.unknown", where="reason")
    if not note.strip():
        raise RuleError("note.missing", where="note")


def _agreed(deal: Deal) -> TermsVersion:
    assert deal.terms is not None, "only agreed terms come before the platform"
    return deal.terms
