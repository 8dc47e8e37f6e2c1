"""Facts, reports, receipts and the statements computed from them by the product's own service."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from deals.models import Fact, Receipt, Report, ReportLine
from deals.rules import facts, statement
from deals.rules.money import format_amount
from deals.rules.states import DealState
from deals.services import calendar, dossiers, previews, statements
from marketplace.accounts.models import User
from marketplace.base import audit
from marketplace.base.models import AuditEntry
from marketplace.site.demo.organisations import World
from marketplace.site.demo.sales import Desk, Filed, Hands
from marketplace.site.demo.stories import Story, noon

UNPAID = 0.07
LATE = timedelta(days=9)
GRACE = timedelta(days=10)
CHUNK = 20


@dataclass(frozen=True)
class Known:
    """Something that becomes a fact on a day, with the history entry that goes with it, if any."""

    day: date
    kind: str
    payload: dict[str, object]
    verb: str
    by: User
    receipt: Receipt | None = None


def make_money(world: World, stories: list[Story]) -> Iterator[float]:
    """Report, compute and pay; yields the share that is done."""
    signed = [story for story in stories if story.life.is_signed]
    filed: list[Filed] = []
    receipts: list[Receipt] = []
    watched: list[tuple[Story, list[Known]]] = []
    tables = calendar.tables(first_year=world.at.year - 4, last_year=world.at.year + 1)
    for story in signed:
        hands = _hands(world, story)
        mine = list(Desk(story, hands, world.at.date(), world.chance).reports())
        filed += mine
        known = _conversion(story, hands) + _final_days(mine, hands) + _accepted(mine, hands)
        paid = _paid(world, story, known, tables)
        course = sorted(known + paid, key=lambda item: item.day)
        if story.life.is_home:
            watched.append((story, course))
            continue
        receipts += [item.receipt for item in paid if item.receipt]
        for item in course:
            story.know(item.kind, item.payload, on=item.day)
            if item.verb:
                story.note(item.verb, on=item.day, by=item.by)
    Report.objects.bulk_create([item.report for item in filed], 1_000)
    _write_lines(filed)
    Receipt.objects.bulk_create(receipts, 1_000)
    Fact.objects.bulk_create([fact for story in signed for fact in story.facts], 1_000)
    AuditEntry.objects.bulk_create([entry for story in stories for entry in story.history], 1_000)
    for story, course in watched:
        _live_through(story, course)
    paying = [story for story in signed if story.life.state is DealState.PAYING]
    for number, story in enumerate(paying):
        statements.compute_deal(story.deal.pk, at=world.at)
        if number % CHUNK == 0:
            yield number / len(paying)


def _live_through(story: Story, course: list[Known]) -> None:
    """Day by day, as it would have happened: a visitor looks at these deals' dates."""
    for item in course:
        at = noon(item.day)
        if item.receipt:
            item.receipt.save()
        dossiers.append_fact(
            story.deal, kind=item.kind, payload=item.payload, effective_date=item.day, at=at
        )
        if not item.verb:
            continue
        audit.record(story.deal, verb=item.verb, by=item.by, at=at)
        if story.life.state is DealState.PAYING:
            statements.compute_deal(story.deal.pk, at=at)


def _hands(world: World, story: Story) -> Hands:
    if story.life.is_home:
        return Hands(
            world.people["finance@company.example"], world.people["officer@university.example"]
        )
    return Hands(world.desks[story.deal.licensee_id], world.desks[story.deal.licensor_id])


def _conversion(story: Story, hands: Hands) -> list[Known]:
    day = story.life.converted_date
    if day is None:
        return []
    payload: dict[str, object] = {"type": "conversion", "date": day.isoformat()}
    return [Known(day, "event", payload, "convert", hands.company)]


def _final_days(filed: list[Filed], hands: Hands) -> list[Known]:
    """The last day to question each statement, settled with the first acceptance of its report."""
    found: list[Known] = []
    for item in filed:
        day = item.accepted_date
        if day is None or item.report.revision > 1:
            continue
        last = (day + GRACE).isoformat()
        payload: dict[str, object] = {
            "period": item.report.period,
            "date": last,
            "known_from": day.isoformat(),
        }
        found.append(Known(day, "finality", payload, "", hands.university))
    return found


def _accepted(filed: list[Filed], hands: Hands) -> list[Known]:
    return [
        Known(
            item.accepted_date,
            "report",
            previews.report_payload(
                item.report.period,
                item.report.revision,
                item.lines,
                accepted_date=item.accepted_date,
            ),
            "report.accepted",
            hands.university,
        )
        for item in filed
        if item.accepted_date is not None
    ]


def _write_lines(filed: list[Filed]) -> None:
    rows = []
    for item in filed:
        for ordinal, line in enumerate(item.lines, start=1):
            line.report = item.report
            line.ordinal = ordinal
            rows.append(line)
    ReportLine.objects.bulk_create(rows, 2_000)


def _paid(
    world: World, story: Story, known: list[Known], tables: dict[str, list[str]]
) -> list[Known]:
    """A transfer for each instalment that fell due, but for the few that stay unpaid."""
    if story.life.converted_date is None or story.terms is None:
        return []
    document: dict[str, object] = {name: [] for name in dossiers.LISTS.values()}
    document |= {"terms": [story.terms.document], "rates": {}, **tables}
    for item in known:
        rows = document[dossiers.LISTS[item.kind]]
        assert isinstance(rows, list)
        rows.append(item.payload)
    document["as_of"] = world.at.date().isoformat()
    result = statement.compute(facts.load(document))
    answer = []
    for number, instalment in enumerate(result.instalments, start=1):
        day = instalment.due - timedelta(days=world.chance.randint(0, 6))
        is_open = day > world.at.date() or world.chance.random() < UNPAID
        if story.life.is_home and number == 1:
            # Somebody can decide about late interest.
            day, is_open = instalment.due + LATE, instalment.due + LATE > world.at.date()
        if not is_open:
            answer.append(_transfer(world, story, number, day, instalment.amount))
    return answer


def _transfer(world: World, story: Story, number: int, day: date, minor: int) -> Known:
    reference = f"BK{story.deal.pk:06d}{number:03d}"
    officer = (
        world.people["finance@university.example"]
        if story.life.is_home
        else world.desks[story.deal.licensor_id]
    )
    receipt = Receipt(
        deal=story.deal,
        licensor_id=story.deal.licensor_id,
        reference=reference,
        amount_minor=minor,
        currency="CNY",
        received_date=day,
        recorded_by=officer,
        recorded_at=noon(day),
    )
    payload: dict[str, object] = {
        "reference": reference,
        "date": day.isoformat(),
        "amount": format_amount(minor, "CNY"),
    }
    return Known(day, "receipt", payload, "receipt.recorded", officer, receipt)
