"""A rehearsal as its desk and its statements show it: every figure from the one calculation."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from deals.forms.faults import placed_words
from deals.forms.money import grouped
from deals.models import Rehearsal
from deals.rules.faults import Refused
from deals.rules.filing import report_due
from deals.rules.instalments import Due, parts_of
from deals.rules.money import parse_amount
from deals.rules.periods import Period, add_months
from deals.rules.rehearsal import Play, happenings, open_periods
from deals.rules.statement import Instalment, Interest, Result, Statement
from deals.rules.states import ReportState
from deals.services import rehearsals
from deals.services.previews import lines_of
from deals.views.filing import CapMeter, gross_of, meter
from deals.views.periods import period_word
from deals.views.rehearsal_words import Said, said
from marketplace.base import charts

COMING = 6
LATEST, READ = 10, 120
AHEAD = 18
LATE = timedelta(days=30)
QUARTERS_OF_A_CHART = 40
WIDE, PHONE = 760, 340


@dataclass(frozen=True)
class Asked:
    """An instalment of a rehearsal: its period in words, and its state on the rehearsal's date."""

    title: str
    period: str
    due_date: date
    amount: int
    paid: int
    outstanding: int
    state: str


@dataclass(frozen=True)
class Row:
    """One period: where its report stands, what was sold, what its statement asks for."""

    period: Period
    title: str
    due_date: date
    state: str
    gross: int | None
    statement: Statement | None
    has_report: bool
    is_closed: bool


@dataclass(frozen=True)
class Desk:
    """A rehearsal on its date; `faults` instead of figures where it cannot be computed."""

    play: Play
    result: Result | None
    faults: list[str]
    rows: list[Row]
    asked: list[Asked]
    interest: list[tuple[str, Interest]]
    coming: list[Said]
    meter: CapMeter | None
    chart: Mapping[str, charts.QuarterChart] | None

    @property
    def open_amount(self) -> str:
        """What the oldest open instalment still asks for, as an input shows it; "" for nothing."""
        found = next((one for one in self.asked if one.outstanding), None)
        return grouped(found.outstanding, self.play.currency) if found else ""

    @property
    def log(self) -> list[Said]:
        """What happened so far, the newest first."""
        return list(reversed(said(self.play.log)))

    @property
    def latest(self) -> list[Said]:
        """The newest of it."""
        return self.log[:LATEST]

    @property
    def earlier(self) -> list[Said]:
        """What came before, as far back as anybody reads."""
        return self.log[LATEST:READ]


def desk_of(rehearsal: Rehearsal) -> Desk:
    """Everything that the page of a rehearsal shows of its deal."""
    play = rehearsals.play_of(rehearsal)
    try:
        result = rehearsals.result_of(play)
    except Refused as refused:
        faults = [placed_words(fault) for fault in refused.faults]
        return Desk(play, None, faults, [], [], [], [], None, None)
    return Desk(
        play=play,
        result=result,
        faults=[],
        rows=list(reversed(_rows(play, result))),
        asked=asked_of(play, result),
        interest=[(period_word(one.period.name), one) for one in result.interest],
        coming=_coming(play, result),
        meter=_meter(play, result),
        chart=_chart(play, result),
    )


def asked_of(play: Play, result: Result) -> list[Asked]:
    """The instalments with their states; what a copied deal disputes stops for its part."""
    stopped = _disputed(play)
    return [_asked(one, stopped, play.today) for one in result.instalments if one.amount]


def _asked(found: Instalment, stopped: Counter[str], today: date) -> Asked:
    name = found.period.name
    disputed = min(stopped[name], found.outstanding)
    stopped[name] -= disputed
    part = parts_of(Due(found.amount, found.paid, disputed, found.due), on=today)[0]
    amounts = (found.amount, found.paid, found.outstanding)
    return Asked(period_word(name), name, found.due, *amounts, part.state)


def _disputed(play: Play) -> Counter[str]:
    """What is disputed today, by period."""
    found: Counter[str] = Counter()
    today = play.today.isoformat()
    for event in play.lists.get("events", []):
        if event["type"] == "dispute" and event["date"] <= today <= event.get("to", today):
            found[event["period"]] += parse_amount(event["amount"], play.currency)
    return found


def statement_of(result: Result, period: Period) -> Statement | None:
    """The statement of a period, None where there is none."""
    return next((one for one in result.statements if one.period == period), None)


def cap_of(play: Play) -> int | None:
    """The lifetime cap of the rehearsed terms in minor units."""
    caps = play.agreed.caps
    return caps.limits.get("lifetime") if caps else None


def _rows(play: Play, result: Result) -> list[Row]:
    named = {one["period"] for one in play.lists.get("reports", [])}
    named |= {one.period for one in play.waiting}
    periods = {play.period_named(name) for name in named} | set(
        open_periods(play, until=play.today)
    )
    billed = {one.period for one in result.statements}
    return [_row(play, result, one) for one in sorted({*filter(None, periods), *billed})]


def _row(play: Play, result: Result, period: Period) -> Row:
    waiting, counted = play.waiting_for(period.name), play.revision_of(period.name)
    payloads = waiting.lines if waiting else counted["lines"] if counted else None
    due = report_due(play.agreed, period)
    state = ReportState.ACCEPTED if counted else "overdue_report" if play.today > due else "due"
    return Row(
        period=period,
        title=period_word(period.name),
        due_date=due,
        state=waiting.state if waiting else state,
        gross=None if payloads is None else gross_of(lines_of(payloads, home=play.currency)),
        statement=statement_of(result, period),
        has_report=counted is not None or waiting is not None,
        is_closed=period.end <= play.today and period.start <= play.last_day,
    )


def _coming(play: Play, result: Result) -> list[Said]:
    """The next days of the calendar, so far as they can be known today."""
    last = rehearsals.last_day_of(play)
    until = min(last, add_months(play.today.replace(day=1), AHEAD))
    return said(happenings(play, result, until=until)[:COMING])


def _meter(play: Play, result: Result) -> CapMeter | None:
    left = result.statements[-1].cap_left if result.statements else cap_of(play)
    return meter(cap_of(play), left, 0)


def _chart(play: Play, result: Result) -> Mapping[str, charts.QuarterChart] | None:
    """What each quarter of the contract came to; None for other periods, or too early to say."""
    if play.agreed.calendar.kind != "quarter" or len(result.statements) < 2:
        return None
    payable = {one.period.start: one.payable for one in result.statements}
    first, last = min(payable), max(payable)
    months = range(0, (last.year - first.year) * 12 + last.month - first.month + 1, 3)
    payments = [payable.get(add_months(first, count), 0) for count in months]
    if len(payments) > QUARTERS_OF_A_CHART:
        return None
    cap = cap_of(play)
    return {
        "wide": charts.quarter_chart(payments, cap=cap, width=WIDE),
        "phone": charts.quarter_chart(payments, cap=cap, width=PHONE),
    }


def missed_day(desk: Desk) -> date | None:
    """The day on which an open instalment is thirty days late; None when none is open."""
    days = [one.due_date + LATE for one in desk.asked if one.outstanding]
    return min((day for day in days if day > desk.play.today), default=None)
