"""Addresses of the site's own pages."""

from django.urls import URLPattern, URLResolver

plain_patterns: list[URLPattern | URLResolver] = []
urlpatterns: list[URLPattern | URLResolver] = []
api_patterns: list[URLPattern | URLResolver] = []
