"""What a statement's page shows of disputes: who questions which step, and what one can do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from deals.forms.disputes import REASON_WORDS, DisputeForm
from deals.models import Dispute, Statement, StatementLine
from deals.rules.states import DisputeState, Side, StatementState, statement_state
from deals.services.disputes import name_of
from deals.views.seats import organisation_of, side_of
from deals.views.trace import SILENT, Traced, steps_of, words_of
from listings.views import cards
from marketplace.accounts.actors import Actor
from marketplace.accounts.rules import Permission
from marketplace.base import formats


@dataclass(frozen=True)
class Row:
    """One dispute for the page, with what the reader may do about it."""

    dispute: Dispute
    state: str
    title: str
    reason: str
    who: str
    agreed: str
    may_withdraw: bool
    may_agree: bool


def rows_of(found: Statement, actor: Actor) -> list[Row]:
    """The disputes of a statement, the open ones first, then the last resolved."""
    rows = found.disputes.select_related("licensor_agreed_by", "licensee_agreed_by")
    ordered = sorted(rows, key=lambda row: (row.state != DisputeState.OPEN, -row.pk))
    return [_row(found, row, actor) for row in ordered]


def form_of(
    found: Statement, lines: Sequence[tuple[StatementLine, Traced]], actor: Actor, today: date
) -> DisputeForm | None:
    """The empty form, None for who may not dispute now or where nothing is left to dispute."""
    is_final = statement_state(found.final_date, on=today) is StatementState.FINAL
    if not may_dispute(found, actor) or is_final or found.payable_minor <= found.disputed_minor:
        return None
    return DisputeForm(lines=choices_of(lines), currency=found.currency)


def may_dispute(found: Statement, actor: Actor) -> bool:
    """Whether somebody may dispute for one of the two parties."""
    is_party = side_of(found.deal, actor) is not Side.PLATFORM
    return is_party and actor.may(Permission.STATEMENT_DISPUTE)


def choices_of(lines: Sequence[tuple[StatementLine, Traced]]) -> list[tuple[str, str, str]]:
    """Code, key and words of every step that a reader sees."""
    return [
        (*name_of(row), f"{step.title} · {_amount(step.amount)}")
        for row, line in lines
        for step in steps_of([line])
    ]


def _amount(minor: int | None) -> str:
    return "–" if minor is None else formats.amount(minor)


def _row(found: Statement, dispute: Dispute, actor: Actor) -> Row:
    side = side_of(found.deal, actor)
    is_open = dispute.state == DisputeState.OPEN and may_dispute(found, actor)
    return Row(
        dispute=dispute,
        state="disputed" if dispute.state == DisputeState.OPEN else dispute.state,
        title=_title(dispute),
        reason=str(REASON_WORDS[dispute.reason]),
        who=_party(found, Side(dispute.side)),
        agreed=_agreed(found, dispute),
        may_withdraw=is_open and side == dispute.side,
        may_agree=is_open and dispute.agreed_by(side) is None and _is_restated(found, dispute),
    )


def _title(dispute: Dispute) -> str:
    item = dispute.key.partition("/")[0]
    return str(words_of(dispute.code).title) % {**SILENT, "item": item, "type": item, "rate": ""}


def _agreed(found: Statement, dispute: Dispute) -> str:
    """Which side has said that it was put right, while the other has not."""
    sides = [side for side in (Side.LICENSOR, Side.LICENSEE) if dispute.agreed_by(side)]
    if dispute.state != DisputeState.OPEN or not sides:
        return ""
    return _("%(who)s says that it was put right") % {"who": _party(found, sides[0])}


def _party(found: Statement, side: Side) -> str:
    return cards.name_of(organisation_of(found.deal, side))


def _is_restated(found: Statement, dispute: Dispute) -> bool:
    reported = found.deal.facts.filter(kind="report", payload__period=found.period)
    return reported.filter(sequence__gt=dispute.sequence).exists()
