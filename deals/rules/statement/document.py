"""Write a result as the JSON document of the command line: amounts are decimal strings."""

from collections.abc import Mapping
from operator import attrgetter

from deals.rules.money import exponent_of, format_amount, format_scaled
from deals.rules.statement.result import Line, Result, Statement

_FIELDS = (
    "gross", "vat", "deductions", "net", "base", "earned", "stacking", "fixed", "milestones",
    "minimum_top_up", "recouped", "clipped", "accrued", "credits", "payable", "corrections",
    "shortfall_carried", "shortfall_lapsed",
)  # fmt: skip


_amounts = attrgetter(*_FIELDS)


def to_document(result: Result) -> dict[str, object]:
    """Return the result as plain JSON values, in the order people read them."""
    currency = result.currency

    def text(minor: int) -> str:
        return format_amount(minor, currency)

    totals = result.totals
    return {
        "currency": currency,
        "statements": [_statement(found, currency) for found in result.statements],
        "instalments": [
            {
                "period": found.period.name,
                "amount": text(found.amount),
                "due": found.due.isoformat(),
                "paid": text(found.paid),
                "outstanding": text(found.outstanding),
            }
            for found in result.instalments
        ],
        "interest": [
            {
                "period": found.period.name,
                "days": found.days,
                "amount": text(found.amount),
                "state": found.state,
            }
            for found in result.interest
        ],
        "allocations": _allocations(result),
        "totals": {
            "earned": text(totals.earned),
            "accrued": text(totals.accrued),
            "payable": text(totals.payable),
            "paid": text(totals.paid),
            "outstanding": text(totals.outstanding),
            "credit_balance": text(totals.credit_balance),
        },
        "warnings": [{"code": found.code, "where": found.where} for found in result.warnings],
    }


def printed_figures(statement: Statement, currency: str) -> dict[str, str | None]:
    """Return a statement's own amounts as decimal strings; `cap_left` is None without a cap."""
    decimals = exponent_of(currency)
    nothing = format_scaled(0, decimals)
    found: dict[str, str | None] = {
        name: format_scaled(amount, decimals) if amount else nothing
        for name, amount in zip(_FIELDS, _amounts(statement), strict=True)
    }
    left = statement.cap_left
    found["cap_left"] = None if left is None else format_scaled(left, decimals)
    return found


def _statement(statement: Statement, currency: str) -> dict[str, object]:
    return {
        "period": statement.period.name,
        **printed_figures(statement, currency),
        "lines": _lines(statement, exponent_of(currency)),
    }


def _lines(statement: Statement, decimals: int) -> list[dict[str, object]]:
    return [_line(line, decimals) for line in statement.lines]


def _line(line: Line, decimals: int) -> dict[str, object]:
    corrects = line.corrects
    return {
        "stage": line.stage,
        "code": line.code,
        "amount": format_scaled(line.amount, decimals),
        "inputs": dict(line.inputs),
        "formula": line.formula,
        "terms_version": line.terms_version,
        "corrects": None
        if corrects is None
        else {"period": corrects.period, "code": corrects.code, "key": corrects.key},
    }


def _allocations(result: Result) -> list[dict[str, object]]:
    """Return one row per reference: surplus used later joins the row of its receipt."""
    owners: dict[str, dict[str, int]] = {}
    flows: dict[str, dict[str, dict[str, int]]] = {}
    for found in result.allocations:
        _add(owners.setdefault(found.reference, {}), found.owners)
        by_owner = flows.setdefault(found.reference, {})
        for party, parts in found.waterfalls.items():
            _add(by_owner.setdefault(party, {}), parts)
    return [
        {
            "reference": reference,
            "owners": _texts(parts, result.currency),
            "waterfalls": {
                party: _texts(inner, result.currency) for party, inner in flows[reference].items()
            },
        }
        for reference, parts in owners.items()
    ]


def _add(total: dict[str, int], more: Mapping[str, int]) -> None:
    for party, amount in more.items():
        total[party] = total.get(party, 0) + amount


def _texts(parts: Mapping[str, int], currency: str) -> dict[str, str]:
    return {party: format_amount(amount, currency) for party, amount in parts.items()}
