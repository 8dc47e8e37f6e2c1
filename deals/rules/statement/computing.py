"""`compute`: the one function that says what a contract owes."""

from collections.abc import Iterator
from dataclasses import replace

from deals.rules.allocation import Sharing
from deals.rules.facts.model import Contract
from deals.rules.faults import Caution, Fault, Refused
from deals.rules.money import LIMIT, Exact, exact
from deals.rules.periods import Period
from deals.rules.statement.credits import credits_of
from deals.rules.statement.entries import Asked
from deals.rules.statement.figures import Figures
from deals.rules.statement.known import Known
from deals.rules.statement.lateness import interest
from deals.rules.statement.posted_lines import posted_lines
from deals.rules.statement.replay import Correction, Replay
from deals.rules.statement.result import Allocation, Decided, Instalment, Result, Statement, Totals
from deals.rules.statement.trace import figure_lines
from deals.rules.statement.writer import whole, writer_of


def compute(contract: Contract) -> Result:
    """Compute statements, instalments, interest and allocations of a contract as of its day.

    Pure: the same contract gives the same result, byte for byte. All amounts are minor units of
    the contract's currency. Raises `Refused` (`rate.missing`) when a rate it needs is not there.
    """
    replay = Replay(contract)
    replay.run()
    known = replay.known
    instalments = tuple(_instalments(replay))
    target = replay.target.values()
    accrued = sum(figures.capped.accrued for figures in target)
    latest = max(replay.target, default=None)
    left = replay.target[latest].capped.cap_left if latest is not None else None
    return Result(
        currency=contract.currency,
        statements=tuple(_statements(replay, known)),
        instalments=instalments,
        interest=interest(replay, known),
        allocations=tuple(_allocations(replay, known)),
        totals=Totals(
            earned=sum(figures.earned_total for figures in target),
            accrued=accrued,
            payable=sum(found.amount for found in instalments),
            paid=sum(found.paid for found in instalments),
            credit_balance=replay.book.credit_balance,
        ),
        warnings=(*contract.cautions, *_cautions(replay, known)),
        is_settled=left == 0,
        credits=credits_of(replay.book),
        decided=_decided(replay, known),
    )


def _instalments(replay: Replay) -> Iterator[Instalment]:
    for asked in replay.book.instalments():
        posted_on = min(posting.day for posting, _ in asked.posted)
        yield Instalment(asked.period, asked.due, asked.amount, asked.paid, posted_on)


def _decided(replay: Replay, known: Known) -> Decided:
    if not known.events:
        return Decided()
    sums = dict.fromkeys(("interest_charged", "interest_waived", "refund"), 0)
    for event in known.events:
        if event.type in sums:
            sums[event.type] += event.amount or 0
    charged, waived, refunded = sums.values()
    return Decided(charged, replay.book.interest_open, waived, refunded)


def _statements(replay: Replay, known: Known) -> Iterator[Statement]:
    asked: dict[Period, list[Asked]] = {}
    for one in replay.book.instalments():
        asked.setdefault(one.period, []).append(one)
    corrections: dict[Period, list[Correction]] = {}
    for found in replay.corrections:
        corrections.setdefault(found.on, []).append(found)
    for period in sorted({*known.periods, *replay.opened, *replay.book.tallies}):
        figures = replay.statements.get(period)
        if figures is None or period not in replay.target:
            figures = _nothing_of_its_own(replay, known, period)
        yield _statement(replay, figures, (corrections.get(period, []), asked.get(period, [])))


def _nothing_of_its_own(replay: Replay, known: Known, period: Period) -> Figures:
    """Return the figures of a statement that only corrects: what stood before it still stands."""
    figures = Figures(period, known.in_force(period))
    earlier = [replay.target[found] for found in replay.target if found < period]
    if earlier:
        figures.carried = max(earlier, key=lambda found: found.period).carried
    caps = figures.terms.caps
    cap = caps.limits.get("lifetime") if caps else None
    if cap is not None:
        through = sum(found.capped.counted + found.capped.long_stop for found in earlier)
        figures.capped = replace(figures.capped, cap_left=max(0, cap - through))
    return figures


def _statement(
    replay: Replay, figures: Figures, gathered: tuple[list[Correction], list[Asked]]
) -> Statement:
    period, closing, portions = figures.period, figures.closing, figures.portions
    net, base, earned = figures.net, exact(figures.base), figures.earned_total
    _check_size(period, (figures.capped.accrued, earned, net))
    tally = replay.book.tally(period)
    writer = writer_of(replay.contract.currency)
    corrections, asked = gathered
    more = posted_lines(writer, figures.terms, (corrections, tally, asked))
    return Statement(
        period=period,
        final_on=replay.final_on.get(period),
        gross=whole(sum([portion.gross for portion in portions])),
        vat=whole(sum([portion.tax for portion in portions])),
        deductions=whole(sum([portion.deducted for portion in portions])),
        net=whole(net),
        base=whole(base),
        exact_base=base,
        earned=earned,
        stacking=figures.stacking_total,
        fixed=figures.fixed_total,
        milestones=figures.milestone_total,
        minimum_top_up=closing.top_up if closing else 0,
        recouped=closing.recouped if closing else 0,
        clipped=figures.capped.clipped,
        accrued=figures.capped.accrued,
        credits=tally.credits,
        payable=tally.payable,
        corrections=tally.corrections,
        shortfall_carried=figures.carried,
        shortfall_lapsed=closing.lapsed if closing else 0,
        cap_left=figures.capped.cap_left,
        lines=(*figure_lines(writer, figures), *more),
    )


def _check_size(period: Period, amounts: tuple[Exact, ...]) -> None:
    """Refuse sums that no record could hold."""
    if min(amounts) < -LIMIT or max(amounts) > LIMIT:
        message = "the sums of this period are larger than the house can hold"
        raise Refused((Fault("amount.too_large", f"reports.{period.name}", message),))


def _allocations(replay: Replay, known: Known) -> Iterator[Allocation]:
    sharing = Sharing(known.in_force_on, replay.contract.policies, known.costs_by)
    for shared in sharing.all(replay.book.received):
        principal = shared.principal
        yield Allocation(
            principal.reference, principal.day, shared.owners, shared.waterfalls, shared.steps
        )


def _cautions(replay: Replay, known: Known) -> Iterator[Caution]:
    yield from _invoice_cautions(known)
    yield from _use_cautions(replay, known)
    yield from _calendar_cautions(replay)


def _invoice_cautions(known: Known) -> Iterator[Caution]:
    seen: set[str] = set()
    for period in known.periods:
        report = known.reports[period]
        for index, line in enumerate(report.lines):
            if line.invoice and line.invoice in seen:
                where = f"reports.{period.name}.{report.revision}.lines[{index}].invoice"
                yield Caution("invoice.duplicate", where)
            seen.add(line.invoice)


def _use_cautions(replay: Replay, known: Known) -> Iterator[Caution]:
    """Flag sales after the free stage that were made without a conversion."""
    if all(stage.is_converted_throughout for stage in replay.stages.values()):
        return
    for period in known.periods:
        for index, line in enumerate(known.reports[period].lines):
            terms = known.governing(line.sale_date)
            stage = replay.stages[terms.version]
            if line.sale_date > stage.last_free and not stage.is_converted(line.sale_date):
                yield Caution("use.unconverted", f"reports.{period.name}.lines[{index}]")


def _calendar_cautions(replay: Replay) -> Iterator[Caution]:
    if replay.contract.terms[-1].calendar.roll == "none":
        return
    due_years = {due.year for _, due in replay.book.asked}
    for year in sorted(due_years - replay.contract.workdays.years):
        yield Caution("calendar.unpublished", str(year))
