"""History, the outbox, idempotency keys and the demo's clock: what every app stands on."""

import secrets
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q


def new_public_id() -> str:
    """An opaque id for addresses: 96 random bits, so that nobody can count or guess."""
    return secrets.token_urlsafe(12)


class AuditEntry(models.Model):
    """One thing that happened, insert-only, chained by hash within its chain.

    A chain belongs to one object ("deal:12") whose row is locked while it is written, so that
    writers of different deals never queue for each other. Entries hold ids and never names.
    """

    chain = models.CharField(max_length=64)
    sequence = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    verb = models.CharField(max_length=64)
    data = models.JSONField(default=dict)
    request_id = models.CharField(max_length=36, blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["chain", "sequence"], name="audit_chain_sequence"),
        ]

    def __str__(self) -> str:
        return f"{self.chain} {self.sequence} {self.verb}"


class OutboxQuerySet(models.QuerySet["Outbox"]):
    """Rows that wait for their task."""

    def waiting(self) -> "OutboxQuerySet":
        """Rows whose task has not finished and that were not given up."""
        return self.filter(done_at=None, dead_at=None)

    def publishable(self, at: datetime) -> "OutboxQuerySet":
        """Waiting rows whose time has come."""
        return self.waiting().filter(next_attempt_at__lte=at)


class Outbox(models.Model):
    """A task that PostgreSQL owes: written with the change that caused it, done with its effect."""

    task = models.CharField(max_length=100)
    subject_id = models.BigIntegerField()
    # Two rows with one key would do the same work; the empty key means "no such check".
    key = models.CharField(max_length=120, blank=True)
    request_id = models.CharField(max_length=36, blank=True)
    created_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    # Until then one worker delivers what leaves the house; nobody else begins.
    held_until = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["task", "key"], condition=~Q(key=""), name="outbox_task_key"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                F("next_attempt_at"),
                condition=Q(done_at=None, dead_at=None),
                name="outbox_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task}({self.subject_id})"


class IdempotencyKey(models.Model):
    """What a write under this key answered, kept in the same transaction as the effect."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    body_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "key"], name="idempotency_user_key"),
        ]

    def __str__(self) -> str:
        return self.key


class ClockOffset(models.Model):
    """How far the demo's date runs ahead of the real one. One row, and only a demo reads it."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    days = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="clock_offset_is_one_row"),
        ]

    def __str__(self) -> str:
        return f"+{self.days} days"
