"""Booking computations: movements of the ledger, and every receipt's split among the owners."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from deals.models import Allocation
from deals.rules.bookkeeping import Change, Changes, movements
from deals.rules.postings import Account, Kind
from deals.services import distributions, ledger
from deals.services.ledger import Booking, Entries, Posting
from deals.services.standing import StandingReceipt
from deals.services.statement_rows import Draft, Posted
from marketplace.base import bulk

ALLOCATION = ("receipt_id", "party", "ordinal", "amount_minor")


def book(posted: Sequence[tuple[Draft, Sequence[Posted]]]) -> None:
    """Book what computations changed, so that the ledger of every deal shows its figures again.

    Receivable: what the instalments and charged interest still ask for. Cash: the receipts less
    refunds. Owners' clearing: what each receipt paid, by owner, less what policies gave on. The
    company's credit is what these leave over; granted credits that
    were used and small sums held back stand in it as a debit.
    Source: docs/decisions/006-the-ledger-follows.md.
    """
    splits = [(entry, list(_split(entry))) for entry, _ in posted]
    given = _distributed(posted)
    bulk.copy(Allocation, ALLOCATION, [bulk.row(*row) for _, rows in splits for row in rows])
    ledger.post_all(
        [
            Entries(
                entry.run.deal.pk,
                [
                    *_movements(entry, found),
                    *(_split_posting(*row) for row in rows),
                    *given.get(entry.run.deal.pk, ()),
                ],
                Booking(entry.run.result.currency, entry.run.as_of, entry.run.at),
            )
            for (entry, found), (_, rows) in zip(posted, splits, strict=True)
        ]
    )


def _distributed(posted: Sequence[tuple[Draft, Sequence[Posted]]]) -> dict[int, list[Posting]]:
    """What the owners' policies gave on of every receipt, as movements by deal."""
    results = {entry.run.deal.pk: entry.run.result for entry, _ in posted}
    days = {entry.run.as_of for entry, _ in posted}
    return distributions.post_distributions(results, booked_date=max(days)) if days else {}


def _movements(entry: Draft, posted: Iterable[Posted]) -> Iterator[Posting]:
    """What the statements accrued, the cash that is new, and what these leave of credit."""
    posted = list(posted)
    result = entry.run.result
    source = f"computation:{entry.run.key}"
    accruals = list(_accruals(posted))
    cash = list(_new_cash(entry))
    charged, waived, refunded = _newly_decided(entry)
    asked = ledger.balance(entry.standing.booked, Account.COMPANY_RECEIVABLE)
    owed = result.totals.outstanding + result.decided.open
    changes = Changes(
        source=source,
        accruals=accruals,
        cash=cash,
        credits_used=sum(found.credits_change for found in posted),
        credit=owed - asked - charged - _sum(accruals) + _sum(cash) - refunded,
        charged=[Change(source, charged)],
        waived=[Change(source, waived)],
        refunds=[Change(source, refunded)],
    )
    for move in movements(changes):
        yield Posting(move.kind, move.amount, move.source)


def _newly_decided(entry: Draft) -> tuple[int, int, int]:
    """Interest charged, interest waived and credits refunded since the last computation."""
    booked, decided = entry.standing.booked, entry.run.result.decided
    waived = booked[Kind.INTEREST_WAIVED]
    charged = booked[Kind.INTEREST_CHARGED] - waived
    return (
        decided.charged - charged,
        decided.waived - waived,
        decided.refunded - booked[Kind.REFUND],
    )


def _sum(changes: Iterable[Change]) -> int:
    return sum(change.amount for change in changes)


def _accruals(posted: Iterable[Posted]) -> Iterator[Change]:
    for found in posted:
        source = f"statement:{found.pk}"
        for amount in (found.accrued_change, found.corrections_change):
            if amount:
                yield Change(source, amount)


def _new_cash(entry: Draft) -> Iterator[Change]:
    for receipt in entry.standing.receipts:
        if _source(receipt.pk) not in entry.standing.cash_sources:
            yield Change(_source(receipt.pk), receipt.amount)


# Receipt, party, ordinal, amount: one step of a receipt's split.
Step = tuple[int, str, int, int]


def _split(entry: Draft) -> Iterator[Step]:
    """Yield the steps that bring every owner's part of every receipt to the target."""
    receipts: dict[str, StandingReceipt] = {
        receipt.reference: receipt for receipt in entry.standing.receipts
    }
    target: Counter[tuple[int, str]] = Counter()
    for share in entry.run.result.allocations:
        for party, amount in share.owners.items():
            target[receipts[share.reference].pk, party] += amount
    for key in sorted({*target, *entry.standing.split}):
        before, last = entry.standing.split.get(key, (0, 0))
        if target[key] != before:
            yield (*key, last + 1, target[key] - before)


def _split_posting(receipt_id: int, party: str, _: int, amount: int) -> Posting:
    kind = Kind.OWNER_SPLIT if amount > 0 else Kind.SPLIT_TAKEN_BACK
    return Posting(kind, abs(amount), _source(receipt_id), party)


def _source(receipt_id: int) -> str:
    return f"receipt:{receipt_id}"
