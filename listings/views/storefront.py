"""The page of one university: what it has on the shelf."""

from collections.abc import Iterator, Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from listings.models import Industry, Listing, SearchEntry
from listings.models.search import ORDERS
from listings.views.cards import card, in_language, name_of
from listings.views.fresh import unless_unchanged
from marketplace.accounts.models import Organisation
from marketplace.base.http import guarded
from marketplace.base.policy import PUBLIC

NEWEST = 12


@guarded(PUBLIC)
@unless_unchanged
def storefront(request: HttpRequest, public_id: str) -> HttpResponse:
    """What a verified university offers: figures, its industries, its newest results."""
    shown = get_object_or_404(Organisation.objects.universities(), public_id=public_id)
    entries = SearchEntry.objects.filter(organisation_id=shown.pk)
    ids = entries.order_by(*ORDERS["newest"]).values_list("pk", flat=True)[:NEWEST]
    rows = Listing.objects.published().for_cards().in_bulk(list(ids))
    browse = f"{reverse('browse')}?university={shown.public_id}"
    context = {
        "section": "browse",
        "university": shown,
        "name": name_of(shown),
        "city": shown.city and name_of(shown.city),
        "figures": entries.figures(),
        "industries": list(_industries(entries.counted_by("industry_id"), browse)),
        "cards": [card(rows[pk]) for pk in ids if pk in rows],
        "browse_url": browse,
        "crumbs": [{"text": _("Browse"), "url": reverse("browse")}],
    }
    return render(request, "listings/storefront.html", context)


def _industries(counts: Mapping[int, int], browse: str) -> Iterator[Mapping[str, object]]:
    """The industries that it has results in, the fullest first, each with its filter."""
    rows = Industry.objects.in_bulk(list(counts))
    for pk, count in sorted(counts.items(), key=lambda entry: (-entry[1], entry[0])):
        row = rows[pk]
        name = in_language(row.name_zh, row.name_en).text
        yield {"name": name, "count": count, "url": f"{browse}&industry={row.code}"}
