"""The first thing in a new installation: the platform itself and its first administrator."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from marketplace.accounts.models import Membership, Organisation, User
from marketplace.accounts.rules import Kind, Role
from marketplace.base import audit
from marketplace.base.errors import ConflictError

_LOCK = 0x706C6174  # "plat": one founding at a time


@dataclass(frozen=True)
class Founding:
    """Who runs the platform, and the address of its first administrator."""

    name_zh: str
    name_en: str
    email: str


@transaction.atomic
def found_platform(founding: Founding, *, at: datetime) -> User:
    """Create the platform's organisation and its administrator, who invites everyone else.

    The administrator has no password yet and sets one by the reset letter. Raises
    ConflictError("platform.exists") when there is a platform already.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    if Organisation.objects.filter(kind=Kind.PLATFORM).exists():
        raise ConflictError("platform.exists")
    user = User.objects.filter(email=founding.email.lower()).first()
    if user is None:
        user = User.objects.create_user(founding.email)
    user.is_staff = user.is_superuser = True
    user.save(update_fields=["is_staff", "is_superuser"])
    platform = Organisation.objects.create(
        kind=Kind.PLATFORM,
        name_zh=founding.name_zh,
        name_en=founding.name_en,
        verification="verified",
        created_at=at,
        verified_at=at,
    )
    Membership.objects.create(
        user=user, organisation=platform, roles=[str(Role.ADMINISTRATOR)], created_at=at
    )
    audit.record(platform, verb="founded", by=None, at=at, data={"administrator": user.pk})
    return user
