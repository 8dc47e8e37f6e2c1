"""The Django admin for the catalogue: looking at everything, editing industries alone."""

from typing import Any

from django.contrib import admin

from listings.models import Industry, Listing, Patent, ShelfCounter, TermsTemplate
from marketplace.base.admin import LookOnly


@admin.register(Industry)
class IndustryAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Industries are configuration; codes and aisles are on printed labels and stay."""

    list_display = ("position", "aisle", "name_zh", "name_en", "cover", "source")
    ordering = ("position",)
    readonly_fields = ("code", "aisle")

    def has_add_permission(self, request: Any) -> bool:
        """A new industry needs an aisle and a cover: a migration brings it."""
        return False

    def has_delete_permission(self, request: Any, obj: object = None) -> bool:
        """Listings stand in them."""
        return False


@admin.register(Listing)
class ListingAdmin(LookOnly):
    """Listings; the desk and the queues decide on them."""

    list_display = ("shelf_code", "__str__", "organisation", "state", "state_since")
    list_filter = ("state", "industry")
    list_select_related = ("organisation",)
    search_fields = ("shelf_code", "title_zh", "title_en", "source_number")
    show_full_result_count = False


@admin.register(Patent)
class PatentAdmin(LookOnly):
    """Patents by number."""

    list_display = ("number", "office", "kind", "status", "filed_date", "expires_date")
    search_fields = ("number",)
    show_full_result_count = False


@admin.register(TermsTemplate)
class TermsTemplateAdmin(LookOnly):
    """Standing terms of universities."""

    list_display = ("name", "organisation", "trial_months", "licence_kind", "created_at")
    list_select_related = ("organisation",)


@admin.register(ShelfCounter)
class ShelfCounterAdmin(LookOnly):
    """The last number given out in each aisle."""

    list_display = ("aisle", "last")
