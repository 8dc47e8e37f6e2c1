"""The filter column and the chips above the results."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from listings.filters import FEN, Asked
from listings.models import Industry
from listings.models.catalogue import Found, offered
from listings.rules.facets import Filters, groups
from listings.views.cards import in_language, name_of
from marketplace.accounts.models import City, Organisation
from marketplace.base import charts, formats

SHOWN = 6
# The field of Filters for each name of the query string, where the two differ.
PARAMETERS = {"industries": "industry", "cities": "city"}


@dataclass(frozen=True)
class Option:
    """One checkbox: its query parameter and value, words, hits, and whether it is on."""

    name: str
    value: str
    label: str
    count: int
    checked: bool


@dataclass(frozen=True)
class Facet:
    """A group of options; `rest` are those behind "show all"."""

    legend: str | Promise
    options: tuple[Option, ...]
    rest: tuple[Option, ...] = ()
    all_words: str = ""


@dataclass(frozen=True)
class Histogram:
    """Hits per readiness level, and the chosen range."""

    bars: tuple[charts.Bar, ...]
    low: int
    high: int


@dataclass(frozen=True)
class Chip:
    """One active filter and the address of the page without it."""

    label: str
    url: str


def facets(asked: Asked, found: Found) -> list[Facet]:
    """The groups of checkboxes under the histogram and the one above it, industry first."""
    shown = [
        _industries(asked, found),
        Facet(_("Use-first terms"), tuple(_terms(asked.filters, found))),
        _cities(asked, found),
        _universities(asked, found),
        Facet(_("Intellectual property"), tuple(_patents(asked, found))),
    ]
    return [facet for facet in shown if facet.options]


def histogram(asked: Asked, found: Found) -> Histogram:
    """The bars of the readiness levels."""
    counts = [found.facets.levels.get(level, 0) for level in range(1, 10)]
    wanted = asked.filters
    return Histogram(charts.histogram(counts), wanted.trl_min or 1, wanted.trl_max or 9)


def chips(asked: Asked, params: QueryDict) -> list[Chip]:
    """One chip for each active filter, in the order of the column."""
    found = [
        Chip(_named(row), _address(params, name, value=code)) for name, code, row in _chosen(asked)
    ]
    if asked.filters.trl_min or asked.filters.trl_max:
        found.append(Chip(_levels(asked.filters), _address(params, "trl_min", "trl_max")))
    found += [
        Chip(words, _address(params, name)) for name, words in _terms_words(asked.filters).items()
    ]
    if asked.filters.ip:
        found.append(Chip(label_of(("ip",), asked), _address(params, "ip")))
    return found


def label_of(names: tuple[str, ...], asked: Asked) -> str:
    """An active filter in words, by its fields in Filters; "" for all of them together."""
    wanted = asked.filters
    if names not in groups(wanted):
        return ""
    if names[0].startswith("trl"):
        return _levels(wanted)
    if names[0] == "ip":
        return _("Invention patent") if wanted.ip == "invention" else _("Other protection")
    words = _terms_words(wanted).get(names[0])
    chosen = asked.chosen.get(PARAMETERS.get(names[0], names[0]), [])
    return words or "、".join(map(_named, chosen))


def address_without(names: tuple[str, ...], params: QueryDict) -> str:
    """This page without some fields of Filters."""
    return _address(params, *(PARAMETERS.get(name, name) for name in names))


def _levels(wanted: Filters) -> str:
    low, high = wanted.trl_min or 1, wanted.trl_max or 9
    return f"TRL {low}" if low == high else f"TRL {low}–{high}"


def _address(params: QueryDict, *names: str, value: str | None = None) -> str:
    """This page from its start, without some parameters or one value of one."""
    kept: MultiValueDict[str, str] = params.copy()
    for name in ("page", "after", "before", *(names if value is None else ())):
        kept.pop(name, None)
    if value is not None:
        kept.setlist(names[0], [other for other in kept.getlist(names[0]) if other != value])
    return f"?{kept.urlencode()}"  # type: ignore[attr-defined]


def _chosen(asked: Asked) -> Iterable[tuple[str, str, Any]]:
    for name, rows in asked.chosen.items():
        for row in rows:
            yield name, row.public_id if name == "university" else row.code, row


def _named(row: Industry | City | Organisation) -> str:
    return in_language(row.name_zh, row.name_en).text


def _industries(asked: Asked, found: Found) -> Facet:
    options = [
        Option(
            "industry",
            row.code,
            _named(row),
            found.facets.industries.get(row.pk, 0),
            checked=row.code in asked.filters.industries,
        )
        for row in Industry.objects.order_by("position")
    ]
    words = _("All %(count)s industries") % {"count": len(options)}
    return _folded(_("Industry"), options, words)


def _cities(asked: Asked, found: Found) -> Facet:
    options = [
        Option(
            "city",
            row.code,
            name_of(row),
            found.facets.cities.get(row.pk, 0),
            checked=row.code in asked.filters.cities,
        )
        for row in City.objects.order_by("position", "pk")
    ]
    return _folded(_("City"), options, _("All %(count)s cities") % {"count": len(options)})


def _universities(asked: Asked, found: Found) -> Facet:
    """The universities with most hits; there are too many for a list, search finds the others."""
    counts = found.facets.universities
    most = sorted(counts, key=lambda pk: (-counts[pk], pk))[:SHOWN]
    rows = list(Organisation.objects.filter(pk__in=most))
    chosen = asked.chosen["university"]
    rows += [row for row in chosen if row.pk not in most]
    options = [
        Option(
            "university", row.public_id, name_of(row), counts.get(row.pk, 0), checked=row in chosen
        )
        for row in sorted(rows, key=lambda row: (-counts.get(row.pk, 0), row.pk))
    ]
    return Facet(_("University"), tuple(options))


def _folded(legend: str, options: list[Option], words: str) -> Facet:
    """The options with most hits and every chosen one in front, the others folded away."""
    ranked = sorted(options, key=lambda option: (not option.checked, -option.count))
    shown = max(SHOWN, sum(option.checked for option in options))
    if len(ranked) <= shown + 1:
        return Facet(legend, tuple(ranked))
    return Facet(legend, tuple(ranked[:shown]), tuple(ranked[shown:]), words)


def _terms(filters: Filters, found: Found) -> Iterable[Option]:
    shown = offered(filters)
    for name, words in _terms_words(shown).items():
        yield Option(
            name,
            _value(shown, name),
            words,
            found.facets.terms.get(name, 0),
            checked=name in filters.active(),
        )


def _patents(asked: Asked, found: Found) -> Iterable[Option]:
    words = {"invention": _("Invention patent"), "other": _("Other protection")}
    for value, label in words.items():
        count = found.facets.inventions.get(value == "invention", 0)
        yield Option("ip", value, label, count, checked=asked.filters.ip == value)


def _terms_words(filters: Filters) -> Mapping[str, str]:
    """The active filters about terms in words, by field."""
    words: dict[str, str] = {}
    if filters.guaranteed:
        words["guaranteed"] = _("With platform guarantee")
    if filters.trial_months is not None:
        words["trial_months"] = _("Trial ≥ %(count)s months") % {"count": filters.trial_months}
    if filters.rate is not None:
        words["rate"] = _("Rate ≤ %(rate)s") % {"rate": formats.percent(filters.rate)}
    if filters.cap is not None:
        words["cap"] = _("Cap ≤ %(amount)s") % {"amount": formats.wan_short(filters.cap)}
    if filters.no_minimum:
        words["no_minimum"] = _("No minimum payment")
    return words


def _value(filters: Filters, name: str) -> str:
    """A field about terms as the query string writes it: percent, yuan, months, or 1."""
    value = getattr(filters, name)
    if name == "rate":
        return formats.percent(value).removesuffix("%")
    if name == "cap":
        return str(value // FEN)
    return str(int(value))
