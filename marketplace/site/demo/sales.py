"""What the demo's companies sold: most earn little, a few much. All of it invented."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from deals.models import Report, ReportLine
from deals.rules.periods import Period, PeriodPlan
from deals.rules.states import ReportState
from marketplace.accounts.models import User
from marketplace.site.demo.stories import Story, noon

THOUSAND = 100_000  # one thousand yuan in fen
# First-quarter gross sales in thousands of yuan, and how often a company is of that size.
SIZES = (
    ((0, 40), 25),
    ((40, 700), 40),
    ((700, 2_500), 24),
    ((2_500, 9_000), 9),
    ((9_000, 26_000), 2),
)
RESTATED = 0.05
LATE = 0.06


@dataclass(frozen=True)
class Filed:
    """A report with its lines, and the day of its acceptance if it was accepted."""

    report: Report
    lines: list[ReportLine]
    accepted_date: date | None


@dataclass(frozen=True)
class Hands:
    """Who reports and who answers."""

    company: User
    university: User


@dataclass(frozen=True)
class Desk:
    """A company's reporting desk for one deal: all that its reports are drawn from."""

    story: Story
    hands: Hands
    today: date
    chance: random.Random

    def reports(self) -> Iterator[Filed]:
        """Every closed period's report, trial quarters too; the newest may still be open."""
        sizes = SIZES[2:3] if self.story.life.is_home else SIZES
        low, high = self.chance.choices([size for size, _ in sizes], [often for _, often in sizes])[
            0
        ]
        level = self.chance.randint(low, max(low + 1, high)) * THOUSAND
        growth = self.chance.uniform(0.92, 1.2)
        converted = self.story.life.converted_date
        periods = list(_closed(self.story, self.today))
        for period in periods:
            is_paying = converted is not None and period.end > converted
            gross = int(level * self.chance.uniform(0.8, 1.15)) if is_paying else 0
            level = int(level * growth) if is_paying else level
            yield from self._filed(period, gross, is_newest=period is periods[-1])

    def _filed(self, period: Period, gross: int, *, is_newest: bool) -> Iterator[Filed]:
        fate = self.chance.random()
        if is_newest and self.story.life.is_home and gross:
            fate = (LATE / 2, 2 * LATE, 1, 1)[self.story.deal.pk % 4]
        if is_newest and fate < LATE:
            return
        lines = _lines(self.story, period, gross, self.chance)
        report = self._report(period, 1)
        if is_newest and fate < 3 * LATE:
            report.state = ReportState.SUBMITTED
            yield Filed(report, lines, None)
            return
        accepted = self._accept(report, period.end + timedelta(days=self.chance.randint(4, 19)))
        if not is_newest and gross and fate < RESTATED:
            report.state = ReportState.SUPERSEDED
            yield self._restated(period, lines)
        yield Filed(report, lines, accepted)

    def _restated(self, period: Period, lines: list[ReportLine]) -> Filed:
        report = self._report(period, 2)
        report.reason = "补登期后退货"
        accepted = self._accept(report, period.end + timedelta(days=self.chance.randint(40, 80)))
        return Filed(report, _with_returns(lines), accepted)

    def _report(self, period: Period, revision: int) -> Report:
        submitted = noon(period.end + timedelta(days=2))
        return Report(
            deal=self.story.deal,
            period=period.name,
            starts_date=period.start,
            ends_date=period.end,
            revision=revision,
            created_by=self.hands.company,
            saved_at=submitted,
            submitted_by=self.hands.company,
            submitted_at=submitted,
        )

    def _accept(self, report: Report, day: date) -> date:
        report.state = ReportState.ACCEPTED
        report.decided_by = self.hands.university
        report.accepted_date = min(day, self.today)
        return report.accepted_date


def _closed(story: Story, today: date) -> Iterator[Period]:
    plan = PeriodPlan("quarter", "calendar", story.life.trial_from)
    last = min(today, story.life.trial_to) if story.life.converted_date is None else today
    period = plan.first()
    while period.end <= last:
        yield period
        period = plan.after(period)


def _lines(story: Story, period: Period, gross: int, chance: random.Random) -> list[ReportLine]:
    """One line a month, sold from the conversion on; nothing sold is no line."""
    converted = story.life.converted_date
    if not gross or converted is None:
        return []
    days = [max(period.start, converted) + timedelta(days=n) for n in (5, 35, 65)]
    return [
        ReportLine(
            sale_date=min(day, period.last),
            stream="product",
            product="标准型",
            gross_minor=gross // 3,
            vat_rate=Decimal("0.13"),
            deductions={"returns": gross // chance.randint(60, 400)},
            invoice=f"{story.deal.pk}-{period.name}-{number}",
        )
        for number, day in enumerate(days, start=1)
    ]


def _with_returns(lines: list[ReportLine]) -> list[ReportLine]:
    """The same lines with more returned of the first."""
    copies = [
        ReportLine(
            sale_date=line.sale_date,
            stream=line.stream,
            product=line.product,
            gross_minor=line.gross_minor,
            vat_rate=line.vat_rate,
            deductions=dict(line.deductions),
            invoice=line.invoice,
        )
        for line in lines
    ]
    copies[0].deductions["returns"] += lines[0].gross_minor // 20
    return copies
