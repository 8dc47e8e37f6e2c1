"""Contract files as text: parsing, answering one or many, and what is new since an earlier answer.

Nothing in a file can make these functions raise anything but `Refused`.
"""

import json
from collections.abc import Mapping
from typing import NoReturn

from deals.rules.facts import load
from deals.rules.faults import Fault, Refused
from deals.rules.money import MoneyError, format_scaled, parse_scaled
from deals.rules.statement import compute, to_document

SIZE_LIMIT = 20 * 1024 * 1024
_DECIMALS = 10


def parse(content: bytes) -> object:
    """Read JSON strictly: UTF-8, no repeated key, no NaN, not too large, not too deep."""
    if len(content) > SIZE_LIMIT:
        _refuse("file.too_large", f"a file of at most {SIZE_LIMIT // 1024 // 1024} MB is expected")
    try:
        return json.loads(
            content.decode("utf-8-sig"), parse_constant=_no_constant, object_pairs_hook=_object
        )
    except RecursionError:
        _refuse("file.too_deep", "the file is nested too deeply")
    except UnicodeDecodeError:
        _refuse("file.encoding", "the file is not UTF-8")
    except ValueError as error:
        _refuse("file.json", f"the file is not JSON: {str(error)[:120]}")


def _refuse(code: str, message: str, where: str = "") -> NoReturn:
    raise Refused((Fault(code, where, message),))


def _no_constant(name: str) -> NoReturn:
    _refuse("number.malformed", f"{name} is not a number")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        _refuse("key.repeated", "this key stands twice in one object", ascii(twice)[1:-1][:40])
    return found


def answer(document: object, as_of: str | None = None, posted: object = None) -> object:
    """Compute a contract, or each of a list of contracts, and return the JSON to print.

    `as_of` replaces the file's own day. With `posted`, an earlier answer, only what is new is
    returned. Raises `Refused` for a single contract; in a list a refused one holds its errors.
    """
    if not isinstance(document, list):
        return _one(document, as_of, posted)
    earlier = [None] * len(document) if posted is None else posted
    if not isinstance(earlier, list) or len(earlier) != len(document):
        _refuse("posted.length", "as many earlier results as contracts are expected", "posted")
    return [_one_of_many(one, as_of, before) for one, before in zip(document, earlier, strict=True)]


def _one(document: object, as_of: str | None, posted: object) -> dict[str, object]:
    if not isinstance(document, Mapping):
        _refuse("type.object", "a contract is an object")
    if as_of is not None:
        document = {**document, "as_of": as_of}
    result = to_document(compute(load(document)))
    return result if posted is None else only_new(result, posted)


def _one_of_many(document: object, as_of: str | None, posted: object) -> dict[str, object]:
    try:
        return _one(document, as_of, posted)
    except Refused as refusal:
        return {
            "errors": [
                {"code": fault.code, "where": fault.where, "message": fault.message}
                for fault in refusal.faults
            ]
        }


def only_new(result: Mapping[str, object], posted: object) -> dict[str, object]:
    """Leave of a result what an earlier one does not hold: new lines, and rows that changed.

    A line that is there with another amount is given with the difference.
    """
    if not isinstance(posted, Mapping):
        _refuse("type.object", "an earlier result is an object", "posted")
    found = dict(result)
    before = {
        period: one
        for one in _rows(posted, "statements")
        if isinstance(period := one.get("period"), str)
    }
    found["statements"] = [
        {**one, "lines": lines}
        for one in _rows(result, "statements")
        if (lines := new_lines(_rows(one, "lines"), _rows(before.get(str(one["period"])), "lines")))
    ]
    for name in ("instalments", "interest", "allocations"):
        old = _rows(posted, name)
        found[name] = [row for row in _rows(result, name) if row not in old]
    return found


def _rows(value: object, key: str) -> list[Mapping[str, object]]:
    rows = value.get(key) if isinstance(value, Mapping) else None
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def new_lines(
    lines: list[Mapping[str, object]], posted: list[Mapping[str, object]]
) -> list[Mapping[str, object]]:
    """Return the lines whose amount is not posted yet, each with the amount that is missing."""
    before: dict[tuple[str, ...], int] = {}
    gone: dict[tuple[str, ...], Mapping[str, object]] = {}
    for line in posted:
        identity = _identity(line)
        before[identity] = before.get(identity, 0) + _amount(line)
        gone[identity] = line
    found: list[Mapping[str, object]] = []
    for line in lines:
        identity = _identity(line)
        known = identity in gone
        gone.pop(identity, None)
        missing = _amount(line) - before.pop(identity, 0)
        if missing or not known:
            found.append({**line, "amount": _decimals(missing, line)})
    for identity, line in gone.items():
        if before.get(identity):
            found.append({**line, "amount": _decimals(-before[identity], line)})
    return found


def _identity(line: Mapping[str, object]) -> tuple[str, ...]:
    """Return what tells a line of a statement from every other one."""
    own = [line.get("stage"), line.get("code")]
    inputs, corrects = line.get("inputs"), line.get("corrects")
    if isinstance(inputs, Mapping):
        own.append(inputs.get("line"))
    if isinstance(corrects, Mapping):
        own += [corrects.get(name) for name in ("period", "code", "key")]
    return tuple(part if isinstance(part, str) else "" for part in own)


def _amount(line: Mapping[str, object]) -> int:
    amount = line.get("amount")
    try:
        return parse_scaled(amount, _DECIMALS) if isinstance(amount, str) else 0
    except MoneyError as error:
        _refuse(error.code, "an amount of an earlier line is malformed", "posted")


def _decimals(number: int, line: Mapping[str, object]) -> str:
    """Write an amount over 10**10 with as many decimals as the line's own amount has."""
    decimals = len(str(line.get("amount")).partition(".")[2])
    return format_scaled(number // 10 ** (_DECIMALS - decimals), decimals)
