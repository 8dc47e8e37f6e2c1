"""Read what surrounds the streams: fixed sums, minimums, caps, credits, interest, tax."""

from datetime import date

from deals.rules.money import RATIO_SCALE
from deals.rules.reading import Reader
from deals.rules.terms import model, taxes

COMPONENTS = ("earned", "minimum", "milestone", "fixed")
CAPS = ("period", "contract_year", "calendar_year", "lifetime")


def fixed(reader: Reader, currency: str) -> model.FixedItem:
    """Read one fixed item; `on` is a date or the type of the event that makes it due."""
    reader.only(("key", "amount", "on", "due_days", "creditable"), ("key", "amount", "on"))
    text = reader.text("on")
    day: date | None = reader.parse_day(text, "on") if text[:1].isdigit() else None
    return model.FixedItem(
        key=reader.text("key"),
        amount=reader.amount("amount", currency),
        event=None if day else text,
        day=day,
        due_days=reader.optional_integer("due_days", 0, 3660),
        creditable=reader.flag("creditable"),
    )


def milestone(reader: Reader, currency: str) -> model.Milestone:
    """Read one milestone, by cumulative net or by date."""
    reader.only(("key", "cumulative_net", "date", "amount"), ("key", "amount"))
    if reader.has("cumulative_net") == reader.has("date"):
        reader.refuse("limit.one", "", "one of cumulative_net and date is expected")
    return model.Milestone(
        key=reader.text("key"),
        net=reader.optional_amount("cumulative_net", currency),
        day=reader.optional_day("date"),
        amount=reader.amount("amount", currency),
    )


def minimum(reader: Reader, currency: str) -> model.Minimum | None:
    """Read the minimum royalty, None where there is none."""
    if not reader.has("minimum"):
        return None
    below = reader.below("minimum")
    below.only(
        {
            "scope", "amount", "schedule", "first_year", "quarter_excess_counts", "suspended",
            "on_termination", "recoup",
        },
        ("scope",),
    )  # fmt: skip
    if below.has("amount") == below.has("schedule"):
        below.refuse("limit.one", "", "one of amount and schedule is expected")
    return model.Minimum(
        scope=below.choice("scope", ("contract_year", "calendar_year", "quarter")),
        amounts=_amounts(below, currency),
        first_year=below.choice("first_year", ("full", "prorate_days"), "full"),
        quarter_excess_counts=below.flag("quarter_excess_counts"),
        suspended=tuple(_span(row) for row in below.rows("suspended")),
        on_termination=below.choice("on_termination", ("prorate", "waive", "full"), "full"),
        recoup=_recoup(below) if below.has("recoup") else None,
    )


def _amounts(reader: Reader, currency: str) -> tuple[int, ...]:
    if reader.has("amount"):
        return (reader.amount("amount", currency),)
    texts = reader.texts("schedule")
    below = Reader(
        {str(index): text for index, text in enumerate(texts)},
        f"{reader.where}.schedule",
        reader.faults,
    )
    if reader.has("schedule") and not texts:
        reader.refuse("minimum.schedule", "schedule", "at least one amount is expected")
    return tuple(below.amount(str(index), currency) for index in range(len(texts))) or (0,)


def _span(reader: Reader) -> model.Span:
    reader.only(("from", "to"), ("from", "to"))
    span = model.Span(reader.day("from"), reader.day("to"))
    if reader.has("to") and span.last is not None and span.last < span.start:
        reader.refuse("dates.reversed", "to", "the end lies before the beginning")
    return span


def _recoup(reader: Reader) -> model.Recoup | None:
    below = reader.below("recoup")
    below.only(("kind", "years"), ("kind",))
    kind = below.choice("kind", ("none", "first_years", "following_years"))
    if kind in {"", "none"}:
        return None
    if not below.has("years"):
        below.refuse("key.missing", "years")
    return model.Recoup(kind, below.integer("years", 1, 200, 1))


def caps(reader: Reader, currency: str) -> model.Caps | None:
    """Read the caps, None where there are none."""
    if not reader.has("caps"):
        return None
    below = reader.below("caps")
    below.only((*CAPS, "includes"), ("includes",))
    includes = below.texts("includes")
    for index, component in enumerate(includes):
        if component not in COMPONENTS:
            below.refuse("choice.unknown", f"includes[{index}]")
    limits = {name: below.amount(name, currency) for name in CAPS if below.has(name)}
    return model.Caps(limits, frozenset(includes))


def long_stop(reader: Reader) -> model.LongStop | None:
    """Read the long stop, None where there is none."""
    if not reader.has("long_stop"):
        return None
    below = reader.below("long_stop")
    below.only(("date", "balance"), ("date", "balance"))
    return model.LongStop(below.day("date"), below.choice("balance", ("due", "waived")))


def credit_terms(reader: Reader) -> model.CreditTerms:
    """Read how credits are used; absent means without limit, first in first out."""
    below = reader.below("credits")
    below.only(("order", "max_share_per_period", "refund_on_end"))
    below.choice("order", ("fifo",))
    share = below.ratio("max_share_per_period", RATIO_SCALE)
    return model.CreditTerms(share, below.flag("refund_on_end"))


def late(reader: Reader) -> model.Late | None:
    """Read the terms of late interest, None where there is none."""
    if not reader.has("late"):
        return None
    below = reader.below("late")
    below.only(
        ("method", "basis", "rate", "grace_days", "retroactive", "stops_in_dispute"),
        ("method", "basis", "rate"),
    )
    below.choice("method", ("simple",))
    basis = below.integer("basis", 360, 365, 365)
    if basis not in {360, 365}:
        below.refuse("number.range", "basis", "360 or 365 is expected here")
    rate = below.below("rate")
    rate.only(("fixed", "series", "multiple"))
    if below.has("rate") and rate.has("fixed") == rate.has("series"):
        rate.refuse("limit.one", "", "one of fixed and series is expected")
    if rate.has("fixed") and rate.has("multiple"):
        rate.refuse("key.unknown", "multiple", "a multiple belongs to a series")
    return model.Late(
        basis=basis,
        fixed=rate.ratio("fixed", highest=10) if rate.has("fixed") else None,
        series=rate.text("series") or None,
        multiple=rate.ratio("multiple", RATIO_SCALE, highest=100),
        grace_days=below.integer("grace_days", 0, 3660),
        retroactive=below.flag("retroactive"),
        stops_in_dispute=below.flag("stops_in_dispute"),
    )


def tax(reader: Reader) -> taxes.Tax | None:
    """Read the tax terms of the royalty itself, None where there are none."""
    if not reader.has("tax"):
        return None
    below = reader.below("tax")
    below.only(("vat", "withholding"))
    withholding: int | None = None
    if below.has("withholding"):
        kept = below.below("withholding")
        kept.only(("rate",), ("rate",))
        withholding = kept.ratio("rate")
    return taxes.Tax(_vat(below.below("vat")) if below.has("vat") else None, withholding)


def _vat(reader: Reader) -> taxes.Vat:
    reader.only(("treatment", "certificate", "price", "rate"), ("treatment",))
    vat = taxes.Vat(
        treatment=reader.text("treatment"),
        certificate=reader.text("certificate"),
        price=reader.choice("price", ("includes", "excludes")),
        rate=reader.optional_ratio("rate"),
    )
    if vat.is_exempt and not vat.certificate:
        message = "an exemption needs the certificate of the registered contract"
        reader.refuse("tax.certificate", "certificate", message)
    if vat.is_exempt and vat.rate:
        reader.refuse("tax.exempt_rate", "rate", "what is exempt has no rate")
    if vat.rate and not vat.price and not vat.is_exempt:
        reader.refuse("key.missing", "price")
    return vat
