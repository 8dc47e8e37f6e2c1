"""The deal's ledger: movements between allowed pairs of accounts, balances, and the check.

Balances are debits less credits in minor units. Nothing here changes a posted movement.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Sum

from deals.models import Deal, LedgerAccount, LedgerMovement
from deals.rules.postings import OF_ONE_OWNER, PAIRS, Account, Kind
from marketplace.base import bulk

AccountKey = tuple[Account, str]

ACCOUNT = ("id", "deal_id", "kind", "party", "currency")
MOVEMENT = (
    "id", "deal_id", "debit_id", "credit_id", "amount_minor", "currency", "kind", "source",
    "ordinal", "booked_date", "recorded_at",
)  # fmt: skip
ACCOUNTS = """
SELECT deal_id, kind, party, currency, id FROM deals_ledgeraccount WHERE deal_id = ANY(%s)
"""
ORDINALS = """
SELECT source, kind, max(ordinal) FROM deals_ledgermovement WHERE source = ANY(%s) GROUP BY 1, 2
"""


@dataclass(frozen=True)
class Posting:
    """A movement to be booked: positive minor units, and the row that caused it ("receipt:7").

    `party` names the owner whose account is meant, "" where an account is nobody's own.
    """

    kind: Kind
    amount_minor: int
    source: str
    party: str = ""


@dataclass(frozen=True)
class Booking:
    """When a group of movements is booked and in which currency."""

    currency: str
    booked_date: date
    at: datetime


@dataclass(frozen=True, slots=True)
class Entries:
    """The movements of one deal that are to be booked together; the caller holds its lock."""

    deal_id: int
    postings: Sequence[Posting]
    booking: Booking


def post(deal: Deal, postings: Iterable[Posting], *, booking: Booking) -> list[LedgerMovement]:
    """Book the movements of one deal; the rows. Raises what `post_all` raises."""
    ids = post_all([Entries(deal.pk, list(postings), booking)])
    found = LedgerMovement.objects.filter(pk__in=ids).select_related("debit", "credit")
    return list(found.order_by("pk"))


def post_all(entries: Sequence[Entries]) -> list[int]:
    """Book the movements of many deals between the accounts of their kinds' pairs; their ids.

    The caller holds the deals' row locks. Each movement takes the next ordinal of its source and
    kind, which the database lets happen once. Raises ValueError for an amount that is not
    positive. Source: docs/decisions/006-the-ledger-follows.md.
    """
    entries = [entry for entry in entries if entry.postings]
    wanted = [posting for entry in entries for posting in entry.postings]
    if any(posting.amount_minor <= 0 for posting in wanted):
        raise ValueError("A movement is positive; another kind goes the other way.")
    if not wanted:
        return []
    ids = bulk.next_ids(LedgerMovement, len(wanted))
    bulk.copy(LedgerMovement, MOVEMENT, _movements(entries, iter(ids)))
    return ids


def balance(booked: Mapping[Kind, int], account: Account) -> int:
    """An account's balance from the sums of what was booked under each kind."""
    return sum(
        amount * ((PAIRS[kind][0] is account) - (PAIRS[kind][1] is account))
        for kind, amount in booked.items()
    )


def balances(deal: Deal) -> Mapping[AccountKey, int]:
    """Every account's balance, 0 for one that has never moved."""
    found: Counter[AccountKey] = Counter()
    for side, sign in (("debit", 1), ("credit", -1)):
        rows = deal.movements.values(f"{side}__kind", f"{side}__party").annotate(
            total=Sum("amount_minor")
        )
        for row in rows:
            key = (Account(row[f"{side}__kind"]), row[f"{side}__party"])
            found[key] += sign * row["total"]
    return found


def posted(deal: Deal) -> Mapping[Kind, int]:
    """What was booked under each kind, 0 for one that never was."""
    rows = deal.movements.values_list("kind").annotate(total=Sum("amount_minor"))
    return Counter({Kind(kind): total for kind, total in rows})


def _movements(entries: Sequence[Entries], ids: Iterator[int]) -> Iterator[str]:
    accounts = _accounts(entries)
    ordinals = _last_ordinals(entries)
    for entry in entries:
        booking, deal_id = entry.booking, entry.deal_id
        for posting in entry.postings:
            kind, source = posting.kind, posting.source
            ordinals[source, kind] += 1
            debit, credit = _keys(posting)
            yield bulk.row(
                next(ids), deal_id, accounts[deal_id, debit, booking.currency],
                accounts[deal_id, credit, booking.currency], posting.amount_minor,
                booking.currency, kind, source, ordinals[source, kind],
                booking.booked_date, booking.at,
            )  # fmt: skip


def _keys(posting: Posting) -> tuple[AccountKey, AccountKey]:
    debit, credit = PAIRS[posting.kind]
    return (_key(debit, posting.party), _key(credit, posting.party))


def _key(account: Account, party: str) -> AccountKey:
    return (account, party if account in OF_ONE_OWNER else "")


def _accounts(entries: Sequence[Entries]) -> dict[tuple[int, AccountKey, str], int]:
    """The ids of the accounts that these movements touch; what is missing is opened."""
    needed = {
        (entry.deal_id, key, entry.booking.currency)
        for entry in entries
        for posting in entry.postings
        for key in _keys(posting)
    }
    with connection.cursor() as cursor:
        cursor.execute(ACCOUNTS, [[entry.deal_id for entry in entries]])
        rows = cursor.fetchall()
    known = {
        (deal_id, (Account(kind), party), currency): pk
        for deal_id, kind, party, currency, pk in rows
    }
    missing = sorted(needed - known.keys())
    ids = bulk.next_ids(LedgerAccount, len(missing))
    opened = dict(zip(missing, ids, strict=True))
    bulk.copy(
        LedgerAccount,
        ACCOUNT,
        [
            bulk.row(pk, deal_id, kind, party, currency)
            for (deal_id, (kind, party), currency), pk in opened.items()
        ],
    )
    return known | opened


def _last_ordinals(entries: Sequence[Entries]) -> Counter[tuple[str, Kind]]:
    sources = {posting.source for entry in entries for posting in entry.postings}
    with connection.cursor() as cursor:
        cursor.execute(ORDINALS, [sorted(sources)])
        rows = cursor.fetchall()
    return Counter({(source, Kind(kind)): last for source, kind, last in rows})
