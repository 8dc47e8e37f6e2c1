"""What search engines are told of the public pages."""

from xml.etree import ElementTree as ET

import pytest

from tests.listings.factories import ListingFactory, PublishedFactory

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"


def entries(response):
    return ET.fromstring(response.content).findall(f"{SITEMAP}url")


def address(entry):
    return entry.find(f"{SITEMAP}loc").text


@pytest.mark.django_db
def test_the_index_names_every_file(client):
    PublishedFactory()
    found = ET.fromstring(client.get("/sitemap.xml").content)
    names = [one.text.rpartition("/")[2] for one in found.iter(f"{SITEMAP}loc")]
    assert names == ["sitemap-pages.xml", "sitemap-universities.xml", "sitemap-listings.xml"]


@pytest.mark.django_db
def test_a_listing_on_the_shelf_stands_in_the_sitemap_in_three_languages(client, settings):
    settings.SITE_URL = "https://shelf.example"
    shown = PublishedFactory()
    found = entries(client.get("/sitemap-listings.xml"))
    page = f"/results/{shown.public_id}/"
    assert [address(entry) for entry in found] == [
        f"https://shelf.example{page}",
        f"https://shelf.example/zh-hant{page}",
        f"https://shelf.example/en{page}",
    ]


@pytest.mark.django_db
def test_every_entry_names_all_languages_and_the_default(client):
    PublishedFactory()
    for entry in entries(client.get("/sitemap-listings.xml")):
        links = entry.findall(f"{XHTML}link")
        assert [one.get("hreflang") for one in links] == ["zh-Hans", "zh-Hant", "en", "x-default"]


@pytest.mark.django_db
def test_a_draft_is_told_to_nobody(client):
    ListingFactory()
    assert entries(client.get("/sitemap-listings.xml")) == []


@pytest.mark.django_db
def test_every_address_of_the_page_file_answers(client, settings):
    settings.SITE_URL = "http://testserver"
    for entry in entries(client.get("/sitemap-pages.xml")):
        assert client.get(address(entry)).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/sitemap-other.xml", "/sitemap-listings.xml?p=9"])
def test_a_file_that_does_not_exist_is_not_found(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.django_db
def test_a_sitemap_reads_its_own_slice_alone(client, django_assert_max_num_queries):
    PublishedFactory.create_batch(3)
    with django_assert_max_num_queries(2):
        client.get("/sitemap-listings.xml")


def test_robots_keep_to_the_public_pages_and_learn_of_the_sitemap(client, settings):
    settings.SITE_URL = "https://shelf.example/"
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert "Disallow: /accounts/" in lines
    assert "Sitemap: https://shelf.example/sitemap.xml" in lines


@pytest.mark.django_db
def test_a_page_names_itself_without_filters_and_its_other_languages(client, settings):
    settings.SITE_URL = "https://shelf.example"
    html = client.get("/en/browse/?q=battery").content.decode()
    assert '<link rel="canonical" href="https://shelf.example/en/browse/">' in html
    assert 'hreflang="zh-Hant" href="https://shelf.example/zh-hant/browse/"' in html
    assert 'hreflang="x-default" href="https://shelf.example/browse/"' in html


@pytest.mark.django_db
def test_a_listing_says_in_schema_org_words_that_starting_costs_nothing(client):
    shown = PublishedFactory(title_zh="低温电解槽")
    html = client.get(f"/results/{shown.public_id}/").content.decode()
    assert 'itemtype="https://schema.org/Product"' in html
    assert '<h1 itemprop="name">低温电解槽</h1>' in html
    assert '<meta itemprop="price" content="0">' in html
