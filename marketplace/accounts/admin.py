"""The Django admin for people and organisations, behind the same door as everything else."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group

from marketplace.accounts.models import ApiToken, City, Invitation, Membership, Organisation, User
from marketplace.base.admin import LookOnly

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


@admin.register(City)
class CityAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Cities are configuration."""

    list_display = ("code", "name_zh", "name_en", "in_bay_area", "position")
    ordering = ("position", "code")


@admin.register(User)
class UserAdmin(LookOnly):
    """People, without what only they should know."""

    list_display = ("email", "name", "is_active", "last_login")
    search_fields = ("email", "name")
    fields = ("email", "name", "language", "is_active", "last_login", "date_joined")


@admin.register(Organisation)
class OrganisationAdmin(LookOnly):
    """Organisations; the verification desk decides on them."""

    list_display = ("name_zh", "kind", "credit_code", "verification", "created_at")
    list_filter = ("kind", "verification")
    search_fields = ("name_zh", "name_en", "credit_code")


@admin.register(Membership)
class MembershipAdmin(LookOnly):
    """Who is what where."""

    list_display = ("user", "organisation", "roles", "is_active")
    list_select_related = ("user", "organisation")


@admin.register(Invitation)
class InvitationAdmin(LookOnly):
    """Invitations, without what their links are made of."""

    list_display = ("email", "organisation", "roles", "expires_at", "accepted_at")
    exclude = ("token_hash",)


@admin.register(ApiToken)
class ApiTokenAdmin(LookOnly):
    """Keys, without their hashes."""

    list_display = ("name", "membership", "may_write", "expires_at", "revoked_at", "last_used_at")
    exclude = ("token_hash",)


class AuthenticatorAdmin(LookOnly):
    """Second factors, without their secrets; deleting one helps who lost the app."""

    list_display = ("user", "type", "created_at", "last_used_at")
    fields = ("user", "type", "created_at", "last_used_at")

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        """Administrators, so that the person can set up a new one."""
        return bool(request.user.is_superuser)


def settle(site: admin.AdminSite) -> None:
    """Once every app has registered: take away what others show and nobody should change by hand.

    Groups mean nothing here, addresses belong to their people, second factors hold secrets.
    """
    site.unregister([Group, EmailAddress, Authenticator])
    site.register(Authenticator, AuthenticatorAdmin)
