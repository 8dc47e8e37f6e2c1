"""Beginning a rehearsal: from a signed deal, from proposed terms, or from standing terms."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from deals.models import Deal, Rehearsal, TermsVersion
from deals.rules import terms as terms_rules
from deals.rules.faults import Refused
from deals.rules.periods import add_months
from deals.rules.rehearsal import Play, Waiting, to_document
from deals.rules.rehearsal import moves as plays
from deals.rules.states import DealState, ReportState
from deals.services import publicity
from deals.services.dossiers import contract_file
from deals.services.previews import line_payload
from deals.services.rehearsals.keeping import refuse_too_large, refuse_too_many
from deals.services.rehearsals.reading import last_day_of, tables_of
from deals.services.shared_facts import lending_rates, with_rates
from listings.models import Listing
from listings.rules.template import Dates, as_terms
from marketplace.accounts.actors import Actor
from marketplace.base.errors import RuleError

CONTRACT = "REHEARSAL"
# What a contract file holds beside the lists: they belong to its date, and a rehearsal has its own.
_DATED = {"holidays", "workdays", "as_of"}


@dataclass(frozen=True)
class Beginning:
    """How a rehearsal begins: what it is called, on which day, and for standing terms how long."""

    start_date: date
    label: str = ""
    paying_years: int = 5


def earliest_start(deal: Deal, *, today: date) -> date:
    """The first day on which a rehearsal of the deal can begin.

    A signed deal is copied as it stands today; proposed terms begin with their contract.
    """
    if deal.facts.filter(kind="terms").exists():
        return today
    return _contract_start(_proposal(deal).document)


def rehearse_deal(deal: Deal, *, beginning: Beginning, by: Actor, at: datetime) -> Rehearsal:
    """Copy a deal: a signed one with all its facts, an unsigned one as its newest terms propose it.

    Raises RuleError("rehearsal.no_terms") before any terms were proposed, "rehearsal.too_early",
    `facts.Refused`, and what `_begin` raises.
    """
    if not deal.facts.filter(kind="terms").exists():
        return _rehearse_proposal(deal, beginning=beginning, by=by, at=at)
    today = timezone.localdate(at)
    found = contract_file(deal, as_of=today)
    lists = {name: value for name, value in found.items() if name not in _DATED}
    policy = publicity.policy_on(at)
    play = Play(
        lists=_with_lending_rates(lists, on=today),
        state=DealState(deal.state),
        today=today,
        decision_days=policy.trial_decision_days,
        grace_days=policy.grace_days,
        waiting=tuple(_waiting(deal)),
    )
    row = Rehearsal(deal=deal, listing=deal.listing, source="deal")
    return _begin(row, play, beginning=beginning, by=by, at=at)


def rehearse_listing(
    listing: Listing, *, beginning: Beginning, by: Actor, at: datetime
) -> Rehearsal:
    """Play through a listing's standing terms, with a contract that begins on the start date.

    Raises RuleError("listing.no_template"), `facts.Refused`, and what `_begin` raises.
    """
    template = listing.terms_template
    if template is None:
        raise RuleError("listing.no_template")
    starts, months = beginning.start_date, template.trial_months
    paying = add_months(starts, months)
    day = timedelta(days=1)
    document = as_terms(
        template.document,
        contract=CONTRACT,
        version=1,
        dates=Dates(
            effective_from=starts,
            trial_from=starts if months else None,
            trial_to=paying - day if months else None,
            paying_to=add_months(paying, 12 * beginning.paying_years) - day,
        ),
        owners=[(listing.organisation.public_id, 1)],
    )
    row = Rehearsal(listing=listing, source="standard")
    play = _signed(document, on=starts, at=at)
    return _begin(row, play, beginning=beginning, by=by, at=at)


def _rehearse_proposal(deal: Deal, *, beginning: Beginning, by: Actor, at: datetime) -> Rehearsal:
    document = _proposal(deal).document
    row = Rehearsal(deal=deal, listing=deal.listing, source="proposal")
    play = _signed(document, on=_contract_start(document), at=at)
    return _begin(row, play, beginning=beginning, by=by, at=at)


def _signed(document: Mapping[str, Any], *, on: date, at: datetime) -> Play:
    """A contract as the day of its beginning finds it: on trial, or paying if it has no trial."""
    policy = publicity.policy_on(at)
    stages = document["stages"]
    play = Play(
        lists=_with_lending_rates({"terms": [document], "rates": {}}, on=timezone.localdate(at)),
        state=DealState.IN_TRIAL if "trial" in stages else DealState.PAYING,
        today=on,
        decision_days=policy.trial_decision_days,
        grace_days=policy.grace_days,
    )
    if "trial" in stages or stages["paying"]["from"] != "conversion":
        return play
    return play.added("events", {"type": "conversion", "date": on.isoformat()})


@transaction.atomic
def _begin(
    row: Rehearsal, play: Play, *, beginning: Beginning, by: Actor, at: datetime
) -> Rehearsal:
    """Keep the play as the actor's, moved to the start date.

    Raises RuleError "rehearsal.too_early", "rehearsal.too_far", "rehearsal.too_large" or
    "rehearsal.too_many", and `facts.Refused`.
    """
    refuse_too_many(by)
    starts = beginning.start_date
    if starts < play.today:
        raise RuleError("rehearsal.too_early", where="start_date", first=play.today.isoformat())
    last = last_day_of(play)
    if starts > last:
        raise RuleError("rehearsal.too_far", where="start_date", last=last.isoformat())
    begun = plays.advanced(play, to=starts, tables=tables_of(play, until=starts))
    row.document = row.beginning = to_document(begun)
    refuse_too_large(row.document)
    row.owner, row.organisation = by.person, by.member.organisation
    row.label = beginning.label
    row.state, row.today_date = begun.state, begun.today
    row.begun_at = row.played_at = at
    row.save()
    return row


def _with_lending_rates(lists: dict[str, Any], *, on: date) -> dict[str, Any]:
    """The lists with the lending rates that the terms name as they are published by today."""
    return with_rates(lists, lending_rates(lists, on=on))


def _proposal(deal: Deal) -> TermsVersion:
    """The newest version of the terms. Raises RuleError("rehearsal.no_terms") before the first."""
    newest = deal.terms_versions.order_by("-number").first()
    if newest is None:
        raise RuleError("rehearsal.no_terms")
    return newest


def _contract_start(document: Mapping[str, Any]) -> date:
    found, faults, _cautions = terms_rules.validate(document)
    if found is None:
        raise Refused(faults)
    return max(found.contract_start, found.effective_from)


def _waiting(deal: Deal) -> list[Waiting]:
    """Reports that both sides know and that do not count yet; drafts are the company's alone."""
    states = [ReportState.SUBMITTED, ReportState.QUESTIONED]
    return [
        Waiting(
            report.period,
            tuple(line_payload(line) for line in report.lines.order_by("ordinal")),
            ReportState(report.state),
            report.question,
        )
        for report in deal.reports.filter(state__in=states).order_by("starts_date")
    ]
