"""Work that accounts owe: the e-mail with an invitation's link."""

from datetime import datetime

from marketplace.accounts.mail import mail_invitation
from marketplace.base.tasks import delivery_task


@delivery_task("accounts.send_invitation")
def send_invitation(invitation_id: int, at: datetime) -> None:
    """Send the invitation, unless it was answered or withdrawn meanwhile."""
    mail_invitation(invitation_id, at=at)
