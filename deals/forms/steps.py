"""The small forms of single steps: a tick, a hash that is repeated, a word why."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from deals.forms.talks import date_widget
from deals.services.approvals import REASONS
from deals.services.trials import ExitDeclaration

REASON_WORDS = {
    "use_unclear": gettext_lazy("The use is not clear"),
    "beyond_listing": gettext_lazy("Goes beyond the terms of the listing"),
    "evidence_missing": gettext_lazy("Evidence is missing"),
    "overlap": gettext_lazy("Overlaps another licence"),
    "unfit": gettext_lazy("The company is not fit for it"),
    "other": gettext_lazy("Other"),
}


class HashForm(forms.Form):
    """Repeats the hash of the version that was read."""

    sha256 = forms.CharField(max_length=64, widget=forms.HiddenInput)


class AcceptForm(HashForm):
    """One side's yes to a version."""

    agreed = forms.BooleanField(
        label=gettext_lazy("I have read this version and accept it for my organisation."),
        help_text=gettext_lazy("From the second acceptance on nobody can change it."),
    )


class SignForm(HashForm):
    """One side's signature."""

    signed = forms.BooleanField(
        label=gettext_lazy("I sign this contract for my organisation and may do so."),
        help_text=gettext_lazy("The trial starts when both sides have signed."),
    )


class ConvertForm(forms.Form):
    """The company's yes to paying."""

    agreed = forms.BooleanField(
        label=gettext_lazy("We go on and pay by the terms above, from today's sales on."),
    )


class ExitForm(forms.Form):
    """The declaration that the use has stopped."""

    has_stopped = forms.BooleanField(
        label=gettext_lazy("We no longer use the result and have returned or destroyed samples."),
    )
    last_use_date = forms.DateField(label=gettext_lazy("Last day of use"), widget=date_widget())
    note = forms.CharField(
        label=gettext_lazy("What was missing"),
        help_text=gettext_lazy("The university learns most from this."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def declaration(self) -> ExitDeclaration:
        """What the service takes."""
        return ExitDeclaration(**self.cleaned_data)


class DeclineForm(forms.Form):
    """The university's no, with its reason."""

    note = forms.CharField(
        label=gettext_lazy("Why not"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DecisionForm(HashForm):
    """The platform's decision; sending back and refusing need a reason and a note."""

    DECISIONS = ("approve", "send_back", "refuse")

    decision = forms.ChoiceField(choices=[(word, word) for word in DECISIONS])
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Needed to send back or refuse."),
        choices=[("", "–"), *((code, REASON_WORDS[code]) for code in REASONS)],
        required=False,
    )
    note = forms.CharField(
        label=gettext_lazy("Note to both sides"),
        help_text=gettext_lazy("Needed to send back or refuse: what to change, and how."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def refusal(self) -> dict[str, Any]:
        """Reason and note, as the services that say no take them."""
        return {"reason": self.cleaned_data["reason"], "note": self.cleaned_data["note"]}
