"""Addresses of the catalogue, the desk and the listing API."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
api_patterns: list[URLPattern | URLResolver] = []
