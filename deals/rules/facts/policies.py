"""Read distribution policies from a contract file.

A policy holds its `steps`, or `versions` of them, each with the first receipt day it is for.
"""

from datetime import date
from fractions import Fraction

from deals.rules.distribution import RECIPIENTS
from deals.rules.faults import Fault
from deals.rules.reading import Reader, join
from deals.rules.waterfall import (
    TAKES,
    Band,
    Policy,
    PolicyVersion,
    StepTerms,
    recipients_of,
)

_KEYS = {
    "top_slice": ("to", "share"),
    "fixed": ("to", "amount", "window"),
    "share_of_gross": ("to", "share"),
    "costs": ("to", "limit"),
    "bands": ("window", "mode", "bound", "rows"),
    "cap": ("to", "amount", "window", "excess_to"),
    "rest": ("weights",),
    "inventors": ("weights",),
}
_WINDOWS = ("lifetime", "year", "receipt")
Policies = dict[str, Policy]


def read(reader: Reader, currency: str) -> Policies:
    """Read every policy by its key; `inventors` may only be the last step of one."""
    below = reader.below("policies")
    found: Policies = {}
    for key in below.keys():  # noqa: SIM118 - a reader is no dict
        policy = below.below(key)
        if policy.has("versions"):
            policy.only(("versions",), ("versions",))
            found[key] = _versions(policy, currency)
        else:
            policy.only(("steps",), ("steps",))
            found[key] = (PolicyVersion(date.min, steps(policy, currency)),)
    return found


def faults_in(rows: list[object], currency: str) -> tuple[Fault, ...]:
    """Return what is wrong with the steps of an organisation's own policy, as `steps[0].share`.

    Only the known recipients may be named, and no persons: they come from each deal's terms.
    """
    faults: list[Fault] = []
    reader = Reader({"steps": rows}, "", faults)
    found = steps(reader, currency)
    if faults:
        return tuple(faults)
    for index, step in enumerate(found):
        if step.take == "inventors":
            reader.refuse("policy.people", f"steps[{index}].take", "persons come from the terms")
        for recipient in sorted({*recipients_of(step)} - {*RECIPIENTS}):
            where = f"steps[{index}].{ascii(recipient)[1:-1][:40]}"
            reader.refuse("party.unknown", where, "a known recipient is expected here")
    return tuple(faults)


def _versions(policy: Reader, currency: str) -> Policy:
    found: list[PolicyVersion] = []
    for row in policy.rows("versions"):
        row.only(("effective_from", "steps"), ("effective_from", "steps"))
        found.append(PolicyVersion(row.day("effective_from"), steps(row, currency)))
    if len({version.effective_from for version in found}) < len(found):
        policy.refuse("key.repeated", "versions", "two versions begin on one day")
    return tuple(found)


def steps(reader: Reader, currency: str) -> tuple[StepTerms, ...]:
    """Read the steps of one version; `inventors` may only be the last one."""
    rows = reader.rows("steps")
    found = tuple(_step(row, currency) for row in rows)
    for row, step in zip(rows[:-1], found, strict=False):
        if step.take == "inventors":
            row.refuse("policy.order", "take", "this step must be the last one")
    return found


def _step(reader: Reader, currency: str) -> StepTerms:
    take = reader.choice("take", TAKES)
    if take not in TAKES:
        reader.only(("take",), ("take",))
        return StepTerms("rest")
    required = _KEYS[take]
    reader.only(("take", *required), ("take", *required))
    share = reader.weight("share")
    if not 0 <= share <= 1:
        reader.refuse("number.range", "share", "a share from 0 to 1 is expected here")
    windows = ("year",) if take == "cap" else _WINDOWS
    return StepTerms(
        take=take,
        to=reader.text("to"),
        share=share,
        amount=reader.amount("limit" if take == "costs" else "amount", currency),
        window=reader.choice("window", windows, "lifetime"),
        mode=reader.choice("mode", ("marginal", "whole"), "marginal"),
        bound=reader.choice("bound", ("inclusive_upper", "inclusive_lower"), "inclusive_upper"),
        rows=_bands(reader, currency),
        weights=_weights(reader) if "weights" in required else {},
        excess_to=reader.text("excess_to"),
    )


def _weights(reader: Reader) -> dict[str, Fraction]:
    below = reader.below("weights")
    found = {party: below.weight(party) for party in below.keys()}  # noqa: SIM118
    if any(weight < 0 for weight in found.values()) or sum(found.values()) <= 0:
        reader.refuse("weights.not_positive", "weights", "weights need a positive sum")
    return found


def _bands(reader: Reader, currency: str) -> tuple[Band, ...]:
    found: list[Band] = []
    for row in reader.rows("rows"):
        row.only(("up_to", "shares"), ("shares",))
        shares = row.below("shares")
        parts = {party: shares.weight(party) for party in shares.keys()}  # noqa: SIM118
        if any(part < 0 for part in parts.values()) or sum(parts.values()) > 1:
            row.refuse("number.range", "shares", "shares must not exceed one in total")
        found.append(Band(row.optional_amount("up_to", currency), parts))
    _check(reader, found)
    return tuple(found)


def _check(reader: Reader, bands: list[Band]) -> None:
    previous = 0
    for index, band in enumerate(bands):
        last = index == len(bands) - 1
        if last and band.upper is None:
            return
        if last or band.upper is None or band.upper <= previous:
            where = join("rows", index)
            reader.refuse("tiers.order", where, "bounds must rise and the last row be open")
            return
        previous = band.upper
    if reader.has("rows"):
        reader.refuse("tiers.empty", "rows", "at least one row is expected")
