"""From report lines to the quantity that royalty is charged on (S1, S3, S4).

One report becomes portions: what one stream sold under one terms version in one stage. Sums of a
foreign currency and sums of tax are rounded once each (R1); everything after them stays exact.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from deals.rules.facts.model import Line, Report
from deals.rules.money import RATIO_SCALE, Exact, exact
from deals.rules.pieces import Convert, Piece, convert_all, factor_of, gather, one_by_one
from deals.rules.stages import FREE, StageMap
from deals.rules.terms.model import Stream, Terms


class Ceilings(NamedTuple):
    """What a stream's deductions were allowed by, in minor units; all stages count together.

    `room` is gross less tax, `claimed` what each listed type claims, `whole` what the types come to
    under their own ceilings, `ratios` the share of its claims that each type is allowed.
    """

    room: Exact
    claimed: Mapping[str, Exact]
    whole: Exact
    ratios: Mapping[str, Exact]


class Foreign(NamedTuple):
    """A foreign sum that was rounded once: minor units of its currency, and home ones for each."""

    currency: str
    reported: Exact
    rate: Exact


_NO_CEILINGS = Ceilings(0, {}, 0, {})


class Portion(NamedTuple):
    """One stream's sales of a period under one version and in one stage.

    Money is in minor units, units are over 10**6. `quantity` is after the policy for negatives;
    `combined` is the part of it that counts for combined products, `weighted` that part times its
    step-down factors. `mixed` tells that lines of both signs met. `sold` is the gross per tax rate,
    `foreign` what was reported in other currencies.
    """

    terms: Terms
    stream: Stream
    stage: str
    gross: Exact
    vat: Mapping[int, Exact]
    claimed: Mapping[str, Exact]
    allowed: Mapping[str, Exact]
    net: Exact
    units: int
    third_party: Exact
    quantity: Exact
    combined: Exact
    weighted: Exact
    mixed: bool
    sold: Mapping[int, Exact]
    ceilings: Ceilings = _NO_CEILINGS
    foreign: tuple[Foreign, ...] = ()

    @property
    def tax(self) -> Exact:
        """The tax inside the gross, of all rates."""
        return sum(self.vat.values())

    @property
    def deducted(self) -> Exact:
        """What was deducted, of all types."""
        return sum(self.allowed.values())


def portions(
    report: Report, governing: Callable[[date], Terms], stages: StageMap, convert: Convert
) -> tuple[Portion, ...]:
    """Add up one report. `convert` gives home minor units per minor unit of a currency."""
    found: list[Portion] = []
    for lines, terms in _groups(report, governing):
        found.extend(_group(lines, terms, stages, convert))
    return tuple(found)


def free_lines(
    report: Report, governing: Callable[[date], Terms], stages: StageMap, convert: Convert
) -> Iterator[tuple[date, Exact, int]]:
    """Yield date, exact net and units of every free line, for a trial that ends with a line."""
    for lines, terms in _groups(report, governing):
        stream = terms.streams[lines[0].stream]
        pieces = one_by_one(lines, terms, stream, stages)
        convert_all(pieces, terms.rounding, terms.currency, convert)
        _deduct(pieces, stream)
        for line, piece in zip(lines, pieces, strict=True):
            if piece.stage == FREE:
                yield line.sale_date, piece.net, piece.units


def _groups(
    report: Report, governing: Callable[[date], Terms]
) -> Iterator[tuple[list[Line], Terms]]:
    """Yield the lines of each stream and version."""
    groups: dict[tuple[str, int], tuple[list[Line], Terms]] = {}
    for line in report.lines:
        terms = governing(line.sale_date)
        group = groups.get((line.stream, terms.version))
        if group is None:
            group = groups[line.stream, terms.version] = ([], terms)
        group[0].append(line)
    for key in sorted(groups):
        yield groups[key]


def empty(terms: Terms, stream: Stream, stage: str) -> Portion:
    """Return the portion of a stream without sales."""
    return Portion(terms, stream, stage, 0, {}, {}, {}, 0, 0, 0, 0, 0, 0, mixed=False, sold={})


def _group(
    lines: list[Line], terms: Terms, stages: StageMap, convert: Convert
) -> Iterable[Portion]:
    stream = terms.streams[lines[0].stream]
    pieces = gather(lines, terms, stream, stages)
    convert_all(pieces, terms.rounding, terms.currency, convert)
    ceilings = _deduct(pieces, stream)
    mixed = _mixed_stages(lines, terms, stages, convert) if stream.factors else ()
    for name in sorted({piece.stage for piece in pieces}):
        own = [piece for piece in pieces if piece.stage == name]
        yield _portion(own, terms, stream, ceilings, mixed=name in mixed)


def _deduct(pieces: list[Piece], stream: Stream) -> Ceilings:
    """Set what each piece may deduct, and return how far the ceilings let the claims through."""
    claimed: dict[str, Exact] = {}
    for piece in pieces:
        for kind, amount in piece.claimed.items():
            if kind in stream.deductions:
                claimed[kind] = claimed.get(kind, 0) + amount
    if not claimed:
        return _NO_CEILINGS
    room = max(0, sum([piece.gross - piece.vat for piece in pieces]))
    allowed = {kind: _capped(total, stream.deductions[kind].cap, room)
               for kind, total in claimed.items()}  # fmt: skip
    whole = sum(allowed.values())
    share = _ratio(_capped(whole, stream.deduction_cap, room), whole)
    ratios = {
        kind: exact(_ratio(amount, claimed[kind]) * share) for kind, amount in allowed.items()
    }
    for piece in pieces:
        piece.allowed = exact(
            sum([amount * ratios.get(kind, 0) for kind, amount in piece.claimed.items()])
        )
    return Ceilings(room, claimed, whole, ratios)


def _capped(amount: Exact, cap: int | None, room: Exact) -> Exact:
    if cap is None or amount * RATIO_SCALE <= room * cap:
        return amount
    return exact(Fraction(room * cap) / RATIO_SCALE)


def _ratio(part: Exact, whole: Exact) -> Exact:
    """Return part / whole; all of it, be it nothing, is 1."""
    return 1 if part == whole else Fraction(part) / whole


def _mixed_stages(lines: list[Line], terms: Terms, stages: StageMap, convert: Convert) -> set[str]:
    """Return the stages in which the bases of single lines have both signs."""
    stream = terms.streams[lines[0].stream]
    pieces = one_by_one(lines, terms, stream, stages)
    convert_all(pieces, terms.rounding, terms.currency, convert)
    _deduct(pieces, stream)
    found: set[str] = set()
    for stage in {piece.stage for piece in pieces}:
        kept = _after_policy([piece for piece in pieces if piece.stage == stage], stream)
        bases = [piece.quantity(stream.basis) for piece in kept if piece.combination != 0]
        if min(bases, default=0) < 0 < max(bases, default=0):
            found.add(stage)
    return found


def _portion(
    pieces: list[Piece],
    terms: Terms,
    stream: Stream,
    ceilings: Ceilings,
    *,
    mixed: bool,
) -> Portion:
    claimed: dict[str, Exact] = {}
    vat: dict[int, Exact] = {}
    sold: dict[int, Exact] = {}
    for piece in pieces:
        sold[piece.vat_rate] = sold.get(piece.vat_rate, 0) + piece.gross
        vat[piece.vat_rate] = vat.get(piece.vat_rate, 0) + piece.vat
        for kind, amount in piece.claimed.items():
            claimed[kind] = claimed.get(kind, 0) + amount
    quantity, combined, weighted = _quantities(pieces, stream)
    return Portion(
        terms=terms,
        stream=stream,
        stage=pieces[0].stage,
        gross=sum([piece.gross for piece in pieces]),
        vat=vat,
        claimed=claimed,
        allowed={
            kind: exact(amount * ceilings.ratios.get(kind, 0)) for kind, amount in claimed.items()
        },
        net=exact(sum([piece.net for piece in pieces])),
        units=sum([piece.units for piece in pieces]),
        third_party=sum([piece.third_party for piece in pieces]),
        quantity=quantity,
        combined=combined,
        weighted=weighted,
        mixed=mixed,
        sold=sold,
        ceilings=ceilings,
        foreign=_foreign(pieces, terms.currency),
    )


def _foreign(pieces: list[Piece], home: str) -> tuple[Foreign, ...]:
    """Return the foreign sums of a stage as they were reported, each as it was rounded."""
    found: dict[tuple[str, tuple[int, ...]], Foreign] = {}
    for piece in pieces:
        if piece.currency == home:
            continue
        group = piece.currency, piece.factors
        before = found[group].reported if group in found else 0
        found[group] = Foreign(piece.currency, before + piece.reported, piece.rate)
    return tuple(found[group] for group in sorted(found))


def _quantities(pieces: list[Piece], stream: Stream) -> tuple[Exact, Exact, Exact]:
    """Apply the policy for negatives, then the combination shares and the step-down factors."""
    kept = _after_policy(pieces, stream)
    quantity: Exact = 0
    combined: Exact = 0
    weighted: Exact = 0
    for piece in kept:
        amount = piece.quantity(stream.basis)
        counted = amount if piece.combination is None else amount * piece.combination
        quantity += amount
        combined += counted
        weighted += counted * factor_of(stream, piece.factors)
    return exact(quantity), exact(combined), exact(weighted)


def _after_policy(pieces: list[Piece], stream: Stream) -> list[Piece]:
    if stream.negative == "carry_forward":
        return pieces
    products: dict[str, Exact] = {}
    for piece in pieces:
        products[piece.product] = products.get(piece.product, 0) + piece.quantity(stream.basis)
    return [piece for piece in pieces if products[piece.product] >= 0]
