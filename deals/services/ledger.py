"""The deal's ledger: movements between allowed pairs of accounts, balances, and the check.

Balances are debits less credits in minor units. Nothing here changes a posted movement.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet, Sum

from deals.models import Deal, LedgerAccount, LedgerMovement
from deals.rules.postings import PAIRS, Account, Kind

AccountKey = tuple[Account, str]


@dataclass(frozen=True)
class Posting:
    """A movement to be booked: positive minor units, and the row that caused it ("receipt:7").

    `party` names the owner whose clearing account is meant, "" elsewhere.
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


def post(deal: Deal, postings: Iterable[Posting], *, booking: Booking) -> list[LedgerMovement]:
    """Book the movements between the accounts of their kinds' pairs; the rows.

    The caller holds the deal's row lock. Each movement takes the next ordinal of its source and
    kind, which the database lets happen once. Raises ValueError for an amount that is not
    positive. Source: docs/decisions/006-the-ledger-follows.md.
    """
    wanted = list(postings)
    if any(posting.amount_minor <= 0 for posting in wanted):
        raise ValueError("A movement is positive; another kind goes the other way.")
    accounts = _accounts(deal, wanted, booking.currency)
    ordinals = _last_ordinals(wanted)
    movements: list[LedgerMovement] = []
    for posting in wanted:
        ordinals[posting.source, posting.kind] += 1
        debit, credit = (accounts[key] for key in _keys(posting))
        movements.append(
            LedgerMovement(
                deal=deal,
                debit=debit,
                credit=credit,
                amount_minor=posting.amount_minor,
                currency=booking.currency,
                kind=posting.kind,
                source=posting.source,
                ordinal=ordinals[posting.source, posting.kind],
                booked_date=booking.booked_date,
                recorded_at=booking.at,
            )
        )
    return LedgerMovement.objects.bulk_create(movements)


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


def _keys(posting: Posting) -> tuple[AccountKey, AccountKey]:
    debit, credit = PAIRS[posting.kind]
    return (_key(debit, posting.party), _key(credit, posting.party))


def _key(account: Account, party: str) -> AccountKey:
    return (account, party if account is Account.OWNERS_CLEARING else "")


def _accounts(
    deal: Deal, wanted: Iterable[Posting], currency: str
) -> dict[AccountKey, LedgerAccount]:
    needed = {key for posting in wanted for key in _keys(posting)}
    own: QuerySet[LedgerAccount] = deal.ledger_accounts.filter(currency=currency)
    known = {(Account(account.kind), account.party): account for account in own}
    missing = sorted(needed - known.keys())
    made = LedgerAccount.objects.bulk_create(
        LedgerAccount(deal=deal, kind=kind, party=party, currency=currency)
        for kind, party in missing
    )
    return known | dict(zip(missing, made, strict=True))


def _last_ordinals(wanted: Iterable[Posting]) -> Counter[tuple[str, Kind]]:
    sources = {posting.source for posting in wanted}
    rows = LedgerMovement.objects.filter(source__in=sources).values_list("source", "kind")
    return Counter((source, Kind(kind)) for source, kind in rows)
