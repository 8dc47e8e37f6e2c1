"""The door: declared policies, the limit of writes, the Django admin."""

import sys
from types import ModuleType

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from marketplace.base import limits
from marketplace.base.checks import every_view_has_a_policy
from marketplace.base.http import guarded
from marketplace.base.policy import PUBLIC, SIGNED_IN, Rate, needs


def answer(request):
    return HttpResponse("ok")


@pytest.fixture
def urlconf(settings):
    """Let these views be the whole site."""

    def use(**views):
        module = ModuleType("tests.temporary_urls")
        module.urlpatterns = [path(f"{name}/", view, name=name) for name, view in views.items()]
        sys.modules[module.__name__] = module
        settings.ROOT_URLCONF = module.__name__

    yield use
    sys.modules.pop("tests.temporary_urls", None)


def test_a_view_without_policy_keeps_the_site_from_starting(urlconf):
    urlconf(bare=answer)
    with pytest.raises(SystemCheckError, match=r"'bare/' declares no policy"):
        call_command("check")


def test_a_view_without_policy_admits_nobody(cast, sign_in, urlconf):
    urlconf(bare=answer)
    assert sign_in(cast.administrator).get("/bare/").status_code == 403


@pytest.mark.parametrize("language", ["", "/en", "/zh-hant"])
def test_pages_of_others_are_held_to_the_table_in_every_language(db, language):
    response = Client().get(f"{language}/accounts/password/change/")
    assert response["Location"].startswith(f"{language}/accounts/login/")


def test_a_declared_view_lets_it_start(urlconf):
    urlconf(open=guarded(PUBLIC)(answer))
    assert every_view_has_a_policy() == []


def test_each_permission_of_a_declaration_is_enough(cast, sign_in, urlconf):
    urlconf(desk=guarded(needs("deal.approve", "listing.review"))(answer))
    assert sign_in(cast.reviewer).get("/desk/").status_code == 200
    assert sign_in(cast.approver).get("/desk/").status_code == 200


def test_the_hundred_and_twenty_first_write_of_a_minute_is_refused(
    cast, sign_in, urlconf, monkeypatch
):
    monkeypatch.setattr(limits, "WRITES_A_MINUTE", 3)
    urlconf(write=guarded(SIGNED_IN)(answer))
    client = sign_in(cast.guest)
    codes = [client.post("/write/").status_code for _ in range(5)]
    assert codes == [200, 200, 200, 429, 429]
    assert client.post("/write/")["Retry-After"] == "60"


def test_reading_is_not_counted(cast, sign_in, urlconf, monkeypatch):
    monkeypatch.setattr(limits, "WRITES_A_MINUTE", 1)
    urlconf(read=guarded(SIGNED_IN)(answer))
    client = sign_in(cast.guest)
    assert [client.get("/read/").status_code for _ in range(3)] == [200] * 3


def test_a_form_that_only_calculates_is_not_counted(cast, sign_in, urlconf, monkeypatch):
    monkeypatch.setattr(limits, "WRITES_A_MINUTE", 1)
    urlconf(preview=guarded(needs("members.manage", rate=Rate.READ))(answer))
    client = sign_in(cast.head_a)
    assert [client.post("/preview/").status_code for _ in range(3)] == [200] * 3


def test_one_persons_writes_do_not_count_for_another(cast, sign_in, urlconf, monkeypatch):
    monkeypatch.setattr(limits, "WRITES_A_MINUTE", 1)
    urlconf(write=guarded(SIGNED_IN)(answer))
    for actor in (cast.guest, cast.head_a):
        assert sign_in(actor).post("/write/").status_code == 200


def test_strangers_count_by_address(db, urlconf, monkeypatch):
    monkeypatch.setattr(limits, "WRITES_A_MINUTE", 1)
    urlconf(write=guarded(PUBLIC)(answer))
    codes = [Client(REMOTE_ADDR=f"192.0.2.{n}").post("/write/").status_code for n in (1, 1, 2)]
    assert codes == [200, 429, 200]


def test_the_limit_is_a_hundred_and_twenty():
    assert limits.WRITES_A_MINUTE == 120


@pytest.mark.parametrize("name", ["approver", "head_a", "auditor"])
def test_only_administrators_open_the_admin_site(cast, sign_in, name):
    assert sign_in(getattr(cast, name)).get("/admin/").status_code == 403


def test_the_admin_site_has_no_sign_in_of_its_own(db):
    assert Client().get("/admin/login/")["Location"].startswith("/accounts/login/")


def test_the_administrator_looks_at_organisations_without_changing_them(cast, sign_in):
    client = sign_in(cast.administrator)
    page = client.get(f"/admin/accounts/organisation/{cast.company_d.pk}/change/")
    assert page.status_code == 200
    assert client.post(page.request["PATH_INFO"], {"name_zh": "x"}).status_code == 403


def test_the_admin_site_shows_no_secrets(cast, sign_in):
    client = sign_in(cast.administrator)
    token = client.get(f"/admin/accounts/apitoken/{cast.read_token.pk}/change/").text
    person = client.get(f"/admin/accounts/user/{cast.head_a.user.pk}/change/").text
    assert cast.read_token.token_hash not in token
    assert cast.head_a.user.password not in person
