"""Booking a computation: movements of the ledger, and every receipt's split among the owners."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from django.db.models import Max, Sum

from deals.models import Allocation, Receipt
from deals.rules.bookkeeping import Change, Changes, movements
from deals.rules.postings import Account, Kind
from deals.services import ledger
from deals.services.ledger import Booking, Posting
from deals.services.statement_rows import Computation, Posted

CASH_KINDS = (Kind.RECEIPT, Kind.SURPLUS)


def book(run: Computation, posted: Iterable[Posted]) -> None:
    """Book what the computation changed, so that the ledger shows its figures again.

    Receivable: what the instalments still ask for. Cash: the receipts. Owners' clearing: what each
    receipt paid, by owner. The company's credit is what these leave over; granted credits that
    were used and small sums held back stand in it as a debit.
    Source: docs/decisions/006-the-ledger-follows.md.
    """
    receipts = list(run.deal.receipts.order_by("received_date", "pk"))
    accruals = list(_accruals(posted))
    cash = list(_new_cash(run, receipts))
    asked = ledger.balances(run.deal)[Account.COMPANY_RECEIVABLE, ""]
    changes = Changes(
        source=f"computation:{run.key}",
        accruals=accruals,
        cash=cash,
        credits_used=sum(entry.credits_change for entry in posted),
        credit=run.result.totals.outstanding - asked - _sum(accruals) + _sum(cash),
    )
    found = [Posting(move.kind, move.amount, move.source) for move in movements(changes)]
    found += _split(run, receipts)
    ledger.post(run.deal, found, booking=Booking(run.result.currency, run.as_of, run.at))


def _sum(changes: Iterable[Change]) -> int:
    return sum(change.amount for change in changes)


def _accruals(posted: Iterable[Posted]) -> Iterator[Change]:
    for entry in posted:
        source = f"statement:{entry.row.pk}"
        for amount in (entry.accrued_change, entry.corrections_change):
            if amount:
                yield Change(source, amount)


def _new_cash(run: Computation, receipts: Iterable[Receipt]) -> Iterator[Change]:
    booked = set(run.deal.movements.filter(kind__in=CASH_KINDS).values_list("source", flat=True))
    for receipt in receipts:
        if _source(receipt) not in booked:
            yield Change(_source(receipt), receipt.amount_minor)


def _split(run: Computation, receipts: Sequence[Receipt]) -> list[Posting]:
    """Add the steps that bring every owner's part of every receipt to the target."""
    target: Counter[tuple[str, str]] = Counter()
    for share in run.result.allocations:
        for party, amount in share.owners.items():
            target[share.reference, party] += amount
    steps, last = _allocated(run)
    by_reference = {receipt.reference: receipt for receipt in receipts}
    rows = [
        Allocation(
            receipt=by_reference[reference],
            party=party,
            ordinal=last[reference, party] + 1,
            amount_minor=target[reference, party] - steps[reference, party],
        )
        for reference, party in sorted({*target, *steps})
        if target[reference, party] != steps[reference, party]
    ]
    Allocation.objects.bulk_create(rows)
    return [_split_posting(row) for row in rows]


def _allocated(run: Computation) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]]:
    """What is split already and the last ordinal, by reference and party."""
    rows = (
        Allocation.objects.filter(receipt__deal=run.deal)
        .values_list("receipt__reference", "party")
        .annotate(total=Sum("amount_minor"), last=Max("ordinal"))
    )
    steps: Counter[tuple[str, str]] = Counter()
    last: Counter[tuple[str, str]] = Counter()
    for reference, party, total, ordinal in rows:
        steps[reference, party] = total
        last[reference, party] = ordinal
    return steps, last


def _split_posting(row: Allocation) -> Posting:
    kind = Kind.OWNER_SPLIT if row.amount_minor > 0 else Kind.SPLIT_TAKEN_BACK
    return Posting(kind, abs(row.amount_minor), _source(row.receipt), row.party)


def _source(receipt: Receipt) -> str:
    return f"receipt:{receipt.pk}"
