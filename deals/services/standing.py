"""What stands of many deals: their posted rows, read in a fixed number of queries.

The differences that a computation posts are found in memory, against these. Plain rows and not
model instances, because a run reads millions; tables are named without a schema (see rebuild).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import starmap
from typing import Any, NamedTuple

import orjson
from django.db import connection

from deals.rules.postings import Kind


class LockedDeal(NamedTuple):
    """A deal under its row's lock, until the transaction ends."""

    pk: int
    state: str
    parked_reason: str
    listing_id: int


class StandingStatement(NamedTuple):
    """A statement's row; `figures` are looked up apart."""

    deal_id: int
    pk: int
    period: str
    position: int
    state: str
    accrued: int
    corrections: int
    credits: int
    payable: int
    currency: str
    issued_at: datetime
    final_date: date | None
    content_hash: str


class StandingInstalment(NamedTuple):
    """An instalment's row."""

    deal_id: int
    pk: int
    statement_id: int
    due: date
    amount: int
    paid: int


class StandingReceipt(NamedTuple):
    """A receipt's row; a reversal's amount is negative."""

    deal_id: int
    pk: int
    reference: str
    received_date: date
    amount: int


class StandingLine(NamedTuple):
    """A line's row, with the two documents read."""

    statement_id: int
    ordinal: int
    stage: str
    code: str
    amount: int
    inputs: Mapping[str, str]
    formula: str
    terms_version: int | None
    corrects: Mapping[str, str] | None


@dataclass(slots=True)
class Standing:
    """Everything posted of one deal.

    `split` holds the sum and the last ordinal of each owner's part, by receipt and party; `booked`
    the sum of each kind of movement; `cash_sources` the receipts whose cash is booked.
    """

    statements: dict[str, StandingStatement] = field(default_factory=dict)
    instalments: list[StandingInstalment] = field(default_factory=list)
    receipts: list[StandingReceipt] = field(default_factory=list)
    split: dict[tuple[int, str], tuple[int, int]] = field(default_factory=dict)
    booked: Counter[Kind] = field(default_factory=Counter)
    cash_sources: set[str] = field(default_factory=set)


LOCK = """
SELECT id, state, parked_reason, listing_id FROM deals_deal
WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE
"""
INPUTS = "SELECT deal_id, input_hash FROM deals_computedinput WHERE deal_id = ANY(%s)"
STATEMENTS = """
SELECT deal_id, id, period, position, state, accrued_minor, corrections_minor, credits_minor,
    payable_minor, currency, issued_at, final_date, content_hash
FROM deals_statement WHERE deal_id = ANY(%s) ORDER BY deal_id, position
"""
INSTALMENTS = """
SELECT s.deal_id, i.id, i.statement_id, i.due_date, i.amount_minor, i.paid_minor
FROM deals_instalment i JOIN deals_statement s ON s.id = i.statement_id
WHERE s.deal_id = ANY(%s) ORDER BY i.id
"""
RECEIPTS = """
SELECT deal_id, id, reference, received_date, amount_minor
FROM deals_receipt WHERE deal_id = ANY(%s) ORDER BY deal_id, received_date, id
"""
SPLIT = """
SELECT r.deal_id, a.receipt_id, a.party, sum(a.amount_minor)::bigint, max(a.ordinal)
FROM deals_allocation a JOIN deals_receipt r ON r.id = a.receipt_id
WHERE r.deal_id = ANY(%s) GROUP BY 1, 2, 3
"""
BOOKED = """
SELECT deal_id, kind, sum(amount_minor)::bigint FROM deals_ledgermovement
WHERE deal_id = ANY(%s) GROUP BY 1, 2
"""
CASH = """
SELECT DISTINCT deal_id, source FROM deals_ledgermovement
WHERE deal_id = ANY(%s) AND kind = ANY(%s)
"""
FIGURES = "SELECT id, figures::text FROM deals_statement WHERE id = ANY(%s)"
LINES = """
SELECT statement_id, ordinal, stage, code, amount_minor, inputs::text, formula, terms_version,
    corrects::text
FROM deals_statementline WHERE statement_id = ANY(%s) ORDER BY statement_id, ordinal
"""
CASH_KINDS = (
    Kind.RECEIPT, Kind.SURPLUS, Kind.RECEIPT_REVERSED, Kind.SURPLUS_REVERSED,
)  # fmt: skip


def lock(ids: Iterable[int]) -> list[LockedDeal]:
    """Lock these deals' rows in the order of their ids, so that two workers never wait in a ring.

    Ids of no deal are left out. The locks end with the transaction.
    """
    return [LockedDeal(*row) for row in _rows(LOCK, sorted(set(ids)))]


def computed_inputs(ids: Sequence[int]) -> dict[int, str]:
    """The key of the input that each deal's rows show, of those that were ever computed."""
    return dict(_rows(INPUTS, ids))


def read(ids: Sequence[int]) -> dict[int, Standing]:
    """Everything posted of these deals by id, in a fixed number of queries."""
    found: defaultdict[int, Standing] = defaultdict(Standing)
    for deal_id in ids:
        found[deal_id] = Standing()
    for row in starmap(StandingStatement, _rows(STATEMENTS, ids)):
        found[row.deal_id].statements[row.period] = row
    for instalment in starmap(StandingInstalment, _rows(INSTALMENTS, ids)):
        found[instalment.deal_id].instalments.append(instalment)
    for receipt in starmap(StandingReceipt, _rows(RECEIPTS, ids)):
        found[receipt.deal_id].receipts.append(receipt)
    for deal_id, receipt_id, party, amount, ordinal in _rows(SPLIT, ids):
        found[deal_id].split[receipt_id, party] = amount, ordinal
    for deal_id, kind, amount in _rows(BOOKED, ids):
        found[deal_id].booked[Kind(kind)] = amount
    for deal_id, source in _rows(CASH, ids, [*CASH_KINDS]):
        found[deal_id].cash_sources.add(source)
    return found


def figures_of(statement_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """The printed figures of these statements by id."""
    return {pk: orjson.loads(figures) for pk, figures in _rows(FIGURES, statement_ids)}


def lines_of(statement_ids: Sequence[int]) -> dict[int, list[StandingLine]]:
    """Every line ever posted on these statements, by statement, in the order of posting."""
    found: dict[int, list[StandingLine]] = {pk: [] for pk in statement_ids}
    for *head, inputs, formula, version, corrects in _rows(LINES, statement_ids):
        pk, ordinal, stage, code, amount = head
        named = corrects and orjson.loads(corrects)
        found[pk].append(
            StandingLine(
                pk, ordinal, stage, code, amount, orjson.loads(inputs), formula, version, named
            )
        )
    return found


def _rows(query: str, ids: Sequence[int], *more: list[str]) -> list[Any]:
    if not ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(query, [list(ids), *more])
        return list(cursor.fetchall())
