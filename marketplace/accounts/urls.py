"""Addresses of the pages about people and organisations."""

from django.urls import path

from marketplace.accounts.views import members, organisations, own, verification

urlpatterns = [
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisations/register/", organisations.register, name="register_organisation"),
    path("organisations/switch/", organisations.switch, name="organisation_switch"),
    path("members/", members.members, name="members"),
    path("members/<slug:public_id>/", members.member, name="member"),
    path("members/<slug:public_id>/end/", members.deactivate, name="member_deactivate"),
    path(
        "members/invitations/<slug:public_id>/withdraw/",
        members.withdraw,
        name="invitation_withdraw",
    ),
    path("invitation/<slug:token>/", members.invitation, name="invitation"),
    # In front of allauth's page of this address, where addresses could be added by hand.
    path("accounts/email/", own.address, name="account_email"),
    path("profile/", own.profile, name="profile"),
    path("tokens/", own.tokens, name="tokens"),
    path("tokens/<slug:public_id>/revoke/", own.revoke, name="token_revoke"),
    path("verification/", verification.verification_queue, name="verification_queue"),
    path("verification/<slug:public_id>/", verification.verification, name="verification"),
]
