"""Rebuilding deals from their facts, beside the real rows, to see that both are the same.

The rebuilt rows are made by the code that posts, in empty twins of its tables, and are gone
afterwards. Source: docs/decisions/007-the-run.md.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from deals.models import (
    Allocation,
    ComputedInput,
    Deal,
    Distribution,
    Instalment,
    InterestProposal,
    LedgerAccount,
    LedgerMovement,
    Statement,
    StatementLine,
)
from deals.rules.states import DealState
from deals.services import statements
from listings.models import Listing
from marketplace.base.models import AuditEntry
from marketplace.base.twins import twins

CHUNK = 100
# In an order in which every table comes after those that its keys name.
TABLES = (
    Listing, Deal, ComputedInput, Statement, StatementLine, Instalment, Allocation, Distribution,
    InterestProposal, LedgerAccount, LedgerMovement, AuditEntry,
)  # fmt: skip

# The deals that were ever computed, with the input that their rows show and the one they hold.
SUBJECTS = """
SELECT c.deal_id, c.input_hash, c.as_of_date, f.hash, d.parked_reason <> ''
FROM deals_computedinput c JOIN deals_deal d ON d.id = c.deal_id
CROSS JOIN LATERAL (SELECT hash FROM deals_fact WHERE deal_id = c.deal_id
                    ORDER BY sequence DESC LIMIT 1) f
ORDER BY c.deal_id
"""
COPY_LISTINGS = """
INSERT INTO listings_listing SELECT * FROM {real}.listings_listing
WHERE id IN (SELECT listing_id FROM {real}.deals_deal WHERE id = ANY(%s)) ON CONFLICT DO NOTHING
"""
COPY_DEALS = "INSERT INTO deals_deal SELECT * FROM {real}.deals_deal WHERE id = ANY(%s)"
# What settling a deal set is found out again.
REOPEN = "UPDATE deals_deal SET state = %s, settled_date = NULL WHERE state = %s AND id = ANY(%s)"

# Each gives deal, period, what it is, and the values that must agree.
ROWS = {
    "statement": """
        SELECT deal_id, period, '' AS name, ROW(figures, accrued_minor, corrections_minor,
            credits_minor, payable_minor, currency, final_date)::text AS value
        FROM {schema}.deals_statement WHERE deal_id = ANY(%(ids)s) AND content_hash <> 'emptied'
    """,
    "line": """
        SELECT deal_id, period, name, value FROM (
            SELECT DISTINCT ON (s.id, name) s.deal_id, s.period, l.formula, concat_ws(' ', l.stage,
                    l.code, coalesce(l.inputs ->> 'line', ''), coalesce(l.corrects ->> 'period', '')
                ) AS name,
                ROW(l.amount_minor, l.inputs, l.formula, l.terms_version, l.corrects)::text
                    AS value
            FROM {schema}.deals_statementline l
            JOIN {schema}.deals_statement s ON s.id = l.statement_id
            WHERE s.deal_id = ANY(%(ids)s)
            ORDER BY s.id, name, l.ordinal DESC
        ) standing WHERE formula <> 'withdrawn'
    """,
    "instalment": """
        SELECT s.deal_id, s.period, i.due_date::text AS name,
            ROW(i.amount_minor, i.paid_minor)::text AS value
        FROM {schema}.deals_instalment i JOIN {schema}.deals_statement s ON s.id = i.statement_id
        WHERE s.deal_id = ANY(%(ids)s)
    """,
    "allocation": """
        SELECT r.deal_id, '' AS period, r.reference || ' ' || a.party AS name,
            sum(a.amount_minor)::text AS value
        FROM {schema}.deals_allocation a JOIN {real}.deals_receipt r ON r.id = a.receipt_id
        WHERE r.deal_id = ANY(%(ids)s) GROUP BY 1, 2, 3 HAVING sum(a.amount_minor) <> 0
    """,
    "distribution": """
        SELECT deal_id, '' AS period, concat_ws(' ', receipt_id, party, recipient) AS name,
            sum(amount_minor)::text AS value
        FROM {schema}.deals_distribution
        WHERE deal_id = ANY(%(ids)s) GROUP BY 1, 2, 3 HAVING sum(amount_minor) <> 0
    """,
    "interest": """
        SELECT deal_id, period, concat_ws(' ', due_date, until_date) AS name,
            ROW(days, amount_minor, charged_minor, waived_minor)::text AS value
        FROM {schema}.deals_interestproposal WHERE deal_id = ANY(%(ids)s)
    """,
    "balance": """
        SELECT a.deal_id, '' AS period, concat_ws(' ', a.kind, a.party, a.currency) AS name,
            sum(m.amount)::text AS value
        FROM (SELECT debit_id AS account, amount_minor AS amount FROM {schema}.deals_ledgermovement
                WHERE deal_id = ANY(%(ids)s)
              UNION ALL
              SELECT credit_id, -amount_minor FROM {schema}.deals_ledgermovement
                WHERE deal_id = ANY(%(ids)s)) m
        JOIN {schema}.deals_ledgeraccount a ON a.id = m.account
        GROUP BY 1, 2, 3 HAVING sum(m.amount) <> 0
    """,
}
COMPARE = """
SELECT deal_id, period, name, posted.value, rebuilt.value
FROM ({posted}) posted FULL JOIN ({rebuilt}) rebuilt USING (deal_id, period, name)
WHERE posted.value IS DISTINCT FROM rebuilt.value
ORDER BY deal_id, period, name
"""


class Difference(NamedTuple):
    """A row that is not what the facts give; None where one of the two has no such row."""

    what: str
    deal_id: int
    period: str
    name: str
    posted: str | None
    rebuilt: str | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a check has come, and what the last deals differed in."""

    done: int
    total: int
    differences: Sequence[Difference]


@dataclass(frozen=True, slots=True)
class Subjects:
    """The deals that can be checked, by the day that their rows show, and how many cannot be.

    `owed` have facts that no computation has seen yet; `parked` wait for staff.
    """

    by_day: dict[date, list[int]]
    owed: int
    parked: int

    @property
    def total(self) -> int:
        """How many are checked."""
        return sum(len(ids) for ids in self.by_day.values())


def subjects() -> Subjects:
    """Find the deals whose rows show all their facts."""
    by_day: defaultdict[date, list[int]] = defaultdict(list)
    owed = parked = 0
    with connection.cursor() as cursor:
        cursor.execute(SUBJECTS)
        for deal_id, key, day, head, is_parked in cursor.fetchall():
            if is_parked:
                parked += 1
            elif statements.input_key(head, day) != key:
                owed += 1
            else:
                by_day[day].append(deal_id)
    return Subjects(dict(by_day), owed, parked)


def check(found: Subjects) -> Iterator[Progress]:
    """Rebuild these deals from their facts and compare them with their rows, a chunk at a time.

    Each deal is computed as of the day that its rows show. Nothing is changed; the caller needs
    the owner's rights in the database.
    """
    done = analysed = 0
    with twins(*TABLES) as real:
        for day, ids in sorted(found.by_day.items()):
            at = timezone.make_aware(datetime.combine(day, time(12)))
            for start in range(0, len(ids), CHUNK):
                part = ids[start : start + CHUNK]
                _rebuild(part, real, at=at)
                done += len(part)
                if done >= 2 * analysed:
                    _analyse()
                    analysed = done
                yield Progress(done, found.total, _differences(part, real))


def _rebuild(ids: list[int], real: str, *, at: datetime) -> None:
    with connection.cursor() as cursor:
        for query in (COPY_LISTINGS, COPY_DEALS):
            cursor.execute(query.format(real=real), [ids])
        cursor.execute(REOPEN, [DealState.PAYING, DealState.SETTLED, ids])
    statements.recompute_deals(ids, at=at)


def _analyse() -> None:
    """Tell the planner how large the twins have become; nobody else can see them to do it."""
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f'ANALYZE "{table._meta.db_table}"')


def _differences(ids: list[int], real: str) -> list[Difference]:
    found: list[Difference] = []
    with connection.cursor() as cursor:
        for what, rows in ROWS.items():
            query = COMPARE.format(
                posted=rows.format(schema=real, real=real),
                rebuilt=rows.format(schema="twins", real=real),
            )
            cursor.execute(query, {"ids": ids})
            found += [Difference(what, *row) for row in cursor.fetchall()]
    return found
