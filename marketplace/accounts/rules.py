"""Roles, what each may do, and which organisations hold them. A table, read by everything."""

from collections.abc import Mapping, Sequence
from enum import StrEnum


class Kind(StrEnum):
    """Kinds of organisation."""

    UNIVERSITY = "university"
    COMPANY = "company"
    PLATFORM = "platform"


class Role(StrEnum):
    """Roles of a membership; one person may hold several."""

    RESEARCHER = "researcher"
    TRANSFER_OFFICER = "transfer_officer"
    OFFICE_HEAD = "office_head"
    UNIVERSITY_APPROVER = "university_approver"
    LEGAL = "legal"
    UNIVERSITY_FINANCE = "university_finance"
    INTERNAL_AUDIT = "internal_audit"
    CONTACT = "contact"
    COMPANY_FINANCE = "company_finance"
    SIGNATORY = "signatory"
    LISTING_REVIEWER = "listing_reviewer"
    DEAL_APPROVER = "deal_approver"
    GUARANTEE_OFFICER = "guarantee_officer"
    PLATFORM_FINANCE = "platform_finance"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """What a role may do; always inside its own organisation or its own queue."""

    LISTING_DRAFT = "listing.draft"
    LISTING_EDIT = "listing.edit"
    LISTING_SUBMIT = "listing.submit"
    LISTING_APPROVE = "listing.approve"
    LISTING_REVIEW = "listing.review"
    TEMPLATE_EDIT = "template.edit"
    TRIAL_REQUEST = "trial.request"
    DEAL_VIEW = "deal.view"
    DEAL_NEGOTIATE = "deal.negotiate"
    DEAL_ACCEPT_TERMS = "deal.accept_terms"
    DEAL_SIGN = "deal.sign"
    DEAL_CONVERT = "deal.convert"
    DEAL_APPROVE = "deal.approve"
    DEAL_RECOMPUTE = "deal.recompute"
    PARKED_VIEW = "parked.view"
    REPORT_SUBMIT = "report.submit"
    REPORT_DECIDE = "report.decide"
    STATEMENT_DISPUTE = "statement.dispute"
    RECEIPT_RECORD = "receipt.record"
    INTEREST_DECIDE = "interest.decide"
    MONEY_CONFIRM = "money.confirm"
    DISTRIBUTION_VIEW = "distribution.view"
    INCOME_VIEW = "income.view"
    RATES_RECORD = "rates.record"
    MEMBERS_MANAGE = "members.manage"
    TOKENS_MANAGE = "tokens.manage"
    ORGANISATION_VERIFY = "organisation.verify"
    PLATFORM_VIEW = "platform.view"
    PLATFORM_ADMINISTER = "platform.administer"


_P = Permission

ROLES_OF: Mapping[Kind, tuple[Role, ...]] = {
    Kind.UNIVERSITY: (
        Role.RESEARCHER,
        Role.TRANSFER_OFFICER,
        Role.OFFICE_HEAD,
        Role.UNIVERSITY_APPROVER,
        Role.LEGAL,
        Role.UNIVERSITY_FINANCE,
        Role.INTERNAL_AUDIT,
    ),
    Kind.COMPANY: (Role.CONTACT, Role.COMPANY_FINANCE, Role.SIGNATORY),
    Kind.PLATFORM: (
        Role.LISTING_REVIEWER,
        Role.DEAL_APPROVER,
        Role.GUARANTEE_OFFICER,
        Role.PLATFORM_FINANCE,
        Role.AUDITOR,
        Role.ADMINISTRATOR,
    ),
}

GRANTS: Mapping[Role, frozenset[Permission]] = {
    Role.RESEARCHER: frozenset({_P.LISTING_DRAFT, _P.INCOME_VIEW}),
    Role.TRANSFER_OFFICER: frozenset(
        {
            _P.LISTING_DRAFT,
            _P.LISTING_EDIT,
            _P.LISTING_SUBMIT,
            _P.DEAL_VIEW,
            _P.DEAL_NEGOTIATE,
            _P.REPORT_DECIDE,
            _P.STATEMENT_DISPUTE,
        }
    ),
    Role.OFFICE_HEAD: frozenset(
        {
            _P.LISTING_APPROVE,
            _P.TEMPLATE_EDIT,
            _P.DEAL_VIEW,
            _P.DEAL_ACCEPT_TERMS,
            _P.DEAL_SIGN,
            _P.MONEY_CONFIRM,
            _P.DISTRIBUTION_VIEW,
            _P.MEMBERS_MANAGE,
            _P.TOKENS_MANAGE,
        }
    ),
    Role.UNIVERSITY_APPROVER: frozenset({_P.DEAL_VIEW}),
    Role.LEGAL: frozenset({_P.DEAL_VIEW}),
    Role.UNIVERSITY_FINANCE: frozenset(
        {
            _P.DEAL_VIEW,
            _P.RECEIPT_RECORD,
            _P.INTEREST_DECIDE,
            _P.DISTRIBUTION_VIEW,
            _P.STATEMENT_DISPUTE,
        }
    ),
    Role.INTERNAL_AUDIT: frozenset({_P.DEAL_VIEW, _P.DISTRIBUTION_VIEW}),
    Role.CONTACT: frozenset({_P.TRIAL_REQUEST, _P.DEAL_VIEW}),
    Role.COMPANY_FINANCE: frozenset({_P.DEAL_VIEW, _P.REPORT_SUBMIT, _P.STATEMENT_DISPUTE}),
    Role.SIGNATORY: frozenset(
        {
            _P.DEAL_VIEW,
            _P.DEAL_ACCEPT_TERMS,
            _P.DEAL_SIGN,
            _P.DEAL_CONVERT,
            _P.MEMBERS_MANAGE,
            _P.TOKENS_MANAGE,
        }
    ),
    Role.LISTING_REVIEWER: frozenset({_P.LISTING_REVIEW, _P.PLATFORM_VIEW}),
    Role.DEAL_APPROVER: frozenset(
        {_P.DEAL_APPROVE, _P.DEAL_VIEW, _P.PARKED_VIEW, _P.PLATFORM_VIEW}
    ),
    Role.GUARANTEE_OFFICER: frozenset({_P.PLATFORM_VIEW, _P.DEAL_VIEW, _P.PARKED_VIEW}),
    Role.PLATFORM_FINANCE: frozenset(
        {_P.PLATFORM_VIEW, _P.DEAL_VIEW, _P.PARKED_VIEW, _P.DEAL_RECOMPUTE, _P.RATES_RECORD}
    ),
    Role.AUDITOR: frozenset({_P.PLATFORM_VIEW, _P.DEAL_VIEW, _P.PARKED_VIEW}),
    Role.ADMINISTRATOR: frozenset(
        {_P.PLATFORM_VIEW, _P.PLATFORM_ADMINISTER, _P.ORGANISATION_VERIFY, _P.MEMBERS_MANAGE}
    ),
}

# What the first member of a registered organisation becomes: enough to begin and to invite others.
FIRST_ROLES: Mapping[Kind, tuple[Role, ...]] = {
    Kind.UNIVERSITY: (Role.OFFICE_HEAD, Role.TRANSFER_OFFICER),
    Kind.COMPANY: (Role.SIGNATORY, Role.CONTACT),
}

# Whoever reads everything or arranges who is who decides nothing beside it.
STAND_ALONE = frozenset({Role.INTERNAL_AUDIT, Role.AUDITOR, Role.ADMINISTRATOR})


def permissions_of(roles: Sequence[str]) -> frozenset[Permission]:
    """Everything that these roles together may do."""
    return frozenset().union(*(GRANTS[Role(role)] for role in roles))


def fault_in_roles(kind: Kind, roles: Sequence[str]) -> str:
    """The code of what is wrong with these roles in an organisation of this kind, "" if nothing.

    Codes: "roles.none" (no role), "roles.unknown" (not a role of this kind), "roles.stand_alone"
    (an auditor or administrator with another role beside it). Source: docs/rules.md#people.
    """
    if not roles:
        return "roles.none"
    if not set(roles) <= set(ROLES_OF[kind]):
        return "roles.unknown"
    if len(set(roles)) > 1 and STAND_ALONE & set(roles):
        return "roles.stand_alone"
    return ""


def needs_second_factor(kind: Kind, roles: Sequence[str]) -> bool:
    """Whether a second factor must protect a membership: platform staff, company finance."""
    return kind == Kind.PLATFORM or Role.COMPANY_FINANCE in roles
