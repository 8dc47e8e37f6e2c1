"""History is a chain that cannot be rewritten unseen."""

import pytest
from django.db import DatabaseError, transaction

from marketplace.base import audit
from marketplace.base.models import AuditEntry


def test_entries_of_one_object_are_chained_by_hash(cast, at):
    first = audit.record(cast.university_a, verb="verify", by=None, at=at)
    second = audit.record(cast.university_a, verb="rename", by=cast.officer_a.user, at=at)
    assert second.previous_hash == first.hash
    assert (first.sequence, second.sequence) == (1, 2)


def test_chains_of_two_objects_are_independent(cast, at):
    audit.record(cast.university_a, verb="verify", by=None, at=at)
    other = audit.record(cast.university_b, verb="verify", by=None, at=at)
    assert other.previous_hash == audit.GENESIS


def test_an_untouched_chain_verifies(cast, at):
    for verb in ("register", "verify", "rename"):
        audit.record(cast.university_a, verb=verb, by=None, at=at, data={"note": "说明"})
    assert audit.first_broken(cast.university_a) is None


def test_a_changed_entry_is_found(cast, at):
    audit.record(cast.university_a, verb="verify", by=None, at=at)
    row = AuditEntry.objects.get(chain__startswith="organisation:")
    AuditEntry(
        chain=row.chain,
        sequence=2,
        at=at,
        verb="forged",
        data={},
        previous_hash=row.hash,
        hash="0" * 64,
    ).save(force_insert=True)
    broken = audit.first_broken(cast.university_a)
    assert broken is not None
    assert broken.verb == "forged"


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_refuses_to_change_history(cast, at, change):
    audit.record(cast.university_a, verb="verify", by=None, at=at)
    rows = AuditEntry.objects.all()
    with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
        rows.update(verb="other") if change == "update" else rows.delete()
