"""An organisation's distribution policy: proposed by finance, confirmed by the head of office."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from deals.models import DistributionPolicy
from deals.rules.facts.policies import faults_in
from deals.rules.faults import Refused
from deals.rules.states import GrantState
from marketplace.accounts.actors import Actor
from marketplace.accounts.models import Organisation
from marketplace.accounts.rules import Permission
from marketplace.base import audit
from marketplace.base.errors import ConflictError, RuleError

CURRENCY = "CNY"


@dataclass(frozen=True)
class PolicyDraft:
    """A version as proposed: its steps as a contract file writes them, its first receipt day."""

    steps: Sequence[Mapping[str, Any]]
    effective_from: date
    source: str


@transaction.atomic
def propose_policy(draft: PolicyDraft, *, by: Actor, at: datetime) -> DistributionPolicy:
    """Propose a version of the actor's organisation's policy.

    Raises Refused with every fault of the steps, RuleError("policy.past") for a day gone by,
    "policy.empty" without a step, "source.missing", and ConflictError("policy.waiting") while
    another one waits. Source: docs/rules.md#receipts-and-owners.
    """
    organisation = _locked(by, Permission.RECEIPT_RECORD)
    if not draft.source.strip():
        raise RuleError("source.missing", where="source")
    if draft.effective_from < timezone.localdate(at):
        raise RuleError("policy.past", where="effective_from")
    if not draft.steps:
        raise RuleError("policy.empty", where="steps")
    faults = faults_in(list(draft.steps), CURRENCY)
    if faults:
        raise Refused(faults)
    rows = DistributionPolicy.objects.filter(organisation=organisation)
    if rows.filter(state=GrantState.PROPOSED).exists():
        raise ConflictError("policy.waiting")
    row = DistributionPolicy.objects.create(
        organisation=organisation,
        number=rows.count() + 1,
        effective_from=draft.effective_from,
        steps=list(draft.steps),
        source=draft.source.strip(),
        proposed_by=by.person,
        proposed_at=at,
    )
    _record(row, "policy.proposed", by=by, at=at)
    return row


@transaction.atomic
def confirm_policy(row: DistributionPolicy, *, by: Actor, at: datetime) -> DistributionPolicy:
    """Put a proposed version into force for receipts from its day on.

    Every computation from now on copies it into its deal's facts. Raises
    RuleError("decider.is_proposer"), "policy.past" when its day has gone by meanwhile,
    ConflictError("policy.decided"), and "policy.same_day" beside another of that day.
    """
    row = _decided(row, GrantState.CONFIRMED, by=by, at=at)
    _record(row, "policy.confirmed", by=by, at=at)
    return row


@transaction.atomic
def refuse_policy(row: DistributionPolicy, *, by: Actor, at: datetime) -> DistributionPolicy:
    """Turn a proposed version down. Raises what `confirm_policy` raises."""
    row = _decided(row, GrantState.REFUSED, by=by, at=at)
    _record(row, "policy.refused", by=by, at=at)
    return row


def _decided(
    row: DistributionPolicy, state: GrantState, *, by: Actor, at: datetime
) -> DistributionPolicy:
    organisation = _locked(by, Permission.MONEY_CONFIRM)
    row = DistributionPolicy.objects.select_for_update().get(pk=row.pk)
    if row.organisation_id != organisation.pk:
        raise RuleError("role.missing", permission=str(Permission.MONEY_CONFIRM))
    if row.state != GrantState.PROPOSED:
        raise ConflictError("policy.decided", state=row.state)
    if by.user == row.proposed_by:
        raise RuleError("decider.is_proposer")
    if state == GrantState.CONFIRMED:
        _refuse_day(row, today=timezone.localdate(at))
    row.state = state
    row.decided_by = by.person
    row.decided_at = at
    row.save(update_fields=["state", "decided_by", "decided_at"])
    return row


def _refuse_day(row: DistributionPolicy, *, today: date) -> None:
    """A day gone by would split money again that was split already."""
    if row.effective_from < today:
        raise RuleError("policy.past", where="effective_from")
    same = DistributionPolicy.objects.confirmed().filter(
        organisation=row.organisation_id, effective_from=row.effective_from
    )
    if same.exists():
        raise ConflictError("policy.same_day", where="effective_from")


def _locked(by: Actor, permission: Permission) -> Organisation:
    """The actor's organisation, its row locked: one policy is proposed or decided at a time."""
    by.require(permission)
    rows = Organisation.objects.select_for_update(no_key=True)
    return rows.get(pk=by.member.organisation_id)


def _record(row: DistributionPolicy, verb: str, *, by: Actor, at: datetime) -> None:
    data = {"number": row.number, "effective_from": row.effective_from.isoformat()}
    audit.record(row, verb=verb, by=by.user, at=at, data=data)
