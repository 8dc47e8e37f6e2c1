"""Browsing: the shelf, narrowed by words and filters. The address is the whole state."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from listings.filters import SORTS, Asked, read
from listings.models import Listing, Patent
from listings.models.catalogue import Found, gains, search
from listings.rules import tokens
from listings.views import facets
from listings.views.cards import Card, card
from listings.views.fresh import unless_unchanged
from listings.views.pager import pager
from marketplace.base.http import guarded
from marketplace.base.policy import PUBLIC


@guarded(PUBLIC)
@unless_unchanged
def browse(request: HttpRequest) -> HttpResponse:
    """The catalogue; htmx is given only the parts of the page that a new filter changes."""
    asked = read(request.GET)
    found = search(asked.text, asked.filters, asked.sort, asked.place)
    htmx = request.htmx  # type: ignore[attr-defined]
    is_whole = not htmx or htmx.history_restore_request
    template = "listings/browse.html" if is_whole else "listings/_browse_changes.html"
    return render(request, template, _shown(asked, found, request.GET))


def _shown(asked: Asked, found: Found, params: QueryDict) -> Mapping[str, object]:
    """What the templates ask for."""
    return {
        "section": "browse",
        "asked": asked,
        "found": found,
        "cards": _cards(asked, found),
        "facets": facets.facets(asked, found),
        "histogram": facets.histogram(asked, found),
        "chips": facets.chips(asked, params),
        "pager": pager(found, params),
        "sorts": SORTS,
        "way_out": None if found.count else _way_out(asked, params),
    }


def _cards(asked: Asked, found: Found) -> list[Card]:
    """The rows of the page, fetched by id and put in the order of the search."""
    rows = Listing.objects.published().for_cards().in_bulk(found.ids)
    patents = Patent.objects.counted_by_listing(found.ids)
    words = tokens.query(asked.text)
    marked = (*words.words, *(words.pairs if found.is_similar else ()))
    # A listing may leave the shelf between the two reads; its row is then left out.
    shown = [rows[pk] for pk in found.ids if pk in rows]
    return [card(row, words=marked, patents=patents.get(row.pk, 0)) for row in shown]


def _way_out(asked: Asked, params: QueryDict) -> Mapping[str, object] | None:
    """The filter whose loss brings back most: its words, that number, the page without it."""
    told = gains(asked.text, asked.filters)
    names, count = max(told, key=lambda gain: gain[1], default=((), 0))
    if not count:
        return None
    return {
        "label": facets.label_of(names, asked),
        "count": count,
        "url": facets.address_without(names, params),
    }
