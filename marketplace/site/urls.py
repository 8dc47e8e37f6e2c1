"""Addresses of the site's own pages."""

from django.urls import URLPattern, URLResolver, path

from marketplace.site import health

plain_patterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
]
urlpatterns: list[URLPattern | URLResolver] = []
api_patterns: list[URLPattern | URLResolver] = []
