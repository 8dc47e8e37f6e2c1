"""The steps of one statement in words a page can show and a stranger can recompute (S17)."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import repeat

from deals.rules.money import RATIO_SCALE, Exact, format_ratio
from deals.rules.royalty import Earned, Step, row_index, row_values
from deals.rules.statement.figures import Figures
from deals.rules.statement.result import Line
from deals.rules.statement.sales_lines import sales_lines
from deals.rules.statement.writer import Writer, place, whole
from deals.rules.terms.model import Row

ALLOWANCE = place("S3", "allowance", "streams.free_allowance")
BASE = place("S4", "base", "streams.tiers")
TIER = place("S5", "earned.tier", "streams.tiers")
ROUNDING = place("S6", "earned.rounding", "rounding")
EARNED = place("S6", "earned", "streams.tiers")
ACCRUED = place("S9", "accrued")


def figure_lines(writer: Writer, figures: Figures) -> Iterator[Line]:
    """Yield the lines of a statement's own figures, from gross to what is accrued."""
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
    yield writer.step(ACCRUED, accrued, figures.terms.version, "sum of parts", shown)


def _royalty_lines(writer: Writer, earned: Earned) -> Iterator[Line]:
    for index, step in enumerate(earned.steps):
        stream = step.portion.stream
        own = {
            "line": f"{stream.key}/{step.portion.terms.version}/{index}", "stream": stream.key,
        }  # fmt: skip
        if stream.counts_units:
            own["per"] = "unit"
        if step.allowance:
            yield _allowance_line(writer, step, own)
        yield _base_line(writer, step, own)
        if stream.tiers.mode == "whole":
            yield _whole_line(writer, step, own)
        else:
            yield from _marginal_lines(writer, step, own)
    if earned.steps:
        yield _earned_line(writer, earned)


def _allowance_line(writer: Writer, step: Step, own: dict[str, str]) -> Line:
    portion, stream = step.portion, step.portion.stream
    show = writer.quantities(stream)
    inputs = {
        **own, "taken": show(step.allowance), "quantity": show(portion.quantity),
        "allowance": show(stream.allowance.amount if stream.allowance else 0),
        "used": show(step.allowance_before),
    }  # fmt: skip
    amount = 0 if stream.counts_units else whole(step.allowance)
    formula = "min(quantity, allowance left)"
    return writer.step(ALLOWANCE, amount, portion.terms.version, formula, inputs)


def _base_line(writer: Writer, step: Step, own: dict[str, str]) -> Line:
    portion, stream = step.portion, step.portion.stream
    show = writer.quantities(stream)
    inputs = {
        **own, "quantity": show(portion.quantity), "allowance": show(step.allowance),
        "combined": show(portion.combined), "base": show(step.base),
    }  # fmt: skip
    if step.opening < 0:
        inputs["opening"] = show(step.opening)
    amount = 0 if stream.counts_units else whole(step.base)
    formula = "(quantity - allowance) * combination"
    return writer.step(BASE, amount, portion.terms.version, formula, inputs)


def _earned_line(writer: Writer, earned: Earned) -> Line:
    last = earned.steps[-1]
    terms, key = last.portion.terms, last.portion.stream.key
    inputs = {
        "line": key, "stream": key, "cumulative": writer.money(last.earned_after),
        "before": writer.money(last.earned_after - earned.earned),
        "rounding": f"{terms.rounding.mode}/{terms.rounding.unit}",
    }  # fmt: skip
    return writer.step(EARNED, earned.earned, terms.version, "cumulative - earned before", inputs)


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
    terms, tiers = step.portion.terms, step.portion.stream.tiers
    after = row_values(tiers, max(0, step.closing), step.passed)
    before: Iterable[Exact] = repeat(0)
    if step.value_before:
        before = row_values(tiers, max(0, step.opening), step.passed)
    running, rounded, lower = step.exact_before, step.earned_before, 0
    for index, (row, value, passed) in enumerate(zip(tiers.rows, after, before, strict=False)):
        change = (value - passed) * step.factor
        start, end = _clamp(step.opening, lower, row.upper), _clamp(step.closing, lower, row.upper)
        if change or start != end:
            running += change
            amount = terms.rounding.of(running, tiers.scale) - rounded
            rounded += amount
            inputs = {**own, "line": f"{own['line']}/{index}", "row": str(index + 1)}
            inputs |= _row_inputs(writer, step, row, (start, end, change))
            formula = "(to - from) * rate * factor + flat"
            yield writer.step(TIER, amount, terms.version, formula, inputs)
        lower = row.upper or lower
    if rounded != step.earned_after:
        amount = step.earned_after - rounded
        yield writer.step(ROUNDING, amount, terms.version, "rounding", {**own})


def _row_inputs(
    writer: Writer, step: Step, row: Row, moved: tuple[Exact, Exact, Exact]
) -> dict[str, str]:
    start, end, change = moved
    stream = step.portion.stream
    show = writer.quantities(stream)
    inputs = {
        "to": show(end), "start": show(start), "rate": writer.price(row.rate, stream),
        "taxable": show(end - start),
    }  # fmt: skip
    if step.factor != 1:
        inputs["factor"] = _ratio(step.factor)
    flat = change - (end - start) * row.rate * step.factor
    if flat:
        inputs["flat"] = writer.money(Fraction(flat) / stream.tiers.scale)
    return inputs


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
    money = writer.money
    for clip in figures.capped.clips:
        left = max(0, clip.cap - clip.counted_before - clip.offered + clip.clipped)
        inputs = {
            "cap": money(clip.cap), "before": money(clip.counted_before),
            "offered": money(clip.offered), "left": money(left),
        }  # fmt: skip
        if clip.over and clip.clipped == -clip.over:
            inputs["over"] = money(clip.over)
        where, formula = place("S9", f"cap.{clip.name}", "caps"), "max(0, before + offered - cap)"
        yield writer.step(where, clip.clipped, figures.terms.version, formula, inputs)
