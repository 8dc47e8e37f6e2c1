"""A version of the terms for one deal: every clause, the licence, and the days."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy

from deals.forms.talks import KIND_WORDS
from deals.forms.terms.editor import TermsEditor
from deals.forms.terms.flat import Document
from deals.forms.terms.sections import FAMILIES
from deals.rules.agreement import LICENCE_KINDS, Grant
from marketplace.base.errors import RuleError
from marketplace.base.words import words_for


def family_field() -> forms.ChoiceField:
    """The kind of deal; it only decides which clauses stand open."""
    return forms.ChoiceField(
        label=gettext_lazy("Kind of deal"),
        choices=[(key, family.name) for key, family in FAMILIES.items()],
        widget=forms.RadioSelect,
        initial="use_first",
    )


def licence_field() -> forms.ChoiceField:
    """The kind of licence."""
    return forms.ChoiceField(
        label=gettext_lazy("Kind of licence"),
        choices=[(kind, KIND_WORDS[kind]) for kind in LICENCE_KINDS],
        widget=forms.RadioSelect,
    )


class ProposalForm(TermsEditor):
    """The terms of a deal; `frame` holds its number, its next version and its owners."""

    grant_names: ClassVar = ("licence_kind", "acts", "field_of_use", "territory")

    family = family_field()
    licence_kind = licence_field()
    acts = forms.CharField(
        label=gettext_lazy("Acts"),
        help_text=gettext_lazy("What the company may do with it: make, use, sell ..."),
        max_length=120,
    )
    field_of_use = forms.CharField(label=gettext_lazy("Field of use"), max_length=200)
    territory = forms.CharField(label=gettext_lazy("Territory"), max_length=120)

    def __init__(self, data: Any = None, *, frame: Mapping[str, Any], **options: Any) -> None:
        super().__init__(data, **options)
        self.frame = frame

    def grant(self) -> Grant:
        """What is licensed."""
        return Grant(*(self.cleaned_data[name] for name in self.grant_names))

    def complete(self) -> Document:
        """With the deal's number and version; in force from the trial on unless stated."""
        stages = self.document.get("stages", {})
        begins = stages.get("trial", {}).get("from")
        made = {**self.frame, "effective_from": begins, **self.document}
        return {key: value for key, value in made.items() if value is not None}

    def show_refusal(self, error: RuleError) -> None:
        """Put a refusal beside the field that fills the clause it is about."""
        name = error.where.replace(".", "-")
        self.add_error(name if name in self.fields else None, words_for(error))
