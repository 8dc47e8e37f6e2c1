"""Proposing terms and accepting them, each side by the hash of what it has read."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from deals.models import Deal, TermsVersion
from deals.rules import terms as terms_rules
from deals.rules.agreement import Grant, digest
from deals.rules.distribution import policy_key
from deals.rules.faults import Refused
from deals.rules.terms import Terms
from deals.services import grants, moves, publicity
from marketplace.accounts.actors import MACHINE, Actor
from marketplace.accounts.models import Organisation
from marketplace.accounts.rules import Kind
from marketplace.base.errors import ConflictError, RuleError


def next_number(deal: Deal) -> int:
    """The number that the deal's next proposal gets."""
    last = deal.terms_versions.order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


@transaction.atomic
def propose_terms(
    deal: Deal, *, document: Mapping[str, object], grant: Grant, by: Actor, at: datetime
) -> TermsVersion:
    """Put a numbered version before both sides; an acceptance of an earlier one counts no more.

    The contract's number and the version are the deal's own, whatever `document` says; without
    owners the licensor is the only one. Each owner's money runs through that owner's own policy
    unless the document names another. The inventors' weights are copied from the listing as they
    stand now. Raises Refused with every fault of the document, RuleError("terms.no_trial"),
    "terms.trial_over", "owners.without_licensor", "owners.unknown" or "grant.overlaps", and what
    `moves.check` raises.
    """
    deal = moves.locked(deal)
    moves.check(deal, "propose", by=by)
    number = next_number(deal)
    sole = {"owners": [{"party": deal.licensor.public_id, "weight": 1}]}
    complete = sole | dict(document) | {"contract": deal.number, "version": number}
    terms = validated(complete)
    _refuse_trial(terms, at=at)
    _refuse_owners(terms, deal)
    own_policies = {owner.party: policy_key(owner.party) for owner in terms.owners}
    complete = {"waterfalls": own_policies} | complete
    grants.refuse_overlap(deal, grant.kind)
    inventors = _inventors(deal)
    version = TermsVersion.objects.create(
        deal=deal,
        number=number,
        document=complete,
        licence_kind=grant.kind,
        acts=grant.acts,
        field_of_use=grant.field_of_use,
        territory=grant.territory,
        inventors=inventors,
        sha256=digest(complete, grant, inventors),
        proposed_by=by.person,
        proposed_at=at,
    )
    data = {"version": number, "sha256": version.sha256}
    moves.move(deal, "propose", by=by, at=at, data=data)
    return version


@transaction.atomic
def accept_terms(version: TermsVersion, *, sha256: str, by: Actor, at: datetime) -> Deal:
    """Accept one version for the actor's side; when both have, it is frozen and noticed.

    `sha256` repeats the hash of what was read. Raises RuleError("terms.hash_differs"),
    "approver.is_author", "approver.is_inventor", "grant.overlaps" or "policy.missing";
    ConflictError("terms.superseded") or "terms.accepted"; and what `moves.check` raises.
    """
    deal = moves.locked(version.deal)
    moves.check(deal, "accept", by=by)
    version = TermsVersion.objects.get(pk=version.pk)
    _refuse_acceptance(version, deal, sha256=sha256, by=by)
    side = "licensor" if by.belongs_to(deal.licensor) else "licensee"
    if getattr(version, f"{side}_accepted_at") is not None:
        raise ConflictError("terms.accepted")
    setattr(version, f"{side}_accepted_by", by.user)
    setattr(version, f"{side}_accepted_at", at)
    version.save(update_fields=[f"{side}_accepted_by", f"{side}_accepted_at"])
    data = {"version": version.number, "sha256": version.sha256, "side": side}
    moves.move(deal, "accept", by=by, at=at, data=data)
    return _agree(deal, version, at=at) if version.is_accepted else deal


def validated(document: Mapping[str, object]) -> Terms:
    """The document as the calculation reads it.

    Raises Refused with every fault.
    """
    terms, faults, _ = terms_rules.validate(document)
    if terms is None:
        raise Refused(faults)
    return terms


def refuse_inventor(deal: Deal, *, by: Actor) -> None:
    """Raise RuleError("approver.is_inventor") if the actor made the result that is licensed."""
    if by.user is not None and deal.listing.inventors.filter(user=by.user).exists():
        raise RuleError("approver.is_inventor")


def _agree(deal: Deal, version: TermsVersion, *, at: datetime) -> Deal:
    grants.refuse_overlap(deal, version.licence_kind)
    deal.terms = version
    moves.move(deal, "agree", by=MACHINE, at=at, data={"version": version.number})
    return publicity.open_notice(deal, at=at)


def _refuse_acceptance(version: TermsVersion, deal: Deal, *, sha256: str, by: Actor) -> None:
    if version.number != next_number(deal) - 1:
        raise ConflictError("terms.superseded")
    if version.sha256 != sha256:
        raise RuleError("terms.hash_differs", where="sha256")
    if by.user is not None and version.proposed_by_id == by.user.pk:
        raise RuleError("approver.is_author")
    refuse_inventor(deal, by=by)


def _refuse_trial(terms: Terms, *, at: datetime) -> None:
    if terms.trial is None or terms.trial.last is None:
        raise RuleError("terms.no_trial", where="stages.trial.to")
    if terms.trial.last < timezone.localdate(at):
        raise RuleError("terms.trial_over", where="stages.trial.to")


def _refuse_owners(terms: Terms, deal: Deal) -> None:
    parties = {owner.party for owner in terms.owners}
    if deal.licensor.public_id not in parties:
        raise RuleError("owners.without_licensor", where="owners")
    known = Organisation.objects.filter(
        public_id__in=parties, kind=Kind.UNIVERSITY, verification="verified"
    )
    if known.count() < len(parties):
        raise RuleError("owners.unknown", where="owners")


def _inventors(deal: Deal) -> list[dict[str, object]]:
    people = deal.listing.inventors.order_by("pk")
    return [{"name": person.name, "weight": person.weight} for person in people]
