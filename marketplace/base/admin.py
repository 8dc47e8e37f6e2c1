"""The Django admin looks; what it may change is named model by model."""

from typing import Any

from django.contrib import admin
from django.db.models import Model


class LookOnly(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows can be searched and read, never added, changed or deleted: services do that."""

    def has_add_permission(self, request: Any) -> bool:
        """Nobody adds here."""
        return False

    def has_change_permission(self, request: Any, obj: Model | None = None) -> bool:
        """Nobody changes here."""
        return False

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        """Nobody deletes here."""
        return False
