"""The catalogue's rows."""

from listings.models.change import CatalogueChange
from listings.models.industry import Industry
from listings.models.listing import Benefit, Inventor, Listing, ListingQuerySet, ShelfCounter
from listings.models.patent import Patent
from listings.models.search import SearchEntry
from listings.models.terms_template import TermsTemplate

__all__ = [
    "Benefit",
    "CatalogueChange",
    "Industry",
    "Inventor",
    "Listing",
    "ListingQuerySet",
    "Patent",
    "SearchEntry",
    "ShelfCounter",
    "TermsTemplate",
]
