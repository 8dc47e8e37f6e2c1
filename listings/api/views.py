"""The public catalogue as JSON, found by the same search and filters as the pages."""

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from listings.api.serializers import ListingRowSerializer, ListingSerializer
from listings.filters import CatalogueFilters, read
from listings.models import Listing
from listings.models.catalogue import search
from listings.rules.paging import Place
from marketplace.accounts.api import actor_of
from marketplace.base.policy import PUBLIC

PLACES = ("page", "after", "before", "sort")
QUERY = [
    OpenApiParameter(name, OpenApiTypes.STR, description=str(found.label or name))
    for name, found in CatalogueFilters.base_filters.items()
] + [OpenApiParameter(name, OpenApiTypes.STR) for name in PLACES]


class ListingListView(APIView):
    """Published listings; every filter of the browse page by the same name."""

    policy = PUBLIC

    @extend_schema(parameters=QUERY, responses=ListingRowSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Search: twenty a page, with the addresses of the neighbouring pages."""
        unknown = sorted(set(request.query_params) - {*CatalogueFilters.base_filters, *PLACES})
        if unknown:
            raise ValidationError(dict.fromkeys(unknown, "Unknown parameter."))
        asked = read(request.query_params)
        if asked.form.errors:
            raise ValidationError(
                {name: [str(word) for word in words] for name, words in asked.form.errors.items()}
            )
        found = search(asked.text, asked.filters, asked.sort, asked.place)
        rows = Listing.objects.published().for_cards().in_bulk(found.ids)
        ordered = [rows[pk] for pk in found.ids if pk in rows]
        return Response(
            {
                "count": found.count,
                "next": _address(request, found.following),
                "previous": _address(request, found.previous),
                "is_similar": found.is_similar,
                "results": ListingRowSerializer(ordered, many=True).data,
            }
        )


class ListingView(APIView):
    """One listing that the caller may see."""

    policy = PUBLIC

    @extend_schema(responses=ListingSerializer)
    def get(self, request: Request, public_id: str) -> Response:
        """Everything that its page shows."""
        rows = Listing.objects.visible_to(actor_of(request)).for_cards()
        row = get_object_or_404(rows.prefetch_related("benefits", "patents"), public_id=public_id)
        return Response(ListingSerializer(row).data)


def _address(request: Request, place: Place | None) -> str | None:
    if place is None:
        return None
    query = request.query_params.copy()
    for name in ("page", "after", "before"):
        query.pop(name, None)
    named = {"after": place.after, "before": place.before, "page": str(place.number)}
    name = next(name for name, value in named.items() if value)
    query[name] = named[name]
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
