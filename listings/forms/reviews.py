"""Deciding on one listing, and acting on a selection of them."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SELECTION_LIMIT = 500


class DecisionForm(forms.Form):
    """Pass, or give back with a note. `passes` and `returns` are the two verbs of the step."""

    decision = forms.CharField(widget=forms.HiddenInput, required=False)
    note = forms.CharField(
        label=gettext_lazy("Note for the author"),
        help_text=gettext_lazy("Needed to give it back: say what to change and how."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any = None, *, passes: str, returns: str) -> None:
        super().__init__(data)
        self.verbs = (passes, returns)

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two decisions, and for a note with the second."""
        found = super().clean() or {}
        if found.get("decision") not in self.verbs:
            raise forms.ValidationError(_("Choose a decision."))
        if found["decision"] == self.verbs[1] and not found.get("note", "").strip():
            self.add_error("note", _("Say why: a note is needed to send back or refuse."))
        return found


class SelectionForm(forms.Form):
    """A verb and the public ids of listings."""

    def __init__(self, data: Any, *, verbs: Sequence[str]) -> None:
        super().__init__(data)
        self.fields["verb"] = forms.ChoiceField(choices=[(verb, verb) for verb in verbs])
        self.chosen = list(dict.fromkeys(data.getlist("chosen")))[:SELECTION_LIMIT]
