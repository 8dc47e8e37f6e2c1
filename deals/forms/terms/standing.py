"""Standing terms of a university: the clauses that every deal made from them shares."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy

from deals.forms.terms.editor import TermsEditor
from deals.forms.terms.flat import Document
from deals.forms.terms.proposal import family_field, licence_field
from listings.rules.template import Standing, specimen

LONGEST_TRIAL = 120
_POSSIBLE = {str(months) for months in range(1, LONGEST_TRIAL + 1)}


class StandingTermsForm(TermsEditor):
    """Terms under a name; days, parties and versions are left to the deals."""

    left_out: ClassVar[frozenset[str]] = frozenset(
        {
            *("stages-trial-from", "stages-trial-to", "stages-paying-to", "effective_from"),
            *("retroactive_from", "reset_windows", "owners", "waterfalls", "collection"),
        }
    )
    elsewhere: ClassVar = {"stages-trial-to": "trial_months"}

    family = family_field()
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        help_text=gettext_lazy("For your own list, for example “Standard, 4 % falling to 3 %”."),
    )
    trial_months = forms.IntegerField(
        label=gettext_lazy("Free trial in months"),
        min_value=1,
        max_value=LONGEST_TRIAL,
        initial=6,
    )
    licence_kind = licence_field()
    territory = forms.CharField(label=gettext_lazy("Territory"), max_length=80)

    def complete(self) -> Document:
        """With the days of a specimen deal."""
        typed = str(self.now("trial_months") or "")
        months = int(typed) if typed in _POSSIBLE else 1
        return specimen(self.document, trial_months=months)

    def standing(self) -> Standing:
        """What the service keeps."""
        found = self.cleaned_data
        return Standing(
            document=self.document,
            family=found["family"],
            trial_months=found["trial_months"],
            licence_kind=found["licence_kind"],
            territory=found["territory"],
        )
