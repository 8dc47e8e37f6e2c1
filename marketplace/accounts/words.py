"""The words for roles, kinds, states and history: one table each, so that all pages agree."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.accounts.rules import Kind, Role

Words = str | Promise

KINDS: Mapping[str, Words] = {
    Kind.UNIVERSITY: _("University"),
    Kind.COMPANY: _("Company"),
    Kind.PLATFORM: _("Platform"),
}

ROLES: Mapping[str, Words] = {
    Role.RESEARCHER: _("Researcher"),
    Role.TRANSFER_OFFICER: _("Transfer officer"),
    Role.OFFICE_HEAD: _("Head of the transfer office"),
    Role.UNIVERSITY_APPROVER: _("University approver"),
    Role.LEGAL: _("Legal"),
    Role.UNIVERSITY_FINANCE: _("Finance"),
    Role.INTERNAL_AUDIT: _("Internal audit"),
    Role.CONTACT: _("Contact"),
    Role.COMPANY_FINANCE: _("Finance"),
    Role.SIGNATORY: _("Authorised signatory"),
    Role.LISTING_REVIEWER: _("Listing reviewer"),
    Role.DEAL_APPROVER: _("Deal approver"),
    Role.GUARANTEE_OFFICER: _("Guarantee officer"),
    Role.PLATFORM_FINANCE: _("Finance"),
    Role.AUDITOR: _("Auditor"),
    Role.ADMINISTRATOR: _("Administrator"),
}

# What each role is for, said beside the box that gives it.
ROLE_TASKS: Mapping[str, Words] = {
    Role.RESEARCHER: _("drafts own results, answers questions"),
    Role.TRANSFER_OFFICER: _("edits and submits results, negotiates, decides on reports"),
    Role.OFFICE_HEAD: _(
        "approves results, owns terms templates, accepts and signs, manages members"
    ),
    Role.UNIVERSITY_APPROVER: _("approves steps by amount"),
    Role.LEGAL: _("reads deals and contract text"),
    Role.UNIVERSITY_FINANCE: _("confirms receipts"),
    Role.INTERNAL_AUDIT: _("reads everything, changes nothing; no other role beside it"),
    Role.CONTACT: _("requests and runs trials"),
    Role.COMPANY_FINANCE: _("reports revenue"),
    Role.SIGNATORY: _("accepts terms, signs, converts, manages members"),
    Role.LISTING_REVIEWER: _("reviews results before they go on the shelf"),
    Role.DEAL_APPROVER: _("gives the first or second approval of a deal"),
    Role.GUARANTEE_OFFICER: _("looks after guarantees"),
    Role.PLATFORM_FINANCE: _("reads deals and money"),
    Role.AUDITOR: _("reads everything, changes nothing; no other role beside it"),
    Role.ADMINISTRATOR: _("verifies organisations, manages members; no other role beside it"),
}

VERIFICATIONS: Mapping[str, Words] = {
    "pending": _("Awaiting verification"),
    "verified": _("Verified"),
    "refused": _("Refused"),
}

# What the history of an organisation says about each verb.
VERBS: Mapping[str, Words] = {
    "registered": _("%(person)s registered the organisation"),
    "verified": _("%(person)s verified the organisation"),
    "refused": _("%(person)s refused the registration"),
    "invited": _("%(person)s invited somebody"),
    "invitation_accepted": _("%(person)s accepted an invitation"),
    "invitation_withdrawn": _("%(person)s withdrew an invitation"),
    "roles_changed": _("%(person)s changed a member’s roles"),
    "membership_ended": _("%(person)s ended a membership"),
    "token_made": _("%(person)s made an API key"),
    "token_revoked": _("%(person)s revoked an API key"),
}
