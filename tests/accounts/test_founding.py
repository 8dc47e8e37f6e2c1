"""A new installation begins with its platform and one administrator."""

import pytest
from django.core.management import CommandError, call_command

from marketplace.accounts.actors import actor_for
from marketplace.accounts.models import Organisation, User
from marketplace.accounts.rules import Permission


def found(**options):
    call_command("found_platform", "Boss@Example.org", name="平台", **options)


def test_the_founder_may_verify_and_invite(db):
    found()
    actor = actor_for(User.objects.get(email="boss@example.org"))
    assert actor.is_platform
    assert actor.may(Permission.ORGANISATION_VERIFY)
    assert actor.may(Permission.MEMBERS_MANAGE)


def test_the_founder_may_not_decide_on_deals(db):
    found()
    assert not actor_for(User.objects.get()).may(Permission.DEAL_APPROVE)


def test_there_is_one_platform(db):
    found()
    with pytest.raises(CommandError):
        found()
    assert Organisation.objects.filter(kind="platform").count() == 1


def test_the_founder_sets_a_password_by_the_reset_letter(db):
    found()
    assert not User.objects.get().has_usable_password()


def test_a_weak_password_founds_nothing(db, monkeypatch):
    monkeypatch.setattr(
        "marketplace.site.management.commands.found_platform.getpass", lambda _: "short"
    )
    with pytest.raises(CommandError):
        found(password=True)
    assert not Organisation.objects.exists()
