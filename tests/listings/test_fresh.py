"""Public pages that have not changed are not drawn again for a visitor who holds them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from listings.models import CatalogueChange, Listing
from listings.tasks import forget_changes
from tests.listings.factories import PublishedFactory

NOT_MODIFIED = 304


def again(client, path, first, **more):
    """The same look, by a browser that holds the first answer."""
    return client.get(path, headers={"If-None-Match": first["ETag"], **more})


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/browse/", "/en/browse/?q=x"])
def test_a_page_that_did_not_change_is_not_sent_again(client, path):
    first = client.get(path)
    answer = again(client, path, client.get(path))
    assert first.status_code == 200
    assert (answer.status_code, answer.content) == (NOT_MODIFIED, b"")


@pytest.mark.django_db
def test_not_sending_a_page_asks_the_database_once(client, django_assert_num_queries):
    PublishedFactory()
    client.get("/browse/")  # the first answer brings the cookie of the page's forms
    first = client.get("/browse/")
    with django_assert_num_queries(1):
        again(client, "/browse/", first)


@pytest.mark.parametrize("language", ["", "/en", "/zh-hant"])
def test_a_change_of_the_catalogue_sends_the_page_again(committed_db, client, language):
    shown = PublishedFactory()
    path = f"{language}/results/{shown.public_id}/"
    first = client.get(path)
    Listing.objects.filter(pk=shown.pk).update(title_zh="换了标题", title_en="Another title")
    assert again(client, path, first).status_code == 200


def test_a_change_of_a_universitys_name_sends_its_pages_again(committed_db, client):
    shown = PublishedFactory()
    path = f"/results/{shown.public_id}/"
    first = client.get(path)
    shown.organisation.name_zh = "改名大学"
    shown.organisation.save()
    assert "改名大学" in again(client, path, first).content.decode()


@pytest.mark.django_db
def test_another_theme_is_another_page(client):
    first = client.get("/browse/")
    client.cookies["theme"] = "dark"
    assert again(client, "/browse/", first).status_code == 200


@pytest.mark.django_db
def test_a_fragment_is_not_taken_for_the_page(client):
    first = client.get("/browse/")
    assert again(client, "/browse/", first, **{"HX-Request": "true"}).status_code == 200


def test_a_signed_in_person_always_gets_a_fresh_page(cast, sign_in):
    client = sign_in(cast.contact_c)
    first = client.get("/browse/")
    assert "ETag" not in first


@pytest.mark.django_db
def test_a_missing_page_is_never_held(client):
    answer = client.get("/results/0000000000000000/")
    assert answer.status_code == 404
    assert "ETag" not in answer


def test_of_two_writers_the_later_to_commit_changes_the_version_too(committed_db):
    """The highest id stays when the first to begin commits last; the version must not."""
    CatalogueChange.objects.create(transaction=2, changed_at=timezone.now(), pk=9_002)
    before = CatalogueChange.objects.all().version()
    CatalogueChange.objects.create(transaction=1, changed_at=timezone.now(), pk=9_001)
    assert CatalogueChange.objects.all().version() != before


@pytest.mark.django_db
def test_a_transaction_leaves_one_row_however_much_it_writes():
    before = CatalogueChange.objects.count()
    PublishedFactory.create_batch(3)
    assert CatalogueChange.objects.count() - before <= 1


@pytest.mark.django_db
def test_old_changes_are_forgotten():
    CatalogueChange.objects.all().delete()
    now = timezone.now()
    CatalogueChange.objects.create(transaction=1, changed_at=now - timedelta(days=2))
    CatalogueChange.objects.create(transaction=2, changed_at=now)
    forget_changes()
    assert CatalogueChange.objects.get().transaction == 2
