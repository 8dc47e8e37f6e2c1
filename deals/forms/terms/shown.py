"""The form as its page lays it out: cards of fields, groups and rows."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from deals.forms.terms.editor import TermsEditor
from deals.forms.terms.flat import name_of, row_count
from deals.forms.terms.parts import Kind, Leaf, Part, Rows, Words
from deals.forms.terms.sections import FAMILIES, SECTIONS, Section

_SUMS = {Kind.AMOUNT, Kind.QUANTITY}


@dataclass(frozen=True)
class ShownField:
    """One field with the unit at its end; `kind` leads the page to a template."""

    field: forms.BoundField
    unit: str
    kind: str = "field"

    @property
    def speaks(self) -> bool:
        """Whether it says something, or something is wrong with it."""
        value = self.field.value()
        usual = self.field.field.initial
        return bool(self.field.errors) or (bool(value) and value != usual)


@dataclass(frozen=True)
class ShownGroup:
    """Fields in a row, what stands below them, and what is folded away."""

    title: Words
    hint: Words
    fields: Sequence[ShownField]
    below: Sequence[Any]
    folded: Sequence[Any]
    is_open: bool
    kind: str = "group"
    name: str = ""

    @property
    def speaks(self) -> bool:
        """Whether anything in it says something."""
        parts = (*self.fields, *self.below, *self.folded)
        return any(part.speaks for part in parts)


@dataclass(frozen=True)
class ShownRows:
    """A list with its rows; `name` is what its buttons send."""

    title: Words
    hint: Words
    one: Words
    name: str
    rows: Sequence[ShownGroup]
    kind: str = "rows"

    @property
    def speaks(self) -> bool:
        """Whether it has rows."""
        return bool(self.rows)


@dataclass(frozen=True)
class Card:
    """One section; one that the kind of deal does not need is folded with others."""

    key: str
    title: Words
    parts: Sequence[Any]


def cards_of(form: TermsEditor, family: str) -> tuple[list[Card], list[Card]]:
    """The cards that stand open, and those that this kind of deal rarely needs."""
    needed = FAMILIES[family].sections if family in FAMILIES else ()
    typed = form.typed()
    open_cards: list[Card] = []
    others: list[Card] = []
    for section in SECTIONS:
        card = _card(form, section, typed)
        if not card.parts:
            continue
        stands = section.key in needed or (section.key != "contract" and _speaks(card))
        (open_cards if stands else others).append(card)
    return open_cards, others


def _speaks(card: Card) -> bool:
    return any(part.speaks for part in card.parts)


def _card(form: TermsEditor, section: Section, typed: Mapping[str, Any]) -> Card:
    named = {part.key for part in section.parts}
    parts = [
        _made(form, part, name_of("", part.key), typed) for part in form.parts if part.key in named
    ]
    return Card(section.key, section.title, [part for part in parts if _has_fields(part)])


def _has_fields(part: Any) -> bool:
    return part.kind != "group" or bool(part.fields or part.below or part.folded)


def _made(form: TermsEditor, part: Part, name: str, typed: Mapping[str, Any]) -> Any:
    if isinstance(part, Leaf):
        return ShownField(form[name], _unit(part, name, typed))
    if isinstance(part, Rows):
        count = max(part.least, row_count(typed, name))
        rows = [_row(form, part, name, index, typed) for index in range(count)]
        return ShownRows(part.title, part.hint, part.one, name, rows)
    return _group(form, part.title, part.hint, part.parts, name, typed)


def _row(
    form: TermsEditor, rows: Rows, name: str, index: int, typed: Mapping[str, Any]
) -> ShownGroup:
    title = _("%(thing)s %(number)s") % {"thing": rows.each, "number": index + 1}
    return _group(form, title, "", rows.parts, f"{name}-{index}", typed)


def _group(
    form: TermsEditor,
    title: Words,
    hint: Words,
    parts: Sequence[Part],
    name: str,
    typed: Mapping[str, Any],
) -> ShownGroup:
    made = [(part, _made(form, part, name_of(name, part.key), typed)) for part in _visible(parts)]
    folded = [shown for part, shown in made if part.is_unusual]
    usual = [shown for part, shown in made if not part.is_unusual]
    return ShownGroup(
        title=title,
        hint=hint,
        fields=[shown for shown in usual if shown.kind == "field"],
        below=[shown for shown in usual if shown.kind != "field"],
        folded=folded,
        is_open=any(shown.speaks for shown in folded),
        name=name,
    )


def _visible(parts: Sequence[Part]) -> Iterator[Part]:
    for part in parts:
        if isinstance(part, Leaf) and part.kind is Kind.CONSTANT:
            continue
        yield part


def _unit(leaf: Leaf, name: str, typed: Mapping[str, Any]) -> str:
    """The unit at the end of a field: the contract's currency, pieces, or the field's own."""
    if leaf.unit or leaf.kind not in _SUMS:
        return str(leaf.unit)
    stream = "-".join(name.split("-")[:2])
    if leaf.kind is Kind.QUANTITY and typed.get(f"{stream}-basis") == "units":
        return _("pieces")
    currency = typed.get("currency") or "CNY"
    return _("yuan") if currency == "CNY" else str(currency)
