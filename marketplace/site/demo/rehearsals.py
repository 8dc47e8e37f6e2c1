"""One rehearsal for the company's finance sign-in: the deal on trial goes on, and pays late."""

from datetime import date, timedelta

from deals.models import Deal, Rehearsal, ReportLine
from deals.rules.filing import closed_periods, parts_in
from deals.rules.periods import Period
from deals.rules.rehearsal import Play
from deals.rules.states import DealState
from deals.services import rehearsals
from marketplace.accounts.actors import Actor, actor_for
from marketplace.site.demo.organisations import World
from marketplace.site.demo.stories import Story

LABEL = "转付费后第一季度：付晚了一周"
SOLD = 226_000_000
LATE = timedelta(days=7)


def make_rehearsal(world: World, stories: list[Story]) -> None:
    """Copy the home company's running trial, convert at its end, report once, and pay nothing."""
    found = [story for story in stories if story.life.is_home]
    deal = next(story.deal for story in found if story.life.state is DealState.IN_TRIAL)
    by = actor_for(world.people["finance@company.example"])
    row = _begin(world, deal, by)
    row = rehearsals.convert(row, seen=row.revision, by=by, at=world.at)
    row = _move(world, row, _first_paying(rehearsals.play_of(row)).end + LATE, by)
    row = _report(world, row, by)
    due = rehearsals.result_of(rehearsals.play_of(row)).instalments[-1].due
    _move(world, row, due + LATE, by)


def _begin(world: World, deal: Deal, by: Actor) -> Rehearsal:
    """On the day after the trial, when the company must decide."""
    last = deal.trial_to_date
    assert last is not None, "a running trial has its days"
    beginning = rehearsals.Beginning(last + timedelta(days=1), LABEL)
    return rehearsals.rehearse_deal(deal, beginning=beginning, by=by, at=world.at)


def _move(world: World, row: Rehearsal, to: date, by: Actor) -> Rehearsal:
    return rehearsals.move_date(row, to=to, seen=row.revision, by=by, at=world.at)


def _first_paying(play: Play) -> Period:
    """The period in which the payment begins."""
    assert play.converted is not None, "it has just converted"
    agreed, day = play.agreed, play.converted
    later = closed_periods(agreed, today=day + timedelta(days=400))
    return next(period for period in later if period.end > day)


def _report(world: World, row: Rehearsal, by: Actor) -> Rehearsal:
    play = rehearsals.play_of(row)
    period = _first_paying(play)
    part = parts_in(play.agreed, period, converted=play.converted)[-1]
    line = ReportLine(
        sale_date=part.last,
        stream=part.stream,
        currency=play.agreed.currency,
        gross_minor=SOLD,
        vat_rate="0.13",
    )
    row = rehearsals.file_report(
        row, period=period.name, lines=[line], seen=row.revision, by=by, at=world.at
    )
    seen = row.revision
    return rehearsals.accept_report(row, period=period.name, seen=seen, by=by, at=world.at)
