"""Letters that accounts send."""

from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from marketplace.accounts.models import Invitation
from marketplace.accounts.services.invitations import token_of


def mail_invitation(invitation_id: int, *, at: datetime) -> None:
    """Send the link of an invitation that is still open, in the language of who invites."""
    invitation = (
        Invitation.objects.open_at(at)
        .select_related("organisation", "invited_by")
        .filter(pk=invitation_id)
        .first()
    )
    if invitation is None:
        return
    with translation.override(invitation.invited_by.language or settings.LANGUAGE_CODE):
        link = settings.SITE_URL + reverse("invitation", args=[token_of(invitation)])
        said = {"invitation": invitation, "link": link}
        subject = render_to_string("email/invitation_subject.txt", said).strip()
        send_mail(subject, render_to_string("email/invitation.txt", said), None, [invitation.email])
