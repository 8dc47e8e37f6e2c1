"""What several account pages show: an organisation's history, its checks, the frame around them."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from stdnum.cn import uscc

from marketplace.accounts.actors import Actor
from marketplace.accounts.models import Organisation
from marketplace.accounts.rules import Kind
from marketplace.accounts.words import VERBS
from marketplace.base import audit
from marketplace.base.models import AuditEntry

TONES = {"verified": "ok", "refused": "danger"}
ICONS = {"verified": "circle-check", "refused": "circle-x"}


@dataclass(frozen=True)
class Event:
    """One line of a history, as the activity log shows it."""

    icon: str
    tone: str
    text: str
    at: datetime


@dataclass(frozen=True)
class Check:
    """One thing that was looked at by machine: "ok" when it is well, else "warn"."""

    text: str
    state: str


def history_of(organisation: Organisation) -> list[Event]:
    """What happened to an organisation and its members, newest first."""
    return [_event(entry) for entry in audit.entries_of(organisation)[:50]]


def checks_of(organisation: Organisation) -> list[Check]:
    """What the machine can say about a registration before somebody looks."""
    same_name = Organisation.objects.exclude(pk=organisation.pk).filter(
        name_zh=organisation.name_zh, verification="verified"
    )
    is_known_name = same_name.exists()
    is_valid = uscc.is_valid(organisation.credit_code or "")
    return [
        Check(
            _("The check digit of the credit code is right")
            if is_valid
            else _("The check digit of the credit code is wrong"),
            "ok" if is_valid else "warn",
        ),
        Check(
            _("A verified organisation has the same name")
            if is_known_name
            else _("No verified organisation has the same name"),
            "warn" if is_known_name else "ok",
        ),
    ]


def layout_of(actor: Actor) -> str:
    """The frame of pages that universities, companies and the platform share."""
    organisation = actor.organisation
    is_console = organisation is not None and organisation.kind != Kind.COMPANY
    return "console.html" if is_console else "base.html"


def _event(entry: AuditEntry) -> Event:
    person = str(entry.actor) if entry.actor else _("The system")
    words = VERBS.get(entry.verb, entry.verb)
    return Event(
        icon=ICONS.get(entry.verb, "users"),
        tone=TONES.get(entry.verb, ""),
        text=str(words) % {"person": person},
        at=entry.at,
    )
