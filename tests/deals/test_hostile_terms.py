"""No input of the terms editor, however broken, gives anything but a page with its faults."""

import random

import pytest
from django.urls import reverse

from listings.models import TermsTemplate

pytestmark = pytest.mark.django_db
NASTY = (
    *("", " ", "0", "-1", "1e400", "NaN", "１２３", "999999999999999999999", "0.00000000000001"),
    *("a" * 5000, "\x00", "\u202e", "<script>", "{{7*7}}", "%s%d", "1,2,3", "--", "１%"),
    *("2026-02-30", "0000-00-00", "9999-12-31", "1/3", "1/0", "null", "[]", "{}"),
)
STEPS = (
    "",
    "check",
    "add:",
    "add:streams",
    "add:fixed",
    "remove:streams-0",
    "remove:x-9999",
    "family",
)


def filled(client, start="a"):
    form = client.get(f"{reverse('terms_template_new')}?start={start}").context["form"]
    typed = {name: value for name, value in form.typed().items() if value not in (False, "")}
    return typed | {"name": "x"}


@pytest.mark.parametrize("seed", range(40))
def test_broken_values_give_a_page(sign_in, cast, seed):
    pick = random.Random(seed)
    client = sign_in(cast.head_a)
    data = filled(client, pick.choice(["a", "b", "option", "staged", "buy_out"]))
    for name in pick.sample(sorted(data), 6):
        data[name] = pick.choice(NASTY)
    path = reverse("terms_template_check")
    # 400: the door refuses characters that no text holds.
    assert client.post(path, data | {"step": pick.choice(STEPS)}).status_code in {200, 400}
    assert client.post(reverse("terms_template_new"), data).status_code in {200, 302, 400}


@pytest.mark.parametrize(
    "name",
    [
        "streams-99999999999999999999-key",
        "streams-²-key",
        "streams-0-tiers-rows-00-rate",
        "streams--1-key",
        "fixed-0",
        "stages",
        "sample-9-9",
        "periods",
        "owners-0-party",
    ],
)
def test_names_that_no_form_has_give_a_page(sign_in, cast, name):
    client = sign_in(cast.head_a)
    answer = client.post(reverse("terms_template_check"), filled(client) | {name: "1"})
    assert answer.status_code == 200


def test_a_list_where_one_value_belongs_gives_a_page(sign_in, cast):
    client = sign_in(cast.head_a)
    data = filled(client) | {"caps-lifetime": ["1", "2"], "caps-includes": ["earned", "nonsense"]}
    answer = client.post(reverse("terms_template_new"), data)
    assert list(answer.context["form"].errors) == ["caps-includes"]
    assert not TermsTemplate.objects.exists()


def test_an_empty_form_names_what_is_missing(sign_in, cast):
    client = sign_in(cast.head_a)
    answer = client.post(reverse("terms_template_new"), {})
    errors = answer.context["form"].errors
    assert {"name", "periods-kind", "rounding-mode"} <= errors.keys()


def test_an_unknown_start_is_the_first_standard(sign_in, cast):
    page = sign_in(cast.head_a).get(f"{reverse('terms_template_new')}?start=nonsense")
    assert page.context["form"]["caps-lifetime"].value() == "1,200,000.00"
