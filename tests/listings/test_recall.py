"""Search finds real Chinese abstracts by the keywords that their own authors gave them."""

import random

import pytest

from listings.models import Listing
from listings.models.catalogue import search
from listings.rules.facets import NOTHING
from listings.rules.paging import Place
from listings.services.search import index_all
from marketplace.site.demo.texts import chinese
from tests.factories import BEGINNING
from tests.listings.factories import IndustryFactory, UniversityFactory


@pytest.fixture
def shelved(db):
    """Every abstract as a published listing without its keywords, by public id."""
    texts = chinese()
    industry, university = IndustryFactory(), UniversityFactory()
    listings = Listing.objects.bulk_create(
        Listing(
            public_id=f"text-{number}",
            organisation=university,
            industry=industry,
            state="published",
            state_since=BEGINNING,
            created_at=BEGINNING,
            published_at=BEGINNING,
            shelf_code=f"Z-{number:04d}-00",
            title_zh=text.title,
            description_zh=text.description,
            trl=5,
        )
        for number, text in enumerate(texts)
    )
    index_all(listings)
    return dict(zip((listing.pk for listing in listings), texts, strict=True))


@pytest.mark.parametrize(("words", "goal"), [(1, 85), (2, 96)])
def test_author_keywords_find_their_own_text_among_the_first_ten(shelved, words, goal):
    chance = random.Random(7)
    eligible = [pk for pk, text in shelved.items() if len(text.keywords) >= words]
    found = 0
    for pk in eligible:
        query = " ".join(chance.sample(shelved[pk].keywords, words))
        found += pk in search(query, NOTHING, "relevance", Place()).ids[:10]
    assert 100 * found >= goal * len(eligible), f"{found} of {len(eligible)}"
