"""Standing terms made from a few figures."""

import pytest
from django.urls import reverse

from listings.models import TermsTemplate
from listings.rules.template import summary
from tests.listings.factories import make_template

pytestmark = pytest.mark.django_db


def test_the_head_makes_terms_in_yuan_and_per_cent(sign_in, cast):
    data = {
        "name": "标准",
        "trial_months": "6",
        "rate_0": "4",
        "up_to_0": "2,000,000",
        "rate_1": "3.5",
        "allowance": "500000",
        "cap": "1200000",
    }
    client = sign_in(cast.head_a)
    assert client.post(reverse("terms_template_new"), data).url == reverse("terms_templates")
    label = summary(TermsTemplate.objects.get().document)
    assert (str(label.rate_first), str(label.rate_last)) == ("0.04", "0.035")
    assert (label.allowance, label.cap) == (50_000_000, 120_000_000)
    assert "标准" in client.get(reverse("terms_templates")).content.decode()


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"rate_0": ""}, "rate_0"),
        ({"rate_0": "４"}, "rate_0"),
        ({"rate_0": "NaN"}, "rate_0"),
        ({"up_to_0": ""}, "up_to_0"),
        ({"up_to_1": "3000000"}, "up_to_1"),
        ({"cap": "1e9"}, "cap"),
        ({"cap": "0"}, "cap"),
        ({"name": ""}, "name"),
    ],
)
def test_terms_that_cannot_be_are_refused_at_their_field(sign_in, cast, changes, wrong):
    data = {
        "name": "标准",
        "trial_months": "6",
        "rate_0": "4",
        "up_to_0": "2000000",
        "rate_1": "3",
        **changes,
    }
    answer = sign_in(cast.head_a).post(reverse("terms_template_new"), data)
    assert list(answer.context["form"].errors) == [wrong]
    assert not TermsTemplate.objects.exists()


def test_a_name_of_terms_is_used_once(sign_in, cast, at):
    make_template(cast.university_a, at, name="标准")
    data = {"name": "标准", "trial_months": "6", "rate_0": "4"}
    answer = sign_in(cast.head_a).post(reverse("terms_template_new"), data)
    assert list(answer.context["form"].errors) == ["name"]
