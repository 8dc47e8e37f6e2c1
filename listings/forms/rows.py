"""Forms with repeated rows: plain fields under numbered names, which need no scripts."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _

ROW_LIMIT = 30


def text_field(label: Any, *, limit: int, help_text: Any = "") -> forms.CharField:
    """A line of text that may stay empty."""
    return forms.CharField(label=label, max_length=limit, required=False, help_text=help_text)


class RowsForm(forms.Form):
    """Rows of the same fields, some blank at the end; a row left blank counts for nothing.

    `row_fields` makes the fields of a row by name; `key` is the one that a row cannot lack.
    """

    row_fields: ClassVar[Mapping[str, Callable[[], forms.Field]]] = {}
    key: ClassVar[str] = ""
    blank_rows: ClassVar[int] = 1

    def __init__(
        self,
        data: Any = None,
        *,
        rows: Sequence[Mapping[str, Any]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        shown = len(rows) + self.blank_rows
        self.row_count = shown if data is None else _posted(data, self.key)
        for index in range(self.row_count):
            for name, make in self.row_fields.items():
                field = make()
                field.required = False
                if index < len(rows):
                    field.initial = rows[index].get(name)
                self.fields[f"{name}_{index}"] = field

    def rows(self) -> Iterator[list[BoundField]]:
        """The bound fields of each row, for the page."""
        for index in range(self.row_count):
            yield [self[f"{name}_{index}"] for name in self.row_fields]

    def filled_rows(self) -> list[dict[str, Any]]:
        """The clean values of the rows that are filled in."""
        found = []
        for index in range(self.row_count):
            row = {name: self.cleaned_data.get(f"{name}_{index}") for name in self.row_fields}
            if row[self.key] not in (None, ""):
                found.append(row)
        return found

    def clean(self) -> dict[str, Any]:
        """Refuse a row with values but without its key, and two rows with the same one."""
        super().clean()
        seen: set[str] = set()
        for index in range(self.row_count):
            self._check_row(index, seen)
        return self.cleaned_data

    def _check_row(self, index: int, seen: set[str]) -> None:
        key = f"{self.key}_{index}"
        if key in self.errors:
            return
        value = str(self.cleaned_data.get(key) or "")
        if not value and self._has_values(index):
            self.add_error(key, _("Fill this in, or clear the row."))
        elif value and value in seen:
            self.add_error(key, _("This stands in the list already."))
        seen.add(value)

    def _has_values(self, index: int) -> bool:
        names = (f"{name}_{index}" for name in self.row_fields if name != self.key)
        return any(
            isinstance(self.fields[name].widget, forms.TextInput | forms.DateInput)
            and self.cleaned_data.get(name) not in (None, "")
            for name in names
        )


def _posted(data: Any, key: str) -> int:
    """How many rows were sent; never more than the limit."""
    shape = re.compile(rf"{re.escape(key)}_(\d{{1,2}})")
    found = (shape.fullmatch(name) for name in data)
    return min(ROW_LIMIT, max((int(match[1]) + 1 for match in found if match), default=0))
