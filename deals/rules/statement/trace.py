"""The steps of one statement in words a page can show and a stranger can recompute (S17)."""

from collections.abc import Iterator
from fractions import Fraction

from deals.rules.money import HALF_UP, RATIO_SCALE, Exact, format_ratio
from deals.rules.royalty import Earned, Step, row_index, row_values
from deals.rules.statement.figures import Figures
from deals.rules.statement.result import Line
from deals.rules.statement.sales_lines import sales_lines
from deals.rules.statement.writer import Writer, writer_of


def figure_lines(figures: Figures, currency: str) -> Iterator[Line]:
    """Yield the lines of a statement's own figures, from gross to what is accrued."""
    writer = writer_of(currency)
    for portion in figures.portions:
        if portion.gross or portion.units or portion.claimed:
            yield from sales_lines(writer, portion)
    for earned in figures.earned.values():
        yield from _royalty_lines(writer, earned)
    for key, claim in figures.claims.items():
        version = claim.steps[-1].portion.terms.version
        place = ("S2", "claim", "stages.trial.unconverted_use")
        yield writer.line(place, claim.earned, version, "unposted", line=key, stream=key)
    yield from _stacking_lines(writer, figures)
    yield from _once_lines(writer, figures)
    yield from _minimum_lines(writer, figures)
    yield from _cap_lines(writer, figures)
    accrued = figures.capped.accrued
    parts: dict[str, int] = {}
    for (code, _), amount in figures.parts().items():
        parts[code] = parts.get(code, 0) + amount
    shown = {code.replace(".", "_"): writer.money(amount) for code, amount in parts.items()}
    formula = "sum of parts"
    yield writer.line(("S9", "accrued", ""), accrued, figures.terms.version, formula, **shown)


def _royalty_lines(writer: Writer, earned: Earned) -> Iterator[Line]:
    for index, step in enumerate(earned.steps):
        portion = step.portion
        show = writer.quantities(portion.stream)
        stream, version = portion.stream, portion.terms.version
        own = {"line": f"{stream.key}/{version}/{index}", "stream": stream.key}
        if stream.counts_units:
            own["per"] = "unit"
        if step.allowance:
            place = ("S3", "allowance", "streams.free_allowance")
            granted = stream.allowance.amount if stream.allowance else 0
            yield writer.line(
                place, 0 if stream.counts_units else HALF_UP.of(step.allowance), version,
                "min(quantity, allowance left)", **own,
                taken=show(step.allowance), quantity=show(portion.quantity),
                allowance=show(granted), used=show(step.allowance_before),
            )  # fmt: skip
        place = ("S4", "base", "streams.tiers")
        yield writer.line(
            place, 0 if stream.counts_units else HALF_UP.of(step.base), version,
            "(quantity - allowance) * combination", **own,
            quantity=show(portion.quantity), allowance=show(step.allowance),
            combined=show(portion.combined), base=show(step.base),
            opening=show(step.opening) if step.opening < 0 else None,
        )  # fmt: skip
        if stream.tiers.mode == "whole":
            yield _whole_line(writer, step, own)
        else:
            yield from _marginal_lines(writer, step, own)
    last = earned.steps[-1] if earned.steps else None
    if last is not None:
        key, rounding = last.portion.stream.key, last.portion.terms.rounding
        place = ("S6", "earned", "streams.tiers")
        yield writer.line(
            place, earned.earned, last.portion.terms.version, "cumulative - earned before",
            line=key, stream=key, cumulative=writer.money(last.earned_after),
            before=writer.money(last.earned_after - earned.earned),
            rounding=f"{rounding.mode}/{rounding.unit}",
        )  # fmt: skip


def _whole_line(writer: Writer, step: Step, own: dict[str, str]) -> Line:
    portion = step.portion
    index = row_index(portion.stream.tiers, max(0, step.closing))
    row = portion.stream.tiers.rows[index]
    place = ("S5", "earned.tier", "streams.tiers")
    scale = portion.stream.tiers.scale
    flat = step.value_after - row.rate * step.charged
    return writer.line(
        place, step.earned_after - step.earned_before, portion.terms.version,
        "charged * rate of the row reached + flat + kept - earned before",
        **{**own, "line": f"{own['line']}/whole"}, row=index + 1,
        to=writer.quantity(step.closing, portion.stream),
        charged=writer.quantity(step.charged, portion.stream),
        rate=writer.price(row.rate, portion.stream),
        flat=writer.money(Fraction(flat) / scale) if flat else None,
        kept=writer.money(Fraction(step.kept) / scale) if step.kept else None,
        before=writer.money(step.earned_before),
    )  # fmt: skip


def _marginal_lines(writer: Writer, step: Step, own: dict[str, str]) -> Iterator[Line]:
    portion = step.portion
    stream, tiers = portion.stream, portion.stream.tiers
    show = writer.quantities(stream)
    after = row_values(tiers, max(0, step.closing), step.passed)
    before = row_values(tiers, max(0, step.opening), step.passed)
    if not step.value_before:
        before = [0] * len(after)
    running, rounded, lower = step.exact_before, step.earned_before, 0
    for index, row in enumerate(tiers.rows):
        change = (after[index] - before[index]) * step.factor
        start, end = (_clamp(point, lower, row.upper) for point in (step.opening, step.closing))
        if change or start != end:
            running += change
            amount = portion.terms.rounding.of(running, tiers.scale) - rounded
            rounded += amount
            flat = change - (end - start) * row.rate * step.factor
            place = ("S5", "earned.tier", "streams.tiers")
            yield writer.line(
                place, amount, portion.terms.version, "(to - from) * rate * factor + flat",
                **{**own, "line": f"{own['line']}/{index}"}, row=index + 1,
                to=show(end), start=show(start),
                rate=writer.price(row.rate, stream), taxable=show(end - start),
                factor=_ratio(step.factor) if step.factor != 1 else None,
                flat=writer.money(Fraction(flat) / tiers.scale) if flat else None,
            )  # fmt: skip
        lower = row.upper or lower
    if rounded != step.earned_after:
        place = ("S6", "earned.rounding", "rounding")
        yield writer.line(
            place, step.earned_after - rounded, portion.terms.version, "rounding", **own
        )


def _clamp(point: Exact, lower: int, upper: int | None) -> Exact:
    point = max(point, lower)
    return point if upper is None else min(point, upper)


def _ratio(value: Exact) -> str:
    if isinstance(value, int):
        return str(value)
    if RATIO_SCALE % value.denominator == 0:
        return format_ratio(int(value * RATIO_SCALE))
    return f"{value.numerator}/{value.denominator}"


def _stacking_lines(writer: Writer, figures: Figures) -> Iterator[Line]:
    for key, found in figures.stacking.items():
        place = ("S6", "stacking", "streams.stacking")
        formula = "min(paid * share + brought, most of earned, earned - floor), rounded down"
        yield writer.line(
            place, found.amount, figures.terms.version, formula, line=key, stream=key,
            paid=writer.money(found.paid), share=format_ratio(found.terms.offset_share),
            brought=writer.money(found.brought), earned=writer.money(found.earned),
            most=format_ratio(found.terms.max_reduction),
            floor=format_ratio(found.terms.floor_share), carried=writer.money(found.carried),
        )  # fmt: skip


def _once_lines(writer: Writer, figures: Figures) -> Iterator[Line]:
    version = figures.terms.version
    for due in sorted(figures.fixed, key=lambda due: (due.day, due.item.key)):
        place = ("S7", "fixed", "fixed")
        key = due.item.key
        yield writer.line(
            place, due.item.amount, version, "agreed sum", line=key, item=key, on=due.day,
            event=due.item.event, due_days=due.item.due_days,
        )  # fmt: skip
    if figures.capped.long_stop:
        place = ("S9", "fixed.long_stop", "long_stop")
        (price,) = (clip for clip in figures.capped.clips if clip.name == "lifetime")
        before = price.counted_before + price.offered - price.clipped
        yield writer.line(
            place, figures.capped.long_stop, version, "lifetime cap - accrued",
            cap=writer.money(price.cap), before=writer.money(before),
        )  # fmt: skip
    for reached in figures.milestones:
        place, key = ("S7", "milestone", "milestones"), reached.milestone.key
        threshold = reached.milestone.net
        yield writer.line(
            place, reached.milestone.amount, version, "agreed sum", line=key, item=key,
            on=reached.day, threshold=None if threshold is None else writer.money(threshold),
            cumulative_net=None if reached.net is None else writer.money(reached.net),
        )  # fmt: skip


def _minimum_lines(writer: Writer, figures: Figures) -> Iterator[Line]:
    closing = figures.closing
    if closing is None:
        return
    version = closing.window.terms.version
    inputs = {
        "window": f"{closing.window.start.isoformat()}/{closing.window.end.isoformat()}",
        "agreed": writer.money(closing.agreed),
        "minimum": writer.money(closing.due),
        "days": closing.counted_days,
        "of_days": closing.all_days,
        "earned": writer.money(closing.earned),
    }
    place = ("S8", "minimum.top_up", "minimum")
    excess = max(0, closing.due - closing.earned) - closing.top_up
    yield writer.line(
        place, closing.top_up, version, "max(0, minimum - earned)", **inputs,
        excess=writer.money(excess) if excess else None,
    )  # fmt: skip
    for code, amount in (("recouped", closing.recouped), ("lapsed", closing.lapsed)):
        if amount:
            place = ("S8", f"minimum.{code}", "minimum.recoup")
            yield writer.line(
                place, amount, version, "first in, first out",
                carried=writer.money(closing.carried),
                earned=inputs["earned"], minimum=inputs["minimum"],
                open=writer.money(closing.carried + closing.recouped + closing.lapsed),
            )  # fmt: skip


def _cap_lines(writer: Writer, figures: Figures) -> Iterator[Line]:
    for clip in figures.capped.clips:
        place = ("S9", f"cap.{clip.name}", "caps")
        left = max(0, clip.cap - clip.counted_before - clip.offered + clip.clipped)
        yield writer.line(
            place, clip.clipped, figures.terms.version, "max(0, before + offered - cap)",
            cap=writer.money(clip.cap), before=writer.money(clip.counted_before),
            offered=writer.money(clip.offered), left=writer.money(left),
            over=writer.money(clip.over) if clip.over and clip.clipped == -clip.over else None,
        )  # fmt: skip
