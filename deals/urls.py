"""Addresses of the deal pages and of the deal API."""

from django.urls import URLPattern, URLResolver

from deals.api import routes

urlpatterns: list[URLPattern | URLResolver] = []
api_patterns: list[URLPattern | URLResolver] = [*routes.patterns]
