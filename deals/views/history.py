"""A deal's history in words: who did what and when; the machine is named as such."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deals.models import Deal
from marketplace.base import audit
from marketplace.base.models import AuditEntry

# What happened: the words, the icon, the tone.
_STEPS: Mapping[str, tuple[str | Promise, str, str]] = {
    "request": (gettext_lazy("%(who)s asked for a trial"), "edit", ""),
    "propose": (gettext_lazy("%(who)s proposed version %(version)s of the terms"), "edit", "brand"),
    "accept": (gettext_lazy("%(who)s accepted version %(version)s"), "check", "ok"),
    "agree": (gettext_lazy("Both sides agreed on version %(version)s"), "circle-check", "ok"),
    "open_notice": (gettext_lazy("The public notice began (%(days)s days)"), "speakerphone", ""),
    "close_notice": (gettext_lazy("The public notice ended without objection"), "circle-check", ""),
    "approve_first": (gettext_lazy("%(who)s gave the first approval"), "user-check", "ok"),
    "approve": (gettext_lazy("%(who)s approved; ready to sign"), "users", "ok"),
    "send_back": (gettext_lazy("%(who)s sent the deal back"), "arrow-left", "accent"),
    "refuse": (gettext_lazy("%(who)s refused the deal"), "circle-x", "danger"),
    "decline": (gettext_lazy("%(who)s declined the request"), "circle-x", "danger"),
    "withdraw": (gettext_lazy("%(who)s withdrew the request"), "x", ""),
    "sign": (gettext_lazy("%(who)s signed"), "signature", "brand"),
    "start_trial": (gettext_lazy("The trial started"), "player-play", "brand"),
    "end_trial": (gettext_lazy("The trial ended; the company decides"), "bell", "accent"),
    "convert": (gettext_lazy("%(who)s converted: payment begins"), "arrows-exchange", "brand"),
    "exit": (gettext_lazy("%(who)s ended the use"), "logout", ""),
    "expire": (gettext_lazy("No decision came; the deal expired"), "clock", ""),
    "settle": (gettext_lazy("Everything is paid; the deal is settled"), "circle-check", "ok"),
    "reopen": (gettext_lazy("A correction reopened the deal"), "refresh", "accent"),
    "report.submitted": (gettext_lazy("%(who)s reported revenue"), "file-text", ""),
    "report.accepted": (gettext_lazy("%(who)s accepted the report"), "check", "ok"),
    "report.questioned": (
        gettext_lazy("%(who)s has a question about the report"),
        "help-circle",
        "accent",
    ),
    "statement.posted": (gettext_lazy("A statement was issued"), "receipt-yuan", "brand"),
    "statement.disputed": (
        gettext_lazy("%(who)s disputed a line of a statement"),
        "help-circle",
        "accent",
    ),
    "dispute.agreed": (gettext_lazy("%(who)s says that a dispute was put right"), "check", ""),
    "dispute.withdrawn": (gettext_lazy("%(who)s withdrew a dispute"), "x", ""),
    "dispute.corrected": (gettext_lazy("A dispute was resolved"), "circle-check", "ok"),
    "statement.final": (gettext_lazy("A statement became final"), "circle-check", ""),
    "receipt.recorded": (gettext_lazy("%(who)s confirmed money received"), "coin-yuan", "ok"),
    "deal.recomputed": (gettext_lazy("%(who)s let the deal be computed again"), "refresh", ""),
    "receipt.reversed": (
        gettext_lazy("%(who)s reversed a transfer"),
        "arrow-left",
        "danger",
    ),
    "interest.charged": (gettext_lazy("%(who)s charged late interest"), "clock", "accent"),
    "interest.waived": (gettext_lazy("%(who)s waived late interest"), "circle-check", ""),
    "credit.proposed": (gettext_lazy("%(who)s proposed a credit"), "coin-yuan", ""),
    "credit.granted": (gettext_lazy("%(who)s granted a credit"), "coin-yuan", "ok"),
    "credit.refused": (gettext_lazy("%(who)s turned a credit down"), "circle-x", ""),
    "credit.refunded": (gettext_lazy("%(who)s paid credits back"), "coin-yuan", ""),
    "deal.parked": (
        gettext_lazy("The deal was parked for the platform to look at"),
        "alert-triangle",
        "danger",
    ),
}


@dataclass(frozen=True)
class Entry:
    """One line of the activity log."""

    text: str
    icon: str
    tone: str
    at: datetime


def history_of(deal: Deal, *, limit: int | None = None) -> list[Entry]:
    """What happened to a deal, newest first; the last `limit` steps, all of them without."""
    return [_entry(row) for row in audit.entries_of(deal)[:limit]]


def _entry(row: AuditEntry) -> Entry:
    words, icon, tone = _STEPS.get(row.verb, (row.verb, "circle-dashed", ""))
    said = {"version": "", "days": "", **row.data, "who": row.actor or _("The system")}
    text = str(words) % said
    return Entry(text, icon, tone, row.at)
