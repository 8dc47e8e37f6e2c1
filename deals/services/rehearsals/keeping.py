"""Keeping rehearsals: whose they are, how many and how large, copies, and throwing one away."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from deals.models import Rehearsal
from marketplace.accounts.actors import Actor
from marketplace.accounts.models import User
from marketplace.base.errors import RuleError

# In characters of JSON: some thousand lines of reports, and still a page.
LARGEST = 2_000_000
MOST = 40


@transaction.atomic
def copy_rehearsal(rehearsal: Rehearsal, *, by: Actor, at: datetime) -> Rehearsal:
    """A second one from where this stands, for whoever asks; the first stays as it is.

    Raises RuleError("rehearsal.too_many").
    """
    refuse_too_many(by)
    return Rehearsal.objects.create(
        organisation=by.member.organisation,
        owner=by.person,
        listing=rehearsal.listing,
        deal=rehearsal.deal,
        source=rehearsal.source,
        label=rehearsal.label,
        state=rehearsal.state,
        today_date=rehearsal.today_date,
        document=rehearsal.document,
        beginning=rehearsal.beginning,
        begun_at=at,
        played_at=at,
    )


@transaction.atomic
def delete_rehearsal(rehearsal: Rehearsal, *, by: Actor) -> None:
    """Throw it away. Raises RuleError("rehearsal.not_owner")."""
    require_owner(rehearsal, by=by)
    Rehearsal.objects.filter(pk=rehearsal.pk).delete()


def refuse_too_many(by: Actor) -> None:
    """Raise RuleError("rehearsal.too_many") for a person who keeps as many as anyone may.

    The person's row stays locked until the transaction ends, so that two windows count in turn.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.person.pk)
    if Rehearsal.objects.filter(owner=by.person).count() >= MOST:
        raise RuleError("rehearsal.too_many", most=MOST)


def refuse_too_large(document: Mapping[str, Any]) -> None:
    """Raise RuleError("rehearsal.too_large") for a document that no page could show."""
    if len(json.dumps(document, ensure_ascii=False)) > LARGEST:
        raise RuleError("rehearsal.too_large")


def require_owner(rehearsal: Rehearsal, *, by: Actor) -> None:
    """Raise RuleError("rehearsal.not_owner") unless the actor began it, for this organisation."""
    if rehearsal.owner_id != by.person.pk or not by.belongs_to(rehearsal.organisation):
        raise RuleError("rehearsal.not_owner")
