"""The wizard's steps with rows: patents, measured benefits, people. Nothing is required yet."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from listings.forms.rows import RowsForm, text_field
from listings.models import Benefit, Inventor, Listing, Patent
from listings.rules.rows.values import KINDS, STATUSES, BadValueError, is_chinese, number, office
from listings.services.listings import DraftChanges

TRL_WORDS = (
    gettext_lazy("Basic principle observed"),
    gettext_lazy("Concept formulated"),
    gettext_lazy("Concept proven in experiments"),
    gettext_lazy("Validated in the laboratory"),
    gettext_lazy("Validated in a relevant environment"),
    gettext_lazy("Pilot in a relevant environment"),
    gettext_lazy("Prototype in operation"),
    gettext_lazy("System complete and qualified"),
    gettext_lazy("Proven in volume use"),
)
KIND_WORDS = {
    "invention": gettext_lazy("Invention"),
    "utility": gettext_lazy("Utility model"),
    "design": gettext_lazy("Design"),
}
STATUS_WORDS = {
    "granted": gettext_lazy("Granted"),
    "pending": gettext_lazy("Application pending"),
    "refused": gettext_lazy("Refused or withdrawn"),
    "lapsed": gettext_lazy("Lapsed"),
    "unknown": gettext_lazy("Not known"),
}


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class PatentsForm(RowsForm):
    """The patents behind it, as their register shows them."""

    key = "number"
    row_fields: ClassVar[Mapping[str, Callable[[], forms.Field]]] = {
        "number": lambda: text_field(_("Application or publication number"), limit=40),
        "kind": lambda: forms.ChoiceField(
            label=_("Kind"), choices=[(k, KIND_WORDS[k]) for k in KINDS]
        ),
        "status": lambda: forms.ChoiceField(
            label=_("Status"), choices=[(s, STATUS_WORDS[s]) for s in (*STATUSES, "unknown")]
        ),
        "filed_date": lambda: _day(_("Filed on")),
        "expires_date": lambda: _day(_("Expires on")),
    }

    def __init__(self, data: Any, listing: Listing) -> None:
        self.known = {patent.number: patent for patent in listing.patents.order_by("pk")}
        names = tuple(self.row_fields)
        rows = [{name: getattr(one, name) for name in names} for one in self.known.values()]
        super().__init__(data, rows=rows)

    def clean(self) -> dict[str, Any]:
        """Bring numbers into one spelling before rows are compared."""
        for index in range(self.row_count):
            name = f"number_{index}"
            try:
                self.cleaned_data[name] = number(self.cleaned_data.get(name), is_official=True)
            except BadValueError:
                self.add_error(name, _("This is not a patent number."))
        return super().clean()

    def changes(self) -> DraftChanges:
        """The rows as patents; what the register said before is kept."""
        return DraftChanges(patents=[self._patent(row) for row in self.filled_rows()])

    def _patent(self, row: dict[str, Any]) -> Patent:
        before = self.known.get(row["number"])
        office_code = before.office if before else office("", row["number"])
        row["kind"] = row["kind"] or "invention"
        row["status"] = row["status"] or "unknown"
        return Patent(**row, office=office_code, title=before.title if before else "")


class MaturityForm(RowsForm):
    """How far it is, with evidence, and what it gains against the usual way."""

    trl = forms.TypedChoiceField(
        label=gettext_lazy("Readiness level"),
        coerce=int,
        empty_value=None,
        required=False,
        choices=[("", gettext_lazy("Choose one")), *((n, f"TRL {n}") for n in range(1, 10))],
    )
    trl_evidence = text_field(
        gettext_lazy("Evidence for this level"),
        limit=500,
        help_text=gettext_lazy("A report, a sample, a customer: what somebody else could check."),
    )
    trl_missing = text_field(gettext_lazy("What the next level still lacks"), limit=500)

    key = "value"
    row_fields: ClassVar[Mapping[str, Callable[[], forms.Field]]] = {
        "label": lambda: text_field(_("What is measured"), limit=120),
        "value": lambda: forms.DecimalField(
            label=_("Measured number"), max_digits=18, decimal_places=4
        ),
        "unit": lambda: text_field(_("Unit"), limit=24),
        "compared_value": lambda: forms.DecimalField(
            label=_("Usual number"), max_digits=18, decimal_places=4
        ),
        "compared_with": lambda: text_field(_("Compared with"), limit=160),
        "method": lambda: text_field(_("How it was measured"), limit=200),
    }

    def __init__(self, data: Any, listing: Listing) -> None:
        benefits = listing.benefits.order_by("position", "pk")
        rows = [{**_benefit_row(one), "label": one.label_zh or one.label_en} for one in benefits]
        initial = {name: getattr(listing, name) for name in ("trl", "trl_evidence", "trl_missing")}
        super().__init__(data, rows=rows, initial=initial)
        levels = [(n, f"TRL {n} · {word}") for n, word in enumerate(TRL_WORDS, 1)]
        self.fields["trl"].choices = [("", _("Choose one")), *levels]  # type: ignore[attr-defined]

    def _check_row(self, index: int, seen: set[str]) -> None:
        """Two benefits may show the same number, but each needs to say what it measures."""
        super()._check_row(index, set())
        label = f"label_{index}"
        if self.cleaned_data.get(f"value_{index}") is not None and not self.cleaned_data.get(label):
            self.add_error(label, _("Say what this number measures."))

    def changes(self) -> DraftChanges:
        """The level with its evidence, and the rows as benefits."""
        names = ("trl", "trl_evidence", "trl_missing")
        benefits = [_benefit(row, position) for position, row in enumerate(self.filled_rows())]
        return DraftChanges({name: self.cleaned_data[name] for name in names}, benefits=benefits)


def _benefit_row(benefit: Benefit) -> dict[str, object]:
    def plain(value: Any) -> str | None:
        return None if value is None else f"{value.normalize():f}"

    return {
        "value": plain(benefit.value),
        "compared_value": plain(benefit.compared_value),
        "unit": benefit.unit,
        "compared_with": benefit.compared_with,
        "method": benefit.method,
    }


def _benefit(row: dict[str, Any], position: int) -> Benefit:
    label = row.pop("label")
    english = "" if is_chinese(label) else label
    return Benefit(**row, label_zh=label, label_en=english, position=position)


class PeopleForm(RowsForm):
    """Who made it, with shares as whole numbers: 60 and 40, or 3 and 2."""

    key = "name"
    blank_rows = 2
    row_fields: ClassVar[Mapping[str, Callable[[], forms.Field]]] = {
        "name": lambda: text_field(_("Name of the person"), limit=80),
        "weight": lambda: forms.IntegerField(label=_("Share"), min_value=1, max_value=1_000_000),
    }

    def __init__(self, data: Any, listing: Listing) -> None:
        rows = list(listing.inventors.order_by("pk").values("name", "weight"))
        super().__init__(data, rows=rows)

    def changes(self) -> DraftChanges:
        """The rows as inventors; a share left blank counts as 1."""
        return DraftChanges(
            inventors=[
                Inventor(name=row["name"], weight=row["weight"] or 1) for row in self.filled_rows()
            ]
        )
