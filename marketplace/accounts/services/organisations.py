"""Registering an organisation, and the platform's answer to it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from stdnum.cn import uscc

from marketplace.accounts.actors import Actor
from marketplace.accounts.models import City, Membership, Organisation, User
from marketplace.accounts.rules import FIRST_ROLES, Kind, Permission
from marketplace.base import audit
from marketplace.base.errors import ConflictError, RuleError


@dataclass(frozen=True)
class Registration:
    """What a person says about the organisation; `name_en` may be "" and `city` None."""

    kind: Kind
    name_zh: str
    name_en: str
    credit_code: str
    city: City | None


def register_organisation(registration: Registration, *, by: Actor, at: datetime) -> Membership:
    """Register a university or company and make the registrant its first member.

    Returns the registrant's membership; the organisation waits for the platform's check. Raises
    RuleError("kind.closed") for another kind, "credit_code.invalid" when length, alphabet or check
    digit are wrong, "credit_code.taken" when it stands for another organisation already. Source:
    GB 32100-2015 (the code), docs/rules.md#people (the roles).
    """
    user = by.person
    code = uscc.compact(registration.credit_code)
    if registration.kind not in FIRST_ROLES:
        raise RuleError("kind.closed", where="kind")
    if not uscc.is_valid(code):
        raise RuleError("credit_code.invalid", where="credit_code")
    with transaction.atomic():
        organisation = _created(registration, code=code, user=user, at=at)
        membership = Membership.objects.create(
            user=user,
            organisation=organisation,
            roles=[str(role) for role in FIRST_ROLES[registration.kind]],
            created_at=at,
        )
        audit.record(organisation, verb="registered", by=user, at=at, data={"credit_code": code})
    return membership


def verify_organisation(organisation: Organisation, *, by: Actor, at: datetime) -> Organisation:
    """Confirm that the organisation is what it says.

    Raises RuleError("role.missing") without the permission, "verifier.is_registrant" for whoever
    registered it, ConflictError("state.moved") when it was decided before.
    """
    return _decide(organisation, to="verified", reason="", by=by, at=at)


def refuse_organisation(
    organisation: Organisation, *, reason: str, by: Actor, at: datetime
) -> Organisation:
    """Refuse a registration with a reason; its code becomes free for a new one.

    Raises as `verify_organisation`, and RuleError("note.missing") without a reason.
    """
    if not reason.strip():
        raise RuleError("note.missing", where="reason")
    return _decide(organisation, to="refused", reason=reason.strip(), by=by, at=at)


def _decide(
    organisation: Organisation, *, to: str, reason: str, by: Actor, at: datetime
) -> Organisation:
    by.require(Permission.ORGANISATION_VERIFY)
    user = by.person
    with transaction.atomic():
        locked = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
        if locked.verification != "pending":
            raise ConflictError("state.moved", state=locked.verification)
        if locked.registered_by_id == user.pk or _is_member(user, locked):
            raise RuleError("verifier.is_registrant")
        locked.verification = to
        locked.verification_note = reason
        locked.verified_by = user
        locked.verified_at = at
        locked.save(
            update_fields=["verification", "verification_note", "verified_by", "verified_at"]
        )
        audit.record(locked, verb=to, by=user, at=at, data={"reason": reason} if reason else {})
    return locked


def _is_member(user: User, organisation: Organisation) -> bool:
    return Membership.objects.filter(user=user, organisation=organisation).exists()


def _created(registration: Registration, *, code: str, user: User, at: datetime) -> Organisation:
    """Whether the code is free is the database's to say: two may register it at once."""
    try:
        with transaction.atomic():
            return Organisation.objects.create(
                kind=registration.kind,
                name_zh=registration.name_zh.strip(),
                name_en=registration.name_en.strip(),
                credit_code=code,
                city=registration.city,
                registered_by=user,
                created_at=at,
            )
    except IntegrityError as error:
        raise RuleError("credit_code.taken", where="credit_code") from error
