"""Names of parties and results in the reader's language."""

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from deals.models import Deal
from listings.models import Listing
from listings.views import cards
from marketplace.accounts.models import Organisation
from marketplace.accounts.rules import Permission

register = template.Library()


@register.filter
def party_name(organisation: Organisation) -> str:
    """A university's or company's name."""
    return cards.name_of(organisation)


@register.filter
def result_title(listing: Listing) -> SafeString:
    """A listing's title, marked with its language where that is not the page's."""
    return cards.marked(cards.title_of(listing))


@register.simple_tag(takes_context=True)
def parked_count(context: Context) -> int:
    """How many deals are set aside, 0 for who may not see them."""
    actor = context["actor"]
    return Deal.objects.parked().count() if actor.may(Permission.PARKED_VIEW) else 0
