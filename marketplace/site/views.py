"""The pages that belong to no single noun: home, the rules in plain words, a typed shelf code."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.contrib.sitemaps import views as sitemap_views
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST

from deals.views.work import waiting_for
from listings.models import Industry, Listing, SearchEntry
from listings.rules import shelf_codes
from listings.rules.states import ListingState
from listings.views.cards import Card, card, in_language
from listings.views.fresh import unless_unchanged
from marketplace.accounts.actors import Actor
from marketplace.base.http import THEMES, guarded
from marketplace.base.policy import PUBLIC, Policy, Rate, Who
from marketplace.site import gallery, sitemaps

HOUR = 60 * 60
YEAR = 365 * 24 * HOUR
CARDS = 4
WAITING = 3
NEIGHBOURS = 3
NOT_FOUND = 404
GONE = 410
# Choosing colours writes a cookie and no row.
UNCOUNTED = Policy(Who.PUBLIC, rate=Rate.READ)

AISLES: Mapping[str, tuple[str | Promise, str]] = {
    "A": (_("New energy and environment"), "battery-charging"),
    "B": (_("Life and health"), "dna-2"),
    "C": (_("Information and electronics"), "cpu"),
    "D": (_("Manufacturing and materials"), "robot"),
}


@dataclass(frozen=True)
class Aisle:
    """One shelf of the home page."""

    letter: str
    name: str | Promise
    icon: str
    count: int
    url: str
    cards: list[Card]


@guarded(PUBLIC)
@unless_unchanged
def home(request: HttpRequest) -> HttpResponse:
    """The shelves with their newest results; above them what waits for whoever is signed in."""
    industries = list(Industry.objects.order_by("position"))
    counts = SearchEntry.objects.counted_by("industry_id")
    actor: Actor = request.actor  # type: ignore[attr-defined]
    mine = [item for item in waiting_for(actor) if item.is_mine] if actor.organisation else []
    context = {
        "waiting": mine[:WAITING],
        "waiting_more": max(0, len(mine) - WAITING),
        "aisles": _aisles(industries, counts),
        "popular": _popular(industries, counts),
        "figures": SearchEntry.objects.figures(),
    }
    return render(request, "site/home.html", context)


@guarded(PUBLIC)
def use_first(request: HttpRequest) -> HttpResponse:
    """What use first, pay later means, in plain words."""
    return render(request, "site/use_first.html")


@guarded(PUBLIC)
def shelf_code(request: HttpRequest) -> HttpResponse:
    """A typed shelf code leads to its result; one that does not is told why, with neighbours."""
    typed = request.GET.get("code", "")[:40]
    code = shelf_codes.read(typed)
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = Listing.objects.visible_to(actor).filter(shelf_code=code).first() if code else None
    if found and found.state != ListingState.WITHDRAWN:
        return HttpResponseRedirect(reverse("listing", args=[found.public_id]))
    neighbours = Listing.objects.shelved_near(code or "").for_cards()[:NEIGHBOURS]
    context = {
        "typed": typed,
        "code": code,
        "withdrawn": found,
        "neighbours": [card(listing) for listing in neighbours],
    }
    status = GONE if found else NOT_FOUND if typed else 200
    return render(request, "site/shelf_code.html", context, status=status)


@require_POST
@guarded(UNCOUNTED)
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the chosen theme in a cookie and go back to the page; nonsense changes nothing."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = reverse("home")
    response = HttpResponseRedirect(back)
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie(
            "theme", chosen, YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
    return response


def _aisles(industries: list[Industry], counts: Mapping[int, int]) -> list[Aisle]:
    newest = SearchEntry.objects.newest_by_industry()
    rows = Listing.objects.published().for_cards().in_bulk(newest.values())
    aisles = []
    for letter, (name, icon) in AISLES.items():
        inside = [row for row in industries if row.aisle == letter]
        shown = [rows[newest[row.pk]] for row in inside if newest.get(row.pk) in rows]
        aisles.append(
            Aisle(
                letter=letter,
                name=name,
                icon=icon,
                count=sum(counts.get(row.pk, 0) for row in inside),
                url=_browse(inside),
                cards=[card(listing) for listing in shown[:CARDS]],
            )
        )
    return [aisle for aisle in aisles if aisle.cards]


def _popular(industries: list[Industry], counts: Mapping[int, int]) -> list[Mapping[str, str]]:
    """The four industries with most results, as chips."""
    ranked = sorted(industries, key=lambda row: -counts.get(row.pk, 0))
    return [
        {"text": in_language(row.name_zh, row.name_en).text, "url": _browse([row])}
        for row in ranked[:CARDS]
        if counts.get(row.pk)
    ]


def _browse(industries: list[Industry]) -> str:
    return f"{reverse('browse')}?{'&'.join(f'industry={row.code}' for row in industries)}"


@guarded(PUBLIC)
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component in every state: the reference for reviews and screenshots."""
    return render(request, "styleguide.html", gallery.samples())


@cache_control(public=True, max_age=HOUR)
@guarded(PUBLIC)
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """The list of the sitemap's files."""
    return sitemap_views.index(request, sitemaps.SITEMAPS, sitemap_url_name="sitemap_section")


@cache_control(public=True, max_age=HOUR)
@guarded(PUBLIC)
def sitemap_section(request: HttpRequest, section: str) -> HttpResponse:
    """One file of the sitemap; 404 for a section or a page that does not exist."""
    return sitemap_views.sitemap(request, sitemaps.SITEMAPS, section=section)


@cache_control(public=True, max_age=HOUR)
@guarded(PUBLIC)
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers leave alone, and where the sitemap is."""
    context = {"sitemap": settings.SITE_URL.rstrip("/") + reverse("sitemap_index")}
    return render(request, "robots.txt", context, content_type="text/plain; charset=utf-8")
