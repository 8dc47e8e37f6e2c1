"""Turn the parts of a contract file that are not terms into values."""

from collections.abc import Collection
from datetime import date
from fractions import Fraction
from functools import lru_cache

from deals.rules.facts import model
from deals.rules.faults import Fault
from deals.rules.money import EXPONENTS, RATIO_DECIMALS, RATIO_SCALE, MoneyError, parse_scaled
from deals.rules.periods import Period, PeriodPlan, Workdays
from deals.rules.reading import Reader

_LINE_KEYS = {
    "sale_date", "stream", "product", "country", "currency", "gross", "vat_rate", "units",
    "deductions", "third_party_royalty", "combination", "invoice",
}  # fmt: skip
_MONEY_LINE = ("sale_date", "stream", "currency", "gross")
_UNITS_LINE = ("sale_date", "stream", "currency", "units")
_REPORT_KEYS = {
    "contract", "period", "revision", "supersedes", "submitted_by", "submitted_at", "accepted_on",
    "lines", "declared_nil", "evidence",
}  # fmt: skip
_SPANS = ("suspension", "delay")
_SUMS = ("interest_waived", "guarantee_call", "refund", "cost")
_KEPT_DAYS = 2_000


def period(reader: Reader, key: str, plan: PeriodPlan) -> Period | None:
    """Return the period a key names, None (and a fault) if this contract has no such period."""
    name = reader.text(key)
    found = plan.named(name) if name else None
    if found is None and name:
        reader.refuse("period.unknown", key, "this contract has no period of that name")
    return found


def report(
    reader: Reader, plan: PeriodPlan, currency: str, counted: Collection[str] = ()
) -> model.Report:
    """Read one report revision with its lines; `counted` are the streams that count units."""
    reader.only(_REPORT_KEYS, ("period", "revision"))
    accepted = reader.optional_day("accepted_on")
    rows = reader.rows("lines")
    if reader.flag("declared_nil") and rows:
        reader.refuse("report.not_nil", "declared_nil", "a nil report holds no lines")
    within = period(reader, "period", plan) or plan.first()
    return model.Report(
        period=within,
        revision=reader.integer("revision", 1, 1_000_000, 1),
        accepted_on=accepted,
        lines=tuple(line(row, currency, counted) for row in rows),
    )


def line(reader: Reader, home: str, counted: Collection[str] = ()) -> model.Line:
    """Read one report line; its gross may be negative, its deductions may not."""
    stream = reader.text("stream")
    reader.only(_LINE_KEYS, _UNITS_LINE if stream in counted else _MONEY_LINE)
    currency = reader.choice("currency", EXPONENTS)
    currency = currency if currency in EXPONENTS else home
    return model.Line(
        sale_date=reader.day("sale_date"),
        stream=stream,
        product=reader.text("product"),
        country=reader.text("country"),
        currency=currency,
        gross=reader.signed_amount("gross", currency),
        vat_rate=reader.ratio("vat_rate"),
        units=reader.units("units"),
        deductions=_deductions(reader, currency) if reader.has("deductions") else (),
        third_party_royalty=reader.amount("third_party_royalty", currency),
        combination=_combination(reader) if reader.has("combination") else None,
        invoice=reader.text("invoice"),
    )


def _deductions(reader: Reader, currency: str) -> tuple[tuple[str, int], ...]:
    below = reader.below("deductions")
    return tuple([(key, below.amount(key, currency)) for key in sorted(below.keys())])


def _combination(reader: Reader) -> Fraction:
    below = reader.below("combination")
    below.only(("A", "B"), ("A", "B"))
    first, second = below.weight("A"), below.weight("B")
    if first < 0 or second < 0 or first + second == 0:
        below.refuse("combination.zero", "", "A and B must not be negative and not both be zero")
        return Fraction(1)
    return first / (first + second)


def event(reader: Reader, plan: PeriodPlan, currency: str) -> model.Event:
    """Read one event; which keys it needs depends on its type."""
    kind = reader.text("type")
    keys: tuple[str, ...] = ("type", "date")
    if kind in _SPANS:
        keys = (*keys, "to")
    elif kind == "dispute":
        keys = (*keys, "period", "amount", "to")
    elif kind == "interest_charged":
        keys = (*keys, "period", "amount")
    elif kind in _SUMS:
        keys = (*keys, "period", "amount") if kind == "interest_waived" else (*keys, "amount")
    reader.only(keys, tuple(key for key in keys if key != "to"))
    found = model.Event(
        type=kind,
        day=reader.day("date"),
        last=reader.optional_day("to"),
        period=period(reader, "period", plan) if reader.has("period") else None,
        amount=reader.optional_amount("amount", currency),
    )
    if found.last is not None and found.last < found.day:
        reader.refuse("dates.reversed", "to", "the end lies before the beginning")
    return found


def credit(reader: Reader, currency: str) -> model.Credit:
    """Read one granted credit."""
    reader.only(("key", "date", "amount"), ("key", "date", "amount"))
    return model.Credit(reader.text("key"), reader.day("date"), reader.amount("amount", currency))


def receipt(reader: Reader, plan: PeriodPlan, currency: str) -> model.Receipt:
    """Read one receipt or reversal."""
    reversal = reader.has("reverses")
    keys = ("reference", "reverses", "date") if reversal else ("reference", "date", "amount")
    reader.only((*keys, "for"), keys)
    amount = reader.amount("amount", currency)
    if not reversal and reader.has("amount") and amount == 0:
        reader.refuse("receipt.not_positive", "amount", "a receipt must be greater than zero")
    return model.Receipt(
        reference=reader.text("reference"),
        day=reader.day("date"),
        amount=amount,
        period=period(reader, "for", plan) if reader.has("for") else None,
        reverses=reader.text("reverses") or None,
    )


def workdays(reader: Reader) -> Workdays:
    """Read the tables of holidays and of make-up workdays."""
    holidays, worked = reader.raw("holidays"), reader.raw("workdays")
    if isinstance(holidays, list) and isinstance(worked, list):
        try:
            return _same_tables(tuple(holidays), tuple(worked))
        except (TypeError, ValueError):  # something that is no day, or more days than are kept
            pass
    return Workdays(days(reader, "holidays"), days(reader, "workdays"))


@lru_cache(maxsize=64)
def _same_tables(holidays: tuple[object, ...], worked: tuple[object, ...]) -> Workdays:
    """Return the tables that all contracts of a run share. Raises for what is not kept."""
    faults: list[Fault] = []
    reader = Reader({"holidays": holidays, "workdays": worked}, "", faults)
    found = Workdays(days(reader, "holidays"), days(reader, "workdays"))
    if faults or len(holidays) + len(worked) > _KEPT_DAYS:
        raise ValueError
    return found


def series(reader: Reader, key: str) -> tuple[model.Series, bool]:
    """Read one series of [date, value]; the first value of a date stands, later ones do not.

    The second result tells whether a later value was left out.
    """
    entries: dict[date, int] = {}
    revised = False
    for index, item in enumerate(reader.items(key)):
        where = f"{key}[{index}]"
        if not isinstance(item, list | tuple) or len(item) != 2:
            reader.refuse("series.entry", where, "a pair of date and value is expected here")
            continue
        day = reader.parse_day(item[0], where)
        value = _series_value(reader, item[1], where)
        if day is None or value is None:
            continue
        revised = revised or entries.get(day, value) != value
        entries.setdefault(day, value)
    days = sorted(entries)
    return model.Series(tuple(days), tuple(entries[day] for day in days)), revised


def _series_value(reader: Reader, value: object, where: str) -> int | None:
    if not isinstance(value, str):
        reader.refuse("number.malformed", where)
        return None
    try:
        scaled = parse_scaled(value, RATIO_DECIMALS)
    except MoneyError as error:
        reader.refuse(error.code, where)
        return None
    if not 0 <= scaled <= 10**9 * RATIO_SCALE:
        reader.refuse("number.range", where)
        return None
    return scaled


def days(reader: Reader, key: str) -> list[date]:
    """Read a list of dates, such as holidays."""
    found = [
        reader.parse_day(value, f"{key}[{index}]") for index, value in enumerate(reader.items(key))
    ]
    return [day for day in found if day is not None]


def finals(reader: Reader, plan: PeriodPlan) -> dict[str, model.Final]:
    """Read on which day each statement became or becomes final."""
    found: dict[str, model.Final] = {}
    for row in reader.rows("finals"):
        row.only(("period", "date", "known_from"), ("period", "date"))
        within = period(row, "period", plan)
        if within is None:
            continue
        if within.name in found:
            row.refuse("key.repeated", "period", "this period became final already")
        final = model.Final(row.day("date"), row.optional_day("known_from"))
        if final.known_from is not None and final.day < final.known_from:
            row.refuse("dates.reversed", "date", "the final day lies before it was settled")
        found[within.name] = final
    return found


def line_faults(report: model.Report, where: str) -> list[Fault]:
    """Return what is wrong with a report's dates once all of it is well formed."""
    found: list[Fault] = []
    start, end, accepted = report.period.start, report.period.end, report.accepted_on
    for index, row in enumerate(report.lines):
        outside = not start <= row.sale_date < end
        future = accepted is not None and row.sale_date > accepted
        if outside or future:
            place = f"{where}.lines[{index}].sale_date"
        if outside:
            found.append(Fault("line.outside_period", place, "the sale lies outside the period"))
        if future:
            found.append(Fault("line.future_sale", place, "the sale lies after the acceptance"))
    return found
