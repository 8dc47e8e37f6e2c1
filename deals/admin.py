"""Deals in the admin site: to be read, never to be changed there."""

from typing import Any

from django.contrib import admin

from deals.models import (
    Approval,
    Deal,
    Instalment,
    LedgerMovement,
    PolicyProfile,
    PublicityNotice,
    Receipt,
    Report,
    Signature,
    Statement,
    TermsVersion,
)
from marketplace.base.admin import LookOnly


@admin.register(Deal)
class DealAdmin(LookOnly):
    """Deals by state."""

    list_display = ("number", "listing", "licensor", "licensee", "state", "state_since")
    list_filter = ("state",)
    list_select_related = ("listing", "licensor", "licensee")
    search_fields = ("public_id", "licensee__name_zh", "licensor__name_zh")


@admin.register(PolicyProfile)
class PolicyProfileAdmin(LookOnly):
    """Dated numbers of law and house rules: the next one is added, none is changed."""

    list_display = ("effective_from", "notice_days", "second_approval_from_minor", "source")

    def has_add_permission(self, request: Any) -> bool:
        """Whoever may administer the platform adds a profile for the days to come."""
        return admin.ModelAdmin.has_add_permission(self, request)


ONLY_READ = (
    Approval, Instalment, LedgerMovement, PublicityNotice, Receipt, Report, Signature, Statement,
    TermsVersion,
)  # fmt: skip
for model in ONLY_READ:
    admin.site.register(model, LookOnly)
