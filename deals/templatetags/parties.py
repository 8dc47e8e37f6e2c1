"""Names of parties and results in the reader's language."""

from django import template
from django.utils.safestring import SafeString

from listings.models import Listing
from listings.views import cards
from marketplace.accounts.models import Organisation

register = template.Library()


@register.filter
def party_name(organisation: Organisation) -> str:
    """A university's or company's name."""
    return cards.name_of(organisation)


@register.filter
def result_title(listing: Listing) -> SafeString:
    """A listing's title, marked with its language where that is not the page's."""
    return cards.marked(cards.title_of(listing))
