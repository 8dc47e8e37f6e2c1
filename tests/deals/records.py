"""What the money records of a deal must show after whatever happened to it.

`assert_true` compares them with one computation from nothing; `Memory` watches that nothing that
was written is changed later.
"""

from collections import Counter
from collections.abc import Callable
from datetime import date

from django.db import connection
from django.db.models import Count, Min
from django.utils import timezone

from deals.models import Allocation, Deal, Instalment, Statement
from deals.rules import facts, statement
from deals.rules.postings import PAIRS, Account, Kind
from deals.rules.states import DealState, StatementState
from deals.services import dossiers, invariants, ledger, rebuilds
from deals.services.statement_rows import MOVING, current_lines
from tests.deals.life import Life
from tests.rules.slow import evaluate
from tests.rules.slow.comparison import differences, product

# Everything that a computation may write, and the tables that may only grow.
GROWING = (
    "deals_fact", "deals_statementline", "deals_ledgermovement", "deals_allocation",
    "base_auditentry",
)  # fmt: skip
WRITTEN = (
    *GROWING, "deals_deal", "deals_statement", "deals_instalment", "deals_ledgeraccount",
    "deals_receipt", "deals_report", "deals_reportline",
)  # fmt: skip


# A statement turns final with the first computation of a later day; its figures do not.
ROW = {"deals_statement": "to_jsonb(t) - 'state' - 'input_hash'"}


def fingerprint(tables: tuple[str, ...] = WRITTEN, upto: dict[str, int] | None = None):
    """Give each table's highest id and the digest of all its rows, up to known ids if given."""
    parts = []
    for table in tables:
        limit = "" if upto is None else f"WHERE id <= {upto[table]}"
        row = ROW.get(table, "t")
        parts.append(
            f"SELECT '{table}', coalesce(max(id), 0),"
            f" md5(string_agg(({row})::text, '|' ORDER BY id)) FROM {table} t {limit}"
        )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return {table: (last, digest) for table, last, digest in cursor.fetchall()}


class Memory:
    """What was written so far, and must still be there word for word."""

    def __init__(self) -> None:
        self.grown = fingerprint(GROWING)
        self.final: dict[int, object] = {}

    def assert_kept(self, deal: Deal) -> None:
        """Nothing that only grows has changed, and no final figure."""
        upto = {table: last for table, (last, _) in self.grown.items()}
        assert fingerprint(GROWING, upto) == self.grown
        final = {
            row.pk: _fixed_figures(row)
            for row in deal.statements.filter(state=StatementState.FINAL)
        }
        assert {pk: final.get(pk) for pk in self.final} == self.final
        self.final = final

    def assert_idle(self, work: Callable[[], None]) -> None:
        """This work changes no row at all; what stands now is remembered."""
        before = fingerprint()
        work()
        after = fingerprint()
        assert {table for table in WRITTEN if after[table] != before[table]} == set()
        self.grown = {table: before[table] for table in GROWING}


def _fixed_figures(row: Statement) -> object:
    figures = {name: value for name, value in row.figures.items() if name not in MOVING}
    return row.period, row.position, row.accrued_minor, row.issued_at, row.final_date, figures


def assert_true(life: Life) -> None:
    """Every record of the deal is what the calculation gives, and the ledger says the same."""
    deal = Deal.objects.get(pk=life.deal.pk)
    assert deal.parked_reason == ""
    document = dossiers.contract_file(deal, as_of=timezone.localdate(life.at))
    assert_remembered(life, document)
    result = statement.compute(facts.load(document))
    assert_statements(deal, result)
    assert_lines(life, deal, result)
    assert_instalments(deal, result)
    assert_split(deal, result)
    assert_ledger(deal, result)
    assert_limits(deal, result)
    is_settled = result.is_settled and result.totals.outstanding == 0
    assert deal.state == (DealState.SETTLED if is_settled else DealState.PAYING)
    assert (deal.settled_date is None) != is_settled


def assert_sound(life: Life) -> None:
    """A second evaluator agrees, the product's own checks find nothing, both chains follow.

    What was posted step by step is what the facts give at once.
    """
    deal = life.deal
    document = dossiers.contract_file(deal, as_of=timezone.localdate(life.at))
    assert differences(evaluate(document), product(document)) == []
    everything = Deal.objects.filter(pk=deal.pk)
    assert dict(invariants.broken(everything)) == {}
    assert dict(invariants.with_broken_chains(everything)) == {}
    subjects = rebuilds.subjects()
    assert subjects.owed == subjects.parked == 0
    for progress in rebuilds.check(subjects):
        assert progress.differences == []


def assert_remembered(life: Life, document: dict) -> None:
    """The contract file holds exactly what people did, revision by revision."""
    revisions = Counter(report["period"] for report in document["reports"])
    assert revisions == {period: len(found) for period, found in life.history.items()}
    for report in document["reports"]:
        sales = life.history[report["period"]][report["revision"] - 1]
        gross = [line["gross"] for line in report["lines"]]
        assert gross == [f"{fen // 100}.{fen % 100:02}" for fen in sales.gross]
    received = {
        one["reference"]: (int(one["amount"].replace(".", "")), one["date"])
        for one in document["receipts"]
    }
    assert received == life.received


def assert_statements(deal: Deal, result: statement.Result) -> None:
    rows = {row.period: row for row in deal.statements.all()}
    printed = {row.pop("period"): row for row in statement.to_document(result)["statements"]}
    for period in rows.keys() - printed.keys():
        # It held a correction that was taken back on its day.
        emptied = rows.pop(period).figures
        assert {emptied[name] for name in MOVING} == {"0.00"}
    assert rows.keys() == printed.keys()
    for period, figures in printed.items():
        odd = {name for name, value in rows[period].figures.items() if value != figures[name]}
        assert (period, odd) == (period, set())
    for target in result.statements:
        row = rows[target.period.name]
        assert row.accrued_minor == target.accrued
        assert row.payable_minor == target.payable
        assert (row.corrections_minor, row.credits_minor) == (target.corrections, target.credits)


def assert_lines(life: Life, deal: Deal, result: statement.Result) -> None:
    """The standing lines of every statement are the calculation's; looked up where one changed."""
    rows = {row.period: row for row in deal.statements.annotate(count=Count("lines"))}
    for target in result.statements:
        row = rows[target.period.name]
        if life.shown.get(row.period) == (row.count, target.lines):
            continue
        lines = current_lines(row)
        shown = [(line.stage, line.code, line.amount_minor, line.inputs) for line in lines]
        wanted = [(one.stage, one.code, one.amount, dict(one.inputs)) for one in target.lines]
        odd = [line for line in [*shown, *wanted] if shown.count(line) != wanted.count(line)]
        assert odd == []
        corrections = [line.amount_minor for line in lines if line.stage == "S12"]
        assert sum(corrections) == row.corrections_minor
        life.shown[row.period] = (row.count, target.lines)


def assert_instalments(deal: Deal, result: statement.Result) -> None:
    asked = Instalment.objects.filter(statement__deal=deal).values_list(
        "statement__period", "due_date", "amount_minor", "paid_minor"
    )
    assert sorted(asked) == sorted(
        (row.period.name, row.due, row.amount, row.paid) for row in result.instalments if row.amount
    )
    assert all(0 <= paid <= amount > 0 for _, _, amount, paid in asked)


def assert_split(deal: Deal, result: statement.Result) -> None:
    split: Counter[tuple[str, str]] = Counter()
    for row in Allocation.objects.filter(receipt__deal=deal).select_related("receipt"):
        split[row.receipt.reference, row.party] += row.amount_minor
    target: Counter[tuple[str, str]] = Counter()
    for share in result.allocations:
        for party, amount in share.owners.items():
            target[share.reference, party] += amount
    assert +split == +target
    assert min(split.values(), default=0) >= 0
    for receipt in deal.receipts.all():
        given = sum(amount for (name, _), amount in split.items() if name == receipt.reference)
        assert given <= receipt.amount_minor


def assert_ledger(deal: Deal, result: statement.Result) -> None:
    """The balances that docs/decisions/006-the-ledger-follows.md sets, and its allowed pairs."""
    balances = ledger.balances(deal)
    assert sum(balances.values()) == 0
    totals = result.totals
    assert balances[Account.COMPANY_RECEIVABLE, ""] == totals.outstanding
    assert balances[Account.CASH, ""] == sum(row.amount_minor for row in deal.receipts.all())
    owners = Counter()
    for share in result.allocations:
        owners.update(share.owners)
    clearing = {
        party: -balance
        for (account, party), balance in balances.items()
        if account is Account.OWNERS_CLEARING and balance
    }
    assert clearing == +owners
    # Granted credits and sums held back stand in the company's credit as a debit.
    credit = -balances[Account.COMPANY_CREDIT, ""]
    held_back = totals.credit_balance - _granted(deal, result) - credit
    assert 0 <= held_back < max(1, fen(deal.terms.document.get("min_payable", "0.00")))
    columns = ("kind", "debit__kind", "credit__kind", "currency")
    groups = deal.movements.values_list(*columns).annotate(least=Min("amount_minor"))
    for kind, debit, credit_kind, currency, least in groups:
        assert least > 0
        assert (debit, credit_kind) == PAIRS[Kind(kind)]
        assert currency == result.currency


def _granted(deal: Deal, result: statement.Result) -> int:
    """What creditable fixed sums have granted; they fall due with the very first posting."""
    if not result.statements:
        return 0
    fixed = deal.terms.document.get("fixed", [])
    return sum(fen(item["amount"]) for item in fixed if item.get("creditable"))


def assert_limits(deal: Deal, result: statement.Result) -> None:
    """Nothing is negative, and no cap is passed by what is posted, later corrections included."""
    assert result.totals.credit_balance >= 0
    assert all(row.payable >= 0 and row.credits >= 0 for row in result.statements)
    accrued: Counter[str] = Counter()
    for row in result.statements:
        accrued[row.period.name] += row.accrued
        for line in row.lines:
            if line.corrects:
                accrued[line.corrects.period] += line.amount
    caps = deal.terms.document["caps"]
    assert sum(accrued.values()) == result.totals.accrued <= fen(caps["lifetime"])
    if "period" in caps:
        assert max(accrued.values(), default=0) <= fen(caps["period"])
    if "contract_year" in caps:
        years: Counter[int] = Counter()
        for row in result.statements:
            years[contract_year(row.period.last)] += accrued[row.period.name]
        assert max(years.values(), default=0) <= fen(caps["contract_year"])


def contract_year(day: date) -> int:
    """The contract year that a day lies in: every one begins on 5 January."""
    return day.year - ((day.month, day.day) < (1, 5))


def fen(amount: str) -> int:
    """An amount of a contract file in fen."""
    return int(amount.replace(".", ""))
