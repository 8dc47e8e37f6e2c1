"""What owners do with received principal: the rows of every receipt's way through a policy."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date

from django.db.models import Max, Sum

from deals.models import Distribution, Receipt
from deals.rules.distribution import movement_kind
from deals.rules.statement import Result
from deals.services.ledger import Posting

# Receipt, owner, recipient.
Part = tuple[int, str, str]


def post_distributions(
    results: Mapping[int, Result], *, booked_date: date
) -> dict[int, list[Posting]]:
    """Bring the distributions of many deals to their results, by deal id; the movements owed.

    Rows are only added: each is what a recipient's part of a receipt changed by. The caller holds
    the deals' row locks. Queries: none for deals whose money runs through no policy, else three.
    Source: docs/rules.md#receipts-and-owners.
    """
    busy = {pk: found for pk, found in results.items() if _runs_through_a_policy(found)}
    if not busy:
        return {}
    receipts = {
        (deal_id, reference): pk
        for deal_id, reference, pk in Receipt.objects.filter(deal__in=busy).values_list(
            "deal_id", "reference", "pk"
        )
    }
    posted, last = _posted(busy)
    rows: list[Distribution] = []
    for deal_id, result in busy.items():
        target = _target(deal_id, result, receipts)
        rows += _steps(deal_id, (target, posted[deal_id], last), booked_date)
    Distribution.objects.bulk_create(rows)
    owed: defaultdict[int, list[Posting]] = defaultdict(list)
    for row in rows:
        kind = movement_kind(row.recipient, row.amount_minor)
        if kind is not None:
            source = f"receipt:{row.receipt_id}"
            owed[row.deal_id].append(Posting(kind, abs(row.amount_minor), source, row.party))
    return owed


def _runs_through_a_policy(result: Result) -> bool:
    return any(share.waterfalls for share in result.allocations)


def _target(deal_id: int, result: Result, receipts: Mapping[tuple[int, str], int]) -> Counter[Part]:
    target: Counter[Part] = Counter()
    for share in result.allocations:
        receipt = receipts.get((deal_id, share.reference))
        if receipt is None:
            continue
        for party, parts in share.waterfalls.items():
            for recipient, amount in parts.items():
                target[receipt, party, recipient] += amount
    return target


def _posted(
    results: Mapping[int, Result],
) -> tuple[defaultdict[int, Counter[Part]], dict[Part, int]]:
    found: defaultdict[int, Counter[Part]] = defaultdict(Counter)
    last: dict[Part, int] = {}
    rows = (
        Distribution.objects.filter(deal__in=results)
        .values_list("deal_id", "receipt_id", "party", "recipient")
        .annotate(total=Sum("amount_minor"), last=Max("ordinal"))
    )
    for deal_id, receipt_id, party, recipient, total, ordinal in rows:
        found[deal_id][receipt_id, party, recipient] = total
        last[receipt_id, party, recipient] = ordinal
    return found, last


def _steps(
    deal_id: int,
    found: tuple[Counter[Part], Counter[Part], Mapping[Part, int]],
    booked_date: date,
) -> Iterator[Distribution]:
    target, posted, last = found
    for part in sorted({*target, *posted}):
        change = target[part] - posted[part]
        if change:
            receipt_id, party, recipient = part
            yield Distribution(
                deal_id=deal_id,
                receipt_id=receipt_id,
                party=party,
                recipient=recipient,
                ordinal=last.get(part, 0) + 1,
                amount_minor=change,
                booked_date=booked_date,
            )
