"""The words for roles, kinds and states of organisations, for templates."""

from django import template
from django.utils.functional import Promise

from marketplace.accounts import words

register = template.Library()


@register.filter
def role_name(role: str) -> str | Promise:
    """`transfer_officer` as words."""
    return words.ROLES.get(role, role)


@register.filter
def kind_name(kind: str) -> str | Promise:
    """`university` as words."""
    return words.KINDS.get(kind, kind)


@register.filter
def verification_name(state: str) -> str | Promise:
    """`pending` as words."""
    return words.VERIFICATIONS.get(state, state)


@register.filter
def is_same(one: object, other: object) -> bool:
    """Whether two values are equal, for a component's parameter."""
    return one == other
