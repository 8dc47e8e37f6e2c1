"""Standing terms of a university, made in the terms editor."""

import pytest
from django.urls import reverse

from deals.rules.changes import differences
from listings.models import TermsTemplate
from listings.rules.standards import start_named
from listings.rules.template import summary
from tests.listings.factories import make_template

pytestmark = pytest.mark.django_db
NEW = "terms_template_new"
STARTS = ("a", "b", "c", "option", "staged", "fixed_licence", "buy_out")


def typed(client, start="", **changes):
    """What the form is filled in with, as a browser would send it, with changes."""
    form = client.get(f"{reverse(NEW)}?start={start}").context["form"]
    filled = {name: value for name, value in form.typed().items() if value not in (False, "")}
    return filled | {"name": "标准"} | changes


def test_the_head_makes_terms_in_yuan_and_per_cent(sign_in, cast):
    client = sign_in(cast.head_a)
    data = typed(
        client,
        trial_months="9",
        **{
            "streams-0-tiers-rows-0-rate": "4",
            "streams-0-tiers-rows-0-up_to": "2,000,000",
            "streams-0-tiers-rows-1-rate": "3.5%",
            "streams-0-free_allowance-amount": "５０００００",
            "caps-lifetime": "1200000",
        },
    )
    assert client.post(reverse(NEW), data).url == reverse("terms_templates")
    template = TermsTemplate.objects.get()
    label = summary(template.document)
    assert (str(label.rate_first), str(label.rate_last)) == ("0.04", "0.035")
    assert (label.allowance, label.cap) == (50_000_000, 120_000_000)
    assert (template.trial_months, template.family) == (9, "use_first")
    assert "标准" in client.get(reverse("terms_templates")).content.decode()


@pytest.mark.parametrize("start", STARTS)
def test_every_start_is_kept_as_it_was_made(sign_in, cast, start):
    client = sign_in(cast.head_a)
    answer = client.post(reverse(NEW), typed(client, start))
    assert answer.status_code == 302
    template = TermsTemplate.objects.get()
    assert differences(start_named(start).document, template.document) == ()
    assert template.family == start_named(start).family


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"streams-0-tiers-rows-0-rate": ""}, "streams-0-tiers-rows-0-rate"),
        ({"streams-0-tiers-rows-0-rate": "NaN"}, "streams-0-tiers-rows-0-rate"),
        ({"streams-0-tiers-rows-1-rate": "101"}, "streams-0-tiers-rows-1-rate"),
        ({"streams-0-tiers-rows-0-up_to": ""}, "streams-0-tiers-rows-0-up_to"),
        ({"streams-0-tiers-rows-1-up_to": "3000000"}, "streams-0-tiers-rows-1-up_to"),
        ({"streams-0-tiers-window": ""}, "streams-0-tiers-window"),
        ({"caps-lifetime": "1e9"}, "caps-lifetime"),
        ({"periods-pay_days": "thirty"}, "periods-pay_days"),
        ({"minimum-recoup-years": "3"}, "minimum-recoup-kind"),
        ({"late-rate-series": "LPR1Y"}, "late-rate-fixed"),
        ({"rounding-mode": ""}, "rounding-mode"),
        ({"trial_months": "0"}, "trial_months"),
        ({"name": ""}, "name"),
    ],
)
def test_terms_that_cannot_be_are_refused_at_their_field(sign_in, cast, changes, wrong):
    client = sign_in(cast.head_a)
    answer = client.post(reverse(NEW), typed(client, **changes))
    assert wrong in answer.context["form"].errors
    assert not TermsTemplate.objects.exists()
    for name, value in changes.items():
        assert answer.context["form"][name].value() == value


def test_a_name_of_terms_is_used_once(sign_in, cast, at):
    make_template(cast.university_a, at, name="标准")
    client = sign_in(cast.head_a)
    answer = client.post(reverse(NEW), typed(client))
    assert list(answer.context["form"].errors) == ["name"]


def test_the_universitys_own_terms_are_a_start(sign_in, cast, at):
    own = make_template(cast.university_a, at, name="自有条款")
    foreign = make_template(cast.university_b, at, name="别校条款")
    client = sign_in(cast.head_a)
    page = client.get(reverse(NEW)).content.decode()
    assert "自有条款" in page
    assert "别校条款" not in page
    form = client.get(f"{reverse(NEW)}?start={own.public_id}").context["form"]
    assert form["caps-lifetime"].value() == "1,200,000.00"
    other = client.get(f"{reverse(NEW)}?start={foreign.public_id}").context["form"]
    assert other.initial["family"] == "use_first"


def check(client, data, step="check", **headers):
    return client.post(reverse("terms_template_check"), data | {"step": step}, **headers)


def test_a_row_more_keeps_what_was_typed_and_judges_nothing(sign_in, cast):
    client = sign_in(cast.head_a)
    data = typed(client, **{"caps-lifetime": "nonsense"})
    form = check(client, data, "add:streams-0-tiers-rows").context["form"]
    assert form["streams-0-tiers-rows-2-rate"].value() == ""
    assert form["caps-lifetime"].value() == "nonsense"
    assert not form.errors


def test_a_row_less_moves_the_others_up(sign_in, cast):
    client = sign_in(cast.head_a)
    form = check(client, typed(client), "remove:streams-0-deductions-0").context["form"]
    assert form["streams-0-deductions-0-type"].value() == "运费"
    assert "streams-0-deductions-1-type" not in form.fields


def test_a_list_that_is_not_there_gets_no_row(sign_in, cast):
    client = sign_in(cast.head_a)
    for step in ("add:nonsense", "remove:nonsense", "remove:streams-0-x", "add:"):
        assert check(client, typed(client), step).status_code == 200


def test_another_kind_of_deal_opens_its_clauses(sign_in, cast):
    client = sign_in(cast.head_a)
    answer = check(client, typed(client, family="option"), "family")
    assert "fixed" in [card.key for card in answer.context["cards"]]
    assert "milestones" in [card.key for card in answer.context["others"]]


def test_the_panel_alone_answers_a_script(sign_in, cast):
    client = sign_in(cast.head_a)
    headers = {"HX-Request": "true", "HX-Target": "terms-panel"}
    html = check(client, typed(client), headers=headers).content.decode()
    assert html.lstrip().startswith('<aside id="terms-panel"')


def test_terms_are_tried_on_the_sales_that_were_typed(sign_in, cast):
    client = sign_in(cast.head_a)
    sales = {f"sample-0-{number}": "3,000,000" for number in range(8)}
    panel = check(client, typed(client, periods="8", **sales)).context["panel"]
    # (3,000,000 - 500,000): 4 % of 2,000,000 and 3 % of 500,000.
    assert panel.rows[0]["payable"] == "95,000.00"
    assert panel.sample.payable == 8 * 9_500_000
    assert panel.rate == "3.17%"


def test_sample_sales_are_kept_while_a_fault_stands(sign_in, cast):
    client = sign_in(cast.head_a)
    data = typed(client, periods="8", **{"sample-0-0": "777", "caps-lifetime": "x"})
    assert ("sample-0-0", "777") in check(client, data).context["panel"].kept


def test_checking_keeps_nothing(sign_in, cast):
    client = sign_in(cast.head_a)
    check(client, typed(client))
    assert not TermsTemplate.objects.exists()
