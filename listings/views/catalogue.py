"""Browsing: the shelf, narrowed by words and filters. The address is the whole state."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.vary import vary_on_headers

from listings.filters import SORTS, Asked, read
from listings.models import Listing, Patent
from listings.models.catalogue import Found, gains, search
from listings.rules import tokens
from listings.views import facets
from listings.views.cards import Card, card
from listings.views.pager import pager
from marketplace.base.http import guarded
from marketplace.base.policy import PUBLIC


@guarded(PUBLIC)
@vary_on_headers("HX-Request")
def browse(request: HttpRequest) -> HttpResponse:
    """The catalogue page; htmx is given only the parts of it that a new filter changes."""
    asked = read(request.GET)
    found = search(asked.text, asked.filters, asked.sort, asked.place)
    context = {
        "section": "browse",
        "asked": asked,
        "found": found,
        "cards": _cards(asked, found),
        "facets": facets.facets(asked, found),
        "histogram": facets.histogram(asked, found),
        "chips": facets.chips(asked, request.GET),
        "pager": pager(found, request.GET),
        "sorts": SORTS,
        "way_out": None if found.count else _way_out(request, asked),
    }
    is_fragment = request.htmx and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    template = "listings/_browse_changes.html" if is_fragment else "listings/browse.html"
    return render(request, template, context)


def _cards(asked: Asked, found: Found) -> list[Card]:
    """The rows of the page, fetched by id and put in the order of the search."""
    rows = Listing.objects.published().for_cards().in_bulk(found.ids)
    patents = Patent.objects.counted_by_listing(found.ids)
    words = tokens.query(asked.text)
    marked = (*words.words, *(words.pairs if found.is_similar else ()))
    return [
        card(rows[pk], words=marked, patents=patents.get(pk, 0)) for pk in found.ids if pk in rows
    ]


def _way_out(request: HttpRequest, asked: Asked) -> dict[str, object] | None:
    """The filter whose loss brings back most, in words, with its number and address."""
    told = gains(asked.text, asked.filters)
    names, count = max(told, key=lambda gain: gain[1], default=((), 0))
    if not count:
        return None
    return {
        "label": facets.label_of(names, asked),
        "count": count,
        "url": facets.address_without(names, request.GET),
    }
