"""The form of a terms document: its fields follow the rows it holds, its errors are the check's.

The calculation's own check is the only judge of a document: what it finds is put beside the field
that fills the place it names.
"""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import TooManyFieldsSent
from django.utils.translation import gettext as _

from deals.forms.faults import fault_words, placed_words
from deals.forms.talks import date_widget
from deals.forms.terms.flat import (
    Assembled,
    Document,
    Flat,
    assemble,
    flatten,
    leaves,
    row_added,
    row_removed,
    without,
)
from deals.forms.terms.parties import parties_named, parties_of
from deals.forms.terms.parts import Kind, Leaf, Part, Rows
from deals.forms.terms.sections import ALL
from deals.forms.terms.values import Setting
from deals.rules.changes import clause_of
from deals.rules.faults import Fault
from deals.rules.terms import validate

LONGEST = 200
MOST_FIELDS = 3_000
SCHEMA = 1
_NUMERIC = {Kind.AMOUNT, Kind.SHARE, Kind.QUANTITY, Kind.NUMBER}
_PARTIES = {Kind.PARTY, Kind.COLLECTION}


class TermsEditor(forms.Form):
    """All clauses of a terms document; subclasses add what stands beside it.

    `document` fills the form in; `base` is the writing that is kept where the typed value says the
    same, so that a comparison with it shows only what differs. `elsewhere` names fields of a
    subclass that fill places of the document.
    """

    left_out: ClassVar[frozenset[str]] = frozenset()
    elsewhere: ClassVar[Mapping[str, str]] = {}

    def __init__(
        self,
        data: Any = None,
        *,
        document: Mapping[str, Any] | None = None,
        base: Mapping[str, Any] | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data)
        self.parts = without(ALL, self.left_out)
        self.base = base or {}
        self.document: Document = {}
        self.initial = {**self._flat(document or {}), **(initial or {})}
        self.leaves: dict[str, Leaf] = {}
        self.fields |= self._clause_fields(self.initial if data is None else _keys(data))

    def settle(self) -> Document:
        """The whole document as it stands now, typed or filled in, faultless or not.

        Empty while a field holds what no field can.
        """
        if self.is_bound:
            self.is_valid()
        else:
            self.document = self._assembled().document
        return self.complete() if self.document else {}

    def typed(self) -> Flat:
        """What stands in every field now, as a fresh form would be filled in."""
        return {name: self[name].value() for name in self.fields}

    def with_row(self, name: str) -> Flat:
        """What stands in the form with one more row in a list."""
        rows = _rows_named(self.parts, name)
        return row_added(self.typed(), rows, name) if rows else self.typed()

    def without_row(self, name: str) -> Flat:
        """What stands in the form without one row."""
        return row_removed(self.typed(), name)

    def clean(self) -> dict[str, Any]:
        """Read the document from the fields and have it checked."""
        found = super().clean() or {}
        if not self.leaves.keys() & self.errors.keys():
            self._refuse_strangers()
            self.document = self._assembled().document
            self.show_faults(validate(self.complete())[1])
        return found

    def complete(self) -> Document:
        """The document with what only a deal knows, ready to be checked."""
        return self.document

    def show_faults(self, faults: Iterable[Fault]) -> None:
        """Put each fault beside the field that fills its place, else above the form."""
        names = {**self._assembled().names, **self.elsewhere}
        for fault in faults:
            field = self._field_of(_name_of_path(fault.where), names)
            self.add_error(field, fault_words(fault) if field else placed_words(fault))

    def now(self, name: str) -> Any:
        """The value of a field, cleaned or filled in."""
        return self.cleaned_data.get(name) if self.is_bound else self[name].value()

    def _assembled(self) -> Assembled:
        typed = {name: self.now(name) for name in self.leaves}
        made = assemble(self.parts, typed, self.base, Setting(parties=self._parties()))
        made.document["schema"] = SCHEMA
        for name in sorted(self.left_out):
            if name in self.base and "-" not in name:
                made.document[name] = self.base[name]
        return made

    def _typed_parties(self) -> dict[str, str]:
        named = (name for name, leaf in self.leaves.items() if leaf.kind in _PARTIES)
        return {name: str(self.now(name)) for name in named if self.now(name)}

    def _parties(self) -> dict[str, str]:
        texts = self._typed_parties()
        return parties_named(texts.values()) if texts else {}

    def _refuse_strangers(self) -> None:
        known = self._parties()
        for name, text in self._typed_parties().items():
            if text not in known:
                self.add_error(name, _("No verified university has this name or code."))

    def _flat(self, document: Mapping[str, Any]) -> Flat:
        return flatten(self.parts, document, Setting(names=parties_of(document)))

    def _clause_fields(self, known: Mapping[str, Any]) -> dict[str, forms.Field]:
        fields: dict[str, forms.Field] = {}
        for name, leaf, row in leaves(self.parts, known):
            if len(fields) == MOST_FIELDS:
                raise TooManyFieldsSent("a contract has no such number of clauses")
            self.leaves[name] = leaf
            fields[name] = _field(leaf, name, row)
        return fields

    def _field_of(self, place: str, names: Mapping[str, str]) -> str | None:
        """The field of a place, or the first one inside of it, or of what it stands in."""
        while place:
            start = names.get(place, "")
            if start in self.fields and start:
                return start
            inside = [form for at, form in names.items() if at.startswith(f"{place}-")]
            found = next((form for form in inside if form in self.fields), None)
            if found is not None:
                return found
            place = place.rpartition("-")[0]
        return None


def _name_of_path(where: str) -> str:
    """`streams[0].tiers.mode` as `streams-0-tiers-mode`."""
    return where.replace("].", "-").replace("[", "-").replace("]", "").replace(".", "-")


def _keys(data: Any) -> dict[str, Any]:
    return dict.fromkeys(data)


def _rows_named(parts: Iterable[Part], name: str) -> Rows | None:
    """The list that a field name's path leads to; numbers of rows say nothing."""
    wanted = [word for word in name.split("-") if not word.isdigit()]
    return _found(parts, wanted)


def _found(parts: Iterable[Part], wanted: list[str]) -> Rows | None:
    for part in parts:
        words = part.key.split(".") if part.key else []
        if isinstance(part, Leaf) or wanted[: len(words)] != words:
            continue
        rest = wanted[len(words) :]
        if not rest and isinstance(part, Rows):
            return part
        found = _found(part.parts, rest) if rest else None
        if found is not None:
            return found
    return None


def _field(leaf: Leaf, name: str, row: int) -> forms.Field:
    """One field; its hint and clause stand with the first row of a list only."""
    options: dict[str, Any] = {
        "required": False,
        "label": leaf.label,
        "help_text": "" if row else _hint(leaf, name),
        "initial": list(leaf.usual) if isinstance(leaf.usual, tuple) else leaf.usual,
    }
    if leaf.kind is Kind.FLAG:
        return forms.BooleanField(**options)
    if leaf.kind is Kind.WORDS:
        widget = forms.CheckboxSelectMultiple
        return forms.MultipleChoiceField(choices=leaf.choices, widget=widget, **options)
    if leaf.choices and leaf.kind is not Kind.NAMED:
        return forms.ChoiceField(choices=_choices(leaf), **options)
    return forms.CharField(max_length=LONGEST, widget=_widget(leaf), **options)


def _choices(leaf: Leaf) -> list[Any]:
    """A mandatory choice without a usual answer begins with none taken."""
    known = [code for code, _word in leaf.choices]
    return [*leaf.choices] if leaf.usual in known else [("", "–"), *leaf.choices]


def _widget(leaf: Leaf) -> forms.Widget:
    if leaf.kind in {Kind.DAY, Kind.START}:
        return date_widget()
    if leaf.kind in _NUMERIC:
        return forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})
    if leaf.kind in {Kind.COUNT, Kind.WEIGHT}:
        return forms.TextInput({"inputmode": "numeric", "autocomplete": "off"})
    return forms.TextInput({"autocomplete": "off"})


def _hint(leaf: Leaf, name: str) -> str:
    words = [word for word in name.split("-") if not word.isdigit()]
    clause = clause_of(".".join(words))
    if not clause:
        return str(leaf.hint)
    said = {"hint": leaf.hint, "clause": clause}
    return (_("%(hint)s (clause %(clause)s)") if leaf.hint else _("Clause %(clause)s")) % said
