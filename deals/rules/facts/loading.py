"""Read a whole contract file and check its parts against each other."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise

from deals.rules import terms as terms_rules
from deals.rules.facts import model, policies, reading
from deals.rules.faults import Caution, Fault, Refused
from deals.rules.periods import PeriodPlan
from deals.rules.reading import Reader
from deals.rules.terms.model import Terms

_KEYS = {
    "terms", "events", "reports", "credits", "receipts", "rates", "holidays", "workdays", "finals",
    "policies", "as_of",
}  # fmt: skip


def load(document: Mapping[str, object]) -> model.Contract:
    """Read a contract file (terms, reports, receipts and so on) into one frozen value.

    Raises `Refused` with every fault found; nothing that the file holds raises anything else.
    """
    faults: list[Fault] = []
    reader = Reader(document, "", faults)
    reader.only(_KEYS, ("terms", "as_of"))
    versions, cautions, numbers = _versions(reader)
    if not versions:
        if not faults:
            reader.refuse("terms.empty", "terms", "at least one version is expected")
        _read_alone(reader)
        raise Refused(tuple(faults))
    contract = _contract(reader, versions, cautions)
    if not faults:
        faults.extend(_cross_faults(contract, numbers))
    if faults:
        raise Refused(tuple(faults))
    return contract


def _versions(reader: Reader) -> tuple[tuple[Terms, ...], list[Caution], tuple[object, ...]]:
    """Return the versions by number, what to look at, and which contract each version names."""
    versions: list[tuple[Terms, object]] = []
    cautions: list[Caution] = []
    for index, value in enumerate(reader.items("terms")):
        where = f"terms[{index}]"
        found, faults, warned = terms_rules.validate(_mapping(value), where)
        reader.faults.extend(faults)
        cautions.extend(warned)
        if found is not None:
            versions.append((found, _mapping(value)["contract"]))
    versions.sort(key=lambda entry: entry[0].version)
    return tuple(terms for terms, _ in versions), cautions, tuple(number for _, number in versions)


def _mapping(value: object) -> Mapping[str, object]:
    return value  # type: ignore[return-value]  # the reader refuses what is no object


def _read_alone(reader: Reader) -> None:
    """Find what can be found without knowing the periods: dates, rates, credits."""
    reader.optional_day("as_of")
    reading.days(reader, "holidays")
    reading.days(reader, "workdays")
    for row in reader.rows("credits"):
        reading.credit(row, "CNY")


def _contract(
    reader: Reader, versions: tuple[Terms, ...], cautions: list[Caution]
) -> model.Contract:
    first = versions[0]
    plan = PeriodPlan(first.calendar.kind, first.calendar.anchor, first.contract_start)
    currency = first.currency
    counted = {
        key for terms in versions for key in terms.streams if terms.streams[key].counts_units
    }
    return model.Contract(
        terms=versions,
        plan=plan,
        events=tuple([reading.event(row, plan, currency) for row in reader.rows("events")]),
        reports=tuple(
            [reading.report(row, plan, currency, counted) for row in reader.rows("reports")]
        ),
        credits=tuple([reading.credit(row, currency) for row in reader.rows("credits")]),
        receipts=_distinct(reader, plan, currency),
        rates=_rates(reader, cautions),
        workdays=reading.workdays(reader),
        finals=reading.finals(reader, plan),
        policies=(known := policies.read(reader, currency)),
        as_of=reader.day("as_of"),
        cautions=(*cautions, *_missing_policies(versions, known)),
    )


def _missing_policies(
    versions: tuple[Terms, ...], known: Mapping[str, object]
) -> Iterator[Caution]:
    """An owner whose policy is not in the file gets its money, but no waterfall."""
    for index, terms in enumerate(versions):
        for party, key in terms.waterfalls.items():
            if key not in known:
                yield Caution("policy.missing", f"terms[{index}].waterfalls.{ascii(party)[1:-1]}")


def _distinct(reader: Reader, plan: PeriodPlan, currency: str) -> tuple[model.Receipt, ...]:
    """Read the receipts; an identical repetition is one receipt, a contradiction is a fault."""
    found: dict[str, model.Receipt] = {}
    for row in reader.rows("receipts"):
        receipt = reading.receipt(row, plan, currency)
        if found.setdefault(receipt.reference, receipt) != receipt:
            row.refuse("receipt.contradicts", "reference", "this reference has other figures")
    return tuple(found.values())


def _rates(reader: Reader, cautions: list[Caution]) -> dict[str, model.Series]:
    below = reader.below("rates")
    found: dict[str, model.Series] = {}
    for key in below.keys():  # noqa: SIM118 - a reader is no dict
        found[key], revised = reading.series(below, key)
        if revised:
            cautions.append(Caution("rate.revised", f"rates.{ascii(key)[1:-1]}"))
    return found


def _cross_faults(contract: model.Contract, numbers: tuple[object, ...]) -> Iterator[Fault]:
    yield from _version_faults(contract.terms, numbers)
    yield from _report_faults(contract)
    yield from _receipt_faults(contract.receipts)
    keys = [credit.key for credit in contract.credits]
    if len(set(keys)) < len(keys):
        yield Fault("key.repeated", "credits", "two credits have the same key")


def _version_faults(versions: tuple[Terms, ...], numbers: tuple[object, ...]) -> Iterator[Fault]:
    first = versions[0]
    for index, (earlier, later) in enumerate(pairwise(versions), start=1):
        where = f"terms[{index}]"
        if later.version == earlier.version or later.effective_from <= earlier.effective_from:
            yield Fault("terms.order", where, "number and effective_from must rise together")
        if (later.calendar.kind, later.calendar.anchor) != (
            first.calendar.kind,
            first.calendar.anchor,
        ):
            yield Fault("terms.fixed", f"{where}.periods", "kind and anchor cannot be amended")
        if later.currency != first.currency or numbers[index] != numbers[0]:
            yield Fault("terms.fixed", where, "contract and currency cannot be amended")
        yield from _stream_faults(versions[:index], later, where)


def _stream_faults(earlier: tuple[Terms, ...], later: Terms, where: str) -> Iterator[Fault]:
    for key, stream in later.streams.items():
        known = [terms.streams[key].counts_units for terms in earlier if key in terms.streams]
        if known and known[0] != stream.counts_units:
            place = f"{where}.streams"
            yield Fault("terms.fixed", place, "a stream cannot change between units and money")


def _report_faults(contract: model.Contract) -> Iterator[Fault]:
    seen: set[tuple[str, int]] = set()
    for index, report in enumerate(contract.reports):
        where = f"reports[{index}]"
        key = (report.period.name, report.revision)
        if key in seen:
            yield Fault("report.repeated", where, "this revision of the period is there already")
        seen.add(key)
        yield from reading.line_faults(report, where)
        yield from _governed_faults(contract, report, where)


def _governed_faults(contract: model.Contract, report: model.Report, where: str) -> Iterator[Fault]:
    first_sale = contract.terms[0].sales_from
    for index, row in enumerate(report.lines):
        if row.sale_date < first_sale:
            message = "no version of the terms governs this day"
            yield Fault("terms.after_sale", f"{where}.lines[{index}].sale_date", message)
        elif any(row.stream not in one.streams for one in _governors(contract, report, row)):
            message = "the terms of this day have no such stream"
            yield Fault("stream.unknown", f"{where}.lines[{index}].stream", message)


def _governors(contract: model.Contract, report: model.Report, row: model.Line) -> list[Terms]:
    """Return the versions that a line may follow, from its acceptance on, as more get known."""
    versions = contract.terms
    if len(versions) == 1 or report.accepted_on is None:
        return [governing(versions, row.sale_date)]
    known = sum(terms.effective_from <= report.accepted_on for terms in versions)
    return [
        governing(versions[:count], row.sale_date)
        for count in range(max(1, known), len(versions) + 1)
    ]


def governing(versions: tuple[Terms, ...], sale_date: date) -> Terms:
    """Return the version whose sale dates hold a day, the first one for an earlier day."""
    if len(versions) == 1:
        return versions[0]
    for terms in reversed(versions):
        if terms.sales_from <= sale_date:
            return terms
    return versions[0]


def _receipt_faults(receipts: tuple[model.Receipt, ...]) -> Iterator[Fault]:
    by_reference = {receipt.reference: receipt for receipt in receipts}
    reversed_ones: set[str] = set()
    for receipt in receipts:
        if receipt.reverses is None:
            continue
        where = f"receipts.{ascii(receipt.reference)[1:-1]}.reverses"
        original = by_reference.get(receipt.reverses)
        if original is None or original.reverses is not None:
            yield Fault("receipt.unknown", where, "there is no such receipt to reverse")
        elif original.day > receipt.day:
            yield Fault("dates.reversed", where, "the reversal lies before the receipt")
        if receipt.reverses in reversed_ones:
            yield Fault("receipt.reversed", where, "this receipt is reversed twice")
        reversed_ones.add(receipt.reverses)
