"""Read the streams of a terms version: basis, deductions, tiers, factors, stacking."""

from deals.rules.money import (
    RATIO_DECIMALS,
    RATIO_SCALE,
    MoneyError,
    exponent_of,
    parse_scaled,
)
from deals.rules.periods import WINDOWS
from deals.rules.reading import Reader
from deals.rules.terms import model

BASES = ("gross", "net_sales", "units", "added_output_value", "profit", "sublicence_income")
_KEYS = {
    "key", "basis", "deductions", "deduction_cap_of_gross", "negative_net", "free_allowance",
    "tiers", "factors", "stacking",
}  # fmt: skip


def read(reader: Reader, currency: str) -> model.Stream:
    """Read one stream; the result counts only if no fault was added."""
    reader.only(_KEYS, ("key", "basis", "deductions", "negative_net", "tiers"))
    basis = reader.choice("basis", BASES, "net_sales")
    return model.Stream(
        key=reader.text("key"),
        basis=basis,
        deductions=_deductions(reader),
        deduction_cap=reader.optional_ratio("deduction_cap_of_gross"),
        negative=reader.choice("negative_net", ("carry_forward", "zero", "zero_per_product")),
        allowance=_allowance(reader, basis, currency),
        tiers=_tiers(reader.below("tiers"), basis, currency),
        factors=tuple(_factor(row) for row in reader.rows("factors")),
        stacking=_stacking(reader) if reader.has("stacking") else None,
    )


def _deductions(reader: Reader) -> dict[str, model.Deduction]:
    found: dict[str, model.Deduction] = {}
    for row in reader.rows("deductions"):
        row.only(("type", "cap_of_gross"), ("type",))
        deduction = model.Deduction(row.text("type"), row.optional_ratio("cap_of_gross"))
        if deduction.type in found:
            row.refuse("key.repeated", "type", "this deduction is listed twice")
        found[deduction.type] = deduction
    return found


def _quantity(reader: Reader, key: str, basis: str, currency: str) -> int:
    return reader.units(key) if basis == "units" else reader.signed_amount(key, currency)


def _allowance(reader: Reader, basis: str, currency: str) -> model.Allowance | None:
    if not reader.has("free_allowance"):
        return None
    below = reader.below("free_allowance")
    below.only(("per", "amount"), ("per", "amount"))
    amount = _quantity(below, "amount", basis, currency)
    if amount < 0:
        below.refuse("amount.negative", "amount")
    return model.Allowance(below.choice("per", ("period", "contract_year")), amount)


def _tiers(reader: Reader, basis: str, currency: str) -> model.Tiers:
    required = ("mode", "window", "rows")
    reader.only((*required, "first_tier_flat_on_zero", "above_last"), required)
    continues = reader.choice("above_last", ("use_last",)) == "use_last"
    rows = [_row(row, basis, currency) for row in reader.rows("rows")]
    if not rows:
        reader.refuse("tiers.empty", "rows", "at least one row is expected")
    _check_bounds(reader, rows, continues=continues)
    if rows:
        rows[-1] = model.Row(None, rows[-1].rate, rows[-1].flat)
    return model.Tiers(
        mode=reader.choice("mode", ("marginal", "whole")),
        window=reader.choice("window", WINDOWS),
        rows=tuple(rows),
        flat_on_zero=reader.flag("first_tier_flat_on_zero"),
        scale=model.tier_scale(counts_units=basis == "units"),
    )


def _check_bounds(reader: Reader, rows: list[model.Row], *, continues: bool) -> None:
    previous = 0
    for index, row in enumerate(rows[:-1]):
        if row.upper is None or row.upper <= previous:
            reader.refuse("tiers.order", f"rows[{index}].up_to", "bounds must rise, row by row")
            return
        previous = row.upper
    last = rows[-1].upper if rows else None
    where = f"rows[{len(rows) - 1}].up_to"
    if last is not None and not continues:
        reader.refuse("tiers.open", where, "the last row must be open, or above_last be use_last")
    if last is not None and last <= previous:
        reader.refuse("tiers.order", where, "bounds must rise, row by row")


def _row(reader: Reader, basis: str, currency: str) -> model.Row:
    counts_units = basis == "units"
    price, other = ("unit", "rate") if counts_units else ("rate", "unit")
    reader.only(("up_to", "rate", "unit", "flat"), (price,))
    if reader.has(other):
        reader.refuse("tiers.price", other, f"a {basis} stream is priced by {price}")
    return model.Row(
        upper=_quantity(reader, "up_to", basis, currency) if reader.has("up_to") else None,
        rate=_unit_price(reader, currency) if counts_units else reader.ratio("rate"),
        flat=reader.amount("flat", currency) * model.tier_scale(counts_units=counts_units),
    )


def _unit_price(reader: Reader, currency: str) -> int:
    """Return minor units per unit as an integer over 10**10."""
    if not reader.has("unit"):
        return 0
    text = reader.text("unit")
    try:
        price = parse_scaled(text, RATIO_DECIMALS)
    except MoneyError as error:
        reader.refuse(error.code, "unit")
        return 0
    if price < 0:
        reader.refuse("amount.negative", "unit")
    if price > 10**12 * RATIO_SCALE:
        reader.refuse("amount.too_large", "unit")
    return int(price * 10 ** exponent_of(currency))


def _factor(reader: Reader) -> model.Factor:
    reader.only(("reason", "from", "to", "factor"), ("reason", "from", "factor"))
    span = model.Span(reader.day("from"), reader.optional_day("to"))
    if span.last is not None and span.last < span.start:
        reader.refuse("dates.reversed", "to", "the end lies before the beginning")
    return model.Factor(reader.text("reason"), span, reader.ratio("factor", highest=10))


def _stacking(reader: Reader) -> model.Stacking:
    below = reader.below("stacking")
    below.only(("offset_share", "max_reduction", "floor_share", "carry_forward"), ("offset_share",))
    return model.Stacking(
        offset_share=below.ratio("offset_share"),
        max_reduction=below.ratio("max_reduction", RATIO_SCALE),
        floor_share=below.ratio("floor_share"),
        carry_forward=below.flag("carry_forward"),
    )
