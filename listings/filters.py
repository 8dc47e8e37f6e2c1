"""The catalogue's query string, read leniently: what cannot be read is named and left out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import django_filters
from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from listings.models import Industry, SearchEntry
from listings.models.search import SearchEntryQuerySet
from listings.rules import tokens
from listings.rules.facets import Filters
from listings.rules.paging import Place
from marketplace.accounts.models import City, Organisation

FEN = 100
MOST_YUAN = 10**12

SORTS = {
    "relevance": _("Relevance"),
    "newest": _("Newest"),
    "trl": _("Most mature"),
    "rate": _("Lowest rate"),
    "cap": _("Lowest cap"),
}
FROM = [(str(level), format_lazy(_("from {level}"), level=level)) for level in range(1, 10)]
TO = [(str(level), format_lazy(_("to {level}"), level=level)) for level in range(1, 10)]
ON = [("1", _("Yes"))]


class PlaceForm(forms.Form):
    """What the query string says beside the filters: the order and the page."""

    sort = forms.ChoiceField(label=_("Order"), required=False, choices=[*SORTS.items()])
    page = forms.IntegerField(label=_("Page"), required=False, min_value=1, max_value=10**6)
    after = forms.CharField(label=_("Page"), required=False, max_length=80)
    before = forms.CharField(label=_("Page"), required=False, max_length=80)


class CatalogueFilters(django_filters.FilterSet):  # type: ignore[misc]
    """Every filter of the catalogue by its name in the query string; pages and API share it."""

    q = django_filters.CharFilter(label=_("Search words"), max_length=200)
    industry = django_filters.ModelMultipleChoiceFilter(
        label=_("Industry"), to_field_name="code", queryset=Industry.objects.all()
    )
    trl_min = django_filters.ChoiceFilter(
        label=_("Readiness from"), choices=FROM, empty_label=_("any")
    )
    trl_max = django_filters.ChoiceFilter(label=_("Readiness to"), choices=TO, empty_label=_("any"))
    guaranteed = django_filters.ChoiceFilter(label=_("Platform guarantee"), choices=ON)
    trial_months = django_filters.NumberFilter(
        label=_("Trial months"), min_value=0, max_value=120, decimal_places=0
    )
    rate = django_filters.NumberFilter(
        label=_("Royalty rate"), min_value=0, max_value=100, decimal_places=2
    )
    cap = django_filters.NumberFilter(
        label=_("Cap"), min_value=0, max_value=MOST_YUAN, decimal_places=0
    )
    no_minimum = django_filters.ChoiceFilter(label=_("No minimum payment"), choices=ON)
    city = django_filters.ModelMultipleChoiceFilter(
        label=_("City"), to_field_name="code", queryset=City.objects.all()
    )
    university = django_filters.ModelChoiceFilter(
        label=_("University"),
        to_field_name="public_id",
        queryset=Organisation.objects.filter(kind="university"),
    )
    ip = django_filters.ChoiceFilter(
        label=_("Intellectual property"),
        choices=[("invention", _("Invention patent")), ("other", _("Other protection"))],
    )

    class Meta:
        model = SearchEntry
        fields: list[str] = []
        form = PlaceForm

    def filter_queryset(self, queryset: SearchEntryQuerySet) -> SearchEntryQuerySet:
        """The entries that the query string asks for."""
        asked = _asked(self.form)
        return queryset.matching(tokens.query(asked.text)).narrowed(asked.filters)


@dataclass(frozen=True)
class Asked:
    """What a query string asks for.

    `ignored` are the names of fields whose value was left out because it could not be read,
    `chosen` the rows behind the codes: industries, cities and the university.
    """

    text: str
    filters: Filters
    sort: str
    place: Place
    ignored: tuple[str, ...]
    chosen: Mapping[str, list[Any]]
    form: forms.Form


def read(params: MultiValueDict[str, str]) -> Asked:
    """Read a catalogue's query string; nothing in it raises."""
    return _asked(CatalogueFilters(params).form)


def _asked(form: forms.Form) -> Asked:
    form.is_valid()
    clean = form.cleaned_data
    text = clean.get("q") or ""
    university = clean.get("university")
    chosen: dict[str, list[Any]] = {
        "industry": list(clean.get("industry") or ()),
        "city": list(clean.get("city") or ()),
        "university": [university] if university else [],
    }
    usual = "relevance" if text else "newest"
    sort = clean.get("sort") or usual
    return Asked(
        text=text,
        filters=_filters(clean, chosen),
        sort=usual if sort == "relevance" else sort,
        place=Place(
            number=clean.get("page") or 1,
            after=clean.get("after") or "",
            before=clean.get("before") or "",
        ),
        ignored=tuple(dict.fromkeys(str(form.fields[name].label) for name in form.errors)),
        chosen=chosen,
        form=form,
    )


def _filters(clean: Mapping[str, Any], chosen: Mapping[str, list[Any]]) -> Filters:
    return Filters(
        industries=tuple(industry.code for industry in chosen["industry"]),
        trl_min=int(clean.get("trl_min") or 0) or None,
        trl_max=int(clean.get("trl_max") or 0) or None,
        guaranteed=bool(clean.get("guaranteed")),
        trial_months=_whole(clean.get("trial_months")),
        rate=_whole(clean.get("rate"), 100),
        cap=_whole(clean.get("cap"), FEN),
        no_minimum=bool(clean.get("no_minimum")),
        cities=tuple(city.code for city in chosen["city"]),
        university=chosen["university"][0].public_id if chosen["university"] else "",
        ip=clean.get("ip") or "",
    )


def _whole(number: Any, unit: int = 1) -> int | None:
    """A number of the query string in whole units of the table: percent, yuan, months."""
    return None if number is None else int(number * unit)
