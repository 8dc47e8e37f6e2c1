"""The steps from reported sales to net sales: tax and deductions, each with what it comes from."""

import re
from collections.abc import Iterator
from fractions import Fraction

from deals.rules.money import RATIO_SCALE, exponent_of, format_ratio, format_scaled
from deals.rules.sales import Portion
from deals.rules.stages import FREE
from deals.rules.statement.result import Line
from deals.rules.statement.writer import Place, Writer, place, whole

GROSS = place("S1", "gross", "streams.basis")
VAT = place("S1", "vat", "streams.basis")
REFUSED = place("S3", "deduction.refused", "streams.deductions")
NET = place("S3", "net", "streams.deductions")
FREE_USE = place("S2", "trial.free", "stages.trial")
_WORD = re.compile(r"[a-z][a-z_]*", re.ASCII)


def sales_lines(writer: Writer, portion: Portion) -> Iterator[Line]:
    """Yield the lines from the gross of a portion to its net."""
    stream, version, money = portion.stream, portion.terms.version, writer.money
    line = f"{stream.key}/{version}/{portion.stage}"
    inputs = {"line": line, "stream": stream.key, "use": portion.stage}
    if portion.units:
        inputs["units"] = writer.quantity(portion.units, stream)
    if portion.foreign:
        inputs["converted"] = _conversions(portion)
    yield writer.step(GROSS, whole(portion.gross), version, "sum of lines", inputs)
    for rate, amount in sorted(portion.vat.items()):
        if amount:
            inputs = {
                "line": f"{line}/{rate}", "stream": stream.key,
                "gross": money(portion.sold.get(rate, 0)), "rate": format_ratio(rate),
            }  # fmt: skip
            yield writer.step(VAT, whole(amount), version, "gross * rate / (1 + rate)", inputs)
    yield from _deduction_lines(writer, portion, line)
    inputs = {
        "line": line, "stream": stream.key, "gross": money(portion.gross),
        "vat": money(portion.tax), "deductions": money(portion.deducted),
    }  # fmt: skip
    yield writer.step(NET, whole(portion.net), version, "gross - vat - deductions", inputs)
    if portion.stage == FREE:
        inputs = {"line": line, "stream": stream.key, "net": money(portion.net)}
        yield writer.step(FREE_USE, 0, version, "free use", inputs)


def _conversions(portion: Portion) -> str:
    """Show each foreign sum and its rate in major units, such as `226.00 USD * 7.1`."""
    shown = []
    for currency, reported, rate in portion.foreign:
        decimals = exponent_of(currency)
        shift = Fraction(10) ** (decimals - exponent_of(portion.terms.currency))
        ratio = format_ratio(int(rate * shift * RATIO_SCALE))
        shown.append(f"{format_scaled(whole(reported), decimals)} {currency} * {ratio}")
    return " + ".join(shown)


def _deduction_lines(writer: Writer, portion: Portion, line: str) -> Iterator[Line]:
    stream, version = portion.stream, portion.terms.version
    for kind, claimed in sorted(portion.claimed.items()):
        allowed = portion.allowed.get(kind, 0)
        listed = stream.deductions.get(kind)
        own = {"line": f"{line}/{ascii(kind)[1:-1]}", "stream": stream.key, "type": kind}
        if listed is not None:
            inputs = {**own, "claimed": writer.money(claimed)}
            if listed.cap is not None:
                inputs["cap_of_gross"] = format_ratio(listed.cap)
            if stream.deduction_cap is not None:
                inputs["all_cap_of_gross"] = format_ratio(stream.deduction_cap)
            inputs |= _ceiling_inputs(writer, portion, kind)
            where = _place_of(kind)
            yield writer.step(where, whole(allowed), version, "min(claimed, caps)", inputs)
        if claimed != allowed:
            formula = "not listed" if listed is None else "claimed - allowed"
            own |= {"claimed": writer.money(claimed), "allowed": writer.money(allowed)}
            yield writer.step(REFUSED, whole(claimed - allowed), version, formula, own)


def _place_of(kind: str) -> Place:
    named = kind if _WORD.fullmatch(kind) else "other"
    return place("S3", f"deduction.{named}", "streams.deductions")


def _ceiling_inputs(writer: Writer, portion: Portion, kind: str) -> dict[str, str]:
    """What a reader needs to recompute a deduction that a ceiling cut; nothing for another one."""
    found, stream = portion.ceilings, portion.stream
    claimed, cap, most = found.claimed[kind], stream.deductions[kind].cap, stream.deduction_cap
    own = cap is not None and claimed * RATIO_SCALE > found.room * cap
    together = most is not None and found.whole * RATIO_SCALE > found.room * most
    if not own and not together:
        return {}
    inputs = {"room": writer.money(found.room), "claimed_in_all": writer.money(claimed)}
    if own and cap is not None:
        inputs["ceiling"] = writer.money(Fraction(found.room * cap) / RATIO_SCALE)
    if together:
        inputs["all_types"] = writer.money(found.whole)
    return inputs
