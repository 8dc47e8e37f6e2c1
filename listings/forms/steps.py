"""The wizard's steps about the whole listing: its pitch and its terms. Nothing is required yet."""

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from listings.forms.rows import text_field
from listings.models import Industry, Listing, TermsTemplate
from listings.services.listings import DraftChanges


def _area(label: Any, *, limit: int, help_text: Any = "", rows: int = 3) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(
        label=label, max_length=limit, required=False, help_text=help_text, widget=widget
    )


class IndustryField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """An industry by its name in the page's language, with its aisle."""

    def label_from_instance(self, industry: Any) -> str:
        """`A · New energy and storage`."""
        is_zh = (get_language() or "").startswith("zh")
        return f"{industry.aisle} · {industry.name_zh if is_zh else industry.name_en}"


class PitchForm(forms.Form):
    """What it is, what it does, and for whom: the first thing that a company reads."""

    title_zh = text_field(gettext_lazy("Title in Chinese"), limit=300)
    title_en = text_field(gettext_lazy("Title in English"), limit=300)
    pitch_zh = _area(
        gettext_lazy("One sentence with a number, in Chinese"),
        limit=400,
        rows=2,
        help_text=gettext_lazy("What it does, with one measured figure. It stands on every card."),
    )
    pitch_en = _area(gettext_lazy("The same sentence in English"), limit=400, rows=2)
    industry = IndustryField(
        label=gettext_lazy("Industry"),
        queryset=Industry.objects.none(),
        required=False,
        empty_label=gettext_lazy("Choose one"),
    )
    keywords = text_field(
        gettext_lazy("Keywords"),
        limit=1_000,
        help_text=gettext_lazy("Up to twelve, separated by semicolons."),
    )
    description_zh = _area(
        gettext_lazy("Description in Chinese"),
        limit=20_000,
        rows=6,
        help_text=gettext_lazy("What is included, and what the user must bring."),
    )
    description_en = _area(gettext_lazy("Description in English"), limit=20_000, rows=4)

    def __init__(self, data: Any, listing: Listing | None) -> None:
        super().__init__(data, initial=_pitch_of(listing) if listing else None)
        industries = Industry.objects.order_by("position")
        self.fields["industry"].queryset = industries  # type: ignore[attr-defined]

    def clean_keywords(self) -> list[str]:
        """The words in order, each once."""
        separated = self.cleaned_data["keywords"].replace("；", ";").replace("、", ";")
        words = dict.fromkeys(word.strip()[:80] for word in separated.split(";"))
        return [word for word in words if word][:12]

    def clean(self) -> dict[str, Any]:
        """Ask for a title in at least one language."""
        found = super().clean() or {}
        if not (found.get("title_zh") or found.get("title_en")):
            self.add_error("title_zh", _("Write a title in Chinese or in English."))
        return found

    def changes(self) -> DraftChanges:
        """What this step changes."""
        language = "zh-hans" if self.cleaned_data["title_zh"] else "en"
        return DraftChanges({**self.cleaned_data, "original_language": language})


def _pitch_of(listing: Listing) -> dict[str, object]:
    names = ("title_zh", "title_en", "pitch_zh", "pitch_en", "description_zh", "description_en")
    found: dict[str, object] = {name: getattr(listing, name) for name in names}
    return found | {"industry": listing.industry_id, "keywords": "; ".join(listing.keywords)}


class TemplateField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Terms by their name."""

    def label_from_instance(self, template: Any) -> str:
        """The template's name."""
        return str(template.name)


class TermsForm(forms.Form):
    """Which of the university's standing terms hold, and how many companies may try at once."""

    terms_template = TemplateField(
        label=gettext_lazy("Terms"),
        queryset=TermsTemplate.objects.none(),
        required=False,
        empty_label=None,
        widget=forms.RadioSelect,
    )
    trial_places = forms.IntegerField(
        label=gettext_lazy("Trial places"),
        min_value=1,
        max_value=99,
        help_text=gettext_lazy("How many companies may try it at the same time."),
    )

    def __init__(self, data: Any, listing: Listing) -> None:
        initial = {
            "terms_template": listing.terms_template_id,
            "trial_places": listing.trial_places,
        }
        super().__init__(data, initial=initial)
        own = TermsTemplate.objects.filter(organisation=listing.organisation).order_by("name")
        self.fields["terms_template"].queryset = own  # type: ignore[attr-defined]

    def changes(self) -> DraftChanges:
        """The chosen terms and places."""
        return DraftChanges(self.cleaned_data)
