"""Addresses of the catalogue, the desk and the listing API."""

from django.urls import URLPattern, URLResolver, path

from listings.api import views as api
from listings.views import catalogue, listing

public: list[URLPattern | URLResolver] = [
    path("browse/", catalogue.browse, name="browse"),
    path("results/<slug:public_id>/", listing.listing, name="listing"),
    path("results/<slug:public_id>/simulator/", listing.simulator, name="simulator"),
]

desk: list[URLPattern | URLResolver] = []

urlpatterns = [*public, *desk]
api_patterns: list[URLPattern | URLResolver] = [
    path("listings/", api.ListingListView.as_view(), name="api_listings"),
    path("listings/<slug:public_id>/", api.ListingView.as_view(), name="api_listing"),
]
