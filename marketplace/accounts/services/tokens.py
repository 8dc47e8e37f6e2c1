"""Keys to the API: shown once, stored as their hash, good for a year at most."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from marketplace.accounts.actors import Actor
from marketplace.accounts.models import ApiToken
from marketplace.accounts.models.memberships import LONGEST_TOKEN, hashed
from marketplace.accounts.rules import Permission
from marketplace.accounts.services.members import lock_organisation
from marketplace.base import audit
from marketplace.base.errors import ConflictError, RuleError


@dataclass(frozen=True)
class Wish:
    """What a key shall be: a name of one's own, whether it may write, days until it expires."""

    name: str
    may_write: bool
    days: int


def make_token(wish: Wish, *, by: Actor, at: datetime) -> tuple[ApiToken, str]:
    """Make a key that acts as the active membership of `by`; returns it with its one-time text.

    Raises RuleError("role.missing") without the permission, "token.days" unless it expires in 1 to
    366 days, "token.name_taken" when a live key of the membership has this name.
    """
    by.require(Permission.TOKENS_MANAGE)
    lifetime = timedelta(days=wish.days)
    if not timedelta(0) < lifetime <= LONGEST_TOKEN:
        raise RuleError("token.days", where="days")
    key = f"rs_{secrets.token_urlsafe(32)}"
    with transaction.atomic():
        organisation = lock_organisation(by.member.organisation_id)
        token = _created(wish, key=key, by=by, at=at)
        data = {"token": token.pk, "may_write": token.may_write}
        audit.record(organisation, verb="token_made", by=by.person, at=at, data=data)
    return token, key


def revoke_token(token: ApiToken, *, by: Actor, at: datetime) -> ApiToken:
    """Make a key of one's organisation worthless at once.

    Raises RuleError("role.missing") without the permission or for another organisation's key, and
    ConflictError("token.revoked") when it was revoked before.
    """
    by.require(Permission.TOKENS_MANAGE)
    if not by.belongs_to(token.membership.organisation):
        raise RuleError("role.missing", permission=str(Permission.TOKENS_MANAGE))
    with transaction.atomic():
        organisation = lock_organisation(token.membership.organisation_id)
        locked = ApiToken.objects.select_for_update().get(pk=token.pk)
        if locked.revoked_at is not None:
            raise ConflictError("token.revoked")
        locked.revoked_at = at
        locked.save(update_fields=["revoked_at"])
        audit.record(
            organisation, verb="token_revoked", by=by.person, at=at, data={"token": locked.pk}
        )
    return locked


def _created(wish: Wish, *, key: str, by: Actor, at: datetime) -> ApiToken:
    try:
        with transaction.atomic():
            return ApiToken.objects.create(
                membership=by.member,
                name=wish.name.strip(),
                token_hash=hashed(key),
                may_write=wish.may_write,
                created_at=at,
                expires_at=at + timedelta(days=wish.days),
            )
    except IntegrityError as error:
        raise RuleError("token.name_taken", where="name") from error
