"""What a straightforward program does: the same calculation, then one row at a time by the ORM."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from deals.models import (
    ComputedInput,
    Deal,
    Instalment,
    LedgerAccount,
    LedgerMovement,
    Statement,
    StatementLine,
)
from deals.rules import facts, statement
from deals.rules.postings import PAIRS, Kind
from deals.services import dossiers, statement_contents, statement_rows, statements
from marketplace.base import audit, clock
from marketplace.site.bench import digests
from marketplace.site.bench.figures import Figure, measured


def run(count: int) -> tuple[Figure, dict[int, str]]:
    """Save what the first `count` deals come to; what it wrote is digested, then rolled back."""
    deals = list(Deal.objects.order_by("pk")[:count])
    at = clock.now()
    with transaction.atomic():
        with measured("orm loop", count) as figures:
            for deal in deals:
                with transaction.atomic():
                    save_one_by_one(deal, at=at)
        written = digests.of_deals([deal.pk for deal in deals])
        transaction.set_rollback(True)
    return figures[0], written


def save_one_by_one(deal: Deal, *, at: datetime) -> None:
    """Compute a deal and save each row by itself: the rows that the product writes as well."""
    as_of = timezone.localdate(at)
    dossier = dossiers.read([deal.pk], as_of=as_of)[deal.pk]
    result = statement.compute(facts.load(dossier.document))
    key = statements.input_key(dossier.head, as_of)
    contents = statement_contents.of(result)
    rows: list[Statement] = []
    for position, target in enumerate(result.statements, start=1):
        row = Statement.objects.create(
            deal=deal,
            period=target.period.name,
            position=position,
            state=statement_rows.state_of(target, as_of),
            figures=statement.printed_figures(target, result.currency),
            accrued_minor=target.accrued,
            corrections_minor=target.corrections,
            credits_minor=target.credits,
            payable_minor=target.payable,
            currency=result.currency,
            issued_at=at,
            final_date=target.final_on,
            input_hash=key,
            content_hash=contents[target.period.name].digest,
            computed_date=as_of,
            computed_sequence=dossier.sequence,
        )
        rows.append(row)
        _save_lines(row, target)
        _save_instalments(row, result)
        if target.accrued:
            _book(deal, row, at=at)
    audit.record(
        deal,
        verb="statement.posted",
        by=None,
        at=at,
        data={"input": key, "statements": [row.pk for row in rows]},
    )
    ComputedInput.objects.create(deal=deal, input_hash=key, as_of_date=as_of, computed_at=at)


def _save_lines(row: Statement, target: statement.Statement) -> None:
    for ordinal, line in enumerate(target.lines, start=1):
        StatementLine.objects.create(
            statement=row,
            ordinal=ordinal,
            stage=line.stage,
            code=line.code,
            amount_minor=line.amount,
            inputs=dict(line.inputs),
            formula=line.formula,
            terms_version=line.terms_version,
        )


def _save_instalments(row: Statement, result: statement.Result) -> None:
    for asked in result.instalments:
        if asked.period.name == row.period and asked.amount:
            Instalment.objects.create(statement=row, amount_minor=asked.amount, due_date=asked.due)


def _book(deal: Deal, row: Statement, *, at: datetime) -> None:
    debit, credit = _accounts(deal, row.currency)
    LedgerMovement.objects.create(
        deal=deal,
        debit=debit,
        credit=credit,
        amount_minor=row.accrued_minor,
        currency=row.currency,
        kind=Kind.ACCRUAL,
        source=f"statement:{row.pk}",
        ordinal=1,
        booked_date=timezone.localdate(at),
        recorded_at=at,
    )


def _accounts(deal: Deal, currency: str) -> Iterator[LedgerAccount]:
    for kind in PAIRS[Kind.ACCRUAL]:
        yield LedgerAccount.objects.get_or_create(deal=deal, kind=kind, currency=currency)[0]
