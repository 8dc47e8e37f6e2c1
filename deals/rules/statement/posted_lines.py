"""The lines a statement gathered besides its own figures: corrections, credits, what is payable."""

from collections.abc import Iterator, Sequence

from deals.rules.statement.entries import GRANTED, Asked, Tally
from deals.rules.statement.replay import Correction
from deals.rules.statement.result import Corrects, Line
from deals.rules.statement.tax_lines import tax_lines
from deals.rules.statement.writer import Writer, place
from deals.rules.terms.model import Terms

PAYABLE = place("S13", "payable", "periods.pay_days")


def posted_lines(
    writer: Writer,
    terms: Terms,
    gathered: tuple[Sequence[Correction], Tally, Sequence[Asked]],
) -> Iterator[Line]:
    """Yield corrections (negative ones first, then by period), credits, instalments and tax."""
    version = terms.version
    corrections, tally, dues = gathered
    for found in sorted(corrections, key=_correction_order):
        yield _correction(writer, found)
    yield from _credits(writer, version, tally)
    if tally.overpaid:
        where = ("S10", "overpayment", "credits")
        yield writer.line(where, tally.overpaid, version, "becomes a credit")
    if tally.deferred:
        where = ("S11", "deferred", "min_payable")
        yield writer.line(where, tally.deferred, version, "below the least payment")
    if tally.brought:
        where = ("S11", "deferred.brought", "min_payable")
        yield writer.line(where, tally.brought, version, "held back before")
    if not dues:
        yield writer.step(PAYABLE, 0, version, "nothing payable", {})
    for asked in dues:
        due = asked.due.isoformat()
        yield writer.step(PAYABLE, asked.amount, version, "instalment", {"line": due, "due": due})
    if terms.tax is not None:
        yield from tax_lines(writer, terms, [(asked.due, asked.amount) for asked in dues])


def _correction_order(found: Correction) -> tuple[object, ...]:
    return found.day, found.after - found.before >= 0, found.about, found.part


def _correction(writer: Writer, found: Correction) -> Line:
    code, key = found.part
    day = found.day.isoformat()
    line = writer.line(
        ("S12", f"correction.{code}", "correction"),
        found.after - found.before,
        found.terms_version,
        "after - before",
        line=f"{found.about.name}/{key}/{day}",
        on=day,
        before=writer.money(found.before),
        after=writer.money(found.after),
    )
    return Line(*line[:-1], Corrects(found.about.name, code, key))


def _credits(writer: Writer, version: int, tally: Tally) -> Iterator[Line]:
    used: dict[tuple[str, str, str], int] = {}
    for use in tally.uses:
        inner = use.credit.arose_on == use.posting.period
        kind = "netted" if inner else use.credit.kind
        origin = (kind, use.credit.key, use.credit.day.isoformat())
        used[origin] = used.get(origin, 0) + use.amount
    for (kind, key, day), amount in used.items():
        share = "share of the posting" if kind == GRANTED else "first in, first out"
        yield writer.line(
            ("S10", f"credit.{kind}", "credits"), amount, version, share,
            line=f"{kind}/{key}/{day}", credit=key or None, dated=day,
        )  # fmt: skip
