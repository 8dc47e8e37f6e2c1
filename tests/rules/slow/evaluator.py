"""The whole calculation, from a contract file to the printed result."""

from fractions import Fraction

from tests.rules.slow.contract import Contract
from tests.rules.slow.days import day
from tests.rules.slow.interest import interest_rows
from tests.rules.slow.numbers import shown
from tests.rules.slow.replay import Replay
from tests.rules.slow.target import SUMS, compute_target

FIELDS = (*SUMS, "fixed")


def statement_row(replay, index):
    contract = replay.contract
    box = replay.frozen[index]
    page = replay.pages[index]
    row = {name: shown(box[name], contract.currency) for name in FIELDS}
    row["accrued"] = shown(box.accrued, contract.currency)
    left = replay.cap_left(index)
    row["cap_left"] = None if left is None else shown(left, contract.currency)
    for name in ("credits", "payable", "corrections"):
        row[name] = shown(page[name], contract.currency)
    return {"period": contract.periods.name(index), **row}


def instalment_rows(replay):
    rows = {}
    for instalment in replay.instalments:
        row = rows.setdefault((instalment.index, instalment.due), [Fraction(0), Fraction(0)])
        row[0] += instalment.amount
        row[1] += instalment.paid
    currency = replay.contract.currency
    return [
        {"period": replay.contract.periods.name(index), "amount": shown(amount, currency),
         "due": due.isoformat(), "paid": shown(paid, currency),
         "outstanding": shown(amount - paid, currency)}
        for (index, due), (amount, paid) in sorted(rows.items())
    ]  # fmt: skip


def totals(replay, target):
    amount = sum(each.amount for each in replay.instalments)
    paid = sum(each.paid for each in replay.instalments)
    values = {
        "earned": sum(box["earned"] for box in target.ordered()),
        "accrued": sum(box.accrued for box in target.ordered()),
        "payable": amount,
        "paid": paid,
        "outstanding": amount - paid,
        "credit_balance": replay.credits.balance(),
    }
    return {name: shown(value, replay.contract.currency) for name, value in values.items()}


def evaluate(document):
    """Return the output of section 8 for one contract file, without lines and warnings."""
    contract = Contract(document)
    replay = Replay(contract, day(document["as_of"]))
    replay.run()
    target = compute_target(contract, replay.as_of)
    return {
        "currency": contract.currency,
        "statements": [statement_row(replay, index) for index in replay.statement_indexes()],
        "instalments": instalment_rows(replay),
        "interest": interest_rows(replay),
        "allocations": replay.allocation_rows(),
        "totals": totals(replay, target),
    }
