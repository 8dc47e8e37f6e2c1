"""A company files a report in a browser that runs no scripts."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.cast import make_cast
from tests.deals.makers import make_deal
from tests.deals.reporting import noon
from tests.journeys.people import People, Screen, give_passwords

pytestmark = pytest.mark.browser

PLAIN = Screen("zh-hans", "/", "zh-CN", scripts=False)


def last_quarter(today: date) -> date:
    """The first day of the quarter that closed last."""
    in_it = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1) - timedelta(days=1)
    return in_it.replace(month=in_it.month - 2, day=1)


@pytest.fixture
def finance(site, open_page):
    """The finance person of a company that has paid since the quarter that can be reported now."""
    cast = make_cast()
    make_deal(cast, "paying", noon(last_quarter(timezone.localdate()).isoformat()))
    give_passwords()
    return People(cast, PLAIN, open_page).finance_c


def test_a_report_is_recalculated_and_submitted_by_buttons(finance):
    finance.take("Report revenue of %(period)s, due %(day)s")
    finance.write({"Sales, tax included": "3,390,000"})
    finance.press("Recalculate")
    finance.reads("¥ 95,000.00")
    finance.press("Check and submit")
    finance.reads("¥ 95,000.00")
    finance.press("Submit to the university")
    finance.sees("Submitted")


def test_an_amount_that_cannot_be_read_is_named_and_kept(finance):
    finance.take("Report revenue of %(period)s, due %(day)s")
    finance.write({"Sales, tax included": "about 3 million"})
    finance.press("Recalculate")
    finance.sees("Write an amount like 12000 or 12000.50.")
    assert finance.field("Sales, tax included").input_value() == "about 3 million"
