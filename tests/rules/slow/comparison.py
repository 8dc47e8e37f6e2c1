"""The product and the slow evaluator side by side."""

from deals.rules import facts, statement

STATEMENT_LEAVES_OUT = ("lines",)
PARTS = ("currency", "statements", "instalments", "interest", "allocations", "totals")


def product(document):
    return statement.to_document(statement.compute(facts.load(document)))


def comparable(result):
    kept = {part: result[part] for part in PARTS}
    kept["statements"] = [
        {name: value for name, value in row.items() if name not in STATEMENT_LEAVES_OUT}
        for row in kept["statements"]
    ]
    kept["allocations"] = sorted(
        ({**row, "waterfalls": without_nothing(row["waterfalls"])} for row in kept["allocations"]),
        key=lambda row: row["reference"],
    )
    return kept


def without_nothing(waterfalls):
    """Leave out who gets nothing: the rules do not say whether a zero is printed."""
    kept = {
        owner: {party: amount for party, amount in parts.items() if amount.strip("0.")}
        for owner, parts in waterfalls.items()
    }
    return {owner: parts for owner, parts in kept.items() if parts}


def differences(want, got, where=""):
    """Return (path, slow, product) of every leaf that differs."""
    if not where:
        want, got = comparable(want), comparable(got)
    if isinstance(want, dict) and isinstance(got, dict):
        pairs = [(name, want.get(name, "-"), got.get(name, "-")) for name in {*want, *got}]
    elif isinstance(want, list) and isinstance(got, list) and len(want) == len(got):
        pairs = [(f"{n}", *pair) for n, pair in enumerate(zip(want, got, strict=True))]
    else:
        return [] if want == got else [(where, want, got)]
    return sorted(
        (found for name, left, right in pairs for found in differences(left, right,
         f"{where}.{name}" if where else name)), key=lambda each: each[0],
    )  # fmt: skip
