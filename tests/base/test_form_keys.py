"""A form that is sent twice works once."""

import re

import pytest

from deals.models import Deal
from marketplace.accounts.models import Invitation
from marketplace.base.models import IdempotencyKey
from tests.deals import makers

WISH = {
    "use": "中试",
    "site": "东莞",
    "indicators": "15 分钟",
    "wished_start_date": "2099-01-01",
}


@pytest.fixture
def invite():
    """What the head of office fills in on the members' page."""
    return {"email": "new@example.org", "roles": ["researcher"], "form_key": "k-1"}


def test_a_form_carries_a_key_made_when_it_is_shown(cast, sign_in):
    client = sign_in(cast.head_a)
    keys = {
        re.search(r'name="form_key" value="([\w-]+)"', client.get("/members/").content.decode())[1]
        for _ in range(2)
    }
    assert len(keys) == 2


def test_the_second_of_two_leads_where_the_first_led(cast, sign_in):
    makers.make_policy()
    listing = makers.make_listing(cast)
    client = sign_in(cast.contact_c)
    path = f"/results/{listing.public_id}/request/"
    first = client.post(path, WISH | {"form_key": "k-1"})
    second = client.post(path, WISH | {"form_key": "k-1"})
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert Deal.objects.count() == 1


def test_a_form_with_a_mistake_may_be_sent_again_under_its_key(cast, sign_in, invite):
    client = sign_in(cast.head_a)
    before = Invitation.objects.count()
    wrong = client.post("/members/", invite | {"email": "nonsense"})
    assert wrong.status_code in (200, 400)
    assert not IdempotencyKey.objects.exists()
    assert client.post("/members/", invite).status_code == 302
    assert Invitation.objects.count() == before + 1


def test_a_refused_step_leaves_its_key_free(cast, sign_in, at):
    deal = makers.make_deal(cast, "in_trial", at)
    client = sign_in(cast.contact_c)
    client.post(f"/deals/{deal.public_id}/withdraw/", {"form_key": "k-1"})
    assert not IdempotencyKey.objects.filter(status__gte=300).exists()


def test_two_people_may_use_one_key(cast, sign_in, invite):
    before = Invitation.objects.count()
    sign_in(cast.head_a).post("/members/", invite)
    sign_in(cast.signatory_c).post("/members/", invite | {"roles": ["contact"]})
    assert Invitation.objects.count() == before + 2
