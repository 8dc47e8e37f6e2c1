"""Addresses of the deal pages and of the deal API."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
api_patterns: list[URLPattern | URLResolver] = []
