"""The steps from reported sales to net sales: tax and deductions, each with what it comes from."""

import re
from collections.abc import Iterator
from fractions import Fraction

from deals.rules.money import HALF_UP, RATIO_SCALE, format_ratio
from deals.rules.sales import Portion
from deals.rules.stages import FREE
from deals.rules.statement.result import Line
from deals.rules.statement.writer import Writer

_WORD = re.compile(r"[a-z][a-z_]*", re.ASCII)


def sales_lines(writer: Writer, portion: Portion) -> Iterator[Line]:
    """Yield the lines from the gross of a portion to its net."""
    stream, version = portion.stream, portion.terms.version
    own = {"line": f"{stream.key}/{version}/{portion.stage}", "stream": stream.key}
    gross = HALF_UP.of(portion.gross)
    place = ("S1", "gross", "streams.basis")
    units = writer.quantity(portion.units, stream) if portion.units else None
    yield writer.line(place, gross, version, "sum of lines", **own, use=portion.stage, units=units)
    for rate, amount in sorted(portion.vat.items()):
        if amount:
            more = {"line": f"{own['line']}/{rate}", "stream": stream.key}
            place = ("S1", "vat", "streams.basis")
            formula = "gross * rate / (1 + rate)"
            yield writer.line(
                place, HALF_UP.of(amount), version, formula, **more,
                gross=writer.money(portion.sold.get(rate, 0)), rate=format_ratio(rate),
            )  # fmt: skip
    yield from _deduction_lines(writer, portion, own)
    formula = "gross - vat - deductions"
    place = ("S3", "net", "streams.deductions")
    yield writer.line(
        place, HALF_UP.of(portion.net), version, formula, **own, gross=writer.money(portion.gross),
        vat=writer.money(portion.tax), deductions=writer.money(portion.deducted),
    )  # fmt: skip
    if portion.stage == FREE:
        place = ("S2", "trial.free", "stages.trial")
        yield writer.line(place, 0, version, "free use", **own, net=writer.money(portion.net))


def _deduction_lines(writer: Writer, portion: Portion, own: dict[str, str]) -> Iterator[Line]:
    stream, version = portion.stream, portion.terms.version
    for kind, claimed in sorted(portion.claimed.items()):
        allowed = portion.allowed.get(kind, 0)
        named = kind if _WORD.fullmatch(kind) else "other"
        listed = kind in stream.deductions
        inputs = {**own, "line": f"{own['line']}/{ascii(kind)[1:-1]}", "type": kind}
        if listed:
            cap = stream.deductions[kind].cap
            place = ("S3", f"deduction.{named}", "streams.deductions")
            yield writer.line(
                place, HALF_UP.of(allowed), version, "min(claimed, caps)", **inputs,
                claimed=writer.money(claimed),
                cap_of_gross=None if cap is None else format_ratio(cap),
                all_cap_of_gross=None
                if stream.deduction_cap is None
                else format_ratio(stream.deduction_cap),
                **_ceiling_inputs(writer, portion, kind),
            )  # fmt: skip
        if claimed != allowed:
            place = ("S3", "deduction.refused", "streams.deductions")
            formula = "claimed - allowed" if listed else "not listed"
            yield writer.line(
                place, HALF_UP.of(claimed - allowed), version, formula, **inputs,
                claimed=writer.money(claimed), allowed=writer.money(allowed),
            )  # fmt: skip


def _ceiling_inputs(writer: Writer, portion: Portion, kind: str) -> dict[str, str]:
    """What a reader needs to recompute a deduction that a ceiling cut; nothing for another one."""
    found, stream = portion.ceilings, portion.stream
    claimed, cap, most = found.claimed[kind], stream.deductions[kind].cap, stream.deduction_cap
    inputs = {"room": writer.money(found.room), "claimed_in_all": writer.money(claimed)}
    own = cap is not None and claimed * RATIO_SCALE > found.room * cap
    together = most is not None and found.whole * RATIO_SCALE > found.room * most
    if own and cap is not None:
        inputs["ceiling"] = writer.money(Fraction(found.room * cap) / RATIO_SCALE)
    if together:
        inputs["all_types"] = writer.money(found.whole)
    return inputs if own or together else {}
