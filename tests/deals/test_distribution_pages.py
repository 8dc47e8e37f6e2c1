"""The pages of distribution and policies: every fen is accounted for, step by step."""

import pytest
from django.urls import reverse

from deals.models import DistributionPolicy, Receipt
from tests.deals import reporting, settling
from tests.deals.reporting import noon

pytestmark = pytest.mark.django_db


@pytest.fixture
def on(time_machine):
    """Move the clock to noon of a day."""
    return lambda day: time_machine.move_to(noon(day), tick=False)


def text(response):
    return response.content.decode()


@pytest.fixture
def shared(cast, on):
    on("2026-11-20")
    settling.make_policy(cast)
    deal = settling.make_billed_deal(cast)
    found = reporting.pay(deal, cast, "B-1", 4_400_000, on="2026-11-02")
    reporting.work_off(noon("2026-11-02"))
    return found


def test_the_month_and_the_people_add_up_to_what_came_in(shared, cast, sign_in):
    page = sign_in(cast.finance_a).get(reverse("distributions"))
    (month,) = page.context["months"]
    assert (month["month"], month["total"]) == ("2026-11", 4_400_000)
    assert sum(cell.amount for cell in month["cells"]) == 4_400_000
    people = [(part.label, part.amount) for part in page.context["people"]]
    assert people == [("陈敏", 1_800_000), ("刘航", 900_000)]


def test_each_step_shows_what_came_in_and_what_it_took(shared, cast, sign_in):
    page = sign_in(cast.finance_a).get(reverse("receipt_split", args=[shared.public_id]))
    (flow,) = page.context["flows"]
    assert [step.left for step in flow.steps] == [4_400_000, 4_200_000, 960_000, 2_700_000]
    taken = [sum(part.amount for part in step.parts) for step in flow.steps]
    assert taken == [200_000, 3_240_000, 960_000, 2_700_000]
    assert sum(part.amount for part in flow.parts) == flow.amount == 4_400_000


def test_the_file_holds_every_row_and_no_formula(shared, cast, sign_in):
    Receipt.objects.filter(pk=shared.pk).update(reference="=1+1")
    found = text(sign_in(cast.finance_a).get(reverse("distributions_file")))
    assert len(found.splitlines()) == 6
    assert "'=1+1" in found
    assert ",=1+1" not in found


def test_a_researcher_sees_the_own_part_alone(shared, cast, sign_in):
    page = sign_in(cast.researcher_a).get(reverse("income"))
    assert page.context["total"] == 1_800_000
    assert "9,000.00" not in text(page)


def test_another_university_sees_nothing_of_it(shared, cast, sign_in):
    page = sign_in(cast.head_b).get(reverse("distributions"))
    assert page.context["months"] == []
    answer = sign_in(cast.head_b).get(reverse("receipt_split", args=[shared.public_id]))
    assert answer.status_code == 404
    named = sign_in(cast.head_b).get(reverse("distributions"), {"deal": shared.deal.public_id})
    assert named.status_code == 404


def policy_data(**changes):
    found = {
        "effective_from": "2026-11-20",
        "source": "校发〔2026〕1 号",
        "cost_limit": "2,000",
        "office": "5",
        "up_to_1": "30000",
        "inventors_1": "70",
        "department_1": "10",
        "inventors_2": "50",
        "department_2": "20",
    }
    return found | changes


def test_finance_proposes_a_policy_and_the_head_confirms_it(cast, sign_in, on):
    on("2026-11-20")
    answer = sign_in(cast.finance_a).post(reverse("policy_new"), policy_data())
    assert answer.status_code == 302
    row = DistributionPolicy.objects.get()
    assert [step["take"] for step in row.steps] == ["costs", "top_slice", "bands", "rest"]
    assert row.steps[2]["rows"] == [
        {"up_to": "30000.00", "shares": {"inventors": "0.7", "department": "0.1"}},
        {"up_to": None, "shares": {"inventors": "0.5", "department": "0.2"}},
    ]
    confirm = reverse("policy_confirm", args=[row.public_id])
    assert sign_in(cast.head_a).post(confirm).status_code == 302
    assert DistributionPolicy.objects.in_force(cast.university_a, noon("2026-11-20").date()) == row


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"inventors_1": "95"}, "inventors_1"),
        ({"inventors_1": "101"}, "inventors_1"),
        ({"up_to_2": "20000"}, "up_to_1"),
        ({"effective_from": "2026-11-19"}, "effective_from"),
        ({"source": ""}, "source"),
        ({"document": "{"}, "document"),
        ({"document": '[{"take": "rest"}]'}, "document"),
        ({"document": '[{"take": "rest", "weights": {"cousin": 1}}]'}, "document"),
        ({"document": "[" * 5000}, "document"),
    ],
)
def test_a_policy_that_cannot_run_is_refused_beside_its_field(cast, sign_in, on, changes, field):
    on("2026-11-20")
    answer = sign_in(cast.finance_a).post(reverse("policy_new"), policy_data(**changes))
    assert answer.status_code == 400
    assert answer.context["form"].errors[field]
    assert not DistributionPolicy.objects.exists()


@pytest.mark.parametrize(
    ("page", "who"),
    [
        ("distributions", "finance_a"),
        ("policies", "finance_a"),
        ("income", "researcher_a"),
        ("receipts_upload", "finance_a"),
        ("rates", "platform_finance"),
    ],
)
def test_an_empty_page_says_what_to_do(cast, sign_in, page, who):
    assert sign_in(getattr(cast, who)).get(reverse(page)).status_code == 200


@pytest.mark.parametrize(
    "document",
    [
        (
            '[{"take": "bands", "window": "year", "mode": "whole", "bound": "inclusive_lower",'
            ' "rows": [{"up_to": null, "shares": {"inventors": "1/3", "department": 0}}]}]'
        ),
        (
            '[{"take": "fixed", "to": "fund", "amount": "1.5", "window": "receipt"},'
            ' {"take": "cap", "to": "fund", "amount": "10.00", "window": "year",'
            ' "excess_to": "team"}]'
        ),
        '[{"take": "share_of_gross", "to": "office", "share": 1}]',
        "[1, null, [], {}]",
        '[{"take": ["bands"]}]',
        '[{"take": "top_slice", "to": {"a": 1}, "share": 0.5}]',
        '[{"take": "costs", "to": "costs", "limit": "NaN"}]',
    ],
)
def test_any_steps_are_shown_or_refused(cast, sign_in, on, document):
    on("2026-11-20")
    client = sign_in(cast.finance_a)
    answer = client.post(reverse("policy_new"), policy_data(document=document))
    assert answer.status_code in (302, 400)
    assert (answer.status_code == 302) is DistributionPolicy.objects.exists()
    assert client.get(reverse("policies")).status_code == 200
