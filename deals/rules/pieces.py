"""Sums of report lines that nothing later tells apart, converted and rounded once each (S1, R1)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from deals.rules.facts.model import Line
from deals.rules.money import RATIO_SCALE, Exact, Rounding, exact, exponent_of
from deals.rules.stages import Stage, StageMap
from deals.rules.terms.model import Stream, Terms

Convert = Callable[[str], Exact]


@dataclass(slots=True)
class Piece:
    """Lines that share everything a later step may tell apart, added up.

    `reported` is the gross of a foreign currency as it was reported, `rate` what it was converted
    with; sums of the contract currency have neither.
    """

    stage: str
    currency: str
    vat_rate: int
    factors: tuple[int, ...]
    product: str
    combination: Fraction | None
    gross: Exact = 0
    vat: Exact = 0
    units: int = 0
    third_party: Exact = 0
    claimed: dict[str, Exact] = field(default_factory=dict)
    allowed: Exact = 0
    reported: Exact = 0
    rate: Exact = 1

    @property
    def sub_sum(self) -> tuple[object, ...]:
        """What a later step tells this piece of a converted sum or sum of tax apart by."""
        return self.factors, self.product, self.combination

    @property
    def net(self) -> Exact:
        """Gross less tax less allowed deductions, exact."""
        return self.gross - self.vat - self.allowed

    def quantity(self, basis: str) -> Exact:
        """Return what policy, allowance, combination and tiers act on."""
        if basis == "units":
            return self.units
        return self.gross - self.vat if basis == "gross" else self.net


Kind = tuple[str, str, int, tuple[int, ...], str, Fraction | None]


def gather(lines: list[Line], terms: Terms, stream: Stream, stages: StageMap) -> list[Piece]:
    """Add the lines of one stream and version up, as far as no later step tells them apart."""
    stage = stages[terms.version]
    found: dict[Kind, Piece] = {}
    for line in lines:
        kind = _kind(line, terms, stream, stage)
        piece = found.get(kind)
        if piece is None:
            piece = found[kind] = Piece(*kind)
        _add(piece, line)
    return [found[kind] for kind in sorted(found, key=str)] if len(found) > 1 else [*found.values()]


def one_by_one(lines: list[Line], terms: Terms, stream: Stream, stages: StageMap) -> list[Piece]:
    """Return one piece per line, in the order of the lines."""
    stage = stages[terms.version]
    found = [Piece(*_kind(line, terms, stream, stage)) for line in lines]
    for piece, line in zip(found, lines, strict=True):
        _add(piece, line)
    return found


def _kind(line: Line, terms: Terms, stream: Stream, stage: Stage) -> Kind:
    return (
        stage.of(terms, line.sale_date),
        line.currency,
        line.vat_rate,
        factors_on(stream, line.sale_date) if stream.factors else (),
        line.product if stream.negative == "zero_per_product" else "",
        line.combination,
    )


def _add(piece: Piece, line: Line) -> None:
    piece.gross += line.gross
    piece.units += line.units
    piece.third_party += line.third_party_royalty
    for kind, amount in line.deductions:
        piece.claimed[kind] = piece.claimed.get(kind, 0) + amount


def factors_on(stream: Stream, day: date) -> tuple[int, ...]:
    """Return which of the stream's factors run on a day."""
    return tuple(index for index, factor in enumerate(stream.factors) if factor.span.holds(day))


def factor_of(stream: Stream, indexes: tuple[int, ...]) -> Fraction | int:
    """Return the product of some of the stream's factors."""
    product: Fraction | int = 1
    for index in indexes:
        product = product * Fraction(stream.factors[index].ratio, RATIO_SCALE)
    return product


def convert_all(pieces: list[Piece], rounding: Rounding, home: str, convert: Convert) -> None:
    """Set the tax of each piece and turn foreign sums into the contract currency."""
    rates = {currency: convert(currency) for currency in {piece.currency for piece in pieces}}
    for piece in pieces:
        if piece.vat_rate:
            taxed = piece.gross * rates[piece.currency] * piece.vat_rate
            piece.vat = Fraction(taxed, RATIO_SCALE + piece.vat_rate)
    for group in _grouped(pieces, lambda piece: (piece.stage, piece.currency, piece.vat_rate)):
        _round_sum(group, rounding, _vat)
    foreign = [piece for piece in pieces if piece.currency != home]
    if not foreign:
        return
    for group in _grouped(foreign, lambda piece: (piece.stage, piece.currency, piece.factors)):
        _convert_group(group, rounding, rates[group[0].currency])


def _convert_group(group: list[Piece], rounding: Rounding, rate: Exact) -> None:
    for piece in group:
        piece.reported, piece.rate = piece.gross, rate
        piece.gross *= rate
        piece.third_party *= rate
        piece.claimed = {kind: amount * rate for kind, amount in piece.claimed.items()}
    _round_sum(group, rounding, _gross)
    _round_sum(group, rounding, _third_party)
    for kind in sorted({kind for piece in group for kind in piece.claimed}):
        _round_sum(group, rounding, _Claim(kind))


class _Field:
    """One sum of a piece that can be read and written."""

    def __init__(self, name: str) -> None:
        self.name = name

    def read(self, piece: Piece) -> Exact:
        value: Exact = getattr(piece, self.name)
        return value

    def write(self, piece: Piece, value: Exact) -> None:
        setattr(piece, self.name, value)


class _Claim(_Field):
    """The claimed deduction of one type."""

    def read(self, piece: Piece) -> Exact:
        return piece.claimed.get(self.name, 0)

    def write(self, piece: Piece, value: Exact) -> None:
        piece.claimed[self.name] = value


_gross, _vat, _third_party = _Field("gross"), _Field("vat"), _Field("third_party")


def _grouped(
    pieces: list[Piece], key: Callable[[Piece], tuple[object, ...]]
) -> Iterable[list[Piece]]:
    if len(pieces) == 1:
        return [pieces]
    groups: dict[tuple[object, ...], list[Piece]] = {}
    for piece in pieces:
        groups.setdefault(key(piece), []).append(piece)
    return groups.values()


def _round_sum(group: list[Piece], rounding: Rounding, of: _Field) -> None:
    """Round the sum of one field once; the largest of its sub-sums takes the difference."""
    if len(group) == 1:
        of.write(group[0], rounding.of(of.read(group[0])))
        return
    total = sum([of.read(piece) for piece in group])
    difference = rounding.of(total) - total
    if difference:
        largest = _largest(group, of)
        of.write(largest, of.read(largest) + difference)
    for piece in group:
        of.write(piece, exact(of.read(piece)))


def _largest(group: list[Piece], of: _Field) -> Piece:
    """Return a piece of the largest sub-sum: what later steps tell apart counts, tax does not."""
    sizes: dict[tuple[object, ...], Exact] = {}
    for piece in group:
        sizes[piece.sub_sum] = sizes.get(piece.sub_sum, 0) + of.read(piece)
    return max(group, key=lambda piece: abs(Fraction(sizes[piece.sub_sum])))


def conversion(home: str, currency: str, rate: int) -> Fraction:
    """Return home minor units per minor unit of a currency; the rate converts major units."""
    shift = exponent_of(home) - exponent_of(currency)
    return Fraction(rate, RATIO_SCALE) * Fraction(10) ** shift
