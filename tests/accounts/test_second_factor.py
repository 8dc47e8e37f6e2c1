"""The second factor: who needs it, and what waits until it is set up."""

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client

from tests.factories import PASSWORD


@pytest.fixture(autouse=True)
def required(settings):
    settings.MFA_REQUIRED = True


def code(secret):
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


@pytest.mark.parametrize("name", ["approver", "administrator", "finance_c", "auditor"])
def test_platform_staff_and_company_finance_set_it_up_first(cast, sign_in, name):
    response = sign_in(getattr(cast, name)).get("/organisations/")
    assert response["Location"] == "/accounts/2fa/totp/activate/"


@pytest.mark.parametrize("name", ["contact_c", "officer_a", "guest"])
def test_others_act_without_it(cast, sign_in, name):
    assert sign_in(getattr(cast, name)).get("/organisations/").status_code == 200


def test_until_then_no_permission_counts(cast, sign_in):
    response = sign_in(cast.administrator).post("/members/", {})
    assert response["Location"] == "/accounts/2fa/totp/activate/"


def test_the_admin_site_waits_too(cast, sign_in):
    response = sign_in(cast.administrator).get("/admin/")
    assert response["Location"] == "/accounts/2fa/totp/activate/"


def test_public_pages_stay_open(cast, sign_in):
    path = f"/invitation/{cast.invitation_token}/"
    assert sign_in(cast.approver).get(path).status_code == 200


def test_with_it_everything_is_open(cast, sign_in):
    TOTP.activate(cast.administrator.user, "JBSWY3DPEHPK3PXP")
    assert sign_in(cast.administrator).get("/verification/").status_code == 200


def test_signing_in_asks_for_the_code(cast):
    TOTP.activate(cast.administrator.user, "JBSWY3DPEHPK3PXP")
    client = Client()
    said = {"login": cast.administrator.user.email, "password": PASSWORD}
    assert client.post("/accounts/login/", said)["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/verification/").status_code == 302
    done = client.post("/accounts/2fa/authenticate/", {"code": code("JBSWY3DPEHPK3PXP")})
    assert done["Location"] == "/work/"
    assert client.get("/verification/").status_code == 200


def test_a_wrong_code_does_not_open(cast):
    TOTP.activate(cast.administrator.user, "JBSWY3DPEHPK3PXP")
    client = Client()
    client.post("/accounts/login/", {"login": cast.administrator.user.email, "password": PASSWORD})
    assert client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert client.get("/verification/").status_code == 302


def test_setting_up_shows_a_code_to_scan_and_then_recovery_codes(cast):
    client = Client()
    said = {"login": cast.approver.user.email, "password": PASSWORD}
    client.post("/accounts/login/", said)
    asked = client.get("/accounts/2fa/totp/activate/")["Location"]
    page = client.post(asked, {"password": PASSWORD}, follow=True)
    assert "data:image/svg+xml;base64," in page.text
    secret = page.context["form"].secret
    done = client.post("/accounts/2fa/totp/activate/", {"code": code(secret)}, follow=True)
    assert done.redirect_chain[-1][0] == "/accounts/2fa/recovery-codes/"
    assert client.get("/verification/").status_code == 200


def test_the_issuer_is_named_in_the_app(cast):
    url = get_adapter().build_totp_url(cast.approver.user, "JBSWY3DPEHPK3PXP")
    assert "issuer=Results%20Supermarket" in url
