"""Addresses of the site's own pages."""

from django.urls import URLPattern, URLResolver, path

from marketplace.site import health, views

plain_patterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("theme", views.theme, name="theme"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("use-first/", views.use_first, name="use_first"),
    path("shelf/", views.shelf_code, name="shelf_code"),
]
api_patterns: list[URLPattern | URLResolver] = []
