"""A fault of ours shows a number to quote and never how it happened."""

import pytest
from django.test import Client
from django.urls import path

from marketplace import urls
from marketplace.base.http import guarded
from marketplace.base.policy import PUBLIC


@guarded(PUBLIC)
def broken(request):
    """A view with a bug."""
    raise ZeroDivisionError("the secret inside")


urlpatterns = [path("broken/", broken), *urls.urlpatterns]
handler500 = urls.handler500


@pytest.fixture
def answer(db, settings):
    """What a visitor of the broken page gets."""
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False).get("/broken/")


def test_a_bug_is_a_500_with_a_number_to_quote(answer):
    assert answer.status_code == 500
    assert f"E-{answer['X-Request-Id'][:8].upper()}" in answer.content.decode()


def test_a_bug_tells_nothing_of_itself(answer):
    page = answer.content.decode()
    assert "secret inside" not in page
    assert "Traceback" not in page


def test_the_style_guide_shows_every_component(db):
    page = Client().get("/en/styleguide/")
    assert page.status_code == 200
    assert b"shelf-label" in page.content
