"""The page of published rates: one value or a file, whole or not at all."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from deals.models import PublishedRate
from tests.deals.reporting import noon

pytestmark = pytest.mark.django_db


@pytest.fixture
def on(time_machine):
    """Move the clock to noon of a day."""
    return lambda day: time_machine.move_to(noon(day), tick=False)


def rate_data(**changes):
    found = {"series": "usd/cny", "rate_date": "2026-09-30", "value": "7.1", "source": "tests"}
    return found | changes


def test_the_platforms_finance_records_a_rate(cast, sign_in, on):
    on("2026-11-20")
    answer = sign_in(cast.platform_finance).post(reverse("rate_new"), rate_data())
    assert answer.status_code == 302
    page = sign_in(cast.auditor).get(reverse("rates"))
    assert [(one["row"].series, one["value"]) for one in page.context["rows"]] == [
        ("USD/CNY", "7.1")
    ]
    assert not page.context["may_record"]


@pytest.mark.parametrize("value", ["NaN", "1e400", "７.1", "7,1", "", "-7", "0.12345678901"])
def test_a_value_that_is_none_is_named_and_kept(cast, sign_in, on, value):
    on("2026-11-20")
    answer = sign_in(cast.platform_finance).post(reverse("rate_new"), rate_data(value=value))
    assert answer.status_code == 400
    assert answer.context["form"].errors["value"]
    assert not PublishedRate.objects.exists()


def test_a_file_of_rates_is_taken_whole_or_not_at_all(cast, sign_in, on):
    on("2026-11-20")
    client = sign_in(cast.platform_finance)

    def send(rows):
        file = SimpleUploadedFile("rates.csv", ("series,date,value\n" + rows).encode())
        return client.post(reverse("rates_upload"), {"file": file, "source": "tests"})

    answer = send("LPR1Y,2026-09-20,0.03\nLPR1Y,2026-10-20,3.1\nXYZ,2026-10-20,1\n")
    assert answer.status_code == 400
    assert [problem.line for problem in answer.context["problems"]] == [3, 4]
    assert not PublishedRate.objects.exists()
    assert send("LPR1Y,2026-09-20,0.03\nLPR1Y,2026-10-20,0.031\n").status_code == 302
    assert PublishedRate.objects.count() == 2
