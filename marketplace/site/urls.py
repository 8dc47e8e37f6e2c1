"""Addresses of the site's own pages."""

from django.urls import URLPattern, URLResolver, path

from marketplace.site import api, health, views
from marketplace.site.demo.views import demo_clock

plain_patterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap_index, name="sitemap_index"),
    path("sitemap-<slug:section>.xml", views.sitemap_section, name="sitemap_section"),
    path("theme", views.theme, name="theme"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("use-first/", views.use_first, name="use_first"),
    path("shelf/", views.shelf_code, name="shelf_code"),
    path("developers/", api.api_docs, name="api_docs"),
    path("styleguide/", views.styleguide, name="styleguide"),
    path("demo/date/", demo_clock, name="demo_clock"),
]
api_patterns: list[URLPattern | URLResolver] = [
    path("", api.RootView.as_view(), name="api_root"),
    path("schema/", api.SchemaView.as_view(), name="api_schema"),
]
