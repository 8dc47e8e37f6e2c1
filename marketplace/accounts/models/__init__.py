"""People, organisations, and what a person is in one."""

from marketplace.accounts.models.memberships import ApiToken, Invitation, Membership
from marketplace.accounts.models.organisations import City, Organisation
from marketplace.accounts.models.people import User

__all__ = ["ApiToken", "City", "Invitation", "Membership", "Organisation", "User"]
