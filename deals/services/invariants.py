"""What must always hold between a deal's rows and its ledger, looked up and never repaired here."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet, Sum
from django.db.models.expressions import CombinedExpression

from deals.models import (
    Allocation,
    Deal,
    Distribution,
    Fact,
    Instalment,
    InterestDecision,
    LedgerMovement,
    Receipt,
    Statement,
)
from deals.rules.money import parse_amount
from deals.rules.postings import OF_ONE_OWNER, PAIRS, Account
from deals.rules.waterfall import UNDISTRIBUTED
from deals.services import dossiers, moves, parking, runs
from marketplace.base import audit
from marketplace.base.models import Outbox

CHUNK = 500
PAYABLES = OF_ONE_OWNER - {Account.OWNERS_CLEARING}
Totals = Mapping[int, int]


def broken(deals: QuerySet[Deal]) -> Iterator[tuple[int, list[str]]]:
    """Yield the id of every deal that breaks a rule, with the codes of the rules.

    `receivable`: what the company owes is what its instalments ask for, and of charged interest
    what is open. `interest`: interest due and waived is what staff decided. `cash`: the cash is the
    receipts less refunds. `clearing`: the owners hold what was split and not given on. `payables`:
    what was given on. `accrued`: the rest of what accrued is not collected yet. `pair`: no
    movement between other accounts than its kind's. Deals whose computation is still owed, and
    parked ones, are not looked at.
    """
    waiting = Outbox.objects.waiting().filter(task=runs.COMPUTE).values("subject_id")
    settled = deals.filter(parked_reason="").exclude(pk__in=waiting)
    ids = list(settled.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), CHUNK):
        yield from _broken(ids[start : start + CHUNK])


def park_broken(*, at: datetime) -> int:
    """Park every deal that breaks a rule, so that the others go on; how many there are."""
    suspects = [deal_id for deal_id, _ in broken(Deal.objects.all())]
    return sum(_park_if_broken(deal_id, at=at) for deal_id in suspects)


@transaction.atomic
def _park_if_broken(deal_id: int, *, at: datetime) -> bool:
    """Look again under the lock: a computation may have been half visible."""
    deal = moves.locked(Deal.objects.get(pk=deal_id))
    codes = dict(_broken([deal_id])).get(deal_id)
    if not codes:
        return False
    return parking.park_deal(deal, parking.because_ledger_differs(codes), at=at)


def with_broken_chains(deals: QuerySet[Deal]) -> Iterator[tuple[int, list[str]]]:
    """Yield the id of every deal whose log of facts or history does not follow, link by link."""
    for deal in deals.order_by("pk").iterator(CHUNK):
        links = {
            "facts": dossiers.first_broken_fact(deal),
            "history": audit.first_broken(deal),
        }
        codes = [code for code, link in links.items() if link is not None]
        if codes:
            yield deal.pk, codes


def _broken(ids: Sequence[int]) -> Iterator[tuple[int, list[str]]]:
    balances = _balances(ids)
    rows = _rows(ids)
    strange = set(_with_strange_pairs(ids))
    for pk in ids:
        holds = {**_kept(balances[pk], rows, pk), "pair": pk not in strange}
        codes = [code for code, is_kept in holds.items() if not is_kept]
        if codes:
            yield pk, codes


@dataclass(frozen=True, slots=True)
class _Rows:
    """What the rows of deals sum up to, by deal id."""

    asked: Totals
    cash: Totals
    split: Totals
    given: Totals
    accrued: Totals
    charged: Totals
    waived: Totals


def _kept(balances: Mapping[Account, int], rows: _Rows, pk: int) -> dict[str, bool]:
    over_asked = balances[Account.COMPANY_RECEIVABLE] - rows.asked[pk]
    return {
        "receivable": 0 <= over_asked <= rows.charged[pk],
        "interest": (-balances[Account.INTEREST_DUE], balances[Account.WAIVER])
        == (rows.charged[pk] + rows.waived[pk], rows.waived[pk]),
        "cash": balances[Account.CASH] == rows.cash[pk],
        "clearing": -balances[Account.OWNERS_CLEARING] == rows.split[pk] - rows.given[pk],
        "payables": -sum(balances[account] for account in PAYABLES) == rows.given[pk],
        "accrued": -balances[Account.ACCRUED] == rows.accrued[pk] - rows.split[pk],
    }


def _rows(ids: Sequence[int]) -> _Rows:
    statements = Statement.objects.filter(deal__in=ids).values_list("deal")
    receipts = _sums(Receipt.objects.filter(deal__in=ids).values_list("deal"), "amount_minor")
    refunds = _refunds(ids)
    split = Allocation.objects.filter(receipt__deal__in=ids).values_list("receipt__deal")
    given = Distribution.objects.filter(deal__in=ids).exclude(recipient=UNDISTRIBUTED)
    decided = InterestDecision.objects.filter(deal__in=ids).values_list("deal")
    return _Rows(
        asked=_outstanding(ids),
        cash=Counter({pk: receipts[pk] - refunds[pk] for pk in ids}),
        split=_sums(split, "amount_minor"),
        given=_sums(given.values_list("deal"), "amount_minor"),
        accrued=_sums(statements, F("accrued_minor") + F("corrections_minor")),
        charged=_sums(decided.filter(decision="charge"), "amount_minor"),
        waived=_sums(decided.filter(decision="waive"), "amount_minor"),
    )


def _refunds(ids: Sequence[int]) -> Totals:
    """What was paid back of credits; such facts are rare."""
    found: Counter[int] = Counter()
    rows = Fact.objects.filter(deal__in=ids, kind="event", payload__type="refund")
    columns = ("deal_id", "payload__amount", "deal__terms__document__currency")
    for deal_id, amount, currency in rows.values_list(*columns):
        found[deal_id] += parse_amount(amount, currency)
    return found


def _balances(ids: Iterable[int]) -> Mapping[int, Counter[Account]]:
    found: defaultdict[int, Counter[Account]] = defaultdict(Counter)
    for side, sign in (("debit", 1), ("credit", -1)):
        rows = (
            LedgerMovement.objects.filter(deal__in=ids)
            .values_list("deal", f"{side}__kind")
            .annotate(total=Sum("amount_minor"))
        )
        for deal_id, kind, total in rows:
            found[deal_id][Account(kind)] += sign * total
    return found


def _outstanding(ids: Iterable[int]) -> Totals:
    rows = Instalment.objects.filter(statement__deal__in=ids).values_list("statement__deal")
    return _sums(rows, F("amount_minor") - F("paid_minor"))


def _sums(rows: QuerySet[Any, Any], amount: str | CombinedExpression) -> Totals:
    """The sum of an amount by deal, 0 for a deal without rows."""
    return Counter(dict(rows.annotate(total=Sum(amount))))


def _with_strange_pairs(ids: Iterable[int]) -> Iterator[int]:
    allowed = {(kind, debit, credit) for kind, (debit, credit) in PAIRS.items()}
    rows = (
        LedgerMovement.objects.filter(deal__in=ids)
        .values_list("deal", "kind", "debit__kind", "credit__kind")
        .distinct()
    )
    for deal_id, kind, debit, credit in rows:
        if (kind, debit, credit) not in allowed:
            yield deal_id
