"""A terms document as flat names and typed values, and back again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from deals.forms.terms.parts import Group, Kind, Leaf, Part, Rows
from deals.forms.terms.values import Setting, read, setting_of, write

Flat = dict[str, Any]
Document = dict[str, Any]
MOST_ROWS = 100
# What stands in a stream counts as its basis does, although only the stream names it.
_BASIS = {True: "units", False: ""}


@dataclass
class Assembled:
    """A document, and by which field each of its places is filled in (names with dashes)."""

    document: Document = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Spot:
    """Where in form and document one stands: both names, and what the base says there."""

    form: str = ""
    place: str = ""
    base: Any = None

    def below(self, key: str) -> "Spot":
        """The spot of a dotted key of the document's object here."""
        found: Any = self.base
        for word in key.split(".") if key else ():
            found = found.get(word) if isinstance(found, Mapping) else None
        return Spot(name_of(self.form, key), name_of(self.place, key), found)

    def row(self, form: int, place: int | str) -> "Spot":
        """The spot of a row: its number in the form, its number or name in the document."""
        found: Any = None
        if isinstance(self.base, list) and isinstance(place, int) and place < len(self.base):
            found = self.base[place]
        elif isinstance(self.base, Mapping):
            found = self.base.get(place)
        return Spot(f"{self.form}-{form}", f"{self.place}-{place}", found)


def name_of(above: str, key: str) -> str:
    """The name of a dotted key below another name."""
    return "-".join(word for word in (above, key.replace(".", "-")) if word)


def without(parts: tuple[Part, ...], left_out: frozenset[str], above: str = "") -> tuple[Part, ...]:
    """The parts except those whose names are left out."""
    kept: list[Part] = []
    for part in parts:
        name = name_of(above, part.key)
        if name in left_out:
            continue
        if isinstance(part, Leaf):
            kept.append(part)
        else:
            kept.append(replace(part, parts=without(part.parts, left_out, name)))
    return tuple(kept)


def flatten(
    parts: tuple[Part, ...], held: Mapping[str, Any], setting: Setting, above: str = ""
) -> Flat:
    """What the form shows for a document, by field name; absent values are not named."""
    flat: Flat = {}
    basis = held.get("basis", _BASIS[setting.counts_units])
    setting = setting_of(held.get("currency", setting.currency), basis, setting)
    for part in parts:
        name = name_of(above, part.key)
        found = _at(held, part.key)
        if found is None:
            continue
        if isinstance(part, Leaf):
            flat[name] = write(part, found, setting)
        elif isinstance(part, Group):
            flat |= flatten(part.parts, found, setting, name)
        else:
            flat |= _flat_rows(part, found, setting, name)
    return flat


def assemble(
    parts: tuple[Part, ...], flat: Flat, base: Mapping[str, Any], setting: Setting
) -> Assembled:
    """The document that was typed; a value that says what `base` says keeps the base's writing."""
    made = Assembled()
    setting = setting_of(flat.get("currency", ""), "", setting)
    made.document, _departs = _object(parts, flat, Spot(base=base), setting, made)
    return made


def row_count(flat: Mapping[str, Any], name: str) -> int:
    """How many rows of a list the names speak of."""
    numbers = [_number(key, name) for key in flat]
    return min(1 + max(numbers, default=-1), MOST_ROWS)


def row_added(flat: Flat, rows: Rows, name: str) -> Flat:
    """With one more, empty row at the end."""
    first = name_of(f"{name}-{row_count(flat, name)}", rows.parts[0].key)
    return {**flat, first: rows.parts[0].usual if isinstance(rows.parts[0], Leaf) else ""}


def row_removed(flat: Flat, name: str) -> Flat:
    """Without one row; those after it move up."""
    above, _dash, last = name.rpartition("-")
    gone = int(last) if last.isascii() and last.isdigit() else MOST_ROWS
    moved: Flat = {}
    for key, value in flat.items():
        number = _number(key, above)
        if number == gone:
            continue
        if number > gone:
            rest = key[len(f"{above}-{number}") :]
            moved[f"{above}-{number - 1}{rest}"] = value
        else:
            moved[key] = value
    return moved


def leaves(parts: tuple[Part, ...], flat: Mapping[str, Any], above: str = "") -> Iterator[Any]:
    """Every field of the form: its name, its leaf, and its row's number (0 outside of rows)."""
    for part in parts:
        yield from _leaves(part, flat, name_of(above, part.key), 0)


def _leaves(part: Part, flat: Mapping[str, Any], name: str, row: int) -> Iterator[Any]:
    if isinstance(part, Leaf):
        if part.kind is not Kind.CONSTANT:
            yield name, part, row
        return
    if isinstance(part, Group):
        for below in part.parts:
            yield from _leaves(below, flat, name_of(name, below.key), row)
        return
    for index in range(max(part.least, row_count(flat, name))):
        for below in part.parts:
            yield from _leaves(below, flat, name_of(f"{name}-{index}", below.key), index)


def _flat_rows(rows: Rows, found: Any, setting: Setting, name: str) -> Flat:
    held: list[Mapping[str, Any]]
    if rows.by:
        held = [{rows.by: key, "": value} for key, value in found.items()]
    else:
        held = [row if isinstance(row, Mapping) else {"": row} for row in found]
    flat: Flat = {}
    for index, row in enumerate(held):
        flat |= flatten(rows.parts, row, setting, f"{name}-{index}")
    return flat


def _object(
    parts: tuple[Part, ...], flat: Flat, spot: Spot, setting: Setting, made: Assembled
) -> tuple[Document, bool]:
    """An object of the document, and whether anything in it departs from the usual."""
    built: Document = {}
    departs = False
    for part in parts:
        below = spot.below(part.key)
        value, differs = _value(part, flat, below, setting, made)
        departs = departs or differs
        if value is not None:
            _put(built, part.key, value)
    return built, departs


def _value(
    part: Part, flat: Flat, spot: Spot, setting: Setting, made: Assembled
) -> tuple[Any, bool]:
    if isinstance(part, Leaf):
        made.names[spot.place] = spot.form
        return _leaf(part, flat.get(spot.form, part.usual), spot.base, setting)
    if isinstance(part, Rows):
        rows = _rows(part, flat, spot, setting, made)
        return rows if rows or part.is_stated else None, bool(rows)
    built, departs = _object(part.parts, flat, spot, setting, made)
    is_kept = departs or part.is_kept or not part.key
    return (built if is_kept else None), departs


def _leaf(leaf: Leaf, typed: Any, base: Any, setting: Setting) -> tuple[Any, bool]:
    """The value, and whether it departs from the usual; an unticked box is as the base has it."""
    value = read(leaf, typed, setting)
    if leaf.kind is Kind.FLAG and not typed:
        value = False if base is False else None
    elif base is not None and _same(read(leaf, write(leaf, base, setting), setting), value):
        value = base
    usual = list(leaf.usual) if isinstance(leaf.usual, tuple) else leaf.usual
    return value, leaf.kind is not Kind.CONSTANT and bool(typed or usual) and typed != usual


def _same(one: Any, other: Any) -> bool:
    """Whether two values say the same; the order of words says nothing."""
    if isinstance(one, list) and isinstance(other, list):
        return sorted(map(str, one)) == sorted(map(str, other))
    return bool(one == other)


def _rows(part: Rows, flat: Flat, spot: Spot, setting: Setting, made: Assembled) -> Any:
    """The rows that say something, in order; under their own names where they have any."""
    found: list[Any] = []
    for index in range(row_count(flat, spot.form)):
        row = spot.row(index, len(found))
        basis = flat.get(f"{row.form}-basis", _BASIS[setting.counts_units])
        inner = setting_of(setting.currency, basis, setting)
        value, departs = _object(part.parts, flat, row, inner, made)
        if departs:
            found.append(value)
            made.names[row.place] = row.form
    if part.by:
        return {row[part.by]: row.get("", "") for row in found if part.by in row}
    return [row.get("", row) for row in found]


def _put(built: Document, key: str, value: Any) -> None:
    if not key and isinstance(value, dict):
        built.update(value)
        return
    *above, last = key.split(".")
    for word in above:
        built = built.setdefault(word, {})
    built[last] = value


def _at(held: Mapping[str, Any], key: str) -> Any:
    if key in held:
        return held[key]
    found: Any = held
    for word in key.split(".") if key else ():
        found = found.get(word) if isinstance(found, Mapping) else None
    return found


def _number(key: str, name: str) -> int:
    """The number of the row of a list that a name belongs to, -1 for none."""
    if not key.startswith(f"{name}-"):
        return -1
    digits = key[len(name) + 1 :].partition("-")[0]
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 4 else -1
