"""A demo deal while it is being made: its facts and its history as chains in memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from deals.models import Deal, Fact, TermsVersion
from deals.rules.states import DealState
from deals.services import dossiers
from marketplace.accounts.models import User
from marketplace.base import audit
from marketplace.base.audit import GENESIS
from marketplace.base.models import AuditEntry
from marketplace.site.demo.lives import Life
from marketplace.site.demo.organisations import World


@dataclass
class Story:
    """A deal with the chains that are built for it in memory."""

    life: Life
    deal: Deal
    terms: TermsVersion | None = None
    facts: list[Fact] = field(default_factory=list)
    history: list[AuditEntry] = field(default_factory=list)

    def note(
        self, verb: str, *, on: date, by: User | None, data: Mapping[str, object] | None = None
    ) -> None:
        """Add an entry to the deal's history, at noon of a day."""
        entry = AuditEntry(
            chain=f"deal:{self.deal.pk}",
            sequence=len(self.history) + 1,
            at=noon(on),
            actor=by,
            verb=verb,
            data=dict(data or {}),
            previous_hash=self.history[-1].hash if self.history else GENESIS,
        )
        entry.hash = audit.digest(entry)
        self.history.append(entry)

    def know(self, kind: str, payload: Mapping[str, object], *, on: date) -> None:
        """Add a fact to the deal's log."""
        fact = Fact(
            deal=self.deal,
            sequence=len(self.facts) + 1,
            kind=kind,
            effective_date=on,
            recorded_at=noon(on),
            payload=dict(payload),
            previous_hash=self.facts[-1].hash if self.facts else GENESIS,
        )
        fact.hash = dossiers.digest(fact)
        self.facts.append(fact)


def noon(day: date) -> datetime:
    """Noon of a day in the site's zone."""
    return timezone.make_aware(datetime.combine(day, time(12)))


FIRST = {"version": 1}


def tell(world: World, story: Story) -> None:
    """History in the order in which it happened, as far as this deal got."""
    life, deal, version = story.life, story.deal, story.terms
    story.note("request", on=life.requested_date, by=deal.requested_by)
    if version is not None:
        proposed = version.proposed_at.date()
        story.note("propose", on=proposed, by=version.proposed_by, data=FIRST)
    if version is not None and version.licensee_accepted_at is not None:
        day = version.licensee_accepted_at.date()
        story.note("accept", on=day, by=version.licensor_accepted_by, data=FIRST)
        story.note("accept", on=day, by=version.licensee_accepted_by, data=FIRST)
        story.note("open_notice", on=day, by=None, data={"days": 0})
        story.note("close_notice", on=day, by=None)
        if deal.first_approver is not None:
            story.note("approve_first", on=day + timedelta(days=1), by=deal.first_approver)
        if deal.second_approver is not None:
            story.note("approve", on=day + timedelta(days=2), by=deal.second_approver)
    if life.is_signed:
        assert version is not None
        story.note("sign", on=life.trial_from, by=version.licensor_accepted_by)
        story.note("sign", on=life.trial_from, by=version.licensee_accepted_by)
        story.note("start_trial", on=life.trial_from, by=None)
    if life.state in (DealState.REFUSED, DealState.WITHDRAWN):
        verb = "decline" if life.state is DealState.REFUSED else "withdraw"
        person = world.desks[deal.licensor_id if verb == "decline" else deal.licensee_id]
        story.note(verb, on=life.requested_date, by=person)
    if life.state in (DealState.EXITED, DealState.AWAITING_DECISION):
        verb = "exit" if life.state is DealState.EXITED else "end_trial"
        story.note(verb, on=life.trial_to, by=None)
